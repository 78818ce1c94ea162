"""What calls lead to, hours and weeks later: leads closed, visits held or not, promises kept, deals won and lost.

Rows are calls with what their table says of them put beside: moments are milliseconds, and nothing lies after the end
of the plan.
"""

import polars as pl

from service.sandbox.rows import outcomes
from service.sandbox.scenario.instants import DAY, HOUR, MINUTE, SECOND
from service.sandbox.scenario.rng import look_up
from service.sandbox.scenario.scenario import Floor

_GIVEN_UP_AFTER = 5

_ENDS = {"held": 62.0, "no_show": 20.0, "cancelled_by_them": 13.0, "cancelled_by_us": 5.0}
_MOVED = 0.16

_WRITES, _WRITTEN = 0.7, 0.8
_CALLS_BACK = 0.5

_SIGNS, _SIGNS_AFTER_VISIT = 0.86, 0.42
_WITHDRAWS = 0.05


def closings(calls: pl.DataFrame) -> pl.DataFrame:
    """Why and when leads were closed: `lead_row`, `closed_at`, `close_reason`, one row each."""
    nobody = pl.col("last") & (pl.col("ordinal") >= _GIVEN_UP_AFTER) & ~pl.col("met") & pl.col("outcome").is_not_null()
    reason = pl.coalesce(outcomes.of(pl.col("outcome"), "closes"), pl.when(nobody).then(pl.lit("nobody reached")))
    return (
        calls.select("lead_row", closed_at=pl.col("observed_at") + 20 * SECOND, close_reason=reason)
        .filter(pl.col("close_reason").is_not_null())
        .unique("lead_row", keep="first", maintain_order=True)
    )


def visits(calls: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    """Every appointment as it stands at the end of the plan."""
    luck, end = floor.luck, floor.plan.ends_at
    ahead = floor.calling.moment(pl.col("level") + 3 + luck.around("visit", 14.0, 0.7))
    half = 30 * MINUTE
    scheduled_at = (ahead // half + 1) * half
    planned = pl.when(luck.happens("moved", _MOVED)).then(pl.lit("rescheduled")).otherwise(pl.lit("set"))
    status = look_up(list(_ENDS), luck.one_of("visit ends", tuple(_ENDS.values())))
    cancelled_at = pl.col("set_at") + (luck.share("cancelled") * (scheduled_at - pl.col("set_at"))).cast(pl.Int64) + 1
    over_at = pl.when(status.str.starts_with("cancelled")).then(cancelled_at).otherwise(scheduled_at + HOUR)
    over = over_at < end
    return (
        calls.filter(outcomes.came_to("appointment"))
        .with_columns(set_at="ended_at")
        .with_columns(
            scheduled_at=scheduled_at,
            status=pl.when(over).then(status).otherwise(planned),
            status_at=pl.when(over).then(over_at).otherwise("set_at"),
        )
        .with_columns(observed_at="status_at")
    )


def follow_ups(calls: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    """Mails to be written, calls to be made, and messages that write themselves."""
    each = pl.concat([_mails(calls, floor), _promised_calls(calls, floor), _messages(calls)], how="diagonal")
    done_at = pl.when(pl.col("done_at") < floor.plan.ends_at).then("done_at")
    return each.with_columns(done_at=done_at).with_columns(observed_at=pl.coalesce("done_at", "ended_at"))


def _mails(calls: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    luck = floor.luck
    done_at = pl.col("ended_at") + luck.around("mail", 2.5 * HOUR, 1.1).cast(pl.Int64)
    return calls.filter(outcomes.came_to("interested", "qualified") & luck.happens("writes", _WRITES)).with_columns(
        channel=pl.lit("email"),
        due_at=pl.col("ended_at") + 4 * HOUR,
        done_at=pl.when(luck.happens("written", _WRITTEN)).then(done_at),
    )


def _promised_calls(calls: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    """Calls that agents mean to make; the lead's next one keeps the promise."""
    due_at = floor.calling.moment(pl.col("level") + floor.luck.around("task", 16.0, 0.5))
    meant = outcomes.came_to("interested", "qualified") & floor.luck.happens("calls back", _CALLS_BACK)
    return calls.filter(meant).with_columns(
        channel=pl.lit("call"), due_at=pl.max_horizontal(due_at, pl.col("ended_at") + HOUR), done_at="next_at"
    )


def _messages(calls: pl.DataFrame) -> pl.DataFrame:
    return calls.filter(outcomes.came_to("appointment")).with_columns(
        channel=pl.lit("sms"), done_at=pl.col("ended_at") + 70 * SECOND, automated=pl.lit(value=True)
    )


def deals(calls: pl.DataFrame, held: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    """Every move of every deal: one row per stage, each deal in each stage once. held: the visits."""
    luck = floor.luck
    met_at = held.filter(pl.col("status") == "held").select("key", met_at="status_at")
    sold, visited = outcomes.came_to("sale"), pl.col("met_at").is_not_null()
    worth = luck.around("amount", pl.col("typical"), 0.4)
    opened_at = pl.when(sold).then(pl.col("ended_at") + 2 * MINUTE).otherwise("met_at")
    known = (
        calls.filter(outcomes.came_to("sale", "appointment", "qualified") & ~pl.col("test").fill_null(value=False))
        .join(met_at, on="key", how="left", maintain_order="left")
        .with_columns(typical=look_up([each.offer.deal for each in floor.cast.campaigns], pl.col("campaign")))
        .with_columns(amount=(worth / 10).ceil().cast(pl.Int64) * 10, opened_at=opened_at)
        .with_columns(profit=(pl.col("amount") * luck.between("profit", 0.18, 0.36)).cast(pl.Int64))
        .with_columns(decided_at=pl.col("opened_at") + _decision(floor, sold))
        .with_columns(won=luck.share("signs") < pl.when(sold).then(_SIGNS).when(visited).then(_SIGNS_AFTER_VISIT))
    )
    return pl.concat(_moves(known, floor)).filter(pl.col("changed_at") < floor.plan.ends_at)


def _decision(floor: Floor, sold: pl.Expr) -> pl.Expr:
    """How long a customer thinks: a day after a sale, some days after a visit."""
    return floor.luck.around("decides", pl.when(sold).then(DAY).otherwise(5 * DAY), 0.9).cast(pl.Int64)


def _moves(deals: pl.DataFrame, floor: Floor) -> list[pl.DataFrame]:
    """The deals at each stage they reach, with when that was and what was known of their worth."""
    won, after = pl.col("won"), pl.col("decided_at") - pl.col("opened_at")
    withdrawn = won & floor.luck.happens("withdraws", _WITHDRAWS)
    forgotten_at = pl.col("ended_at") + floor.luck.around("forgets it", 12 * DAY, 0.4).cast(pl.Int64)
    lost_at = (
        pl.when(withdrawn).then(pl.col("decided_at") + 5 * DAY)
        .when(~won).then("decided_at")
        .when(won.is_null()).then(forgotten_at)
    )  # fmt: skip
    stages = {
        "contacted": pl.col("agent_joined_at"),
        "qualified": pl.col("ended_at"),
        "opportunity": pl.col("opened_at"),
        "proposal": pl.col("opened_at") + after // 3,
        "won": pl.when(won).then("decided_at"),
        "lost": lost_at,
    }
    priced = {"opportunity", "proposal", "won", "lost"}
    unknown = pl.lit(None, pl.Int64)
    return [
        deals.select(
            "key",
            "lead",
            stage=pl.lit(stage),
            changed_at=at,
            amount=pl.col("amount") if stage in priced else unknown,
            gross_profit=pl.col("profit") if stage == "won" else unknown,
        ).filter(pl.col("changed_at").is_not_null())
        for stage, at in stages.items()
    ]
