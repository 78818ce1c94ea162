"""Accounts: companies or teams that share one installation and never see each other's data."""

import asyncpg
import click
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from service.accounts.admin_connection import find_account, in_admin_transaction
from service.config import SetupError
from service.ingest.account_settings import AccountSettings, change_settings, read_settings_of
from service.ingest.configured.authors import Change
from service.ingest.parsing import faults_of
from service.platform.db import Connection
from sql import load

_SQL = load("accounts")
_SETTINGS = ("name", "zone", "region", "currency")
_USUAL = AccountSettings.written(zone="UTC", region="US", currency="USD")


def _settings(**options: str | None) -> AccountSettings:
    """The settings in options. Raises BadParameter that names every faulty option."""
    try:
        return AccountSettings.written(**options)
    except ValidationError as error:
        faults = [f"--{fault.pointer.removeprefix('/')} {fault.message}" for fault in faults_of(error)]
        raise click.BadParameter("; ".join(faults)) from None


def create_account(code: str, **options: str | None) -> None:
    """Create an account with the settings in options, and the usual ones for the rest."""
    if not 1 <= len(code) <= 200 or not code.isprintable():
        raise click.BadParameter("CODE must have 1 to 200 printable characters")
    values = {"name": code} | _USUAL.model_dump(exclude_none=True) | _settings(**options).model_dump(exclude_none=True)

    async def work(connection: Connection) -> None:
        await connection.fetchval(_SQL["create"], code, *(values[name] for name in _SETTINGS))

    try:
        in_admin_transaction(work)
    except asyncpg.UniqueViolationError:
        raise SetupError(f"The account {code} already exists; see: calltally account list") from None
    click.echo(f"Created account {code}. To create its first key: calltally key create --account {code}")


def change_account(code: str, **options: str | None) -> None:
    """Change the settings of an account that options name. Raises UsageError without any."""
    settings = _settings(**options)
    if not settings.model_fields_set:
        raise click.UsageError("Name a setting to change, such as --zone Europe/Berlin.")

    async def work(connection: Connection) -> asyncpg.Record:
        return await change_settings(connection, await find_account(connection, code), settings, Change(None))

    _show(in_admin_transaction(work))


def show_account(code: str) -> None:
    """Print the settings of an account."""

    async def work(connection: Connection) -> asyncpg.Record:
        return await read_settings_of(connection, await find_account(connection, code))

    _show(in_admin_transaction(work))


def _show(row: asyncpg.Record) -> None:
    click.echo(f"Account {row['code']}: " + ", ".join(f"{name} {row[name]}" for name in _SETTINGS))


def list_accounts() -> None:
    """Print a table of all accounts."""

    async def work(connection: Connection) -> list[asyncpg.Record]:
        return await connection.fetch(_SQL["list"])

    table = Table("code", *_SETTINGS, box=None)
    for row in in_admin_transaction(work):
        table.add_row(*row.values())
    Console().print(table)
