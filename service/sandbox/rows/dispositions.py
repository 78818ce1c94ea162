"""What agents and dialers note about calls: mostly at once, sometimes never, now and then wrongly at first."""

import polars as pl

from service.sandbox.rows import outcomes
from service.sandbox.scenario.instants import HOUR, MINUTE
from service.sandbox.scenario.scenario import Floor

_NEVER = 0.03  # of what agents should note
_BY_DIALER = 0.35  # of the calls no agent was in, so many are noted by the dialer
_MISTAKEN = 0.05
_CALLED_AS_PROMISED = 0.72
_OFF = 14 * MINUTE  # callbacks that were made as promised are at most so far from their time


def note(calls: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    """The calls with their disposition: `code`, `set_at`, `noted_by`, `callback_at`.

    Where another one came before, `first_code` and `first_set_at` tell it.
    """
    luck, end = floor.luck, floor.plan.ends_at
    noted = pl.when("met").then(~luck.happens("forgets", _NEVER)).otherwise(luck.happens("noted", _BY_DIALER))
    set_at = pl.col("ended_at") + pl.col("wrap_ms").fill_null(0) * 4 // 5
    corrected_at = set_at + luck.around("corrected", 40 * MINUTE, 0.9).cast(pl.Int64)
    mistaken = outcomes.of(pl.col("outcome"), "mistaken")
    return (
        calls.with_columns(noted=noted & pl.col("outcome").is_not_null(), set_at=set_at)
        .with_columns(
            mistaken=(
                pl.col("noted") & mistaken.is_not_null() & (corrected_at < end) & luck.happens("mistakes", _MISTAKEN)
            )
        )
        .with_columns(
            code=pl.when("noted").then(outcomes.of(pl.col("outcome"), "code")),
            noted_by=pl.when(pl.col("noted") & pl.col("met")).then("agent"),
            first_code=pl.when("mistaken").then(mistaken),
            first_set_at=pl.when("mistaken").then("set_at"),
            set_at=pl.when("mistaken").then(corrected_at).when("noted").then("set_at"),
        )
        .with_columns(callback_at=_callback_at(floor))
    )


def _callback_at(floor: Floor) -> pl.Expr:
    """When the next call was promised: about when it was made, or at a time nobody kept."""
    luck = floor.luck
    about = pl.col("next_at") + luck.between("off", -_OFF, _OFF).cast(pl.Int64)
    kept = (about > pl.col("set_at")) & luck.happens("keeps", _CALLED_AS_PROMISED)
    other = floor.calling.moment(pl.col("level") + luck.around("callback", 5.0, 0.8))
    promised = pl.when(kept).then(about).otherwise(pl.max_horizontal(other, pl.col("set_at") + HOUR))
    promises = outcomes.came_to("callback") & pl.col("noted")
    return pl.when(promises).then(promised // MINUTE * MINUTE)
