"""A simulated sales team of any size, written straight into the ledger."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from datetime import datetime

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


def simulate(attempts: int, days: int, until: datetime, seed: int, account: str) -> None:
    """Fill an empty account, with a progress bar, and print what was written. until: the last moment."""
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
