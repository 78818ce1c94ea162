"""The tables of an account at one moment: copied rows of the lake, and later changes from the ledger.

The lake is opened before the ledger's snapshot is taken, so it never has newer rows than the snapshot. Rows that
changed in the ledger after a table was copied replace every copied row of the same key. Without a copy, all rows come
from the ledger. Either way the tables are the same.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import polars as pl

from reports.model.tables import VERSION
from reports.model.types import INSTANT
from reports.store.doubts import doubt
from reports.store.lake import LakeTable, LakeTables, as_ledger_rows
from reports.store.ledger import Ledger, LedgerState


class CurrentTables:
    """The tables of one account now, or at a moment in the past."""

    def __init__(self, ledger: Ledger, owner: LedgerState, as_of: datetime | None, lake: LakeTables) -> None:
        self._ledger = ledger
        self._as_of = as_of
        opened = [LakeTable(name, delta, owner.ledger_id) for name, delta in lake.items()]
        # A copy with later transactions predates the restore of this ledger to an earlier state.
        self._copies = {copy.name: copy for copy in opened if 0 < copy.watermark <= owner.watermark}
        self._numbers: pl.DataFrame | None = None

    @property
    def copies(self) -> Mapping[str, LakeTable]:
        """The usable tables of the lake."""
        return self._copies

    def forget_copies(self) -> None:
        """Read everything from the ledger from now on."""
        self._copies = {}

    async def numbers(self) -> pl.DataFrame:
        """Every phone number that facts may name, with its `id` in the lake."""
        if self._numbers is None:
            self._numbers = await self._ledger.numbers()
        return self._numbers

    async def read(self, name: str, columns: list[str]) -> pl.LazyFrame:
        """Columns of a table."""
        copy = await asyncio.to_thread(self._intact_copy, name)
        if self._as_of is None:
            return await self._now(name, columns, copy)
        return await self._at(name, columns, copy, self._as_of)

    def _intact_copy(self, name: str) -> LakeTable | None:
        """The lake's copy of a table, unless files of it are missing or have another size."""
        copy = self._copies.get(name)
        if copy is None or copy.is_intact:
            return copy
        doubt(copy.address, "a file is missing or broken")
        del self._copies[name]
        return None

    async def _now(self, name: str, columns: list[str], copy: LakeTable | None) -> pl.LazyFrame:
        if copy is None:
            return await self._ledger.current_rows(name, columns)
        needed = sorted({*columns, *copy.table.key})
        current = as_ledger_rows(copy.scan().filter(~pl.col("superseded")), name, needed, await self.numbers())
        changed = await self._ledger.current_rows(name, needed, copy.watermark)
        return (await _replace_changed(current, changed, copy)).select(columns)

    async def _at(self, name: str, columns: list[str], copy: LakeTable | None, as_of: datetime) -> pl.LazyFrame:
        if copy is None:
            return await self._ledger.rows_as_of(name, columns, as_of)
        needed = [*sorted({*columns, *copy.table.key}), *VERSION]
        versions = as_ledger_rows(copy.scan(), name, needed, await self.numbers())
        changed = await self._ledger.versions(name, needed, copy.watermark)
        return (await _replace_changed(versions, changed, copy)).filter(_valid_at(as_of)).select(columns)


async def _replace_changed(copied: pl.LazyFrame, changed: pl.LazyFrame, copy: LakeTable) -> pl.LazyFrame:
    """The copied rows, after changed rows replace those of the same key."""
    keys = await asyncio.to_thread(changed.select(copy.table.key).unique().collect)
    if not keys.height:
        return copied
    return pl.concat([copied.join(keys.lazy(), on=copy.table.key, how="anti"), changed])


def _valid_at(moment: datetime) -> pl.Expr:
    at = pl.lit(moment, dtype=INSTANT)
    return (pl.col("recorded_at") <= at) & (pl.col("superseded_at") > at).fill_null(value=True)
