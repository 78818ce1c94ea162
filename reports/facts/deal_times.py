"""Deal times: one row is one deal, with the time from the first contact until it was won or lost, or until now.

A deal is resolved as in opportunities. Its time begins with the first call that reached the right party of its lead.
Without such a call by then, it begins when the deal was first qualified.
"""

from dataclasses import replace

import polars as pl

from reports.facts.opportunities import OPPORTUNITIES
from reports.facts.opportunities import STAGES as DEALS
from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules.deals import STAGE
from reports.rules.last_contact import CREDIT
from reports.rules.lead_selection import instant

DEAL_TIME: Schema = {
    "opportunity": pl.String,
    "lead": pl.String,
    "stage": STAGE,
    "opened_at": INSTANT,
    "started_at": INSTANT,
    "closed_at": INSTANT,
    "ms": pl.Int64,
    "test": pl.Boolean,
    **CREDIT,
}


def closed() -> pl.Expr:
    """The deal is won or lost."""
    return pl.col("closed_at").is_not_null()


def _finish(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    ends = pl.coalesce("closed_at", instant(context.until))
    contact = pl.when(pl.col("first_contact_at") <= ends).then("first_contact_at")
    deals = DEALS.finish(rows, context).with_columns(started_at=pl.coalesce(contact, "opened_at"))
    return deals.with_columns(ms=(ends - pl.col("started_at")).dt.total_milliseconds()).select(*DEAL_TIME)


# Deals are materialised once, for all kinds of fact made of them.
_STAGES = replace(DEALS, finish=_finish)

DEAL_TIMES = Frame(
    name="deal_times",
    label="times of deals",
    sent_as=("stage-changes",),
    grain="deal",
    inputs=OPPORTUNITIES.inputs,
    columns=DEAL_TIME,
    key=("opportunity",),
    resolve=_STAGES.resolve,
    stages=_STAGES,
    anchor="opened_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    display_columns=("lead", "stage", "opened_at", "started_at", "closed_at"),
    population=~pl.col("test"),
    exclusions={"test": pl.col("test"), "still_open": ~pl.col("test") & ~closed()},
)
