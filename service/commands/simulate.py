"""`calltally simulate`: write a simulated sales team of any size straight into the ledger."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from service.accounts.admin_connection import in_admin_transaction
from service.config import read_settings
from service.platform.db import Connection
from service.platform.embedded_server import ledger_url
from service.sandbox.bulk.copying import Written, write
from service.sandbox.bulk.progress import shown
from service.sandbox.scenario.plan import ZONE, Plan
from sql import load

_ACCOUNTS = load("accounts")
_LEDGER = load("ledger")


def check_until(_context: click.Context, _parameter: click.Parameter, day: datetime | None) -> datetime:
    """The end of that day in the simulation's time zone; now if that is earlier, or without a day."""
    now = datetime.now(UTC).replace(microsecond=0)
    if day is None:
        return now
    if day.date() > now.astimezone(ZoneInfo(ZONE)).date():
        raise click.BadParameter("this day is in the future")
    end = (day + timedelta(days=1)).replace(tzinfo=ZoneInfo(ZONE))
    return min(end.astimezone(UTC), now)


@click.command
@click.option("--attempts", type=click.IntRange(1, 200_000_000), required=True, help="Exact number of calls.")
@click.option("--days", type=click.IntRange(7, 730), default=90, show_default=True, help="Days that the calls cover.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=check_until,
    metavar="DATE",
    help="Last day.  [default: today, up to now]",
)
@click.option(
    "--seed", type=int, default=7, show_default=True, help="Seed of the simulation; another seed gives other data."
)
@click.option("--account", default="simulated", show_default=True, help="Empty account to fill; created if missing.")
def command(attempts: int, days: int, until: datetime, seed: int, account: str) -> None:
    """Fill an account with simulated calls, for benchmarks.

    It writes months of leads, calls, deals and costs straight into the tables of the ledger, in minutes. The account
    must be empty. The same options give the same data. No phone number is in use.
    """
    console = Console(stderr=True, highlight=False)
    with ledger_url(read_settings()) as url:
        account_id, currency = in_admin_transaction(lambda connection: _account(connection, account))
        plan = Plan(attempts, until, days, seed, currency)
        try:
            with shown(console, attempts) as show:
                written = asyncio.run(write(url, account_id, plan, show))
        except KeyboardInterrupt:
            click.echo(f"\nInterrupted: {account} holds part of the data. Use another --account next time.", err=True)
            sys.exit(128 + signal.SIGINT)
    click.echo("\n".join(_tell(account, written)))


async def _account(connection: Connection, code: str) -> tuple[int, str]:
    """The id and the currency of the account, created if missing."""
    account_id = await connection.fetchval(_ACCOUNTS["find"], code)
    if account_id is None:
        account_id = await connection.fetchval(_ACCOUNTS["create"], code, "A simulated floor", ZONE, "US", "USD")
    [row] = await connection.fetch(_LEDGER["account"], account_id)
    return account_id, row["currency"]


def _tell(account: str, written: Written) -> Iterator[str]:
    rate = written.rows["attempts"] / written.seconds
    yield f"{written.rows.total():,} rows in {written.seconds:,.1f} s ({rate:,.0f} attempts/s)"
    for table, count in written.rows.most_common():
        yield f"  {table:<28} {count:>12,}"
    yield f"To see a report: calltally report outbound --by agent --account {account}"
