"""Reports over a lake, as the service and the command make them: the lake is opened, and then the snapshot is taken."""

from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.query.run import run_report
from reports.query.stored.call_sync import open_copies, sync_store
from reports.store.copies import Copies
from reports.store.lake import Lake
from reports.store.ledger import Ledger
from reports.store.sync import Progress, SyncedTable, no_progress, sync
from tests.conftest import Owner


async def sync_copies(
    ledger: Ledger, lake: Lake, progress: Progress = no_progress, *, rebuild: bool = False, thorough: bool = False
) -> list[SyncedTable]:
    """Bring an account's lake, then its store, up to the ledger's snapshot. The parameters are those of `sync`.

    Raises OSError for a full disk, CommitFailedError when another process wrote the lake at the same time.
    """
    done = await sync(ledger, lake, progress, rebuild=rebuild, thorough=thorough)
    return done + await sync_store(ledger, lake, progress, rebuild=rebuild, thorough=thorough)


async def synced(
    owner: Owner, account: int, lake: Lake, *, rebuild: bool = False, thorough: bool = False
) -> list[SyncedTable]:
    """Bring an account's lake up to date."""
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        with Ledger(owner, account) as ledger:
            return await sync_copies(ledger, lake, lambda *_: None, rebuild=rebuild, thorough=thorough)


async def report_of(owner: Owner, account: int, lake: Lake | None, parameters: Parameters) -> Report:
    """The answer to some parameters, over a lake or over the ledger alone."""
    copies = open_copies(lake, account) if lake else Copies()
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        with Ledger(owner, account) as ledger:
            return await run_report(ledger, copies, None, parameters)
