"""Stored deliveries of dialers, parsed again after a fix to a parser."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from service.accounts.admin_connection import find_account, with_ledger
from service.config import Settings, SetupError
from service.hooks.hooks import list_hooks
from service.hooks.reprocess import DeliveryFilter, ReprocessResult, reprocess
from service.hooks.reprocess import Progress as ProgressCallback
from service.platform.db import Connection, prepare_connection
from service.platform.secret_encryption import cipher_of


def replay_deliveries(
    account: str, hook: int | None, since: datetime | None, until: datetime | None, status: str | None
) -> None:
    """Parse the selected deliveries again, and print how many changed."""
    result = with_ledger(partial(_replay, code=account, selected=DeliveryFilter(hook, status, since, until)))
    changed = sum(result.changed.values())
    by_status = ", ".join(f"{count:,} {status}" for status, count in sorted(result.changed.items()))
    click.echo(
        f"Parsed {result.reprocessed:,} deliveries again: "
        + (f"{changed:,} changed ({by_status})." if changed else "none changed.")
    )


async def _replay(
    connection: Connection, settings: Settings, *, code: str, selected: DeliveryFilter
) -> ReprocessResult:
    await prepare_connection(connection)  # pyright: ignore[reportArgumentType]
    account_id = await find_account(connection, code)
    if selected.hook is not None and not await list_hooks(
        connection, account_id, datetime.now(UTC).date(), selected.hook
    ):
        raise SetupError(f"There is no hook {selected.hook}; see: calltally hook list")
    with _bar() as progress:
        return await reprocess(connection, account_id, selected, partial(cipher_of, settings), progress)


@contextmanager
def _bar() -> Generator[ProgressCallback]:
    columns = (TextColumn("reading deliveries"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("reading", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
