"""What an attempt finally counts as, settled from what was said of it.

The rules, each applied where its number stands below:

 1  Codes read as what they were merged into (reports/codes.py).
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
11  Open: no end, no talk time, no disposition, and no network result that ends a call.

So the populations are nested: agreed with the right party, human, answered; see reports/facts.py.
"""

from collections.abc import Iterable
from functools import cache

import polars as pl
from polars.io.plugins import register_io_source

from reports.codes import Codes, no_codes
from reports.frames import ATTEMPTS, AXIS


def settle(believed: pl.LazyFrame, codes: Codes, wanted: Iterable[str] = ATTEMPTS.settled) -> pl.LazyFrame:
    """Attempts as they count, one row each with the wanted columns, from attempts as they are believed.

    Of the believed columns only those that `believed_columns` names for the wanted ones have to be there.

    Codes are looked up by expressions, not joined, so that a report which asks for no source reads no source.
    """
    outcomes = codes.dispositions.lazy().select("code", pl.exclude("code").name.prefix("code_"))
    return (
        believed.match_to_schema(ATTEMPTS.believed, missing_columns="insert")
        .with_columns(agent=pl.coalesce("agent", "disposition_agent"))  # 2
        .with_columns(
            agent=_reads("agent", codes.agents),
            team=_look_up("agent", codes.agents, "team"),
            campaign=_reads("campaign", codes.campaigns),
            source=pl.coalesce("source", "lead_source", _look_up("campaign", codes.campaigns, "source")),  # 2
        )
        .with_columns(source=_reads("source", codes.sources))
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
        .select(*wanted)
        .match_to_schema({name: ATTEMPTS.settled[name] for name in wanted})
    )


@cache
def believed_columns(settled: frozenset[str]) -> tuple[str, ...]:
    """Which believed columns some settled ones are made from: the ones that the optimizer asks for."""
    asked: set[str] = set()

    def source(with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None):
        del predicate, n_rows, batch_size
        names = ATTEMPTS.believed if with_columns is None else with_columns
        asked.update(names)
        yield pl.DataFrame(schema={name: ATTEMPTS.believed[name] for name in names})

    settle(register_io_source(source, schema=ATTEMPTS.believed), no_codes(), sorted(settled)).collect()
    return tuple(name for name in ATTEMPTS.believed if name in asked)


def _look_up(column: str, codes: pl.DataFrame, what: str) -> pl.Expr:
    return pl.col(column).replace_strict(codes["code"], codes[what], default=None, return_dtype=codes.schema[what])


def _reads(column: str, codes: pl.DataFrame) -> pl.Expr:  # 1
    merged = codes.filter(pl.col("reads") != pl.col("code"))
    return pl.col(column).replace(merged["code"], merged["reads"])


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


def _open() -> pl.Expr:  # 11
    nothing_after = pl.all_horizontal(pl.col("ended_at", "talk_ms", "disposition").is_null())
    return nothing_after & ((pl.col("network_result") == "unknown") | (pl.col("network_result") == "answered"))
