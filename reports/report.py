"""The compile step: from a question to the numbers, over one scan of each frame.

A source delivers the believed facts of a frame in one part or in many. Each part is settled, narrowed and reduced to
partial states on its own (`reduce_part`); the states of all parts are merged and turned into cells by the same code
however many there were (`compile_report`). That is the seam for several workers: a worker runs `reduce_part`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

import polars as pl

from reports.ask import Ask, AskError, Fault
from reports.codes import Codes
from reports.facts import undisposed
from reports.frames import FRAMES, Frame
from reports.metric import CELL, Metric
from reports.outcomes import believed_columns, settle
from reports.states import State, Sums, fold, share_tables

States: TypeAlias = dict[str, pl.DataFrame]
MOST_GROUPS = 100_000

# Counted beside every report. Test calls are in no number; the others are in the numbers they belong to.
EXCLUDED = Sums(
    {
        "counted": (~pl.col("test")).cast(pl.Int64),
        "test": pl.col("test").cast(pl.Int64),
        "open": (~pl.col("test") & pl.col("open")).cast(pl.Int64),
        "unmapped": (~pl.col("test") & (pl.col("result") == "unmapped")).cast(pl.Int64),
        "undisposed": (~pl.col("test") & undisposed()).cast(pl.Int64),
        "unattributed": (~pl.col("test") & pl.col("source").is_null()).cast(pl.Int64),
    },
    name="excluded",
)

# Every group that has an attempt is a row, whatever is asked of it.
PRESENCE = Sums({"rows": (~pl.col("test")).cast(pl.Int64)})


@dataclass(frozen=True, eq=False)
class Scan:
    """One reading of one frame, for all the metrics that want it; every part of it is reduced alike."""

    ask: Ask
    codes: Codes
    frame: Frame
    anchor: str
    metrics: tuple[Metric, ...]

    @property
    def by(self) -> list[str]:
        """The columns of a group."""
        return [dimension.name for dimension in self.ask.by]

    @property
    def states(self) -> list[State]:
        """The tables that all the metrics together need."""
        return share_tables([PRESENCE, *(metric.measure.state(metric.name) for metric in self.metrics)])

    @property
    def settled(self) -> frozenset[str]:
        """The settled columns that the metrics, the breakdown and the filters need."""
        dimensions = {column for key in _keys(self) for column in key.meta.root_names()}
        return frozenset(dimensions.union(self.ask.filters, EXCLUDED.reads, *(state.reads for state in self.states)))

    @property
    def believed(self) -> tuple[str, ...]:
        """The believed columns to read."""
        return believed_columns(self.settled)


class Source(Protocol):
    """Where believed facts come from: the ledger, or a copy of it."""

    async def read(self, scan: Scan, each: Callable[[pl.LazyFrame], States]) -> list[States]:
        """Apply `each` to every part of the frame: all attempts of the account in the window, each exactly once.

        A source may leave out attempts that the filters exclude, and need not.
        """
        ...


@dataclass(frozen=True, eq=False)
class Report:
    """An answer, with everything needed to defend it.

    groups: a column per dimension and, per metric, `<name>` and `<name>_numerator`, `_denominator`, `_ci_low` and
    `_ci_high`, sorted by the dimensions with missing ones last. total: the same for all groups at once, one row.
    watermark: everything recorded up to this moment is in the numbers (as far as as_of allows).
    counted: the rows in them. span: of an empty report, the account's first and last attempt, where there are any.
    """

    ask: Ask
    as_of: datetime
    watermark: datetime
    counted: int
    excluded: dict[str, int]
    groups: pl.DataFrame
    total: pl.DataFrame
    span: tuple[datetime, datetime] | None = None


def scans_of(ask: Ask, codes: Codes) -> list[Scan]:
    """One scan for every frame and anchor that the metrics read."""
    kinds = dict.fromkeys((metric.frame, metric.anchor) for metric in ask.metrics)
    return [
        Scan(ask, codes, FRAMES[frame], anchor, tuple(m for m in ask.metrics if (m.frame, m.anchor) == (frame, anchor)))
        for frame, anchor in kinds
    ]


def reduce_part(scan: Scan, believed: pl.LazyFrame) -> States:
    """The partial states of one part of a scan."""
    rows = narrow(settle(believed, scan.codes, scan.settled), scan.ask).cache()
    counted = rows.filter(~pl.col("test")).with_columns(_keys(scan))
    plans = {state.name: state.partial(counted, scan.by) for state in scan.states}
    plans[EXCLUDED.name] = EXCLUDED.partial(rows, [])
    return dict(zip(plans, pl.collect_all(list(plans.values())), strict=True))


def narrow(rows: pl.LazyFrame, ask: Ask) -> pl.LazyFrame:
    """Only the settled rows that the filters ask for; an empty code stands for rows without one."""
    for name, codes in ask.filters.items():
        missing = pl.col(name).is_null() if "" in codes else pl.lit(value=False)
        rows = rows.filter(pl.col(name).is_in(codes).fill_null(value=False) | missing)
    return rows


def compile_report(ask: Ask, scans: Sequence[tuple[Scan, list[States]]], watermark: datetime) -> Report:
    """The report, from the partial states of every part of every scan. Raises AskError when nobody could read it."""
    total = _cells(ask, scans, [])
    groups = _cells(ask, scans, [dimension.name for dimension in ask.by]) if ask.by else total.clear()
    if groups.height > MOST_GROUPS:
        raise AskError([Fault("by", f"gives {groups.height} rows; ask for {MOST_GROUPS} at most")])
    excluded = _excluded(states for _, parts in scans for states in parts)
    counted = excluded.pop("counted")
    return Report(ask, ask.as_of or watermark, watermark, counted, excluded, groups, total)


def _cells(ask: Ask, scans: Sequence[tuple[Scan, list[States]]], by: list[str]) -> pl.DataFrame:
    settled = [
        state.settle(pl.concat([part[state.name] for part in parts]).lazy(), by)
        for scan, parts in scans
        for state in scan.states
    ]
    terms = pl.concat(settled, how="diagonal")
    # Every term comes from one table, so a group's other rows are null in it. The sum of nothing but nulls is 0.
    counts = {name for scan, _ in scans for state in scan.states for name in state.counts}
    columns = [name for name in terms.collect_schema() if name not in by]
    table = fold(terms, by, [pl.col(name).sum() if name in counts else pl.col(name).max() for name in columns])
    cells = [cell for metric in ask.metrics for cell in _named_cells(metric)]
    cells_frame = table.select(*by, *cells)
    return (cells_frame.sort(by, nulls_last=True) if by else cells_frame).collect()


def _named_cells(metric: Metric) -> Iterable[pl.Expr]:
    cell = metric.measure.cell(metric.name)
    for part in CELL:
        name = metric.name if part == "value" else f"{metric.name}_{part}"
        yield cell.get(part, pl.lit(None, dtype=pl.Float64)).alias(name)


def _excluded(parts: Iterable[States]) -> dict[str, int]:
    table = EXCLUDED.settle(pl.concat([states[EXCLUDED.name] for states in parts]).lazy(), []).collect()
    return {name: count or 0 for name, count in table.row(0, named=True).items()}


def _keys(scan: Scan) -> list[pl.Expr]:
    return [dimension.key(scan.anchor, scan.ask.window.zone_name) for dimension in scan.ask.by]
