"""Cases: one row is one case, as it stands by the report, with the contacts that it took.

The rules; their numbers mark the code that applies them:

 1  Agent, queue and topic are the case's. Source: the case's, else the lead's, else the campaign's. A case is a test if
    it is marked as one, or if it is not marked and its lead is a test.
 2  A case is resolved if it was resolved and not opened again later. Otherwise it is open, or closed unresolved.
 3  Its contacts are the answered inbound calls that name the case, and the calls that the case lists, in either
    direction. An attempt counts if it was neither cancelled nor blocked, from a day before the case was opened on.
 4  Escalations and reopenings are reported if any case of the account was ever escalated, or opened again.
 5  A case was resolved on first contact if it is resolved, was never opened again, and took one contact that was
    neither transferred nor escalated. An escalation of the case counts too.
"""

import polars as pl

from reports.facts.inbound_calls import INBOUND_DIMENSIONS
from reports.measures.frame import CurrentRows, Frame, Input
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.tables import TABLES
from reports.model.types import INSTANT, Schema
from reports.rules.inbound import inputs
from reports.rules.inbound.outcomes import CURRENT_INBOUND_CALL, answered, resolve_inbound_calls

# Whether the account's cases tell of escalations and reopenings at all.
_REPORTED: Schema = dict.fromkeys(("reports_escalations", "reports_reopenings"), pl.Boolean)  # 4
_SENT: Schema = {
    **TABLES["cases"].columns,
    **dict.fromkeys(("lead_source",), pl.String),
    "lead_test": pl.Boolean,
    **_REPORTED,
}
_ATTEMPT: Schema = {**dict.fromkeys(("dialer", "external_id"), pl.String), "dialed_at": INSTANT}
# What calls have and cases lack.
_NOWHERE = ("tracking_number", "menu_path", "country", "region")
_MOMENTS = ("opened_at", "resolved_at", "reopened_at", "closed_at", "escalated_at")
CASE: Schema = {
    **dict.fromkeys(("external_id", "lead", "agent", "team", "campaign", "source", "queue", "topic"), pl.String),
    **dict.fromkeys(_NOWHERE, pl.String),
    **dict.fromkeys(_MOMENTS, INSTANT),
    "escalated_to": pl.String,
    "resolved": pl.Boolean,
    "ever_resolved": pl.Boolean,
    "reopened": pl.Boolean,
    **_REPORTED,
    "contacts": pl.Int64,
    # Whether any of its calls is known, and whether it took one contact without transfer or escalation.
    "called": pl.Boolean,
    "first_contact": pl.Boolean,
    "test": pl.Boolean,
}

_CALLS = pl.List(pl.Struct({"dialer": pl.String, "external_id": pl.String}))
_KEY = ("dialer", "external_id")


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    cases = rows["cases"].cache()
    contacts = (
        _contacts(cases, rows, context)
        .group_by("case_id")
        .agg(contacts=pl.len().cast(pl.Int64), passed_on=pl.col("passed_on").any())
    )
    return (
        cases.join(contacts, left_on="external_id", right_on="case_id", how="left")
        .with_columns(contacts=pl.col("contacts").fill_null(0), **_codes(context.codes))
        .with_columns(source=context.codes.read("source"), team=context.codes.team_of("agent"))
        .pipe(_with_state)
        .select(*CASE)
    )


def _codes(codes: Codes) -> dict[str, pl.Expr]:  # 1
    return {
        "agent": codes.read("agent"),
        "campaign": codes.read("campaign"),
        "source": pl.coalesce("source", "lead_source", codes.source_of("campaign")),
        **{name: pl.lit(None, dtype=pl.String) for name in _NOWHERE},
        "test": pl.coalesce("test", "lead_test", pl.lit(value=False)),
    }


def _contacts(cases: pl.LazyFrame, rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:  # 3
    """The contacts of each case, every call once."""
    listed = (
        cases.select("opened_at", case_id="external_id", call=pl.col("calls").str.json_decode(_CALLS))
        .explode("call")
        .filter(pl.col("call").is_not_null())
        .select("case_id", "opened_at", *(pl.col("call").struct.field(name) for name in _KEY))
    )
    calls = resolve_inbound_calls(rows["case_calls"], context).filter(answered() & ~pl.col("test"))
    passed_on = calls.with_columns(
        passed_on=pl.col("transferred").fill_null(value=False) | pl.col("escalated_at").is_not_null()
    )
    columns = ("case_id", *_KEY, "passed_on")
    named = passed_on.filter(pl.col("case_id").is_not_null()).select(columns)
    inbound = listed.join(passed_on.select(*_KEY, "passed_on"), on=_KEY).select(columns)
    attempts = rows["case_attempts"].select(*_KEY, "dialed_at", passed_on=pl.lit(value=False))
    recent = pl.col("dialed_at") >= pl.col("opened_at") - inputs.BEFORE_CASE
    outbound = listed.join(attempts, on=_KEY).filter(recent).select(columns)
    return pl.concat([named, inbound, outbound]).unique(["case_id", *_KEY])


def _with_state(cases: pl.LazyFrame) -> pl.LazyFrame:  # 2, 5
    back = (pl.col("reopened_at") >= pl.col("resolved_at")).fill_null(value=False)
    direct = (pl.col("contacts") == 1) & ~pl.col("passed_on").fill_null(value=False) & pl.col("escalated_at").is_null()
    return cases.with_columns(
        ever_resolved=pl.col("resolved_at").is_not_null(),
        reopened=pl.col("resolved_at").is_not_null() & pl.col("reopened_at").is_not_null(),
        resolved=pl.col("resolved_at").is_not_null() & ~back,
        called=pl.col("contacts") > 0,
    ).with_columns(first_contact=pl.col("resolved") & ~pl.col("reopened") & direct)


_COUNTED = ~pl.col("test")

CASES = Frame(
    name="cases",
    label="cases",
    sent_as=("cases",),
    grain="case",
    inputs=(
        Input("cases", _SENT, inputs.cases),
        Input("case_calls", CURRENT_INBOUND_CALL, inputs.case_calls),
        Input("case_attempts", _ATTEMPT, inputs.case_attempts),
    ),
    columns=CASE,
    key=("external_id",),
    resolve=_resolve,
    anchor="opened_at",
    dimensions=INBOUND_DIMENSIONS,
    display_columns=(*_MOMENTS, "lead", "contacts", "resolved", "escalated_to"),
    population=_COUNTED,
    exclusions={
        "test": pl.col("test"),
        "open": _COUNTED & ~pl.col("resolved") & pl.col("closed_at").is_null(),
        "closed_unresolved": _COUNTED & ~pl.col("resolved") & pl.col("closed_at").is_not_null(),
        "no_call": _COUNTED & ~pl.col("called"),
    },
)
