"""`calltally account`: companies or teams that share one installation and never see each other's data."""

import asyncpg
import click
import phonenumbers
from rich.console import Console
from rich.table import Table

from reports.model.currencies import fault
from reports.model.times import TimeFormError, read_zone
from service.accounts.admin_connection import in_admin_transaction
from service.config import SetupError
from service.platform.db import Connection
from sql import load

_SQL = load("accounts")


def check_zone(_context: click.Context, _parameter: click.Parameter, zone: str) -> str:
    """The time zone, if it exists."""
    try:
        return read_zone(zone).key
    except TimeFormError as error:
        raise click.BadParameter(f"{zone!r} {error}") from None


def check_region(_context: click.Context, _parameter: click.Parameter, region: str) -> str:
    """The country code in capitals, if the country has phone numbers."""
    if region.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise click.BadParameter(f"{region!r} is not a country code like US or DE")
    return region.upper()


def check_currency(_context: click.Context, _parameter: click.Parameter, currency: str) -> str:
    """The code of the currency in capitals."""
    if reason := fault(currency.upper()):
        raise click.BadParameter(f"{currency!r} {reason}")
    return currency.upper()


@click.group
def command() -> None:
    """Create and list accounts. Most installations need only the account `default`, which always exists."""


@command.command("create")
@click.argument("code")
@click.option("--name", help="Name of the account.  [default: CODE]")
@click.option(
    "--zone",
    default="UTC",
    show_default=True,
    callback=check_zone,
    help="Time zone of its reports, such as Europe/Berlin.",
)
@click.option(
    "--region",
    default="US",
    show_default=True,
    callback=check_region,
    help="Country of phone numbers without a country code.",
)
@click.option(
    "--currency",
    default="USD",
    show_default=True,
    callback=check_currency,
    help="Currency of its amounts, such as EUR.",
)
def create(code: str, name: str | None, zone: str, region: str, currency: str) -> None:
    """Create the account CODE.

    Accounts share one installation; none sees the data of another.
    """
    if not 1 <= len(code) <= 200 or not code.isprintable():
        raise click.BadParameter("CODE must have 1 to 200 printable characters")

    async def work(connection: Connection) -> None:
        await connection.fetchval(_SQL["create"], code, name or code, zone, region, currency)

    try:
        in_admin_transaction(work)
    except asyncpg.UniqueViolationError:
        raise SetupError(f"The account {code} already exists; see: calltally account list") from None
    click.echo(f"Created account {code}. To create its first key: calltally key create --account {code}")


@command.command("list")
def list_() -> None:
    """List the accounts."""

    async def work(connection: Connection) -> list[asyncpg.Record]:
        return await connection.fetch(_SQL["list"])

    table = Table("code", "name", "zone", "region", "currency", box=None)
    for row in in_admin_transaction(work):
        table.add_row(*row.values())
    Console().print(table)
