"""Earlier deals: one row is a deal of the like period before the window, at its place within the window.

The like period has the same length and the same weekdays: it lies as few whole weeks back as it takes to end before the
window begins. If the window is not over, only the same part of the earlier period counts. Deals count as known now.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import polars as pl

from reports.facts.opportunities import DEAL_CALLS, OPPORTUNITIES
from reports.facts.opportunities import STAGES as DEALS
from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.compared_period import ComparedPeriod, weeks_before
from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.model.types import INSTANT
from reports.rules import inputs
from reports.rules.deals import STAGE_CHANGES
from reports.rules.exchange import RATES


def _like_period(context: ResolveContext) -> ComparedPeriod | None:
    return weeks_before(context.window, context.until, 1) if context.window.start < context.until else None


def _earlier(context: ResolveContext) -> ResolveContext:
    """The context of the like period; without one, that of the window."""
    period = _like_period(context)
    return replace(context, window=period.counted) if period else context


def _earlier_rates(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    return inputs.exchange_rates(tables, _earlier(context), columns)


def _finish(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    period = _like_period(context)
    deals = DEALS.finish(rows, _earlier(context))
    if period is None:
        return deals.filter(pl.lit(value=False)).with_columns(like_at=pl.lit(None, INSTANT))
    start, end = period.counted.start, period.counted.end
    within = pl.col("closed_at").is_between(pl.lit(start), pl.lit(end), closed="left")
    return deals.filter(within).with_columns(like_at=_later("closed_at", period))


def _later(at: str, period: ComparedPeriod) -> pl.Expr:
    """The moment as many days later, on the clock of the window; a skipped time is as many times 24 hours later."""
    ahead = timedelta(days=period.shift.days)
    shown = pl.col(at).dt.convert_time_zone(period.window.zone_name).dt.replace_time_zone(None) + ahead
    local = shown.dt.replace_time_zone(period.window.zone_name, ambiguous="earliest", non_existent="null")
    return pl.coalesce(local.dt.convert_time_zone("UTC"), pl.col(at) + ahead)


_RATES = Input("exchange_rates", RATES.columns, _earlier_rates)
_STAGES = replace(DEALS, finish=_finish, also=(_RATES,))

EARLIER_DEALS = Frame(
    name="earlier_deals",
    label="deals of the like period before",
    sent_as=("stage-changes",),
    grain="deal",
    inputs=(STAGE_CHANGES, _RATES, DEAL_CALLS),
    columns={**OPPORTUNITIES.columns, "like_at": INSTANT},
    key=("opportunity",),
    resolve=_STAGES.resolve,
    stages=_STAGES,
    anchor="like_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    display_columns=OPPORTUNITIES.display_columns,
    scale=OPPORTUNITIES.scale,
    population=OPPORTUNITIES.population,
    exclusions={reason: OPPORTUNITIES.exclusions[reason] for reason in ("test", "no_rate", "unpriced", "unattributed")},
)
