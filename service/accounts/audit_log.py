"""The audit log: who signed in, exported, saw phone numbers, or changed a setting, a key, a user or a role.

Triggers write the entries of changes, in the transaction of the change. `record` writes all other entries.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from reports.model.language import marked
from service.platform.db import Connection, Pool, acquire
from sql import load

Action = Literal["sign_in", "sign_in_failed", "sign_out", "export", "see_numbers", "create", "change", "remove"]
# Each action as people read it.
ACTIONS: dict[Action, str] = {
    "sign_in": marked("Signed in"),
    "sign_in_failed": marked("Failed to sign in"),
    "sign_out": marked("Signed out"),
    "export": marked("Exported"),
    "see_numbers": marked("Viewed phone numbers"),
    "create": marked("Created"),
    "change": marked("Changed"),
    "remove": marked("Removed"),
}
# Each kind of actor as people read it.
ACTORS = {
    "user": marked("User"),
    "key": marked("API key"),
    "command": marked("Command"),
    "service": "calltally",
    "unknown": marked("Unknown"),
}
# What entries are about, as people read it.
RESOURCES = {
    "accounts": marked("Account"),
    "agents": marked("Agent"),
    "api-keys": marked("API key"),
    "attempts": marked("Call"),
    "audit-log": marked("Audit log"),
    "calendars": marked("Calendar"),
    "campaigns": marked("Campaign"),
    "deliveries": marked("Deliveries of dialers"),
    "disposition-codes": marked("Disposition code"),
    "erasures": marked("Erasure"),
    "exchange-rates": marked("Exchange rates"),
    "exports": marked("Rows of a fact"),
    "hooks": marked("Hook"),
    "imports": marked("Import"),
    "inbound-calls": marked("Inbound call"),
    "lead-attributes": marked("Lead attribute"),
    "leads": marked("Lead"),
    "rejected-items": marked("Rejected items"),
    "reports": marked("Report"),
    "rows": marked("Rows of a number"),
    "running-costs": marked("Running cost"),
    "second-factors": marked("Second factor"),
    "sessions": marked("Sign-in"),
    "sign-in-domains": marked("Sign-in domain"),
    "sources": marked("Source"),
    "spend": marked("Spend"),
    "targets": marked("Target"),
    "tracking-number-assignments": marked("Tracking number assignment"),
    "tracking-numbers": marked("Tracking number"),
    "users": marked("User"),
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
