"""Talks: one row is one agent's part in a call.

A call with several agents (transferred, joined, handed to a closer) has a part for each of them, if the dialer told
their shares. Any other call is one part, that of its agent. The seconds after the customer hung up (dead time) belong
to the last part. In all else a part counts as its call does. Test calls and spam are excluded.
"""

import polars as pl

from reports.facts.attempts import ATTEMPTS
from reports.measures.frame import CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import Schema
from reports.rules import inputs
from reports.rules.call_populations import agent_on_the_line
from reports.rules.calls import CALL

# part: the place of the part among those of its call, from 1.
TALK: Schema = {**{name: kind for name, kind in CALL.items() if name != "shares"}, "part": pl.Int64}

_SHARES = pl.List(pl.Struct({"agent": pl.String, "talk_ms": pl.Int32, "hold_ms": pl.Int32}))
_COUNTED = ~pl.col("test")


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    codes, several = context.codes, pl.col("share").is_not_null()
    own = {name: pl.col("share").struct.field(name) for name in ("agent", "talk_ms", "hold_ms")}
    parts = (
        rows["attempts"]
        .with_columns(pl.col("agent").cast(pl.String))
        .with_columns(share=pl.col("shares").str.json_decode(_SHARES))
        # One part without a share stands for the whole call; an empty list would take the row away.
        .with_columns(share=pl.when(pl.col("share").list.len() > 0).then("share").otherwise(pl.lit([None], _SHARES)))
        .with_columns(parts=pl.col("share").list.len().cast(pl.Int64))
        .with_columns(part=pl.int_ranges(1, pl.col("parts") + 1))
        .explode("share", "part")
    )
    return (
        parts.with_columns(pl.when(several).then(value).otherwise(name).alias(name) for name, value in own.items())
        .with_columns(dead_ms=pl.when(pl.col("part") == pl.col("parts")).then("dead_ms"), agent=codes.read("agent"))
        .with_columns(team=codes.team_of("agent"))
        .select(*TALK)
    )


TALKS = Frame(
    name="talks",
    label="talks",
    grain="agent's part in a call",
    inputs=(Input("attempts", CALL, inputs.attempts),),
    columns=TALK,
    key=("dialer", "external_id", "part"),
    resolve=_resolve,
    anchor="dialed_at",
    dimensions=tuple(name for name in ATTEMPTS.dimensions if name != "talk_length"),
    calls={"external_id": "attempt"},
    display_columns=("dialed_at", "lead", "answered_by", "handled", "disposition", "result", "talk_ms", "hold_ms"),
    population=_COUNTED,
    exclusions={
        "test": pl.col("test") & ~pl.col("spam"),
        "spam": pl.col("spam"),
        "no_agent": _COUNTED & agent_on_the_line() & pl.col("agent").is_null(),
    },
    filterable=ATTEMPTS.filterable,
    row_wise=True,
)
