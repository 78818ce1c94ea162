"""The attempts to leads of which everything is looked at, not only what happened in a window."""

import polars as pl

from reports.fact import Given
from reports.facts.attempts import ATTEMPT, CODES_OF_A_CALL, settle_calls
from reports.frames import AXES, INSTANT, Schema
from reports.outcomes import BELIEVED

# The columns of an extract of such attempts.
CALL: Schema = {**BELIEVED, "lead_closed_at": INSTANT}

# Their columns once they are settled.
LIFE: Schema = {
    **{name: ATTEMPT[name] for name in ("dialer", "external_id", "lead", *CODES_OF_A_CALL)},
    "lead_closed_at": INSTANT,
    **{name: ATTEMPT[name] for name in ("dialed_at", "test", *AXES)},
    **{name: ATTEMPT[name] for name in ("disposition", "disposition_set_at", "callback_at")},
}


def settle_lives(believed: pl.LazyFrame, given: Given) -> pl.LazyFrame:
    """Attempts as they count, with the columns of LIFE, from attempts with those of CALL."""
    calls = believed.drop("lead_closed_at")
    closed = believed.select("lead", "lead_closed_at").drop_nulls().unique("lead")
    return settle_calls(calls, given).join(closed, on="lead", how="left").select(*LIFE)
