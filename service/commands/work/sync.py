"""The update of the lake and the store from the ledger, at a terminal."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from time import perf_counter

import asyncpg
import click
from deltalake.exceptions import CommitFailedError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from reports.store.lake import Lake
from reports.store.sync import Progress, Step, SyncedTable
from service.accounts.admin_connection import find_account, with_ledger
from service.config import Settings
from service.platform.db import Connection
from service.reporting.copy_status import status_lines, status_of
from service.reporting.lake_sync import sync_account
from service.reporting.snapshots import open_snapshot
from sql import load


def sync_copies_of(account: str | None, *, rebuild: bool) -> None:
    """Update lake and store, with progress bars, and print what changed. Raises ClickException if another wrote."""
    try:
        lines = with_ledger(partial(_sync, account=account, rebuild=rebuild))
    except CommitFailedError:
        raise click.ClickException("Another process wrote to the lake at the same time; try again.") from None
    click.echo("\n".join(lines))


def show_status(account: str | None) -> None:
    """Print how the lake and the store are."""
    click.echo("\n".join(with_ledger(partial(_status, account=account))))


async def _sync(connection: Connection, settings: Settings, *, account: str | None, rebuild: bool) -> list[str]:
    lake = Lake(settings.lake_root, settings.cache_root)
    lines: list[str] = []
    for row in await _accounts(connection, account):
        begun = perf_counter()
        with _bars(row["code"]) as progress:
            done = await sync_account(
                connection, lake, row["account_id"], progress, rebuild=rebuild, thorough=True, wait=True
            )
        lines.append(_tell(row["code"], done or [], perf_counter() - begun))
    return [*lines, *_places(lake)]


async def _status(connection: Connection, settings: Settings, *, account: str | None) -> list[str]:
    lake = Lake(settings.lake_root, settings.cache_root)
    lines: list[str] = []
    for row in await _accounts(connection, account):
        async with open_snapshot(nullcontext(connection), row["account_id"], lake) as snapshot:
            status = await status_of(snapshot, lake)
        lines += [row["code"], *status_lines(status)]
    return [*lines, *_places(lake)]


async def _accounts(connection: Connection, account: str | None) -> Sequence[asyncpg.Record]:
    """One account, or all. Raises SetupError for an unknown account."""
    accounts = await connection.fetch(load("lake")["accounts"])
    chosen = None if account is None else await find_account(connection, account)
    return [row for row in accounts if chosen is None or row["account_id"] == chosen]


def _places(lake: Lake) -> list[str]:
    return [f"The lake is in {lake.root}.", f"The store is in {lake.cache}."]


def _tell(account: str, done: list[SyncedTable], seconds: float) -> str:
    changed = [f"{table.rows:,} of {table.name.replace('_', ' ')}" for table in done if table.rows]
    if not changed:
        return f"{account}: no changes."
    return f"{account}: {', '.join(changed)} in {sum(table.files for table in done):,} files, {seconds:.1f} s."


@contextmanager
def _bars(account: str) -> Generator[Progress]:
    """Show a progress bar per changed table."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def show(name: str, step: Step, done: int, total: int) -> None:
            if step == "counted" and total:
                tasks[name] = bars.add_task(f"{account}: {name.replace('_', ' ')}", total=total)
            if name in tasks:
                bars.update(tasks[name], completed=done)

        yield show
