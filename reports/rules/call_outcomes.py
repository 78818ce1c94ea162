"""The outcome of an attempt, resolved from its reports and its disposition.

The rules; their numbers mark the code that applies them:

 1  A code counts as the code it was merged into (reports/model/codes.py).
 2  Agent: the attempt's, else the agent who set the disposition. Source: the attempt's, else the lead's, else the
    campaign's, else none.
 3  A call is a test if it is marked as one, or if it is not marked and its lead is a test.
 4  The disposition decides every axis that its code has a value for. Null and `unknown` are no value.
 5  A disposition with a code without axes is `unmapped`; no disposition is `none`. Neither is ever a goal.
 6  A sale, an appointment or a qualified lead implies the right party, unless the code names another party.
 7  The right party, and a party that agreed to one of these, is a person. They spoke with an agent, unless the code
    says otherwise or only an IVR handled the call.
 8  If the agent reports that the call was not answered, the dialer's guess of the answerer is void.
 9  Without a report of who handled the call, an agent did if one joined, or if a named one talked.
    Nobody did if nobody answered. Else it is unknown.
10  A call that a person answered, or that we dropped, was answered. Else the reported result counts; else `answered` if
    there is a moment of answer, a known answerer, or talk by an agent. A call that rang was not cancelled: nobody
    answered it.
11  Talk time that was not reported lasts from when an agent joined to the end of the call, without hold.
12  Open: no end, no talk time, no disposition, and no network result that ends a call.
13  A person is assumed where a call was answered, an agent handled it or may have, nothing tells who answered, and the
    talk was as long as the sender's setting asks for (`person_after_ms`; 0: every answer counts as a person).
14  A call marked as spam is set aside like a test.

So the populations are nested: agreed with the right party, human, answered; see call_populations.py.
"""

import polars as pl

from reports.model.codes import Codes
from reports.model.types import AXIS, CODE, COUNTED_AXIS, INSTANT, LEAD_MATCHES, Schema

_MOMENTS: Schema = dict.fromkeys(("dialed_at", "answered_at", "ended_at", "agent_joined_at"), INSTANT)
_DURATIONS: Schema = {
    "ring_ms": pl.Int32,
    "talk_ms": pl.Int32,
    "hold_ms": pl.Int32,
    "wrap_ms": pl.Int32,
    "dead_ms": pl.Int32,
}
_NAMES: Schema = {
    "dialer": pl.String,
    "external_id": pl.String,
    "campaign": CODE,
    "agent": CODE,
    "source": CODE,
    "tracking_number": pl.String,
    "lead": pl.String,
    "lead_by": pl.Enum(LEAD_MATCHES),
    # Each agent's part of a call with several agents, as JSON.
    "shares": pl.String,
    # Where the called party is, as far as their number tells.
    "country": CODE,
    "region": CODE,
}
_SET: Schema = {"disposition": CODE, "disposition_set_at": INSTANT, "callback_at": INSTANT}


def _as_sent(columns: Schema) -> Schema:
    return {name: pl.String if kind == CODE else kind for name, kind in columns.items()}


CURRENT_ATTEMPT: Schema = {
    **_as_sent(_NAMES),
    "lead_source": pl.String,
    "lead_test": pl.Boolean,
    "lead_closed_at": INSTANT,
    **_MOMENTS,
    "rang_at": INSTANT,
    # dialed_at on the clock of the called party; null where their zone is not known.
    "callee_at": pl.Datetime("us"),
    **_DURATIONS,
    "network_result": AXIS["network_result"],
    "answered_by": AXIS["answered_by"],
    "handled": AXIS["handled"],
    "person_after_ms": pl.Int32,
    "test": pl.Boolean,
    "spam": pl.Boolean,
    **_as_sent(_SET),
    "disposition_agent": pl.String,
    "outcomes_at": INSTANT,
}

_OUTCOME: Schema = {
    **COUNTED_AXIS,
    # A person is assumed to have answered; nothing else tells who did.
    "person_assumed": pl.Boolean,
    **_SET,
    "open": pl.Boolean,
}
# What a call takes from its lead.
OF_LEAD: Schema = {"lead_source": CODE, "lead_test": pl.Boolean, "lead_closed_at": INSTANT}

# A call with its outcome. Its codes, its source and its test mark are still those that were sent.
SETTLED_CALL: Schema = {
    **_NAMES,
    **OF_LEAD,
    **_MOMENTS,
    "callee_at": pl.Datetime("us"),
    **_DURATIONS,
    **_OUTCOME,
    "test": pl.Boolean,
    "spam": pl.Boolean,
    # Whether the call stood so earlier, too, shows by these.
    "rang_at": INSTANT,
    "outcomes_at": INSTANT,
}

RESOLVED_CALL: Schema = {
    **_NAMES,
    "team": CODE,
    **_MOMENTS,
    "callee_at": pl.Datetime("us"),
    **_DURATIONS,
    **_OUTCOME,
    # Set aside: a test, or spam.
    "test": pl.Boolean,
    "spam": pl.Boolean,
    "lead_closed_at": INSTANT,
}


def resolve_attempts(attempts: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    """Attempts as they count, one row each with the columns of RESOLVED_CALL, from those of CURRENT_ATTEMPT."""
    return read_settled(settle_attempts(attempts, codes), codes)


def read_settled(calls: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    """Settled calls as they count, one row each with the columns of RESOLVED_CALL, from those of SETTLED_CALL.

    Codes are looked up by expressions, not joined, so a report without sources reads no source.
    """
    return (
        calls.with_columns(
            agent=codes.read("agent"),
            team=codes.team_of("agent"),
            campaign=codes.read("campaign"),
            source=pl.coalesce("source", "lead_source", codes.source_of("campaign").cast(CODE)),  # 2
            test=pl.coalesce("test", "lead_test", pl.lit(value=False)) | pl.col("spam"),  # 3, 14
        )
        .with_columns(source=codes.read("source"))
        .select(pl.col(name).cast(CODE) if kind == CODE else name for name, kind in RESOLVED_CALL.items())
    )


def settle_attempts(attempts: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    """Attempts with their outcomes, one row each with the columns of SETTLED_CALL, from those of CURRENT_ATTEMPT.

    Of the codes, only the meanings of dispositions matter (`Codes.meanings`).
    """
    outcomes = codes.dispositions.lazy().select("code", pl.exclude("code").name.prefix("code_"))
    return (
        attempts.with_columns(agent=pl.coalesce("agent", "disposition_agent"), talk_ms=_talk_ms())  # 2, 11
        .join(outcomes, left_on="disposition", right_on="code", how="left")
        .with_columns(party=_party(), result=_result(), spam=_spam())
        .with_columns(spoken=(pl.col("party") == "right_party") | _agreed())
        .with_columns(answered_by=_answered_by(), handled=_handled(), next_step=_next_step())
        .with_columns(network_result=_network_result())
        .with_columns(handled=_handled_if_answered(), person_assumed=_person_assumed())
        .with_columns(answered_by=_answered_by_assumed_person())
        .with_columns(open=_open(), disposition=pl.coalesce("code_reads", "disposition"))
        .select(pl.col(name).cast(CODE) if kind == CODE else name for name, kind in SETTLED_CALL.items())
    )


def _is(axis: str, value: str) -> pl.Expr:
    return pl.lit(value, dtype=COUNTED_AXIS[axis])


def _either(test: pl.Expr, axis: str, yes: str, no: str) -> pl.Expr:
    return pl.when(test).then(_is(axis, yes)).otherwise(_is(axis, no))


def _agreed() -> pl.Expr:
    return pl.col("code_agreed").fill_null(value=False)


def _party() -> pl.Expr:  # 6
    return pl.coalesce("code_party", _either(_agreed(), "party", "right_party", "unknown"))


def _result() -> pl.Expr:  # 5
    return pl.coalesce("code_result", _either(pl.col("disposition").is_null(), "result", "none", "unmapped"))


def _answered_by() -> pl.Expr:
    return (
        pl.when("spoken")
        .then(_is("answered_by", "human"))  # 7
        .when(pl.col("code_answered_by").is_not_null())
        .then("code_answered_by")
        .when(pl.col("code_network_result") != "answered")
        .then(_is("answered_by", "unknown"))  # 8
        .otherwise(pl.coalesce("answered_by", _is("answered_by", "unknown")))
    )


def _spam() -> pl.Expr:  # 14
    return pl.col("spam").fill_null(value=False)


def _handled() -> pl.Expr:
    code_has_handled = pl.col("code_handled").is_not_null() & (pl.col("code_handled") != "none")
    reported = [pl.col(name).cast(COUNTED_AXIS["handled"]) for name in ("code_handled", "handled")]
    agent_talked = pl.col("agent_joined_at").is_not_null() | ((pl.col("talk_ms") > 0) & pl.col("agent").is_not_null())
    return (
        pl.when(pl.col("spoken") & ~code_has_handled)
        .then(_either(pl.col("handled") == "ivr_only", "handled", "ivr_only", "agent"))  # 7
        .otherwise(pl.coalesce(*reported, _either(agent_talked, "handled", "agent", "unknown")))  # 9
    )


def _handled_if_answered() -> pl.Expr:  # 9
    maybe_answered = (pl.col("network_result") == "answered") | (pl.col("network_result") == "unknown")
    nobody = (pl.col("handled") == "unknown") & ~maybe_answered
    return pl.when(nobody).then(_is("handled", "none")).otherwise("handled")


def _person_assumed() -> pl.Expr:  # 13
    unknown = (pl.col("network_result") == "answered") & (pl.col("answered_by") == "unknown")
    maybe_agent = (pl.col("handled") == "agent") | (pl.col("handled") == "unknown")
    long_enough = pl.col("talk_ms").fill_null(0) >= pl.col("person_after_ms")
    return unknown & maybe_agent & long_enough.fill_null(value=False)


def _answered_by_assumed_person() -> pl.Expr:  # 13
    return pl.when("person_assumed").then(_is("answered_by", "human")).otherwise("answered_by")


def _next_step() -> pl.Expr:
    return pl.coalesce("code_next_step", _either(pl.col("callback_at").is_null(), "next_step", "none", "callback"))


def _network_result() -> pl.Expr:  # 10
    person_or_drop = (pl.col("answered_by") == "human") | (pl.col("handled") == "abandoned_by_us")
    agent_talked = ((pl.col("talk_ms") > 0) & (pl.col("handled") == "agent")).fill_null(value=False)
    picked_up = pl.col("answered_at").is_not_null() | (pl.col("answered_by") != "unknown") | agent_talked
    reported = pl.when(pl.col("network_result") != "unknown").then("network_result")
    result = pl.coalesce("code_network_result", reported, _either(picked_up, "network_result", "answered", "unknown"))
    rang = pl.col("rang_at").is_not_null() | (pl.col("ring_ms") > 0).fill_null(value=False)
    return (
        pl.when(person_or_drop)
        .then(_is("network_result", "answered"))
        .when((result == "cancelled") & rang)
        .then(_is("network_result", "no_answer"))
        .otherwise(result)
    )


def _talk_ms() -> pl.Expr:  # 11
    joined = (pl.col("ended_at") - pl.col("agent_joined_at")).dt.total_milliseconds()
    measured = (joined - pl.col("hold_ms").fill_null(0)).clip(lower_bound=0).cast(pl.Int32, strict=False)
    return pl.coalesce("talk_ms", measured)


def _open() -> pl.Expr:  # 12
    nothing_after = pl.all_horizontal(pl.col("ended_at", "talk_ms", "disposition").is_null())
    return nothing_after & ((pl.col("network_result") == "unknown") | (pl.col("network_result") == "answered"))
