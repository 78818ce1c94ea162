"""Which number each call showed and so which source it belongs to, as capture attributes it."""

import polars as pl

from service.sandbox.scenario.fixtures import CALLER_IDS, SOURCES
from service.sandbox.scenario.rng import look_up
from service.sandbox.scenario.scenario import Floor

_UNTOLD = 0.02  # shown numbers nobody told the ledger about
_SAID_TOO, _SAID = 0.05, 0.8  # of calls that show a number with a source, and of others


def attribute(calls: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    """The calls with `shown` (a place among the caller IDs), `tracked`, `said`, `credited` and `attributed_by`.

    said, credited: places of the source the dialer said, and of the one that counts.
    """
    luck, cast = floor.luck, floor.cast
    pair = pl.col("campaign") * len(SOURCES) + pl.col("source").fill_null(0)
    later = pl.col("dialed_at") >= floor.handover
    general = pl.col("campaign") * CALLER_IDS
    shown = pl.when(later).then(look_up(cast.shown(later=True), pair)).otherwise(look_up(cast.shown(later=False), pair))
    said = luck.happens("said", pl.when(pl.col("held").is_not_null()).then(_SAID_TOO).otherwise(_SAID))
    return (
        calls.with_columns(
            shown=pl.when(luck.happens("untold", _UNTOLD)).then(general + CALLER_IDS - 1)
            .when(pl.col("source").is_null()).then(general)
            .otherwise(shown)
        )
        .with_columns(tracked=look_up([each.assigned for each in cast.caller_ids], pl.col("shown")))
        .with_columns(
            held=pl.when(later).then(look_up([each.source_later for each in cast.caller_ids], pl.col("shown")))
            .otherwise(look_up([each.source for each in cast.caller_ids], pl.col("shown")))
        )
        .with_columns(said=pl.when(said).then("source"))
        .with_columns(
            credited=pl.coalesce("said", "held"),
            attributed_by=pl.when(pl.col("said").is_not_null()).then(pl.lit("sender"))
            .when(pl.col("held").is_not_null()).then(pl.lit("tracking_number")),
        )
    )  # fmt: skip
