"""The number each call showed, and the source that gets the call, as capture attributes it."""

import polars as pl

from service.sandbox.scenario.rng import attribute, look_up
from service.sandbox.scenario.scenario import Scenario

_UNKNOWN_NUMBER = 0.02  # of calls, the share that shows a number the ledger does not know
_SENT_TOO, _SENT = 0.05, 0.8  # the dialer sends the source: of calls that show a number with a source, and of others


def attribute_calls(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """The calls with `shown` (index of the caller ID), `tracked`, `sent_source`, `credited` and `attributed_by`.

    sent_source, credited: indexes of the source the dialer sent, and of the source that counts.
    """
    rng, fixtures = scenario.rng, scenario.fixtures
    pair = pl.col("campaign") * len(fixtures.sources) + pl.col("source").fill_null(0)
    later = pl.col("dialed_at") >= scenario.handover
    own = (
        pl.when(later)
        .then(look_up(fixtures.shown_numbers(later=True), pair))
        .otherwise(look_up(fixtures.shown_numbers(later=False), pair))
    )
    sent = rng.chance("said", pl.when(pl.col("of_number").is_not_null()).then(_SENT_TOO).otherwise(_SENT))
    return (
        calls.with_columns(
            shown=pl.when(rng.chance("untold", _UNKNOWN_NUMBER))
            .then(look_up(fixtures.unknown_numbers(), pl.col("campaign")))
            .when(pl.col("source").is_null())
            .then(look_up(fixtures.general_numbers(), pl.col("campaign")))
            .otherwise(own)
        )
        .with_columns(
            tracked=attribute(fixtures.caller_ids, "assigned", pl.col("shown")),
            of_number=pl.when(later)
            .then(attribute(fixtures.caller_ids, "source_later", pl.col("shown")))
            .otherwise(attribute(fixtures.caller_ids, "source", pl.col("shown"))),
        )
        .with_columns(sent_source=pl.when(sent).then("source"))
        .with_columns(
            credited=pl.coalesce("sent_source", "of_number"),
            attributed_by=pl.when(pl.col("sent_source").is_not_null())
            .then(pl.lit("sender"))
            .when(pl.col("of_number").is_not_null())
            .then(pl.lit("tracking_number")),
        )
    )
