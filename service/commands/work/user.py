"""Users at a terminal: created, invited, listed, given a new password, and disabled."""

import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar, cast

import asyncpg
import click
from rich.console import Console
from rich.table import Table

from service.accounts import users
from service.accounts.admin_connection import find_account, in_admin_transaction
from service.accounts.links import LIFETIMES, Purpose, make_link
from service.accounts.passwords import RULES
from service.accounts.roles import RoleName
from service.config import SetupError, read_settings
from service.errors import InvalidItem
from service.platform.db import Connection

T = TypeVar("T")

_PURPOSES: dict[Purpose, str] = {
    "invitation": "Send this link to {email}. Whoever opens it joins the account",
    "reset": "Send this link to {email}. Whoever opens it chooses a new password",
    "sign_in": "This link signs in as {email}",
}


def create_user(
    account: str,
    email: str,
    name: str,
    role: str,
    teams: tuple[str, ...],
    agent: str | None,
    *,
    password_stdin: bool,
    link: bool,
) -> None:
    """Create a user with a password, or print a link that signs the user in once."""
    if link and password_stdin:
        raise click.UsageError("Give --password-stdin or --link, not both.")
    password = None if link else _read_password(from_stdin=password_stdin)

    async def work(connection: Connection) -> str:
        account_id = await find_account(connection, account)
        user_id = await _existing(connection, account_id, email) if link else None
        if user_id is None:
            added: dict[str, Any] = {"email": email, "role": role, "teams": teams, "agent": agent}
            user_id = await users.add_user(connection, account_id, **added)
            await _join(connection, account_id, user_id, name, password)
        return await make_link(connection, account_id, user_id, "sign_in", _root()) if link else ""

    address = _in_ledger(work)
    if link:
        _print_link(address, email, "sign_in")
    else:
        click.echo(f"Created user {users.read_email(email)} with the role {role}. Sign in at {_root()}/sign-in")


async def _existing(connection: Connection, account_id: int, email: str) -> int | None:
    """The id of a user who exists already. Raises SetupError if a link would not let the user in."""
    user_id = await users.find_in_account(connection, account_id, email)
    if user_id is not None:
        row = await users.read_user(connection, account_id, user_id)
        if row["joined_at"] is None or row["disabled_at"] is not None:
            raise SetupError(f"{email} is {_state(row)}; a link cannot sign in. See: calltally user list")
    return user_id


def _read_password(*, from_stdin: bool) -> str:
    """The password, typed twice, or one line of standard input. Raises UsageError without a terminal."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask for a password: give --password-stdin or --link.")
    click.echo(f"Password: {RULES}", err=True)
    return click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)


async def _join(connection: Connection, account_id: int, user_id: int, name: str, password: str | None) -> None:
    if password is None:
        await users.join_without_password(connection, account_id, user_id, name)
    else:
        await users.join(connection, account_id, user_id, name=name, password=password)


def invite_user(account: str, email: str, role: str, teams: tuple[str, ...], agent: str | None) -> None:
    """Invite a user, and print the link alone on standard output."""

    async def work(connection: Connection) -> str:
        account_id = await find_account(connection, account)
        user_id = await users.add_user(
            connection, account_id, email=email, role=cast("RoleName", role), teams=teams, agent=agent
        )
        return await make_link(connection, account_id, user_id, "invitation", _root())

    _print_link(_in_ledger(work), email, "invitation")


def reset_user(account: str, email: str) -> None:
    """Print a link for a new password, or a new invitation for a user who has not joined."""

    async def work(connection: Connection) -> tuple[str, Purpose]:
        account_id, user_id = await _find(connection, account, email)
        row = await users.read_user(connection, account_id, user_id)
        purpose: Purpose = "invitation" if row["joined_at"] is None else "reset"
        return await make_link(connection, account_id, user_id, purpose, _root()), purpose

    address, purpose = _in_ledger(work)
    _print_link(address, email, purpose)


def disable_user_of(account: str, email: str) -> None:
    """Disable a user."""

    async def work(connection: Connection) -> None:
        await users.disable_user(connection, *await _find(connection, account, email))

    _in_ledger(work)
    click.echo(f"{users.read_email(email)} can no longer sign in.")


async def _find(connection: Connection, account: str, email: str) -> tuple[int, int]:
    """The ids of an account and of its user. Raises SetupError."""
    account_id = await find_account(connection, account)
    user_id = await users.find_in_account(connection, account_id, email)
    if user_id is None:
        raise SetupError(f"There is no user {email} in account {account}; see: calltally user list")
    return account_id, user_id


def list_users_of(account: str) -> None:
    """Print a table of the users of an account."""

    async def work(connection: Connection) -> list[asyncpg.Record]:
        return await users.list_users(connection, await find_account(connection, account))

    rows = in_admin_transaction(work)
    if not rows:
        click.echo("There are no users yet. To create one: calltally user create EMAIL --role owner")
        return
    table = Table(box=None)
    for heading in ("e-mail", "name", "role", "limited to", "state", "last seen"):
        table.add_column(heading, no_wrap=heading in {"role", "state", "last seen"})
    for row in rows:
        limits = row["agent"] or ", ".join(row["teams"])
        table.add_row(row["email"], row["name"], row["role"], limits, _state(row), _day(row["last_seen_at"]) or "never")
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _state(row: asyncpg.Record) -> str:
    if row["disabled_at"] is not None:
        return f"disabled {_day(row['disabled_at'])}"
    return "active" if row["joined_at"] is not None else "invited"


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d}"


def _in_ledger(work: Callable[[Connection], Awaitable[T]]) -> T:
    """Run work in one transaction. Raises SetupError that names every faulty value."""
    try:
        return in_admin_transaction(work)
    except InvalidItem as error:
        faults = [f"{fault.pointer} {fault.message}" for fault in error.faults]
        raise SetupError("; ".join(faults)) from None


def _print_link(address: str, email: str, purpose: Purpose) -> None:
    """Print a link alone on standard output, and what it is for on standard error."""
    hours = round(LIFETIMES[purpose].total_seconds() / 3600)
    within = "an hour" if hours == 1 else f"{hours} hours" if hours < 48 else f"{hours // 24} days"
    click.echo(f"{_PURPOSES[purpose].format(email=email)}. It works once, within {within}.", err=True)
    click.echo(address)


def _root() -> str:
    return read_settings().public_root
