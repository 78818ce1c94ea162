"""Goal events: the first disposition of a call that states the goal, regardless of later dispositions.

One row is an attempt that had the goal at some time, at the moment of its first such disposition. A sale that was
cancelled and sold again is one event. The agent of the call, and whether it still has the goal, are those of the
current attempt. A disposition of a call that is not in the ledger yet is in no report.
"""

import polars as pl

from reports.facts.attempts import ATTEMPTS
from reports.measures.frame import CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import inputs, lead_selection
from reports.rules.calls import CALL, GOALS

OUTCOME: Schema = {"dialer": pl.String, "external_id": pl.String, "code": pl.String, "set_at": INSTANT}
GOAL_EVENT: Schema = {**CALL, "reached_at": INSTANT}

_CALL = ("dialer", "external_id")


def recorded() -> pl.Expr:
    """Every goal that was recorded."""
    return ~pl.col("test")


def cancelled() -> pl.Expr:
    """The call had the goal once and no longer has it."""
    return ~pl.col("goal")


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    codes = context.codes.dispositions
    result = pl.col("code").replace_strict(codes["code"], codes["result"].cast(pl.String), default=None)
    goals = rows["disposition_history"].filter(result.is_in(GOALS[context.goal]))
    first = goals.group_by(_CALL).agg(reached_at=pl.col("set_at").min())
    return rows["disposed_attempts"].join(first, on=_CALL, how="inner")


GOAL_EVENTS = Frame(
    name="goal_events",
    label="goals recorded",
    sent_as=("attempts", "dispositions"),
    grain="attempt",
    inputs=(
        Input("disposition_history", OUTCOME, inputs.disposition_history),
        Input("disposed_attempts", CALL, inputs.disposed_attempts, lead_selection.leads_disposed),
    ),
    columns=GOAL_EVENT,
    key=_CALL,
    resolve=_resolve,
    anchor="reached_at",
    dimensions=ATTEMPTS.dimensions,
    calls={"external_id": "attempt"},
    display_columns=("reached_at", "dialed_at", "lead", "disposition", "result", "goal"),
    population=~pl.col("test"),
    exclusions={"test": pl.col("test"), "cancelled": ~pl.col("test") & cancelled()},
)
