"""Spend: one row is the amount of one day of one cost for one agent.

The rules; their numbers mark the code that applies them:

 1  A cost is spread evenly over its days, the first and the last included, in whole coins of its currency (cents, or
    yen); remaining coins go to the first days. Days are the account's, in any report; a day counts at its noon.
 2  It bought the leads of its source that were received on its days. If it names a campaign or a tracking number, it
    bought those of the campaign, or those called through the number. Test leads were not bought.
 3  Each of these leads bears an equal share. The share is divided among the agents who called the lead, by their number
    of calls. A lead without a call by an agent, and a cost that bought no lead, count for no agent.
 4  Each day is divided among the agents so, in whole coins; the agents take the remaining coins in turn, day by day.
 5  In another currency, the amount of a day is converted with the rate of that day, and then divided.

So over any breakdown, including the row without an agent, the coins add up to the cost. Source, campaign and tracking
number are those that the cost names; a cost without a source has that of its campaign.
"""

from datetime import date, timedelta

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, MATERIALISED, CurrentRows, Frame, Input, Money, Stages
from reports.model.codes import Codes
from reports.model.currencies import smallest
from reports.model.resolve_context import ResolveContext
from reports.model.types import CODE, INSTANT, Schema
from reports.rules import inputs, lead_selection
from reports.rules.calls import CALL
from reports.rules.deals import MONEY
from reports.rules.exchange import CONVERSION, RATES, add_conversion, smallest_coin
from reports.rules.last_contact import CREDIT, calls_to_leads, read_origin
from reports.stats.allocation import share_out

# The weight of a lead, so that its shares are whole numbers.
_LEAD = 10**12

SPEND_DAY: Schema = {
    "spend": pl.String,
    "spent_on": pl.Date,
    "spent_at": INSTANT,
    **CREDIT,
    # Ten-thousandths of the cost's currency, and of the report's.
    "cost": pl.Int128,
    "currency": pl.String,
    "converted_cost": pl.Int128,
    **CONVERSION,
}


# A lead, one of the agents who called it, and one of the numbers it was called through. The part of the agent is on
# one row of these; the others have none.
_BOUGHT: Schema = {
    "lead": pl.String,
    "received_at": INSTANT,
    **dict.fromkeys(("source", "campaign", "agent"), CODE),
    "tracking_number": pl.String,
    "part": pl.Int64,
}


def _materialise(rows: CurrentRows, codes: Codes) -> pl.LazyFrame:
    calls = calls_to_leads(rows["paid_calls"]).filter(~pl.col("test"))
    bought = read_origin(rows["paid_leads"], codes).join(_parts(calls), on="lead", how="left")
    return bought.select(pl.col(name).cast(kind) for name, kind in _BOUGHT.items()).with_columns(
        pl.col("part").fill_null(_LEAD)
    )


def _parts(calls: pl.LazyFrame) -> pl.LazyFrame:  # 3
    """The share of each agent in each lead: rows of lead, agent, tracking_number and the integer `part`."""
    by_number = calls.group_by("lead", "agent", "tracking_number").agg(calls=pl.len().cast(pl.Int64))
    theirs = pl.when(pl.col("agent").is_not_null()).then("calls").otherwise(0)
    first = pl.int_range(pl.len()).over("lead", "agent", order_by="tracking_number") == 0
    all_theirs, everybodys = pl.col("theirs").sum().over("lead", "agent"), pl.col("theirs").sum().over("lead")
    part = pl.when(everybodys > 0).then(_LEAD * all_theirs // everybodys).otherwise(_LEAD)
    return by_number.with_columns(theirs=theirs).select(
        "lead", "agent", "tracking_number", part=pl.when(first).then(part).otherwise(0)
    )


def _finish(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    costs = read_origin(rows["spend"], context.codes).with_columns(pl.col("source", "campaign").cast(CODE))
    days = _by_day(costs, context)
    within = days.filter(pl.col("spent_at").is_between(context.window.start, context.window.end, closed="left"))
    received_on = pl.col("received_at").dt.convert_time_zone(context.account_zone.key).dt.date()
    bought = _bought(days, rows[MATERIALISED].with_columns(spent_on=received_on))
    converted = {"amount_of_day": "converted_of_day"}
    return (
        within.pipe(add_conversion, rows["exchange_rates"], context, pl.col("spent_on"), converted)  # 5
        .with_row_index("cost_day")
        .join(bought, on="spend", how="left")
        .with_columns(pl.col("part").fill_null(_LEAD))  # 3
        .with_columns(turn=_turn())
        .pipe(_share_day, "amount_of_day", into="cost", lot=smallest_coin())  # 4
        .pipe(_share_day, "converted_of_day", into="converted_cost", lot=smallest(context.currency))
        .with_columns(team=context.codes.team_of("agent"))
    )


def _share_day(days: pl.LazyFrame, amount: str, *, into: str, lot: int | pl.Expr) -> pl.LazyFrame:
    return share_out(days, amount, "part", of=["cost_day"], order=["turn"], into=into, lot=lot)


def _by_day(spend: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:  # 1
    return (
        spend.with_row_index("cost")
        .with_columns(spent_on=pl.date_ranges("from_on", "to_on"), part=pl.lit(1))
        .explode("spent_on")
        .pipe(share_out, "amount", "part", of=["cost"], order=["spent_on"], into="amount_of_day", lot=smallest_coin())
        .drop("part", "amount", "from_on", "to_on")
        .with_columns(spent_at=_noon(context))
    )


def _noon(context: ResolveContext) -> pl.Expr:
    """Noon of a day in the account's zone; a day that the zone skipped has its noon in UTC."""
    noon = pl.col("spent_on").cast(pl.Datetime("us")).dt.offset_by("12h")
    local = noon.dt.replace_time_zone(context.account_zone.key, ambiguous="earliest", non_existent="null")
    return pl.coalesce(local.dt.convert_time_zone("UTC"), noon.dt.replace_time_zone("UTC"))


def _bought(days: pl.LazyFrame, leads: pl.LazyFrame) -> pl.LazyFrame:  # 2
    """The share of each agent in what each cost bought: rows of spend, agent and the integer `part`."""
    named = pl.col("tracking_number").is_not_null()
    of_number = days.filter(named).collect()
    by_day = leads.group_by("source", "spent_on", "campaign", "agent").agg(pl.col("part").sum())
    others = days.filter(~named).join(by_day, on=["source", "spent_on"], suffix="_of_lead").filter(_same_campaign())
    parts = [others, *([_bought_through_numbers(of_number.lazy(), leads)] if of_number.height else [])]
    both = pl.concat([some.select("spend", "agent", "part") for some in parts])
    # A row that only names a number has no part.
    return both.filter(pl.col("part") > 0).group_by("spend", "agent").agg(pl.col("part").sum())


def _bought_through_numbers(days: pl.LazyFrame, leads: pl.LazyFrame) -> pl.LazyFrame:
    """The share of each agent in each lead that these costs bought: rows of spend, agent and `part`."""
    through = days.join(leads, on=["source", "spent_on", "tracking_number"], suffix="_of_lead")
    theirs = through.filter(_same_campaign()).select("spend", "lead").unique()
    return theirs.join(leads.select("lead", "agent", "part"), on="lead")


def _same_campaign() -> pl.Expr:
    same = pl.col("campaign").is_null() | (pl.col("campaign") == pl.col("campaign_of_lead"))
    return same.fill_null(value=False)


def _days_of_costs(rows: CurrentRows, context: ResolveContext) -> tuple[date, date]:
    """The UTC days on which leads may have been received that the costs bought."""
    del context
    edges = rows["spend"].select(first=pl.col("from_on").min(), last=pl.col("to_on").max()).collect()
    first, last = edges.row(0)
    return (first - timedelta(days=1), last + timedelta(days=1)) if first else (date.max, date.min)


def _turn() -> pl.Expr:  # 4
    """The turn of each agent to take a remaining cent: in order, with another agent first every day."""
    place = pl.int_range(pl.len()).over("cost_day", order_by="agent", nulls_last=True)
    return (place + pl.col("spent_on").cast(pl.Int32)) % pl.len().over("cost_day")


COSTS = Input(
    "spend",
    {
        "spend": pl.String,
        "source": pl.String,
        "campaign": pl.String,
        "tracking_number": pl.String,
        "from_on": pl.Date,
        "to_on": pl.Date,
        "amount": pl.Int128,
        "currency": pl.String,
    },
    inputs.spend,
)

STAGES = Stages(
    _materialise, _BOUGHT, _finish, subject="lead", at="received_at", also=(COSTS, RATES), reads=_days_of_costs
)

SPEND = Frame(
    name="spend",
    label="days of costs",
    sent_as=("spend",),
    grain="cost, day and agent",
    inputs=(
        COSTS,
        Input(
            "paid_leads",
            {"lead": pl.String, "source": pl.String, "campaign": pl.String, "received_at": INSTANT},
            inputs.paid_leads,
        ),
        Input("paid_calls", CALL, inputs.paid_calls, lead_selection.leads_paid_for),
        RATES,
    ),
    columns=SPEND_DAY,
    key=("spend", "spent_on", "agent"),
    resolve=STAGES.resolve,
    stages=STAGES,
    anchor="spent_at",
    # A day's cost has no hour.
    dimensions=(*CODE_DIMENSIONS, "day", "week", "month"),
    display_columns=("cost", "currency", "converted_cost", "rate", "rate_on"),
    scale={"cost": MONEY, "converted_cost": MONEY},
    population=pl.col("cost").is_not_null(),
    money=Money(where=pl.lit(value=True), of="spend", label="costs", sent={"converted_cost": "cost"}),
    exclusions={
        "no_rate": pl.col("no_rate"),
        "unattributed": pl.col("source").is_null(),
        "no_agent": pl.col("agent").is_null(),
    },
)
