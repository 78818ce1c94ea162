"""What follows from calls, hours and days later: leads closed, appointments held or missed, promises kept.

Rows are calls with the columns of their table added: moments are milliseconds, and nothing lies after the end of the
plan.
"""

import polars as pl

from service.sandbox.rows.outcomes import is_any, of_outcome
from service.sandbox.scenario.instants import HOUR, MINUTE, SECOND
from service.sandbox.scenario.rng import look_up
from service.sandbox.scenario.scenario import Scenario

_GIVEN_UP_AFTER = 5  # calls

_VISIT_ENDS = {"held": 62.0, "no_show": 20.0, "cancelled_by_them": 13.0, "cancelled_by_us": 5.0}
_MOVED = 0.16

_WRITES, _WRITTEN = 0.7, 0.8
_CALLS_BACK = 0.5


def closings(calls: pl.DataFrame) -> pl.DataFrame:
    """The leads that were closed: `lead_row`, `closed_at`, `close_reason`, one row each."""
    given_up = (
        pl.col("last") & (pl.col("ordinal") >= _GIVEN_UP_AFTER) & ~pl.col("connected") & pl.col("outcome").is_not_null()
    )
    reason = pl.coalesce(of_outcome("closes"), pl.when(given_up).then(pl.lit("nobody reached")))
    return (
        calls.select("lead_row", closed_at=pl.col("observed_at") + 20 * SECOND, close_reason=reason)
        .filter(pl.col("close_reason").is_not_null())
        .unique("lead_row", keep="first", maintain_order=True)
    )


def appointments(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Every appointment as it stands at the end of the plan."""
    rng, end = scenario.rng, scenario.plan.ends_at
    hours = rng.around("visit", scenario.fixtures.traits.visit_hours, 0.7)
    ahead = scenario.calling.moment(pl.col("level") + 3 + hours)
    half = 30 * MINUTE
    scheduled_at = (ahead // half + 1) * half
    planned = pl.when(rng.chance("moved", _MOVED)).then(pl.lit("rescheduled")).otherwise(pl.lit("set"))
    status = look_up(list(_VISIT_ENDS), rng.choice("visit ends", tuple(_VISIT_ENDS.values())))
    wait = pl.col("scheduled_at") - pl.col("set_at")
    cancelled_at = pl.col("set_at") + (rng.fraction("cancelled") * wait).cast(pl.Int64) + 1
    over_at = pl.when(status.str.starts_with("cancelled")).then(cancelled_at).otherwise(pl.col("scheduled_at") + HOUR)
    over = over_at < end
    return (
        calls.filter(is_any("appointment"))
        .with_columns(set_at="ended_at", scheduled_at=scheduled_at)
        .with_columns(
            status=pl.when(over).then(status).otherwise(planned),
            status_at=pl.when(over).then(over_at).otherwise("set_at"),
        )
        .with_columns(observed_at="status_at")
    )


def follow_ups(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Mails that agents write, calls that they plan, and text messages that are sent automatically."""
    promises = pl.concat([_mails(calls, scenario), _planned_calls(calls, scenario), _messages(calls)], how="diagonal")
    done_at = pl.when(pl.col("done_at") < scenario.plan.ends_at).then("done_at")
    return promises.with_columns(done_at=done_at).with_columns(observed_at=pl.coalesce("done_at", "ended_at"))


def _mails(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    rng = scenario.rng
    done_at = pl.col("ended_at") + rng.around("mail", 2.5 * HOUR, 1.1).cast(pl.Int64)
    return calls.filter(is_any("interested", "qualified") & rng.chance("writes", _WRITES)).with_columns(
        channel=pl.lit("email"),
        due_at=pl.col("ended_at") + 4 * HOUR,
        done_at=pl.when(rng.chance("written", _WRITTEN)).then(done_at),
    )


def _planned_calls(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Calls that agents plan; the next call to the lead keeps the promise."""
    due_at = scenario.calling.moment(pl.col("level") + scenario.rng.around("task", 16.0, 0.5))
    planned = is_any("interested", "qualified") & scenario.rng.chance("calls back", _CALLS_BACK)
    return calls.filter(planned).with_columns(
        channel=pl.lit("call"), due_at=pl.max_horizontal(due_at, pl.col("ended_at") + HOUR), done_at="next_at"
    )


def _messages(calls: pl.DataFrame) -> pl.DataFrame:
    return calls.filter(is_any("appointment")).with_columns(
        channel=pl.lit("sms"), done_at=pl.col("ended_at") + 70 * SECOND, automated=pl.lit(value=True)
    )
