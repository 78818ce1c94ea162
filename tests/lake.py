"""Reports over a lake, as the service and the command make them: the lake is opened, and then the snapshot is taken."""

from reports.answer import answer
from reports.lake import Lake
from reports.ledger import Ledger
from reports.reader import Parameters
from reports.report import Report
from reports.sync import Synced, sync
from tests.conftest import Owner


async def synced(owner: Owner, account: int, lake: Lake, *, rebuild: bool = False) -> list[Synced]:
    """Bring an account's lake up to date."""
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        with Ledger(owner, account) as ledger:
            return await sync(ledger, lake, lambda *_: None, rebuild=rebuild)


async def report_of(owner: Owner, account: int, lake: Lake | None, parameters: Parameters) -> Report:
    """The answer to some parameters, over a lake or over the ledger alone."""
    copies = lake.open_all(account) if lake else {}
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        with Ledger(owner, account) as ledger:
            return await answer(ledger, copies, None, parameters)
