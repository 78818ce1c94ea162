"""API keys at a terminal: created, listed and revoked."""

import sys
from datetime import UTC, datetime, timedelta

import asyncpg
import click
from rich.console import Console
from rich.table import Table

from service.accounts import keys
from service.accounts.admin_connection import find_account, in_admin_transaction
from service.config import SetupError
from service.ingest.account_settings import are_as_installed
from service.platform.db import Connection

_SETTINGS_HINT = (
    "The account reports in UTC and USD, and reads numbers without a country code as numbers of the US."
    " To change that: calltally account set default --zone ZONE --region COUNTRY --currency CURRENCY"
)


def create_key(
    account: str,
    name: str,
    scopes: tuple[str, ...],
    dialer: str | None,
    expires_in: timedelta | None,
    expires_at: datetime | None,
) -> None:
    """Create a key, and print it alone on standard output. Raises UsageError for an end that cannot be."""
    if expires_in is not None and expires_at is not None:
        raise click.UsageError("Give --expires-in or --expires-at, not both.")
    ends_at = datetime.now(UTC) + expires_in if expires_in is not None else expires_at
    if ends_at is not None and ends_at <= datetime.now(UTC):
        raise click.UsageError("This key would have expired already.")

    async def work(connection: Connection) -> tuple[str, bool]:
        account_id = await find_account(connection, account)
        text, _ = await keys.create_key(
            connection, account_id, name=name, scopes=scopes, dialer=dialer, expires_at=ends_at
        )
        return text, await are_as_installed(connection, account_id)

    text, settings_as_installed = in_admin_transaction(work)
    until = f" until {ends_at:%Y-%m-%d %H:%M %Z}" if ends_at is not None else ""
    click.echo(f"API key of account {account}{until}, with the scopes {', '.join(scopes)}", err=True)
    click.echo("Save it now; it will not be shown again. Send it as: Authorization: Bearer KEY", err=True)
    if settings_as_installed:
        click.echo(_SETTINGS_HINT, err=True)
    click.echo(text)


def list_keys() -> None:
    """Print a table of all keys, without their secrets."""
    rows = in_admin_transaction(keys.list_keys)
    if not rows:
        click.echo("There are no keys yet. To create one: calltally key create")
        return
    table = Table(box=None)
    for heading in ("prefix", "account", "name", "scopes", "dialer", "created", "last used", "state"):
        table.add_column(heading, no_wrap=heading in {"prefix", "created", "state"})
    for row in rows:
        table.add_row(
            row["prefix"],
            row["account"],
            row["name"],
            " ".join(row["scopes"]),
            row["dialer"] or "",
            _day(row["created_at"]),
            _day(row["last_used_at"]) or "never",
            _state(row, datetime.now(UTC)),
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d}"


def _state(row: asyncpg.Record, now: datetime) -> str:
    if row["revoked_at"] is not None:
        return f"revoked {_day(row['revoked_at'])}"
    if row["expires_at"] is None:
        return "active"
    return f"{'expired' if row['expires_at'] <= now else 'active until'} {_day(row['expires_at'])}"


def revoke_key(prefix: str) -> None:
    """Revoke a key. prefix: its public part, or the whole key."""
    bare = prefix.removeprefix("ct_").split("_")[0]
    row = in_admin_transaction(lambda connection: keys.revoke_key(connection, bare))
    if row is None:
        raise SetupError(f"There is no key with the prefix {bare}; see: calltally key list")
    click.echo(f"Revoked key {bare} of account {row['account']}; it stops working within {keys.FRESH_SECONDS:g} s.")
