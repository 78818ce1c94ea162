"""The copies of an account's ledger: the tables of its lake, and the files that this machine makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from deltalake import DeltaTable

from reports.store.lake import LakeTables
from reports.store.opened_days import OpenedDays


@dataclass(frozen=True, eq=False)
class Copies:
    """What was copied of one account, as it was when it was opened.

    calls: the files of its settled calls. facts: those of rows that are materialised by lead, by frame.
    """

    tables: LakeTables = field(default_factory=dict[str, DeltaTable])
    calls: OpenedDays | None = None
    facts: Mapping[str, OpenedDays] = field(default_factory=dict[str, OpenedDays])
