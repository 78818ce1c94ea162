"""Surveys by the moment of the call they ask about: one row is one survey to one customer.

Without a call, or with a call that the ledger does not know, the moment of the survey counts: when it was asked, else
answered. So it does if the call was more than 30 days before the survey, or more than a day after it. A late answer
therefore belongs to the day of its call. Agent and queue are those that the survey names, else those of the call.
Campaign, source and tracking number are those of the call, else of the lead.

Surveys that never reached the customer are excluded. So are further answers of a lead with three answers to the same
kind of survey in the 30 days before: no customer speaks for many.

Answers of different scales are never pooled: each number counts one scale. The report counts the answers on others.
"""

from datetime import timedelta

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, SURVEY_KIND, Schema
from reports.rules import quality_inputs
from reports.rules.answers import USUAL_SCALES
from reports.rules.lead_selection import instant

# A lead's answers of a kind in the time before an answer, from which on it is one too many.
MOST_ANSWERS = 3
_CAPPED_TIME = timedelta(days=30)
# What evaluations have and surveys lack, so that one report shows both.
_NOT_SURVEYED = ("evaluator", "form", "form_version")

_KNOWN: Schema = {
    "external_id": pl.String,
    "kind": SURVEY_KIND,
    "scale": pl.String,
    **dict.fromkeys(("asked_at", "answered_at"), INSTANT),
    "score": pl.Int64,
    **dict.fromkeys(("dialer", "call", "case_id", "lead", "agent", "queue"), pl.String),
}
_CURRENT: Schema = {
    **_KNOWN,
    "delivered": pl.Boolean,
    "called_at": INSTANT,
    **dict.fromkeys(
        ("call_agent", "call_disposition_agent", "call_campaign", "call_source", "call_tracking_number"), pl.String
    ),
    **dict.fromkeys(("lead_campaign", "lead_source"), pl.String),
    **dict.fromkeys(("call_test", "lead_test"), pl.Boolean),
}
SURVEY: Schema = {
    **_KNOWN,
    "survey_kind": SURVEY_KIND,
    "at": INSTANT,
    **dict.fromkeys(("team", "campaign", "source", "tracking_number", *_NOT_SURVEYED), pl.String),
    **dict.fromkeys(("answered", "about_contact", "test", "undelivered", "repeated"), pl.Boolean),
}


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    codes = context.codes
    about = pl.any_horizontal(pl.col(name).is_not_null() for name in ("call", "case_id", "agent"))
    return (
        rows["surveys"]
        .with_columns(at=pl.coalesce("called_at", "asked_at", "answered_at"), about_contact=about, survey_kind="kind")
        .with_columns(
            scale=pl.coalesce("scale", pl.col("kind").cast(pl.String).replace_strict(USUAL_SCALES, default=None))
        )
        .with_columns(
            answered=_is_answer(context),
            undelivered=~pl.col("delivered").fill_null(value=True),
            test=pl.coalesce("call_test", "lead_test", pl.lit(value=False)),
        )
        .with_columns(repeated=_is_repeated())
        .pipe(_with_codes, codes)
        .select(*SURVEY)
    )


def _with_codes(surveys: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    return (
        surveys.with_columns(
            agent=pl.coalesce("agent", "call_agent", "call_disposition_agent"),
            campaign=pl.coalesce("call_campaign", "lead_campaign"),
            tracking_number="call_tracking_number",
        )
        .with_columns(agent=codes.read("agent"), campaign=codes.read("campaign"))
        .with_columns(
            team=codes.team_of("agent"),
            source=pl.coalesce("call_source", "lead_source", codes.source_of("campaign")),
            **{name: pl.lit(None, dtype=pl.String) for name in _NOT_SURVEYED},
        )
        .with_columns(source=codes.read("source"))
    )


def _is_answer(context: ResolveContext) -> pl.Expr:
    """Whether a score on the scale of the survey came before the moment of the report."""
    low, high = (pl.col("scale").str.split("-").list.get(place, null_on_oob=True).cast(pl.Int64) for place in (0, 1))
    fits = pl.col("score").is_between(low * 10_000, high * 10_000)
    return (fits & (pl.col("answered_at") <= instant(context.until))).fill_null(value=False)


def _is_repeated() -> pl.Expr:
    """Whether the lead had given as many answers of the kind as count, in the time before this one."""
    given_at = pl.when("answered").then("answered_at")
    earlier = given_at.shift(MOST_ANSWERS).over("lead", "kind", "answered", order_by=["answered_at", "external_id"])
    soon = pl.col("answered_at") - earlier <= _CAPPED_TIME
    return (pl.col("lead").is_not_null() & pl.col("answered") & soon).fill_null(value=False)


_REACHED = ~pl.col("test") & ~pl.col("undelivered")
_OTHER_SCALE = pl.col("scale") != pl.col("kind").cast(pl.String).replace_strict(USUAL_SCALES, default=None)

SURVEYS = Frame(
    name="surveys",
    label="surveys",
    sent_as=("surveys",),
    grain="survey",
    inputs=(Input("surveys", _CURRENT, quality_inputs.surveys),),
    columns=SURVEY,
    key=("external_id",),
    resolve=_resolve,
    anchor="at",
    dimensions=(*CODE_DIMENSIONS, "queue", *_NOT_SURVEYED, "scale", *TIME_DIMENSIONS),
    calls={"call": "either"},
    display_columns=("survey_kind", "scale", "asked_at", "answered_at", "score", "lead", "dialer", "call", "case_id"),
    scale={"score": 10_000},
    population=_REACHED & ~pl.col("repeated"),
    exclusions={
        "test": pl.col("test"),
        "undelivered": ~pl.col("test") & pl.col("undelivered"),
        "repeated": _REACHED & pl.col("repeated"),
        "other_scale": _REACHED & pl.col("answered") & _OTHER_SCALE,
    },
)
