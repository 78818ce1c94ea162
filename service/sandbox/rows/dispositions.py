"""The dispositions that agents and dialers set: mostly at once, sometimes never, now and then wrongly at first."""

import polars as pl

from service.sandbox.rows.outcomes import is_any, of_outcome
from service.sandbox.scenario.instants import HOUR, MINUTE
from service.sandbox.scenario.scenario import Scenario

_NEVER = 0.03  # of the calls that agents should note
_MISTAKEN = 0.05
_CALLED_AS_PROMISED = 0.72
_OFF = 14 * MINUTE  # callbacks that were made as promised are at most this far from their time


def dispose(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """The calls with their disposition: `code`, `set_at`, `noted_by`, `callback_at`.

    A disposition that was corrected stands in `first_code` and `first_set_at`.
    """
    rng, end = scenario.rng, scenario.plan.ends_at
    by_dialer = scenario.fixtures.traits.noted_by_dialer
    noted = pl.when("connected").then(~rng.chance("forgets", _NEVER)).otherwise(rng.chance("noted", by_dialer))
    set_at = pl.col("ended_at") + pl.col("wrap_ms").fill_null(0) * 4 // 5
    corrected_at = set_at + rng.around("corrected", 40 * MINUTE, 0.9).cast(pl.Int64)
    mistaken = of_outcome("mistaken")
    return (
        calls.with_columns(noted=noted & pl.col("outcome").is_not_null(), set_at=set_at)
        .with_columns(
            mistaken=(
                pl.col("noted") & mistaken.is_not_null() & (corrected_at < end) & rng.chance("mistakes", _MISTAKEN)
            )
        )
        .with_columns(
            code=pl.when("noted").then(of_outcome("code")),
            noted_by=pl.when(pl.col("noted") & pl.col("connected")).then("agent"),
            first_code=pl.when("mistaken").then(mistaken),
            first_set_at=pl.when("mistaken").then("set_at"),
            set_at=pl.when("mistaken").then(corrected_at).when("noted").then("set_at"),
        )
        .with_columns(callback_at=_callback_at(scenario))
    )


def _callback_at(scenario: Scenario) -> pl.Expr:
    """The time a callback was promised for: about when the next call was made, or a time the floor missed."""
    rng = scenario.rng
    about = pl.col("next_at") + rng.between("off", -_OFF, _OFF).cast(pl.Int64)
    on_time = (about > pl.col("set_at")) & rng.chance("keeps", _CALLED_AS_PROMISED)
    other = scenario.calling.moment(pl.col("level") + rng.around("callback", 5.0, 0.8))
    promised = pl.when(on_time).then(about).otherwise(pl.max_horizontal(other, pl.col("set_at") + HOUR))
    promises = is_any("callback") & pl.col("noted")
    return pl.when(promises).then(promised // MINUTE * MINUTE)
