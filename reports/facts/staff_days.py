"""Staff days: one row is a day on which an agent was employed.

The rules; their numbers mark the code that applies them:

 1  An employment covers its first and its last day. Days are the account's, in any report; a day counts at its noon.
    Days after the moment of the report do not count.
 2  An agent is one person on a day, however many employments cover it; the one that began last gives team and manager.
    Without a team of its own, an employment has the agent's team.
 3  An agent leaves on the last day of an employment, unless another covers the next day: that is a move.
 4  Whether an agent left voluntarily is what the employment that ended last states.
"""

import polars as pl

from reports.facts.agent_time import NOWHERE
from reports.measures.frame import CODE_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import people_inputs
from reports.rules.spells import days_in_window, number_spells, part_of_month

_EMPLOYED: Schema = {
    **dict.fromkeys(("employment", "agent", "team", "manager"), pl.String),
    "joined_on": pl.Date,
    "left_on": pl.Date,
    "voluntary": pl.Boolean,
}

STAFF_DAY: Schema = {
    **dict.fromkeys(("agent", "team", "manager", "employment"), pl.String),
    **dict.fromkeys(NOWHERE, pl.String),
    "day": pl.Date,
    "day_at": INSTANT,
    # The day as parts of its month, and as a part of the window, as so many parts of a head.
    "month_parts": pl.Int64,
    "head_parts": pl.Int128,
    "left": pl.Boolean,
    "voluntary": pl.Boolean,
    "moved": pl.Boolean,
}
HEAD = 10**15


def left() -> pl.Expr:
    """The last day of an agent who left."""
    return pl.col("left")


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    codes = context.codes
    employed = rows["staff"].with_columns(agent=codes.read("agent"), manager=codes.read("manager", "agent"))
    spells = number_spells(employed, "agent", "joined_on", "left_on")
    in_order = ["agent", "day", "joined_on", "left_on", "employment"]
    days = _days(spells, context).sort(in_order, nulls_last=[False, False, False, True, False]).cache()
    of_last = days.filter(pl.col("left_on") == pl.col("day"))
    voluntary = of_last.group_by("agent", "day", maintain_order=True).agg(pl.col("voluntary").last(ignore_nulls=True))
    return (
        days.drop("voluntary")
        .unique(["agent", "day"], keep="last", maintain_order=True)  # 2
        .join(voluntary, on=["agent", "day"], how="left")
        .with_columns(
            team=pl.coalesce("team", codes.team_of("agent")),
            left=(pl.col("day") == pl.col("ends_on")).fill_null(value=False),  # 3
            moved=(pl.col("left_on") == pl.col("day")).fill_null(value=False),
        )
        .with_columns(
            voluntary=pl.when("left").then("voluntary"),  # 4
            moved=pl.col("moved") & ~pl.col("left"),
        )
        .with_columns(pl.lit(None, pl.String).alias(name) for name in NOWHERE)
        .select(*STAFF_DAY)
    )


def _days(spells: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:  # 1
    days = days_in_window(context)
    shares = days.with_columns(month_parts=part_of_month("day"))
    whole = pl.col("month_parts").sum()
    shares = shares.with_columns(head_parts=pl.lit(HEAD, dtype=pl.Int128) * pl.col("month_parts") // whole)
    covered = (pl.col("day") >= pl.col("joined_on")) & (pl.col("day") <= pl.col("left_on")).fill_null(value=True)
    return spells.join_where(shares, covered)


STAFF_DAYS = Frame(
    name="staff_days",
    label="days of employment",
    sent_as=("staff",),
    grain="agent and day",
    inputs=(Input("staff", _EMPLOYED, people_inputs.staff),),
    columns=STAFF_DAY,
    key=("agent", "day"),
    resolve=_resolve,
    anchor="day_at",
    dimensions=(*CODE_DIMENSIONS, "day", "week", "month"),
    display_columns=("employment", "manager", "left", "voluntary"),
    population=pl.col("agent").is_not_null(),
    exclusions={"moved": pl.col("moved"), "reason_not_known": left() & pl.col("voluntary").is_null()},
)
