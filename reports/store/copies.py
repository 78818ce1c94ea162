"""The copies of an account's ledger: the tables of its lake, and the files that this machine makes of them."""

from dataclasses import dataclass, field

from deltalake import DeltaTable

from reports.store.day_files import OpenedDays
from reports.store.lake import LakeTables


@dataclass(frozen=True, eq=False)
class Copies:
    """What was copied of one account, as it was when it was opened. calls: the files of its settled calls."""

    tables: LakeTables = field(default_factory=dict[str, DeltaTable])
    calls: OpenedDays | None = None
