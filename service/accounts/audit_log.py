"""The audit log: who signed in, exported, saw phone numbers, or changed a setting, a key, a user or a role.

Triggers write the entries of changes, in the transaction of the change. `record` writes all other entries.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from service.platform.db import Connection, Pool, acquire
from sql import load

Action = Literal["sign_in", "sign_in_failed", "sign_out", "export", "see_numbers", "create", "change", "remove"]
# Each action as people read it.
ACTIONS: dict[Action, str] = {
    "sign_in": "Signed in",
    "sign_in_failed": "Failed to sign in",
    "sign_out": "Signed out",
    "export": "Exported",
    "see_numbers": "Viewed phone numbers",
    "create": "Created",
    "change": "Changed",
    "remove": "Removed",
}
# Each kind of actor as people read it.
ACTORS = {"user": "User", "key": "API key", "command": "Command", "service": "calltally", "unknown": "Unknown"}
# What entries are about, as people read it.
RESOURCES = {
    "accounts": "Account",
    "agents": "Agent",
    "api-keys": "API key",
    "attempts": "Call",
    "audit-log": "Audit log",
    "calendars": "Calendar",
    "campaigns": "Campaign",
    "deliveries": "Deliveries of dialers",
    "disposition-codes": "Disposition code",
    "erasures": "Erasure",
    "exchange-rates": "Exchange rates",
    "exports": "Rows of a fact",
    "hooks": "Hook",
    "imports": "Import",
    "inbound-calls": "Inbound call",
    "lead-attributes": "Lead attribute",
    "leads": "Lead",
    "rejected-items": "Rejected items",
    "reports": "Report",
    "rows": "Rows of a number",
    "running-costs": "Running cost",
    "second-factors": "Second factor",
    "sessions": "Sign-in",
    "sign-in-domains": "Sign-in domain",
    "sources": "Source",
    "spend": "Spend",
    "targets": "Target",
    "tracking-number-assignments": "Tracking number assignment",
    "tracking-numbers": "Tracking number",
    "users": "User",
}
REMOVE_OLD = load("audit_log")["remove_old"]

_SQL = load("audit_log")


@dataclass(frozen=True)
class Selection:
    """Which entries of the log: those with this action, about this resource, by this name, in this time."""

    action: Action | None = None
    resource: str | None = None
    name: str | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None


async def record(connection: Connection, account_id: int, action: Action, resource: str, subject: str = "") -> None:
    """Write an entry, in the transaction of what it is about. Who acts is the actor of the transaction."""
    await connection.execute(_SQL["record"], account_id, action, resource, subject)


async def account_of(pool: Pool, name: str) -> int | None:
    """The account of the person with this e-mail, or of the key with this prefix; None if there is no such."""
    async with acquire(pool) as connection:
        return await connection.fetchval(_SQL["account_of"], name.strip().lower())


async def list_entries(
    connection: Connection, account_id: int, selection: Selection, before: int | None, most: int
) -> list[dict[str, Any]]:
    """The latest entries first. before: only entries with a smaller id."""
    chosen = (selection.action, selection.resource, selection.name, selection.from_at, selection.to_at)
    rows = await connection.fetch(_SQL["list"], account_id, *chosen, before, most)
    return [dict(row) for row in rows]
