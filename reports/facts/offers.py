"""Offers: one row is one time that an inbound call rang at one agent, who answered it or not.

A call that rings at three agents one after another is offered three times. An offer without a report of its answer was
answered if its agent answered the call, and is open while it may still ring.
"""

import polars as pl

from reports.facts.inbound_calls import INBOUND_DIMENSIONS
from reports.measures.frame import CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules.inbound import inputs
from reports.rules.inbound.outcomes import (
    CURRENT_INBOUND_CALL,
    RESOLVED_INBOUND_CALL,
    resolve_inbound_calls,
    written_instant,
)

_OF_CALL = ("dialer", "external_id", "lead", "agent", "team", "campaign", "source", "tracking_number", "queue")
OFFER: Schema = {
    **{name: RESOLVED_INBOUND_CALL[name] for name in (*_OF_CALL, "menu_path", "topic", "country", "region")},
    "from_at": INSTANT,
    "to_at": INSTANT,
    # Null while it rings.
    "answered": pl.Boolean,
    **dict.fromkeys(("test", "spam"), pl.Boolean),
}

_OFFERS = pl.List(pl.Struct({"agent": pl.String, "from_at": pl.String, "to_at": pl.String, "answered": pl.Boolean}))


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    now = pl.lit(context.until, dtype=INSTANT)
    part = {name: pl.col("part").struct.field(name) for name in ("agent", "from_at", "to_at", "answered")}
    later = (written_instant(part["to_at"]) > now).fill_null(value=False)
    offered = (
        resolve_inbound_calls(rows["calls_with_parts"], context)
        .with_columns(part=pl.col("offers").str.json_decode(_OFFERS), call_agent="agent")
        .filter(pl.col("part").list.len() > 0)
        .explode("part")
        .with_columns(
            agent=part["agent"],
            from_at=written_instant(part["from_at"]),
            to_at=pl.when(~later).then(written_instant(part["to_at"])),
            answered=pl.when(~later).then(part["answered"]),
        )
        .filter(pl.col("from_at") <= now)
        .with_columns(agent=context.codes.read("agent"))
    )
    by_call = (pl.col("outcome") == "answered") & (pl.col("agent") == pl.col("call_agent")).fill_null(value=False)
    ended = pl.any_horizontal(pl.col("to_at", "ended_at").is_not_null()) | (pl.col("outcome") != "open")
    return (
        offered.with_columns(answered=pl.coalesce("answered", pl.when(ended).then(by_call)))
        .with_columns(team=context.codes.team_of("agent"))
        .select(*OFFER)
    )


def rang() -> pl.Expr:
    """The offer is over: the agent answered or did not."""
    return pl.col("answered").is_not_null()


OFFERS = Frame(
    name="offers",
    label="offers to agents",
    sent_as=("inbound-calls",),
    grain="inbound call ringing at one agent",
    inputs=(Input("calls_with_parts", CURRENT_INBOUND_CALL, inputs.calls_with_parts),),
    columns=OFFER,
    key=("dialer", "external_id", "agent", "from_at"),
    resolve=_resolve,
    anchor="from_at",
    dimensions=INBOUND_DIMENSIONS,
    calls={"external_id": "inbound_call"},
    display_columns=("from_at", "to_at", "answered", "lead"),
    population=~pl.col("test"),
    exclusions={
        "test": pl.col("test") & ~pl.col("spam").fill_null(value=False),
        "spam": pl.col("spam").fill_null(value=False),
        "ringing": ~pl.col("test") & ~rang(),
    },
)
