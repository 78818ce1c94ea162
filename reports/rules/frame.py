"""The vocabulary of facts: what a kind of fact is made from, what one row of it is, and what it is settled under.

A frame is believed or settled. Believed facts are what senders said, as the ledger keeps them: a source (the ledger
today, a copy of it later) delivers those by extract and decides nothing. Settled facts are what metrics count: each
file of reports/facts settles one kind of them from the believed ones and the codes of the account.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeAlias
from zoneinfo import ZoneInfo

import polars as pl
from polars.io.plugins import register_io_source

from reports import facts
from reports.model.codes import no_codes
from reports.model.resolve_context import ResolveContext
from reports.model.tables import TABLES, Tables
from reports.model.types import Schema
from reports.model.windows import Window
from reports.rules.calls import CALL, DIAL, make_calls, make_dials

CurrentRows: TypeAlias = Mapping[str, pl.LazyFrame]


Resolve: TypeAlias = Callable[[CurrentRows, ResolveContext], pl.LazyFrame]


@dataclass(frozen=True, eq=False)
class Input:
    """Facts of one kind to settle others from: the columns it can deliver, and how the wanted ones are made of tables.

    whose: the leads at whose calls it looks whatever their time; without it, only at those of the window. A function of
    reports/rules/lead_selection.py.
    """

    name: str
    columns: Schema
    make: Callable[[Tables, ResolveContext, Collection[str]], pl.LazyFrame]
    lead_selector: Callable[[Tables, ResolveContext], pl.LazyFrame] | None = None


# Made of the tables first, and then there like a table for all the others.
CALLS, DIALS = Input("calls", CALL, make_calls), Input("dials", DIAL, make_dials)


@dataclass(frozen=True, eq=False, kw_only=True)
class Frame:
    """One kind of fact.

    things: what people call its rows. extracts: the believed facts it is settled from. settled: its columns; key: those
    that name one row. counted: which settled rows are in any number at all. aside: reasons for which rows are left
    out of numbers, or are in them with a caveat, counted beside every report.
    shown: the columns that tell a person what a row is, after its key. per: in how many parts of what people count in
    a shown column is counted (10,000 of a EUR).
    in_blocks: each row settles on its own, so that believed facts may come in parts of any size.
    """

    name: str
    label: str
    inputs: tuple[Input, ...]
    columns: Schema
    key: tuple[str, ...]
    resolve: Resolve
    dimensions: tuple[str, ...]
    display_columns: tuple[str, ...] = ()
    scale: Mapping[str, int] = field(default_factory=dict[str, int])
    population: pl.Expr
    exclusions: Mapping[str, pl.Expr]
    row_wise: bool = False


@cache
def frames() -> dict[str, Frame]:
    """Every kind of fact by name: the files of reports/facts."""
    names = sorted(module.name for module in iter_modules(facts.__path__))
    found: list[Frame] = [import_module(f"{facts.__name__}.{name}").FRAME for name in names]
    return {frame.name: frame for frame in found}


def resolve(frame: Frame, believed: CurrentRows, context: ResolveContext, wanted: frozenset[str]) -> pl.LazyFrame:
    """The wanted columns of settled facts; of the believed ones, only those have to be there that `reads` names."""
    whole = {
        extract.name: believed[extract.name].match_to_schema(extract.columns, missing_columns="insert")
        for extract in frame.inputs
    }
    columns = [name for name in frame.columns if name in wanted]
    settled = frame.resolve(whole, context).select(columns)
    return settled.match_to_schema({name: frame.columns[name] for name in columns})


@cache
def input_columns(frame: Frame, wanted: frozenset[str], model: str | None = None) -> dict[str, tuple[str, ...]]:
    """Which believed columns of which extract some settled ones are made from: those that the optimizer asks for.

    Models of attribution ask for different ones.
    """
    asked = {extract.name: _Asked(extract.columns) for extract in frame.inputs}
    believed = {name: each.table() for name, each in asked.items()}
    # The streaming engine would not look at what is joined to an empty table.
    resolve(frame, believed, replace(_NOTHING_SAID, model=model), wanted).collect(engine="in-memory")
    return {name: each.names for name, each in asked.items()}


@cache
def table_columns(extract: Input, wanted: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Which columns of which tables some columns of an extract are made from; of tables not needed, none.

    Calls and dials stand among the tables.
    """
    asked = {name: _Asked(table.columns) for name, table in TABLES.items()}
    asked |= {made.name: _Asked(made.columns) for made in (CALLS, DIALS)}
    tables = {name: each.table() for name, each in asked.items()}
    extract.make(tables, _NOTHING_SAID, wanted).select(wanted).collect(engine="in-memory")
    return {name: each.names for name, each in asked.items() if each.looked_at}


class _Asked:
    """An empty table that notes which of its columns are asked for."""

    def __init__(self, columns: Schema) -> None:
        self._columns = columns
        self._names: set[str] = set()
        self.looked_at = False

    @property
    def names(self) -> tuple[str, ...]:
        """The columns asked for, in the table's order."""
        return tuple(name for name in self._columns if name in self._names)

    def table(self) -> pl.LazyFrame:
        """The table."""
        # No test may reach the source: of several, Polars (2.1) forgets some, and with them what they look at.
        return register_io_source(self._source, schema=self._columns).with_columns(pl.all().shift(0))

    def _source(
        self, with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        del predicate, n_rows, batch_size
        self.looked_at = True
        names = list(self._columns) if with_columns is None else with_columns
        self._names.update(names)
        yield pl.DataFrame(schema={name: self._columns[name] for name in names})


# Not an empty one: the optimizer would see that nothing can be in it, and ask for nothing.
_ERA = Window(datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 2, tzinfo=UTC), ZoneInfo("UTC"))
_NOTHING_SAID = ResolveContext(
    codes=no_codes(),
    window=_ERA,
    until=datetime(2000, 1, 3, tzinfo=UTC),
    account_zone=ZoneInfo("UTC"),
    about=frozenset({"lead", "contact", "appointment", "sale", "deal"}),
)
