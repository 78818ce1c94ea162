"""What an attempt finally counts as, settled from what was said of it.

The rules, each applied where its number stands below:

 1  Codes read as what they were merged into (reports/model/codes.py).
 2  Agent: the attempt's, else the one who set the disposition. Source: the attempt's, else the lead's, else the
    campaign's, else none.
 3  A test call says so, or says nothing and goes to a test lead.
 4  The disposition has the last word on every axis it speaks about. Null and `unknown` are silence.
 5  A disposition whose code has no axes yet is `unmapped`; no disposition is `none`. Neither is ever a goal.
 6  A sale, an appointment or a qualified lead was agreed with the right party, unless the code names another party.
 7  Whoever was the right party, or agreed to something, is a person, and spoke with an agent unless the code says
    otherwise or only an IVR handled the call.
 8  When the agent says nobody answered, the dialer's guess of who answered is void.
 9  When nobody says who handled the call: an agent, if one joined, or if a named one talked.
10  A person who answered, and a call we dropped, was answered. Else what was said; else `answered` when there is a
    moment of answer or something is known to have picked up.
11  Talk time that nobody told lasts from when an agent joined to the end of the call, hold left out.
12  Open: no end, no talk time, no disposition, and no network result that ends a call.

So the populations are nested: agreed with the right party, human, answered; see reports/facts.py.
"""

import polars as pl

from reports.model.codes import Codes
from reports.model.types import AXIS, INSTANT, Schema

_MOMENTS: Schema = {"dialed_at": INSTANT, "answered_at": INSTANT, "ended_at": INSTANT, "agent_joined_at": INSTANT}
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
    "campaign": pl.String,
    "agent": pl.String,
    "source": pl.String,
    "tracking_number": pl.String,
    "lead": pl.String,
    # Where the called party is, as far as their number tells.
    "country": pl.String,
    "region": pl.String,
}
_SET: Schema = {"disposition": pl.String, "disposition_set_at": INSTANT, "callback_at": INSTANT}

CURRENT_ATTEMPT: Schema = {
    **_NAMES,
    "lead_source": pl.String,
    "lead_test": pl.Boolean,
    "lead_closed_at": INSTANT,
    **_MOMENTS,
    # dialed_at on the clock of the called party; null where their zone is not known.
    "callee_at": pl.Datetime("us"),
    **_DURATIONS,
    "network_result": AXIS["network_result"],
    "answered_by": AXIS["answered_by"],
    "handled": AXIS["handled"],
    "test": pl.Boolean,
    **_SET,
    "disposition_agent": pl.String,
}

RESOLVED_CALL: Schema = {
    **_NAMES,
    "team": pl.String,
    **_MOMENTS,
    "callee_at": pl.Datetime("us"),
    **_DURATIONS,
    **AXIS,
    **_SET,
    "test": pl.Boolean,
    "open": pl.Boolean,
    "lead_closed_at": INSTANT,
}


def resolve_attempts(believed: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    """Attempts as they count, one row each with the columns of SETTLED, from attempts as they are BELIEVED.

    Codes are looked up by expressions, not joined, so that a report which asks for no source reads no source.
    """
    outcomes = codes.dispositions.lazy().select("code", pl.exclude("code").name.prefix("code_"))
    return (
        believed.with_columns(agent=pl.coalesce("agent", "disposition_agent"), talk_ms=_talk_ms())  # 2, 11
        .with_columns(
            agent=codes.read("agent"),
            team=codes.team_of("agent"),
            campaign=codes.read("campaign"),
            source=pl.coalesce("source", "lead_source", codes.source_of("campaign")),  # 2
        )
        .with_columns(source=codes.read("source"))
        .join(outcomes, left_on="disposition", right_on="code", how="left")
        .with_columns(
            party=_party(),
            result=_result(),
            test=pl.coalesce("test", "lead_test", pl.lit(value=False)),  # 3
        )
        .with_columns(spoken=(pl.col("party") == "right_party") | _agreed())
        .with_columns(answered_by=_answered_by(), handled=_handled(), next_step=_next_step())
        .with_columns(network_result=_network_result())
        .with_columns(open=_open(), disposition=pl.coalesce("code_reads", "disposition"))
        .select(*RESOLVED_CALL)
    )


def _is(axis: str, value: str) -> pl.Expr:
    return pl.lit(value, dtype=AXIS[axis])


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


def _handled() -> pl.Expr:
    code_names_one = pl.col("code_handled").is_not_null() & (pl.col("code_handled") != "none")
    agent_talked = pl.col("agent_joined_at").is_not_null() | ((pl.col("talk_ms") > 0) & pl.col("agent").is_not_null())
    return (
        pl.when(pl.col("spoken") & ~code_names_one)
        .then(_either(pl.col("handled") == "ivr_only", "handled", "ivr_only", "agent"))  # 7
        .otherwise(pl.coalesce("code_handled", "handled", _either(agent_talked, "handled", "agent", "none")))  # 9
    )


def _next_step() -> pl.Expr:
    return pl.coalesce("code_next_step", _either(pl.col("callback_at").is_null(), "next_step", "none", "callback"))


def _network_result() -> pl.Expr:  # 10
    somebody = (pl.col("answered_by") == "human") | (pl.col("handled") == "abandoned_by_us")
    something = pl.col("answered_at").is_not_null() | (pl.col("answered_by") != "unknown")
    said = pl.when(pl.col("network_result") != "unknown").then("network_result")
    return (
        pl.when(somebody)
        .then(_is("network_result", "answered"))
        .otherwise(
            pl.coalesce("code_network_result", said, _either(something, "network_result", "answered", "unknown"))
        )
    )


def _talk_ms() -> pl.Expr:  # 11
    joined = (pl.col("ended_at") - pl.col("agent_joined_at")).dt.total_milliseconds()
    measured = (joined - pl.col("hold_ms").fill_null(0)).clip(lower_bound=0).cast(pl.Int32, strict=False)
    return pl.coalesce("talk_ms", measured)


def _open() -> pl.Expr:  # 12
    nothing_after = pl.all_horizontal(pl.col("ended_at", "talk_ms", "disposition").is_null())
    return nothing_after & ((pl.col("network_result") == "unknown") | (pl.col("network_result") == "answered"))
