"""Running costs: one row is the amount of one day of one cost for one team.

The rules; their numbers mark the code that applies them:

 1  A cost is spread evenly over its days, the first and the last included, in whole coins of its currency; remaining
    coins go to the first days. Days are the account's, in any report; a day counts at its noon, and days after the
    moment of the report do not count.
 2  A cost of one team counts for that team. A cost of all teams is shared among them each day by their number of
    employed agents, in whole coins; the teams take the remaining coins in turn, day by day. On a day without any
    employed agent it has no team.
 3  In another currency, the amount of a day is converted with the rate of that day, and then shared.

So over any breakdown, including the row without a team, the coins add up to the cost. Running costs have a team and
nothing else that calls have: agent, campaign, source and tracking number are null.
"""

import polars as pl

from reports.facts.staff_days import STAFF_DAYS
from reports.measures.frame import CODE_DIMENSIONS, CurrentRows, Frame, Input, Money
from reports.model.currencies import smallest
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import people_inputs
from reports.rules.deals import MONEY
from reports.rules.exchange import CONVERSION, RATES, add_conversion, smallest_coin
from reports.rules.spells import days_in_window
from reports.stats.allocation import share_out

_COST: Schema = {
    "cost": pl.String,
    "team": pl.String,
    "overhead": pl.Boolean,
    "from_on": pl.Date,
    "to_on": pl.Date,
    "amount": pl.Int128,
    "currency": pl.String,
}

# The dimensions that calls have and running costs lack.
OF_CALLS = ("agent", "campaign", "source", "tracking_number")

COST_DAY: Schema = {
    "cost": pl.String,
    **dict.fromkeys(CODE_DIMENSIONS, pl.String),
    "overhead": pl.Boolean,
    "day": pl.Date,
    "day_at": INSTANT,
    # Ten-thousandths of the cost's currency, and of the report's.
    "amount": pl.Int128,
    "currency": pl.String,
    "converted_amount": pl.Int128,
    **CONVERSION,
    # Whether it is a part of a cost of all teams.
    "shared": pl.Boolean,
}


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    days = _by_day(rows["running_costs"]).join(days_in_window(context), on="day")
    return (
        days.pipe(add_conversion, rows["exchange_rates"], context, pl.col("day"), {"of_day": "converted_of_day"})  # 3
        .pipe(_by_team, STAFF_DAYS.resolve(rows, context))
        .pipe(_share_day, "of_day", into="amount", lot=smallest_coin())
        .pipe(_share_day, "converted_of_day", into="converted_amount", lot=smallest(context.currency))
        .with_columns(pl.lit(None, pl.String).alias(name) for name in OF_CALLS)
        .with_columns(overhead=pl.col("overhead").fill_null(value=False))
        .select(*COST_DAY)
    )


def _by_day(costs: pl.LazyFrame) -> pl.LazyFrame:  # 1
    return (
        costs.with_columns(day=pl.date_ranges("from_on", "to_on"), part=pl.lit(1))
        .explode("day")
        .pipe(share_out, "amount", "part", of=["cost"], order=["day"], into="of_day", lot=smallest_coin())
        .drop("part", "amount", "from_on", "to_on")
    )


def _by_team(days: pl.LazyFrame, employed: pl.LazyFrame) -> pl.LazyFrame:  # 2
    """Each day of a cost for each of its teams, with the integer `part` of each and its `turn`."""
    heads = employed.group_by("day", "team").agg(part=pl.len().cast(pl.Int64))
    common = days.filter(pl.col("team").is_null()).drop("team").join(heads, on="day", how="left")
    own = days.filter(pl.col("team").is_not_null())
    place = pl.int_range(pl.len()).over("cost", "day", order_by="team", nulls_last=True)
    return (
        pl.concat([own.with_columns(shared=False), common.with_columns(shared=True)], how="diagonal")
        .with_columns(pl.col("part").fill_null(1))
        .with_columns(turn=(place + pl.col("day").cast(pl.Int32)) % pl.len().over("cost", "day"))
    )


def _share_day(days: pl.LazyFrame, amount: str, *, into: str, lot: int | pl.Expr) -> pl.LazyFrame:
    return share_out(days, amount, "part", of=["cost", "day"], order=["turn"], into=into, lot=lot)


RUNNING_COSTS = Frame(
    name="running_costs",
    label="days of running costs",
    sent_as=("running-costs",),
    grain="cost, day and team",
    inputs=(Input("running_costs", _COST, people_inputs.running_costs), *STAFF_DAYS.inputs, RATES),
    columns=COST_DAY,
    key=("cost", "day", "team"),
    resolve=_resolve,
    anchor="day_at",
    # A day's cost has no hour.
    dimensions=(*CODE_DIMENSIONS, "day", "week", "month"),
    display_columns=("amount", "currency", "converted_amount", "rate", "rate_on", "overhead", "shared"),
    scale={"amount": MONEY, "converted_amount": MONEY},
    population=pl.col("amount").is_not_null(),
    money=Money(where=pl.lit(value=True), of="cost", label="running costs", sent={"converted_amount": "amount"}),
    exclusions={"no_rate": pl.col("no_rate"), "overhead": pl.col("overhead"), "shared": pl.col("shared")},
)
