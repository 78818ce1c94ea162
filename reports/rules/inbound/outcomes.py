"""The outcome of an inbound call, resolved from its reports.

The rules; their numbers mark the code that applies them:

 1  Agent: the agent who answered, else the agent who set the disposition. Who answered is reported of the call, else
    of its first answered offer, else of its first answered wait, else it is the first agent who took part. Source: the
    call's, else the lead's, else the campaign's. A merged code counts as the code it was merged into.
 2  A call is a test if it is marked as one, or if it is not marked and its lead is a test. Spam is set aside like a
    test.
 3  The reported outcome counts. Without one, a call is answered if there is a moment of answer, or talk, or an
    answered offer or wait. Without a moment of answer, the end of that offer or wait is one. Else the caller chose a
    callback, if there is a moment for it. Else a call that ended was abandoned if the caller was in a queue, and missed
    if not. A call without an end is open.
 4  A call that was abandoned in the voice menu was offered to nobody: its menu is known, and no queue and no offer.
 5  The wait lasts as long as reported. Else it begins with the queue, or else when the voice menu ends, and it ends
    with the answer, the choice of a callback, or the end of the call. The wait before a voicemail is only known as
    reported.
 6  A call that is open for more than a day has lost its end. Nothing is known about its wait.
 7  Talk that was not reported lasts from the answer to the end of the call, without hold.
 8  A call was transferred if it is marked so, or if several agents have a part in it. Without either it is not known.
 9  The queue of a call is the reported one, else that of its first wait.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.types import INBOUND_OUTCOME, INSTANT, Schema

# A call that an abandoning caller hardly heard ring.
SHORT_MS = 5_000
# No call waits longer than a day: then its end is lost.
LONGEST_WAIT = timedelta(days=1)

CALL_OUTCOME = pl.Enum(("open", "abandoned", "missed", "voicemail", "callback", "answered"))

_OFFERS = pl.List(pl.Struct({"agent": pl.String, "to_at": pl.String, "answered": pl.Boolean}))
_WAITS = pl.List(pl.Struct({"agent": pl.String, "left_at": pl.String, "outcome": pl.String}))
_WRITTEN = "%Y-%m-%dT%H:%M:%S%.fZ"

_CODES: Schema = dict.fromkeys(("agent", "team", "campaign", "source", "tracking_number"), pl.String)
_PLACES: Schema = dict.fromkeys(("country", "region", "menu_path", "topic", "queue"), pl.String)
_MOMENTS: Schema = dict.fromkeys(("arrived_at", "queued_at", "answered_at", "ended_at", "callback_chosen_at"), INSTANT)
_PARTS: Schema = dict.fromkeys(("shares", "segments", "offers"), pl.String)
_SENT: Schema = {
    **dict.fromkeys(("dialer", "external_id", "lead", "case_id"), pl.String),
    **_PLACES,
    **_MOMENTS,
    "escalated_at": INSTANT,
    "escalated_to": pl.String,
    **dict.fromkeys(("menu_ms", "talk_ms", "hold_ms", "wrap_ms"), pl.Int32),
    "transferred": pl.Boolean,
    **_PARTS,
    **dict.fromkeys(("test", "spam"), pl.Boolean),
}
# An inbound call as the ledger has it, with what it takes from its lead.
CURRENT_INBOUND_CALL: Schema = {
    **_SENT,
    **{name: kind for name, kind in _CODES.items() if name != "team"},
    **dict.fromkeys(("disposition_agent", "first_participant"), pl.String),
    "caller": pl.Int64,
    "queue_ms": pl.Int32,
    "outcome": INBOUND_OUTCOME,
    "lead_source": pl.String,
    "lead_test": pl.Boolean,
    "lead_owner": pl.String,
}
RESOLVED_INBOUND_CALL: Schema = {
    **_SENT,
    **_CODES,
    # The caller's id as text, since programs do not read such large numbers exactly.
    "caller": pl.String,
    "lead_owner": pl.String,
    "wait_ms": pl.Int64,
    "outcome": CALL_OUTCOME,
    # Whether the call entered a queue or rang at an agent.
    "offered": pl.Boolean,
}


def resolve_inbound_calls(calls: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    """Inbound calls as they count, with the columns of RESOLVED_INBOUND_CALL, from those of CURRENT_INBOUND_CALL."""
    codes = context.codes
    return (
        calls.pipe(_with_answers, context.until)
        .with_columns(
            agent=pl.coalesce(answering_agent(), "disposition_agent"),
            campaign=codes.read("campaign"),
            source=pl.coalesce("source", "lead_source", codes.source_of("campaign")),  # 1
            test=_test(),
            caller=pl.col("caller").cast(pl.String),
            lead_owner=codes.read("lead_owner", "agent"),
            outcome=_outcome(),
        )
        .with_columns(
            agent=codes.read("agent"),
            source=codes.read("source"),
            offered=~((pl.col("outcome") == "abandoned") & _in_menu() & ~_in_queue()),  # 4
            queue=queue(),  # 9
            wait_ms=_wait_ms(context.until),
            talk_ms=_talk_ms(),
            transferred=pl.col("transferred") | _several_agents(),  # 8
            lost=_lost(context.until),
        )
        .with_columns(team=codes.team_of("agent"), wait_ms=pl.when(~pl.col("lost")).then("wait_ms"))
        .select(*RESOLVED_INBOUND_CALL)
    )


def resolve_few_inbound_calls(rows: Sequence[Mapping[str, Any]], context: ResolveContext) -> list[dict[str, Any]]:
    """Some inbound calls as they count, in the same order; rows: the known columns of CURRENT_INBOUND_CALL."""
    values = [tuple(row.get(name) for name in CURRENT_INBOUND_CALL) for row in rows]
    calls = pl.LazyFrame(values, schema=CURRENT_INBOUND_CALL, orient="row")
    return resolve_inbound_calls(calls, context).collect().to_dicts()


def _test() -> pl.Expr:  # 2
    marked = pl.coalesce("test", "lead_test", pl.lit(value=False))
    return marked | pl.col("spam").fill_null(value=False)


def _with_answers(calls: pl.LazyFrame, until: datetime) -> pl.LazyFrame:  # 3
    """Calls with `picked_up`: an agent answered an offer or a wait of the call; its end is the answer of the call."""
    offer = _first_by("offers", _OFFERS, pl.element().struct.field("answered"), "to_at", until)
    wait = _first_by("segments", _WAITS, pl.element().struct.field("outcome") == "answered", "left_at", until)
    end = pl.coalesce(written_instant(offer.struct.field("to_at")), written_instant(wait.struct.field("left_at")))
    undecided = pl.col("outcome").cast(pl.String).is_in(["unknown", "answered"]).fill_null(value=True)
    return calls.with_columns(
        picked_up=offer.is_not_null() | wait.is_not_null(),
        answered_at=pl.coalesce("answered_at", pl.when(undecided).then(end)),
    )


def _first_by(column: str, kind: pl.List, test: pl.Expr, end: str, until: datetime) -> pl.Expr:
    """The first part of a call that passes a test and did not end after the report."""
    happened = (written_instant(pl.element().struct.field(end)) <= pl.lit(until, dtype=INSTANT)).fill_null(value=True)
    return pl.col(column).str.json_decode(kind).list.filter(test.fill_null(value=False) & happened).list.first()


def written_instant(text: pl.Expr) -> pl.Expr:
    """A moment within the JSON of a call."""
    return text.str.to_datetime(_WRITTEN, time_unit="us").dt.replace_time_zone("UTC")


def _outcome() -> pl.Expr:  # 3
    reported = pl.when(pl.col("outcome") != "unknown").then(pl.col("outcome").cast(pl.String))
    talked = (pl.col("talk_ms") > 0).fill_null(value=False)
    return (
        pl.when(reported.is_not_null())
        .then(reported)
        .when(pl.col("answered_at").is_not_null() | talked | pl.col("picked_up"))
        .then(pl.lit("answered"))
        .when(pl.col("callback_chosen_at").is_not_null())
        .then(pl.lit("callback"))
        .when(pl.col("ended_at").is_null())
        .then(pl.lit("open"))
        .when(_in_queue())
        .then(pl.lit("abandoned"))
        .otherwise(pl.lit("missed"))
        .cast(CALL_OUTCOME)
    )


def _in_queue() -> pl.Expr:
    """The caller was in a queue, or the call rang at an agent."""
    return pl.any_horizontal(
        pl.col(name).is_not_null() for name in ("queue", "queued_at", "queue_ms", "segments", "offers")
    )


def _in_menu() -> pl.Expr:
    return pl.any_horizontal(pl.col("menu_path", "menu_ms").is_not_null())


def _wait_ms(until: datetime) -> pl.Expr:  # 5
    after_menu = pl.col("arrived_at") + pl.duration(milliseconds=pl.col("menu_ms").fill_null(0).cast(pl.Int64))
    begins = pl.coalesce("queued_at", after_menu)
    ends = (
        pl.when(pl.col("outcome") == "answered")
        .then("answered_at")
        .when(pl.col("outcome") == "callback")
        .then(pl.coalesce("callback_chosen_at", "ended_at"))
        .when(pl.col("outcome") == "open")
        .then(pl.lit(until, dtype=INSTANT))
        .when(pl.col("outcome") != "voicemail")
        .then("ended_at")
    )
    return pl.coalesce(pl.col("queue_ms").cast(pl.Int64), milliseconds(begins, ends))


def _lost(until: datetime) -> pl.Expr:  # 6
    return (pl.col("outcome") == "open") & (pl.col("arrived_at") < pl.lit(until - LONGEST_WAIT, dtype=INSTANT))


def _talk_ms() -> pl.Expr:  # 7
    talked = milliseconds(pl.col("answered_at"), pl.col("ended_at")) - pl.col("hold_ms").fill_null(0)
    return pl.coalesce("talk_ms", talked.clip(lower_bound=0).cast(pl.Int32, strict=False))


def queue() -> pl.Expr:  # 9
    """The queue of a current call: the reported one, else that of its first wait."""
    waits = pl.col("segments").str.json_decode(pl.List(pl.Struct({"queue": pl.String})))
    return pl.coalesce("queue", waits.list.first().struct.field("queue"))


def answering_agent() -> pl.Expr:  # 1
    """The agent who answered a current call, as the call, its offers, its waits or its participants report it."""
    offers = pl.col("offers").str.json_decode(_OFFERS)
    offered = offers.list.filter(pl.element().struct.field("answered").fill_null(value=False))
    waits = pl.col("segments").str.json_decode(_WAITS)
    # The agent of a wait is the one who answered it, unless the wait ended in another way.
    answered_wait = pl.element().struct.field("outcome").fill_null("answered") == "answered"
    waited = waits.list.filter(pl.element().struct.field("agent").is_not_null() & answered_wait)
    return pl.coalesce("agent", *(_first_agent(parts) for parts in (offered, waited)), "first_participant")


def _first_agent(parts: pl.Expr) -> pl.Expr:
    return parts.list.first().struct.field("agent")


def _several_agents() -> pl.Expr:
    agents = pl.col("shares").str.json_decode(pl.List(pl.Struct({"agent": pl.String}))).list.len()
    return (agents > 1).fill_null(value=False)


def milliseconds(begins: pl.Expr, ends: pl.Expr) -> pl.Expr:
    """The time between two moments in whole milliseconds; 0 if they come in the other order, null if one is unknown."""
    return (ends - begins).dt.total_milliseconds().clip(lower_bound=0)


def answered() -> pl.Expr:
    """An agent answered the call."""
    return pl.col("outcome") == "answered"


def abandoned() -> pl.Expr:
    """The caller hung up before an agent answered and before a voicemail."""
    return pl.col("outcome") == "abandoned"


def short_wait() -> pl.Expr:
    """The caller waited for less than 5 seconds."""
    return (pl.col("wait_ms") < SHORT_MS).fill_null(value=False)


def has_outcome(name: str) -> pl.Expr:
    """The call ended in this way."""
    return pl.col("outcome") == name


def unanswered() -> pl.Expr:
    """The call is over, and no agent answered it."""
    return ~answered() & (pl.col("outcome") != "open")
