"""`calltally account`: companies or teams that share one installation and never see each other's data."""

from collections.abc import Callable
from typing import TypeVar

import asyncpg
import click
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from service.accounts.admin_connection import find_account, in_admin_transaction
from service.config import SetupError
from service.ingest.account_settings import AccountSettings, change_settings, read_settings_of
from service.ingest.parsing import faults_of
from service.platform.db import Connection
from sql import load

_SQL = load("accounts")
_SETTINGS = ("name", "zone", "region", "currency")
_USUAL = AccountSettings.written(zone="UTC", region="US", currency="USD")

Command = TypeVar("Command", bound=Callable[..., None])


def _setting_options(command: Command) -> Command:
    for name, about in (
        ("--currency", "Currency of its reports, such as EUR."),
        ("--region", "Country of later phone numbers without a country code, such as DE."),
        ("--zone", "Time zone of its reports, such as Europe/Berlin."),
        ("--name", "Name of the account."),
    ):
        command = click.option(name, help=about)(command)
    return command


def _settings(**options: str | None) -> AccountSettings:
    """The settings in options. Raises BadParameter that names every faulty option."""
    try:
        return AccountSettings.written(**options)
    except ValidationError as error:
        faults = [f"--{fault.pointer.removeprefix('/')} {fault.message}" for fault in faults_of(error)]
        raise click.BadParameter("; ".join(faults)) from None


@click.group
def command() -> None:
    """Create, change and list accounts. Most installations need only the account `default`, which always exists."""


@command.command("create")
@click.argument("code")
@_setting_options
def create(code: str, **options: str | None) -> None:
    """Create the account CODE, by default with the zone UTC, the region US and the currency USD.

    Accounts share one installation; none sees the data of another.
    """
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


@command.command("set")
@click.argument("code")
@_setting_options
def set_(code: str, **options: str | None) -> None:
    """Change settings of the account CODE; what you leave out stays.

    Zone and currency affect reports at once, those of the past too. The region affects only later numbers.
    """
    settings = _settings(**options)
    if not settings.model_fields_set:
        raise click.UsageError("Name a setting to change, such as --zone Europe/Berlin.")

    async def work(connection: Connection) -> asyncpg.Record:
        return await change_settings(connection, await find_account(connection, code), settings)

    _show(in_admin_transaction(work))


@command.command("show")
@click.argument("code", default="default")
def show(code: str) -> None:
    """Show the settings of the account CODE, by default those of `default`."""

    async def work(connection: Connection) -> asyncpg.Record:
        return await read_settings_of(connection, await find_account(connection, code))

    _show(in_admin_transaction(work))


def _show(row: asyncpg.Record) -> None:
    click.echo(f"Account {row['code']}: " + ", ".join(f"{name} {row[name]}" for name in _SETTINGS))


@command.command("list")
def list_() -> None:
    """List the accounts."""

    async def work(connection: Connection) -> list[asyncpg.Record]:
        return await connection.fetch(_SQL["list"])

    table = Table("code", *_SETTINGS, box=None)
    for row in in_admin_transaction(work):
        table.add_row(*row.values())
    Console().print(table)
