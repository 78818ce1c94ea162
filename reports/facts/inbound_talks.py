"""Inbound talks: one row is one agent's part in an answered inbound call.

A call with several agents has a part for each of them, if the dialer reported their shares. An agent without a second
of talk or hold has none where another agent talked, except for the agent who answered. Any other call is one part, that
of its agent. After-call work belongs to the agent of the call, or else to the first part. Handle time is talk,
hold and after-call work. Hold and after-call work that were not reported count as none. Talk that is unknown makes the
handle time of the part unknown.

A dialer does not report transfers if it marks no call of the window as transferred or not, and has no call with several
agents. A dialer with no escalated call in the window does not report escalations.
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
    answered,
    resolve_inbound_calls,
)

_OF_CALL = ("dialer", "external_id", "lead", "agent", "team", "campaign", "source", "tracking_number", "queue")
INBOUND_TALK: Schema = {
    **{name: RESOLVED_INBOUND_CALL[name] for name in (*_OF_CALL, "menu_path", "topic", "country", "region")},
    "arrived_at": INSTANT,
    # The part of its call, from 1, and the call itself, so that calls can be counted once.
    "part": pl.Int64,
    "call": pl.String,
    **dict.fromkeys(("talk_ms", "hold_ms", "wrap_ms"), pl.Int64),
    "handle_ms": pl.Int64,
    # Whether the after-call work of the call is known, whichever agent did it.
    "wrap_known": pl.Boolean,
    "transferred": pl.Boolean,
    # Whether the dialer reports transfers and escalations at all.
    **dict.fromkeys(("reports_transfers", "reports_escalations"), pl.Boolean),
    "escalated_at": INSTANT,
    "escalated_to": pl.String,
    **dict.fromkeys(("test", "spam"), pl.Boolean),
}

_CALL = ("dialer", "external_id")
_DURATIONS = ("talk_ms", "hold_ms", "wrap_ms")
_SHARES = pl.List(pl.Struct({"agent": pl.String, "talk_ms": pl.Int32, "hold_ms": pl.Int32}))


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    codes = context.codes
    share = {name: pl.col("share").struct.field(name) for name in ("agent", "talk_ms", "hold_ms")}
    calls = resolve_inbound_calls(rows["inbound_calls"], context).with_columns(
        reports_transfers=pl.col("transferred").is_not_null().any().over("dialer"),
        reports_escalations=pl.col("escalated_at").is_not_null().any().over("dialer"),
    )
    parts = _parts(calls.filter(answered())).with_columns(
        call_agent="agent", wrap_known=pl.col("wrap_ms").is_not_null()
    )
    own = parts.with_columns(
        pl.when(pl.col("share").is_not_null()).then(value).otherwise(name).alias(name) for name, value in share.items()
    ).with_columns(agent=codes.read("agent"))
    return (
        own.filter(~_only_listed())
        .with_columns(wraps=_wraps())
        .with_columns(
            *(pl.col(name).cast(pl.Int64) for name in ("talk_ms", "hold_ms")),
            wrap_ms=pl.when("wraps").then(pl.col("wrap_ms").cast(pl.Int64)),
            team=codes.team_of("agent"),
        )
        .with_columns(handle_ms=pl.col("talk_ms") + pl.col("hold_ms").fill_null(0) + pl.col("wrap_ms").fill_null(0))
        .select(*INBOUND_TALK)
    )


def _parts(calls: pl.LazyFrame) -> pl.LazyFrame:
    """Each call once for every share; a call without shares once."""
    several = pl.col("share").list.len() > 0
    return (
        calls.with_columns(share=pl.col("shares").str.json_decode(_SHARES))
        .with_columns(share=pl.when(several).then("share").otherwise(pl.lit([None], _SHARES)))
        .with_columns(part=pl.int_ranges(1, pl.col("share").list.len().cast(pl.Int64) + 1))
        .explode("share", "part")
        .with_columns(call=pl.concat_str("dialer", "external_id", separator=" "))
    )


def _mine() -> pl.Expr:
    """The part is that of the agent who answered."""
    return (pl.col("agent") == pl.col("call_agent")).fill_null(value=False)


def _only_listed() -> pl.Expr:
    """The agent neither talked nor held the call, while another did: the call only rang there, or passed through."""
    silent = (pl.col("talk_ms") == 0).fill_null(value=False) & (pl.col("hold_ms").fill_null(0) == 0)
    return silent & ~_mine() & (pl.col("talk_ms") > 0).any().over(*_CALL)


def _wraps() -> pl.Expr:
    """Whether the after-call work belongs to this part."""
    first = pl.coalesce(pl.col("part").filter(_mine()).min(), pl.col("part").min())
    return pl.col("part") == first.over(*_CALL)


def handled() -> pl.Expr:
    """The handle time of the part is known."""
    return pl.col("handle_ms").is_not_null()


_COUNTED = ~pl.col("test")

INBOUND_TALKS = Frame(
    name="inbound_talks",
    label="talks with callers",
    sent_as=("inbound-calls",),
    grain="agent's part in an answered inbound call",
    inputs=(Input("inbound_calls", CURRENT_INBOUND_CALL, inputs.inbound_calls),),
    columns=INBOUND_TALK,
    key=("dialer", "external_id", "part"),
    resolve=_resolve,
    anchor="arrived_at",
    dimensions=INBOUND_DIMENSIONS,
    calls={"external_id": "inbound_call"},
    display_columns=("arrived_at", "lead", "talk_ms", "hold_ms", "wrap_ms", "transferred", "escalated_to"),
    population=_COUNTED,
    exclusions={
        "test": pl.col("test") & ~pl.col("spam").fill_null(value=False),
        "spam": pl.col("spam").fill_null(value=False),
        "length_not_known": _COUNTED & ~handled(),
        "wrap_not_known": _COUNTED & handled() & pl.col("wrap_ms").is_null(),
    },
)
