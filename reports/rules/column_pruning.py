"""Which columns a report has to read: only those that its resolved columns are made from.

Nothing lists them by hand. A frame is resolved once over empty tables, which note the columns that Polars asks for.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import polars as pl
from polars.io.plugins import register_io_source

from reports.measures.frame import MATERIALISED, CurrentRows, Frame, Input
from reports.model.answer_time import AnswerTime
from reports.model.codes import no_codes
from reports.model.resolve_context import ResolveContext
from reports.model.tables import TABLES
from reports.model.types import CODE, Schema
from reports.model.windows import Window
from reports.rules.calls import CALLS, DIALS


def resolve(frame: Frame, rows: CurrentRows, context: ResolveContext, columns: frozenset[str]) -> pl.LazyFrame:
    """Some columns of a frame's resolved rows; of the current rows, only the columns these need must be there."""
    whole: CurrentRows = (
        rows
        if MATERIALISED in rows
        else {
            source.name: rows[source.name].match_to_schema(source.columns, missing_columns="insert")
            for source in frame.inputs
        }
    )
    schema = {name: kind for name, kind in frame.columns.items() if name in columns}
    # A code comes as a text or as a number, whichever its facts have.
    made = [pl.col(name).cast(kind) if kind in (CODE, pl.String) else name for name, kind in schema.items()]
    return frame.resolve(whole, context).select(made).match_to_schema(schema)


@cache
def input_columns(frame: Frame, columns: frozenset[str], model: str | None = None) -> dict[str, tuple[str, ...]]:
    """The columns of each input that some resolved columns are made from, as the optimizer requests them.

    Attribution models request different ones.
    """
    probes = {source.name: _Probe(source.columns) for source in frame.inputs}
    rows = {name: probe.table() for name, probe in probes.items()}
    # The streaming engine would not read what is joined to an empty table.
    resolve(frame, rows, replace(_PROBE_CONTEXT, model=model), columns).collect(engine="in-memory")
    return {name: probe.names for name, probe in probes.items()}


@cache
def table_columns(source: Input, columns: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The columns of each table that some columns of an input are made from; tables that are not read are left out.

    Calls and dials count as tables.
    """
    probes = {name: _Probe(table.columns) for name, table in TABLES.items()}
    probes |= {calls.name: _Probe(calls.columns) for calls in (CALLS, DIALS)}
    tables = {name: probe.table() for name, probe in probes.items()}
    source.make(tables, _PROBE_CONTEXT, columns).select(columns).collect(engine="in-memory")
    return {name: probe.names for name, probe in probes.items() if probe.was_read}


class _Probe:
    """An empty table that notes which of its columns are requested."""

    def __init__(self, columns: Schema) -> None:
        self._columns = columns
        self._names: set[str] = set()
        self.was_read = False

    @property
    def names(self) -> tuple[str, ...]:
        """The requested columns, in the table's order."""
        return tuple(name for name in self._columns if name in self._names)

    def table(self) -> pl.LazyFrame:
        """The table."""
        # No filter may reach the source: of several, Polars (2.1) forgets some, and with them the columns they read.
        return register_io_source(self._source, schema=self._columns).with_columns(pl.all().shift(0))

    def _source(
        self, with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        del predicate, n_rows, batch_size
        self.was_read = True
        names = list(self._columns) if with_columns is None else with_columns
        self._names.update(names)
        yield pl.DataFrame(schema={name: self._columns[name] for name in names})


# The window is not empty: the optimizer would see that no row can lie in it, and request nothing.
_PROBE_CONTEXT = ResolveContext(
    codes=no_codes(),
    window=Window(datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 2, tzinfo=UTC), ZoneInfo("UTC")),
    until=datetime(2000, 1, 3, tzinfo=UTC),
    account_zone=ZoneInfo("UTC"),
    about=frozenset({"lead", "contact", "appointment", "sale", "deal"}),
    answer_time=AnswerTime(queue_ms={"a queue": 0}),
)
