"""Credits: one row is one goal and one touchpoint that led to it, with the touchpoint's share of the goal.

The rules of reports/rules/touchpoints.py find goals and touchpoints; the models of reports/rules/attribution_models.py
share the credit. Every metric names its model. A row's source, campaign and tracking number are those of the
touchpoint; its agent reached the goal. A goal without a touchpoint in the 90 days before is one row without a source,
so every breakdown contains all goals.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import inputs
from reports.rules.attribution_models import WHOLE, credit
from reports.rules.deals import MONEY, MOVES, resolve_deals
from reports.rules.last_contact import ACTIVE_CALLS, ACTIVE_LEADS, CREDIT, calls_to_leads
from reports.rules.touchpoints import LOOKBACK_DAYS, find_goals, find_touchpoints, pair_touchpoints
from reports.stats.allocation import CENT, share_out

CREDITED_TOUCHPOINT: Schema = {
    "kind": pl.String,
    "dialer": pl.String,
    "name": pl.String,
    "lead": pl.String,
    "goal_at": INSTANT,
    "touch_kind": pl.String,
    "touch_dialer": pl.String,
    "touch_name": pl.String,
    "touch_at": INSTANT,
    **CREDIT,
    # Millionths of the goal; ten-thousandths of the currency.
    "weight": pl.Int64,
    "revenue": pl.Int64,
    "profit": pl.Int64,
    "currency": pl.String,
    "foreign": pl.Boolean,
    "first": pl.Boolean,
    "test": pl.Boolean,
    "duplicate": pl.Boolean,
}

# A goal is one observation, no matter how many touchpoints share it.
GOAL = ("kind", "dialer", "name")


def goal_is(kind: str) -> pl.Expr:
    """Credit for goals of one kind."""
    return pl.col("kind") == kind


def new_customer() -> pl.Expr:
    """Credit for the first deal that a lead has won."""
    return goal_is("deal") & pl.col("first")


def deal_in_currency() -> pl.Expr:
    """Credit for won deals in the currency of the report."""
    return goal_is("deal") & ~pl.col("foreign")


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    leads = rows["active_leads"]
    calls = calls_to_leads(rows["active_calls"]).cache()
    goals = find_goals(leads, calls, resolve_deals(rows["active_stage_changes"]), context).cache()
    pairs = pair_touchpoints(goals, find_touchpoints(goals, leads, calls, context.codes))
    credited = (
        credit(pairs, context.model or "linear", LOOKBACK_DAYS)
        .pipe(_share, "amount", "revenue")
        .pipe(_share, "gross_profit", "profit")
        .filter(pl.col("parts") > 0)
    )
    untouched = goals.join(credited, on="goal", how="anti").with_columns(
        weight=pl.lit(WHOLE, dtype=pl.Int64), revenue="amount", profit="gross_profit"
    )
    return pl.concat([credited, untouched], how="diagonal").with_columns(
        team=context.codes.team_of("agent"),
        foreign=pl.col("currency").ne_missing(context.currency),
        first=pl.col("first").fill_null(value=False),
        duplicate=pl.col("duplicate").fill_null(value=False),
    )


def _share(credited: pl.LazyFrame, whole: str, into: str) -> pl.LazyFrame:
    return share_out(credited, whole, "parts", of=["goal"], order=["touch_at", "touch"], into=into, lot=CENT)


_COUNTED = ~pl.col("test") & ~pl.col("duplicate")

CREDITS = Frame(
    name="credits",
    label="credits",
    grain="goal and touchpoint",
    inputs=(ACTIVE_LEADS, ACTIVE_CALLS, Input("active_stage_changes", MOVES, inputs.active_stage_changes)),
    columns=CREDITED_TOUCHPOINT,
    key=(*GOAL, "touch_dialer", "touch_name"),
    resolve=_resolve,
    anchor="goal_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    display_columns=("lead", "touch_kind", "touch_at", "weight", "revenue", "profit", "currency"),
    scale={"weight": WHOLE, "revenue": MONEY, "profit": MONEY},
    population=_COUNTED,
    exclusions={
        "test": pl.col("test"),
        "duplicate": ~pl.col("test") & pl.col("duplicate"),
        "other_currency": _COUNTED & goal_is("deal") & pl.col("foreign") & pl.col("currency").is_not_null(),
        "untouched": _COUNTED & pl.col("touch_name").is_null(),
        "unattributed": _COUNTED & pl.col("source").is_null(),
    },
)
