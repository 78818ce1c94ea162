"""Schedule time: one row is planned time of an agent within one hour, or the time an agent was logged in during it.

The rules; their numbers mark the code that applies them:

 1  Of two plans of an agent at once, the one that starts later counts. Time planned as off is no working time.
 2  Planned work is kept while the agent is on a call or ready for one. A planned break, training or meeting is kept
    while the agent is not, provided that the agent was logged in at some time of that day.
 3  Time logged in counts on days with a plan of the agent, at any time of such a day.
 4  Days are those of the account. Nothing counts after the moment of the report.

A row has a plan (`activity`) or is time logged in, without a plan. The agent's states are read as in agent time. Like
agent time, it has no campaign, no source and no tracking number.
"""

from dataclasses import replace

import polars as pl

from reports.facts.agent_time import AGENT_TIME, NOWHERE, available, logged_in
from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import AGENT_STATE, INSTANT, PLANNED_ACTIVITY, Schema
from reports.model.windows import local_day
from reports.rules import people_inputs
from reports.rules.lead_selection import instant
from reports.rules.people_inputs import whole_days_of
from reports.rules.time_pieces import cut_at_hours, untangle

_PLANNED: Schema = {"agent": pl.String, "activity": PLANNED_ACTIVITY, "from_at": INSTANT, "to_at": INSTANT}
_REPORTED: Schema = {
    "agent": pl.String,
    "state": AGENT_STATE,
    "reason": pl.String,
    "from_at": INSTANT,
    "to_at": INSTANT,
}

SCHEDULE_PIECE: Schema = {
    **_PLANNED,
    "team": pl.String,
    **dict.fromkeys(NOWHERE, pl.String),
    # In microseconds: the planned time and how much of it was kept, or the time logged in.
    "us": pl.Int64,
    "adherent_us": pl.Int64,
}


def planned() -> pl.Expr:
    """Planned working time."""
    return pl.col("activity").is_not_null()


def attended() -> pl.Expr:
    """Time logged in on a day with a plan."""
    return pl.col("activity").is_null()


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    days = replace(context, window=whole_days_of(context))
    states = AGENT_TIME.resolve({"agent_states": rows["attendance"]}, days).filter(logged_in())
    present = states.with_columns(day=_day("from_at", context)).cache()
    plans = _plans(rows["schedules"], days).with_columns(day=_day("from_at", context)).cache()
    working = plans.filter(pl.col("activity") != "off")  # 1
    attendance = present.join(working.select("agent", "day").unique(), on=["agent", "day"], how="semi")  # 3
    scheduled = _with_adherence(_within(working, context), present, context)
    pieces = [scheduled, _hourly(_within(attendance, context), context)]
    return (
        pl.concat(pieces, how="diagonal")
        .with_columns(**dict.fromkeys(NOWHERE), team=context.codes.team_of("agent"))
        .select(pl.col(name).cast(kind) for name, kind in SCHEDULE_PIECE.items())
    )


def _day(at: str, context: ResolveContext) -> pl.Expr:
    return local_day(at, context.account_zone.key)


def _plans(schedules: pl.LazyFrame, days: ResolveContext) -> pl.LazyFrame:  # 1
    """Plans of whole days without overlaps, cut at every hour of the account, and so at midnight."""
    intervals = (
        schedules.sort("from_at", "agent")
        .with_columns(agent=days.codes.read("agent"))
        .with_columns(
            from_at=pl.max_horizontal("from_at", instant(days.window.start)),
            to_at=pl.min_horizontal("to_at", instant(days.window.end)),
        )
        .filter(pl.col("from_at") < pl.col("to_at"))
        .with_row_index("row")
    )
    return cut_at_hours(untangle(intervals), days.window, days.window.zone_name)


def _within(pieces: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:  # 4
    """The parts of pieces in the window, up to the moment of the report, cut at every hour of its zone."""
    window = context.window
    parts = pieces.drop("hour", strict=False).with_columns(
        from_at=pl.max_horizontal("from_at", instant(window.start)),
        to_at=pl.min_horizontal("to_at", instant(min(window.end, context.until))),
    )
    cut = cut_at_hours(parts.filter(pl.col("from_at") < pl.col("to_at")), window, window.zone_name)
    return cut.with_columns(us=(pl.col("to_at") - pl.col("from_at")).dt.total_microseconds())


def _with_adherence(plans: pl.LazyFrame, present: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:  # 2
    """Planned pieces with the time in which the plan was kept."""
    at_work = _within(present.filter(available()), context).select("agent", "hour", "from_at", "to_at")
    shared = (
        plans.select("agent", "hour", "from_at", "to_at")
        .join(at_work, on=["agent", "hour"], suffix="_at_work")
        .with_columns(
            us=(
                pl.min_horizontal("to_at", "to_at_at_work") - pl.max_horizontal("from_at", "from_at_at_work")
            ).dt.total_microseconds()
        )
        .filter(pl.col("us") > 0)
        .group_by("agent", "from_at")
        .agg(at_work_us=pl.col("us").sum())
    )
    came = present.select("agent", "day", came=pl.lit(value=True)).unique()
    at_work_us = pl.col("at_work_us").fill_null(0)
    elsewhere_us = pl.when("came").then(pl.col("us") - at_work_us).otherwise(0)
    return (
        plans.join(shared, on=["agent", "from_at"], how="left")
        .join(came, on=["agent", "day"], how="left")
        .with_columns(adherent_us=pl.when(pl.col("activity") == "work").then(at_work_us).otherwise(elsewhere_us))
    )


def _hourly(attendance: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    """Time logged in by agent and hour; of an hour with two days of the account, by day."""
    del context
    of_hour = attendance.group_by("agent", "hour", "day")
    return of_hour.agg(pl.col("from_at").min(), pl.col("to_at").max(), pl.col("us").sum()).drop("hour", "day")


SCHEDULE_TIME = Frame(
    name="schedule_time",
    label="pieces of planned time",
    sent_as=("schedules", "agent-states"),
    grain="agent, plan and hour",
    inputs=(
        Input("schedules", _PLANNED, people_inputs.schedules),
        Input("attendance", _REPORTED, people_inputs.attendance),
    ),
    columns=SCHEDULE_PIECE,
    key=("agent", "from_at", "activity"),
    resolve=_resolve,
    anchor="from_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    display_columns=("to_at", "activity"),
    population=pl.col("us") > 0,
    exclusions={},
)
