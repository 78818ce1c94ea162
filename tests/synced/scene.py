"""One account and its lake, and what people do to them."""

import shutil
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import polars as pl
from polars.testing import assert_frame_equal

from reports.model.tables import TABLES, VERSION
from reports.query.report import Report
from reports.query.run import run_report
from reports.query.stored.call_sync import open_copies
from reports.store.copies import Copies
from reports.store.lake import Lake, LakeFile, LakeTable, as_ledger_rows
from reports.store.ledger import Ledger
from reports.store.sync import SyncedTable
from service.accounts.accounts import Account, Accounts
from service.ingest.attribution import assign, unassign
from service.ingest.capture import Capture, store
from service.ingest.configuration import Assignment
from service.ingest.erasure import Person, erase
from service.ingest.parsing import Entry, read_item
from service.ingest.resources import Sender
from service.platform.db import Pool, account_transaction, acquire
from tests.conftest import Owner
from tests.lake import report_of, synced
from tests.synced.items import SentItem, Teller, everything_named
from tests.synced.questions import USUAL, Parameters, expect_same

# What can get lost of a lake.
LOSSES = ("the lake", "a table", "its log", "a part of its log", "its files", "a file")


@dataclass(frozen=True)
class Scene:
    """The account and its lake. owner, second: connections past row-level security."""

    pool: Pool
    owner: Owner
    second: Owner
    account: int
    lake: Lake

    @property
    def folder(self) -> Path:
        """Where the lake of the account is."""
        return Path(self.lake.root) / str(self.account)

    # What senders do -------------------------------------------------------------------------------------------------

    async def furnish(self, batches: int = 0) -> None:
        """Everything that has a name gets it, and some things are told."""
        await self.deliver(everything_named())
        await self.tell(*range(batches))

    async def tell(self, *seeds: int) -> None:
        """Somebody tells of some things, new or known; a batch for each seed."""
        for seed in seeds:
            await self.deliver(Teller(Random(seed), "", seed).batch())

    async def deliver(self, items: Sequence[SentItem]) -> None:
        """Send some items in one batch."""
        receipts = await Capture(self.pool, Accounts(self.pool)).store_entries(self.account, await self._entries(items))
        refused = [receipt.problem for receipt in receipts if receipt.problem]
        assert not refused, refused

    async def write(self, items: Sequence[SentItem], *, keep: bool = True) -> AsyncExitStack:
        """Write some items in a transaction that ends when this is closed; keep: with a commit."""
        entries = await self._entries(items)
        stack = AsyncExitStack()
        connection = await stack.enter_async_context(acquire(self.pool))
        transaction = connection.transaction()
        await transaction.start()
        stack.push_async_callback(transaction.commit if keep else transaction.rollback)
        await store(connection, await self._known(), entries)
        return stack

    async def assign(self, line: str, from_at: datetime, source: str) -> None:
        """A line is a source's from a day on. Raises AlreadyAssigned."""
        items = {"from_at": from_at.isoformat(), "source": source}
        assignment = Assignment.model_validate(items, context={"now": datetime.now(UTC)})
        await assign(self.pool, await self._known(), line, assignment)

    async def unassign(self, line: str, from_at: datetime) -> None:
        """It never was. Raises NotFound."""
        await unassign(self.pool, await self._known(), line, from_at)

    async def erase(self, **person: str) -> None:
        """Somebody wants to be forgotten. Raises InvalidItem where that is no person."""
        async with account_transaction(self.pool, self.account) as connection:
            await erase(connection, self.account, Person.model_validate(person), "US")

    async def _entries(self, items: Sequence[SentItem]) -> list[Entry]:
        sender = Sender.of(await self._known(), "main")
        return [read_item(resource, place, item, sender) for place, (resource, item) in enumerate(items)]

    async def _known(self) -> Account:
        return await Accounts(self.pool).get(self.account)

    # What is in the lake ---------------------------------------------------------------------------------------------

    async def synchronize(self, *, rebuild: bool = False, thorough: bool = False) -> list[SyncedTable]:
        """The lake is brought up to date."""
        return await synced(self.owner, self.account, self.lake, rebuild=rebuild, thorough=thorough)

    def rows(self, table: str) -> pl.DataFrame:
        """What the lake has of a table, all versions."""
        return pl.read_delta(self.lake.address(self.account, table))

    async def is_exact(self) -> None:
        """The lake has every version of every row that the ledger has, column by column, and no others."""
        async with snapshot(self.owner):
            with Ledger(self.owner, self.account) as ledger:
                numbers = await ledger.numbers()
                for name, table in TABLES.items():
                    columns = [*table.columns, *VERSION]
                    copied = as_ledger_rows(
                        pl.scan_delta(self.lake.address(self.account, name)), name, columns, numbers
                    )
                    known = await ledger.versions(name, columns)
                    assert_frame_equal(copied.collect(), known.collect(), check_row_order=False)

    # What is asked ---------------------------------------------------------------------------------------------------

    async def report(self) -> Report:
        """A report over the lake."""
        return await report_of(self.owner, self.account, self.lake, USUAL)

    async def agrees(self, copies: Copies | None = None, parameters: Parameters = USUAL) -> Report:
        """A report over the lake, which says what one over the ledger alone does at the same moment."""
        copies = open_copies(self.lake, self.account) if copies is None else copies
        async with snapshot(self.owner):
            return await agrees(self.owner, self.account, copies, parameters)


@asynccontextmanager
async def snapshot(connection: Owner) -> AsyncGenerator[None]:
    """A transaction that sees everything as it is now."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute("SELECT pg_current_snapshot()")
        yield


async def agrees(connection: Owner, account: int, copies: Copies, parameters: Parameters = USUAL) -> Report:
    """A report over a lake, in the snapshot of a connection, which says what one over the ledger alone does."""
    with Ledger(connection, account) as ledger:
        report = await run_report(ledger, copies, None, parameters)
        expect_same(report, await run_report(ledger, Copies(), None, parameters))
    return report


def logged(scene: Scene) -> list[tuple[str, LakeFile]]:
    """The files that tables consist of, each with its table."""
    tables = scene.lake.open_all(scene.account)
    return [(name, file) for name, delta in tables.items() for file in LakeTable(name, delta, "").files()]


def garbage_of_the_same_size(path: Path) -> None:
    """Overwrite a file."""
    path.write_bytes(b"\x5a" * path.stat().st_size)


def lose(what: str, table: Path) -> None:
    """Delete a lake, or a part of it, of one that has this table."""
    match what:
        case "the lake":
            shutil.rmtree(table.parent, ignore_errors=True)
        case "a table":
            shutil.rmtree(table, ignore_errors=True)
        case "its log":
            shutil.rmtree(table / "_delta_log", ignore_errors=True)
        case "a part of its log":
            for file in sorted((table / "_delta_log").glob("*.json"))[:1]:
                file.unlink()
        case "its files":
            for file in table.rglob("*.parquet"):
                file.unlink()
        case _:
            for file in sorted(table.glob("day=*/*/*.parquet"))[:1]:
                file.unlink()
