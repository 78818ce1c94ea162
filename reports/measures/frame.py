"""The vocabulary of facts: what one row of a kind of fact is, which rows it is made from, and how.

Current rows are what senders reported, as the ledger stores them. Resolved rows are what metrics count. Each file of
reports/facts resolves one kind of fact from current rows and the account's codes.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

import polars as pl

from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.model.types import Schema

# The current rows of a frame, by the name of the input.
CurrentRows: TypeAlias = Mapping[str, pl.LazyFrame]
Resolve: TypeAlias = Callable[[CurrentRows, ResolveContext], pl.LazyFrame]
Materialise: TypeAlias = Callable[[CurrentRows, Codes], pl.LazyFrame]
Finish: TypeAlias = Callable[[CurrentRows, ResolveContext], pl.LazyFrame]
Days: TypeAlias = Callable[[CurrentRows, ResolveContext], tuple[date, date]]
LeadSelector: TypeAlias = Callable[[Tables, ResolveContext], pl.LazyFrame]
# Which calls a column names. Either: a call made, or else one that came in.
CallKind: TypeAlias = Literal["attempt", "inbound_call", "either"]

# The column that names the lead of a row, in all frames that have it.
LEAD = "lead"
# The dimensions that most frames share.
CODE_DIMENSIONS = ("agent", "team", "campaign", "source", "tracking_number")
TIME_DIMENSIONS = ("hour", "day", "week", "month", "hour_of_week", "hour_of_day")


@dataclass(frozen=True, eq=False)
class Input:
    """Current rows that a frame is made from: the columns an input can deliver, and how to make them of the tables.

    lead_selector: which leads need their full call history, a function of reports/rules/lead_selection.py. Without it,
    an input that reads calls reads all calls of the window.
    later_goals: it reads calls after the window that reached the goal.
    any_window: its rows are the same for every window of a report.
    """

    name: str
    columns: Schema
    make: Callable[[Tables, ResolveContext, Collection[str]], pl.LazyFrame]
    lead_selector: LeadSelector | None = None
    later_goals: bool = False
    any_window: bool = False


@dataclass(frozen=True, eq=False)
class Money:
    """The money of a kind of fact, which may be in any currency.

    where: the rows whose money counts. of: the column that names what has the money, and the label of its values.
    sent: by column that metrics read, the column with the amount as it was sent.
    """

    where: pl.Expr
    of: str
    label: str
    sent: Mapping[str, str]


# The name, among current rows, of rows that were materialised before.
MATERIALISED = "materialised"


@dataclass(frozen=True, eq=False)
class Stages:
    """Resolving in two stages, where rows depend on the history of their subject alone: of a lead, or of a deal.

    materialise: everything that does not depend on the question, from current rows up to the moment of the report.
    columns: those of the materialised rows. subject: which of them names what a row belongs to.
    at: which of them is the moment of a row. reads: of which days a question reads rows; without it, of those of its
    window, if its anchor is that moment, and else of all.
    also: the inputs that `finish` reads itself.
    finish: the rest, from the inputs that it reads and the rows MATERIALISED.
    """

    materialise: Materialise
    columns: Schema
    finish: Finish
    subject: str
    at: str
    also: tuple[Input, ...] = ()
    reads: Days | None = None

    def resolve(self, rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
        """The resolved rows, of materialised rows if there are any."""
        if MATERIALISED in rows:
            return self.finish(rows, context)
        return self.finish({**rows, MATERIALISED: self.materialise(rows, context.codes)}, context)

    def inputs(self, frame: "Frame") -> tuple[Input, ...]:
        """The inputs of a frame that its rows are materialised from."""
        return tuple(source for source in frame.inputs if source not in self.also)


@dataclass(frozen=True, eq=False, kw_only=True)
class Frame:
    """One kind of fact, with the defaults of the metrics that count it.

    label: what people call its rows. grain: what one row is. inputs: the current rows it is made from.
    sent_as: the resources of the API that its rows come from, for people whose account has none.
    columns: those of its resolved rows; key: the columns that identify a row.
    anchor: the moment that decides the window of a row. dimensions: what its metrics can be broken down by.
    calls: the displayed columns that name a call of the row's dialer, and which kind of call.
    display_columns: the columns that describe a row to a person, after its key. scale: units per whole of a displayed
    column (10,000 of a EUR).
    population: the resolved rows that any metric may count. exclusions: reasons why rows are not in numbers, or need a
    caveat, counted beside every report; plain_exclusions: a report names them without the name of the frame.
    money: its money, if it has any.
    filterable: by table, the dimensions with codes on its rows; rows with other codes may be left out unread.
    row_wise: each row resolves on its own, so that rows may arrive in chunks of any size.
    stages: the two stages of `resolve`, where rows of leads can be materialised.
    """

    name: str
    label: str
    grain: str
    inputs: tuple[Input, ...]
    columns: Schema
    key: tuple[str, ...]
    resolve: Resolve
    anchor: str
    dimensions: tuple[str, ...]
    sent_as: tuple[str, ...] = ("attempts",)
    calls: Mapping[str, CallKind] = field(default_factory=dict[str, CallKind])
    display_columns: tuple[str, ...] = ()
    scale: Mapping[str, int] = field(default_factory=dict[str, int])
    population: pl.Expr
    exclusions: Mapping[str, pl.Expr]
    plain_exclusions: bool = False
    money: Money | None = None
    filterable: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    row_wise: bool = False
    stages: Stages | None = None

    @property
    def has_leads(self) -> bool:
        """Whether a row can name its lead."""
        return LEAD in self.columns

    def exclusion_name(self, reason: str) -> str:
        """The name under which a report counts a reason for exclusion."""
        return reason if self.plain_exclusions else f"{self.name}_{reason}"
