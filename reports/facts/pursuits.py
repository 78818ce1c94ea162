"""Pursuits: the calls to the leads of a window, and their outcome up to the moment of the report.

One row is an attempt of the window to a lead, or a later attempt to such a lead that reached the goal. A later one
belongs to the moment of the last attempt in the window. So a sale of next week counts for the day on which the lead was
worked: the cohort view. In all else it counts as itself: for its own agent, source and campaign, and for the
callee's hour. So a lead counts for every agent who called it in the window, for the agent who reached its goal, and
once in the total.
"""

import polars as pl

from reports.facts.attempts import ATTEMPTS
from reports.measures.frame import CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import inputs
from reports.rules.calls import CALL

PURSUIT: Schema = {**CALL, "worked_at": INSTANT}

# Test calls are no pursuits, so each lead's tests are kept apart from its other calls.
_LEAD = ("lead", "test")


def worked() -> pl.Expr:
    """Every pursuit of a lead."""
    return ~pl.col("test")


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    now = rows["pursuits"].with_columns(worked_at="dialed_at")
    if context.window.end > context.until:  # later calls are not known yet
        return now
    later = rows["later_goals"]
    # Few calls reach a goal. So the window's calls are searched for a few leads, and never grouped by all of them.
    worked = rows["pursuits"].select(*_LEAD, "dialed_at").join(later.select("lead"), on="lead", how="semi")
    last = worked.group_by(_LEAD).agg(worked_at=pl.col("dialed_at").max())
    return pl.concat([now, later.join(last, on=_LEAD)])


PURSUITS = Frame(
    name="pursuits",
    label="calls to leads",
    grain="attempt",
    inputs=(
        Input("pursuits", CALL, inputs.pursuits),
        Input("later_goals", CALL, inputs.later_goals, later_goals=True),
    ),
    columns=PURSUIT,
    key=("dialer", "external_id"),
    resolve=_resolve,
    anchor="worked_at",
    dimensions=ATTEMPTS.dimensions,
    calls={"external_id": "attempt"},
    display_columns=("worked_at", "dialed_at", "lead", "disposition", "result", "goal"),
    population=~pl.col("test"),
    exclusions={"test": pl.col("test"), "later": ~pl.col("test") & (pl.col("dialed_at") != pl.col("worked_at"))},
)
