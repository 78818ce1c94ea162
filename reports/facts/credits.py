"""Credits: one row is one goal and one touchpoint that led to it, with the touchpoint's share of the goal.

The rules of reports/rules/touchpoints.py find goals and touchpoints; the models of reports/rules/attribution_models.py
share the credit. Every metric names its model. A row's source, campaign and tracking number are those of the
touchpoint; its agent reached the goal. A goal without a touchpoint in the 90 days before is one row without a source,
so every breakdown contains all goals.
"""

import polars as pl

from reports.measures.frame import (
    CODE_DIMENSIONS,
    MATERIALISED,
    TIME_DIMENSIONS,
    CurrentRows,
    Frame,
    Input,
    Money,
    Stages,
)
from reports.model.codes import Codes
from reports.model.currencies import smallest
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import inputs
from reports.rules.attribution_models import WHOLE, credit
from reports.rules.deals import MONEY, MOVES, resolve_deals
from reports.rules.exchange import CONVERSION, RATES, add_conversion, smallest_coin
from reports.rules.last_contact import ACTIVE_CALLS, ACTIVE_LEADS, CREDIT, CREDITED, calls_to_leads
from reports.rules.lead_selection import within
from reports.rules.touchpoints import LOOKBACK_DAYS, find_goals, find_touchpoints, holder, name_goal, pair_touchpoints
from reports.stats.allocation import share_out

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
    # Millionths of the goal; ten-thousandths of the deal's currency, and of the report's.
    "weight": pl.Int64,
    "revenue": pl.Int128,
    "profit": pl.Int128,
    "currency": pl.String,
    "converted_revenue": pl.Int128,
    "converted_profit": pl.Int128,
    **CONVERSION,
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


# The money of a goal, and the columns of its shares.
_MONEY = {
    "amount": "revenue",
    "gross_profit": "profit",
    "converted_amount": "converted_revenue",
    "converted_gross_profit": "converted_profit",
}


# What is known of a goal and one of its touchpoints, whatever the question and the model.
_KNOWN: Schema = {
    "holder": pl.String,
    **{name: CREDITED_TOUCHPOINT[name] for name in ("kind", "dialer", "name", "lead", "goal_at")},
    **{name: CREDITED_TOUCHPOINT[name] for name in ("touch_kind", "touch_dialer", "touch_name", "touch_at")},
    **dict.fromkeys(CREDITED, pl.String),
    "place": pl.Int64,
    **dict.fromkeys(("creates_lead", "opens_opportunity", "direct"), pl.Boolean),
    **dict.fromkeys(("amount", "gross_profit"), pl.Int128),
    "currency": pl.String,
    **dict.fromkeys(("first", "test", "duplicate"), pl.Boolean),
}


def _materialise(rows: CurrentRows, codes: Codes) -> pl.LazyFrame:
    leads = rows["active_leads"]
    calls = calls_to_leads(rows["active_calls"]).cache()
    goals = find_goals(leads, calls, resolve_deals(rows["active_stage_changes"]), codes).cache()
    pairs = pair_touchpoints(goals, find_touchpoints(goals, leads, calls, codes)).cache()
    untouched = goals.join(pairs, on="goal", how="anti")
    known = pl.concat([pairs, untouched], how="diagonal").with_columns(
        pl.col("first", "duplicate").fill_null(value=False), holder=holder()
    )
    return known.match_to_schema(_KNOWN, missing_columns="insert", extra_columns="ignore")


def _finish(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    of_these_kinds = pl.col("kind").is_in(list(context.about)) & within("goal_at", context)
    known = rows[MATERIALISED].filter(of_these_kinds).with_columns(goal=name_goal().rank("dense"), touch="place")
    priced = known.pipe(_with_conversion, rows["exchange_rates"], context)
    touched = pl.col("touch_at").is_not_null()
    credited = credit(priced.filter(touched), context.model or "linear", LOOKBACK_DAYS)
    for whole, into in _MONEY.items():
        lot = smallest(context.currency) if whole.startswith("converted") else smallest_coin()
        credited = share_out(credited, whole, "parts", of=["goal"], order=["touch"], into=into, lot=lot)
    untouched = priced.filter(~touched).with_columns(
        pl.lit(WHOLE, dtype=pl.Int64).alias("weight"), *(pl.col(whole).alias(into) for whole, into in _MONEY.items())
    )
    return pl.concat([credited.filter(pl.col("parts") > 0), untouched], how="diagonal").with_columns(
        team=context.codes.team_of("agent")
    )


def _with_conversion(goals: pl.LazyFrame, rates: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    """The money of goals in the currency of the report, by the day of the goal."""
    day = pl.col("goal_at").dt.convert_time_zone(context.account_zone.key).dt.date()
    amounts = {name: f"converted_{name}" for name in ("amount", "gross_profit")}
    return add_conversion(goals, rates, context, day, amounts)


_COUNTED = ~pl.col("test") & ~pl.col("duplicate")

STAGES = Stages(_materialise, _KNOWN, _finish, subject="holder", at="goal_at", also=(RATES,))

CREDITS = Frame(
    name="credits",
    label="credits",
    sent_as=("leads", "attempts", "stage-changes"),
    grain="goal and touchpoint",
    inputs=(ACTIVE_LEADS, ACTIVE_CALLS, Input("active_stage_changes", MOVES, inputs.active_stage_changes), RATES),
    columns=CREDITED_TOUCHPOINT,
    key=(*GOAL, "touch_dialer", "touch_name"),
    resolve=STAGES.resolve,
    stages=STAGES,
    anchor="goal_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    display_columns=(
        *("lead", "touch_kind", "touch_at", "weight", "revenue", "profit", "currency"),
        *("converted_revenue", "converted_profit", "rate", "rate_on"),
    ),
    scale={"weight": WHOLE, **dict.fromkeys(_MONEY.values(), MONEY)},
    population=_COUNTED,
    money=Money(
        where=goal_is("deal"),
        of="name",
        label="credited deals",
        sent={"converted_revenue": "revenue", "converted_profit": "profit"},
    ),
    exclusions={
        "test": pl.col("test"),
        "duplicate": ~pl.col("test") & pl.col("duplicate"),
        "no_rate": _COUNTED & goal_is("deal") & pl.col("no_rate"),
        "untouched": _COUNTED & pl.col("touch_name").is_null(),
        "unattributed": _COUNTED & pl.col("source").is_null(),
    },
)
