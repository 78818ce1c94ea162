"""`calltally simulate`: a sales floor of any size, straight into the ledger."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from service.accounts.admin_connection import as_owner
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
    """The end of that day on the floor's clock; now, if that is earlier or no day is given."""
    now = datetime.now(UTC).replace(microsecond=0)
    if day is None:
        return now
    if day.date() > now.astimezone(ZoneInfo(ZONE)).date():
        raise click.BadParameter("a day that is still to come cannot be simulated")
    end = (day + timedelta(days=1)).replace(tzinfo=ZoneInfo(ZONE))
    return min(end.astimezone(UTC), now)


@click.command
@click.option("--attempts", type=click.IntRange(1, 200_000_000), required=True, help="Calls to make, exactly.")
@click.option("--days", type=click.IntRange(7, 730), default=90, show_default=True, help="Days they are spread over.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=check_until,
    metavar="DATE",
    help="The last day.  [default: today, up to now]",
)
@click.option("--seed", type=int, default=7, show_default=True, help="Another seed is another floor.")
@click.option("--account", default="simulated", show_default=True, help="Account to fill; made when there is none.")
def command(attempts: int, days: int, until: datetime, seed: int, account: str) -> None:
    """Write a simulated sales floor of any size into the ledger: months of calls in minutes.

    For benchmarks and trials: leads, calls and everything that comes of them are drawn at random and copied into the
    tables, as capture would have stored them. The account must be empty. The same attempts, days, seed and --until
    give the same floor. No phone number belongs to anybody.
    """
    console = Console(stderr=True, highlight=False)
    with ledger_url(read_settings()) as url:
        account_id, currency = as_owner(lambda connection: _account(connection, account))
        plan = Plan(attempts, until, days, seed, currency)
        try:
            with shown(console, attempts) as show:
                written = asyncio.run(write(url, account_id, plan, show))
        except KeyboardInterrupt:
            click.echo(
                f"\nInterrupted: {account} holds a part of the floor. Name another --account next time.", err=True
            )
            sys.exit(128 + signal.SIGINT)
    click.echo("\n".join(_tell(account, written)))


async def _account(connection: Connection, code: str) -> tuple[int, str]:
    """The id and the currency of the account, which is made when there is none."""
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
    yield f"Look at it: calltally report outbound --by agent --account {account}"
