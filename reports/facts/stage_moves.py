"""Stage moves: one row is one lead on its way from one stage to the next, whether it arrived or not.

The stages are the first call, contact (the right party was reached), qualified, appointment and sale; each is reached
once, when it first was. A row belongs to the window in which its lead reached the stage it comes from. Its agent,
campaign, source and tracking number are those of the last call to the lead up to that moment. Without a call, they are
the lead's owner, campaign and source.

A lead that has not moved on waits until the report, until it was closed, or until its last deal was lost. A lead that
had already reached the next stage does not move to it, and is excluded as out of order.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import inputs
from reports.rules.calls import GOALS
from reports.rules.deals import STAGE_CHANGES, qualifies
from reports.rules.last_contact import ACTIVE_CALLS, ACTIVE_LEADS, CREDIT, calls_to_leads, credit_to_last_call

APPOINTMENTS_SET = Input("appointments_set", {"lead": pl.String, "set_at": INSTANT}, inputs.appointments_set)

# The moments of the stage before and of the stage itself, by the name of the stage.
MOVES = {
    "contact": ("attempted_at", "contacted_at"),
    "qualified": ("contacted_at", "qualified_at"),
    "appointment": ("qualified_at", "appointed_at"),
    "sale": ("appointed_at", "sold_at"),
}

STAGE_MOVE: Schema = {
    "lead": pl.String,
    "move": pl.String,
    "started_at": INSTANT,
    "reached_at": INSTANT,
    "waited_ms": pl.Int64,
    "happened": pl.Boolean,
    "out_of_order": pl.Boolean,
    "test": pl.Boolean,
    **CREDIT,
}


def moving_to(stage: str) -> pl.Expr:
    """Leads on their way to a stage from the one before it."""
    return pl.col("move") == stage


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    calls = calls_to_leads(rows["active_calls"]).filter(pl.col("lead").is_not_null() & ~pl.col("test"))
    leads = (
        _stages_by_calls(calls)
        .join(_stages_by_deals(rows["stage_changes"]), on="lead", how="full", coalesce=True)
        .join(_stages_by_appointments(rows["appointments_set"]), on="lead", how="full", coalesce=True)
        .join(rows["active_leads"].drop("person", "received_at", "duplicate"), on="lead", how="left")
        .with_columns(
            qualified_at=pl.min_horizontal("qualified_by_call", "qualified_by_deal"),
            appointed_at=pl.min_horizontal("appointed_by_call", "set_at"),
            sold_at=pl.min_horizontal("sold_by_call", "sold_by_deal"),
            test=pl.col("test").fill_null(value=False),
        )
    )
    moves = pl.concat([_moves(leads, stage) for stage in MOVES]).filter(pl.col("started_at").is_not_null())
    return credit_to_last_call(_wait(moves, context), "started_at", calls, context.codes)


def _stages_by_calls(calls: pl.LazyFrame) -> pl.LazyFrame:
    """When the calls to each lead took it to each stage; an appointment or a sale implies that it is qualified."""

    def first(*results: str) -> pl.Expr:
        return pl.when(pl.col("result").cast(pl.String).is_in(results)).then("dialed_at").min()

    return calls.group_by("lead").agg(
        attempted_at=pl.col("dialed_at").min(),
        contacted_at=pl.when("reached").then("dialed_at").min(),
        qualified_by_call=first(*GOALS["any"]),
        appointed_by_call=first("appointment"),
        sold_by_call=first("sale"),
    )


def _stages_by_deals(changes: pl.LazyFrame) -> pl.LazyFrame:
    moved = changes.filter(pl.col("lead").is_not_null()).sort("changed_at", "stage", "change")
    at, stage = pl.col("changed_at"), pl.col("stage")
    return moved.group_by("lead").agg(
        qualified_by_deal=pl.when(qualifies()).then(at).min(),
        sold_by_deal=pl.when(stage == "won").then(at).min(),
        lost_at=pl.when(stage.last() == "lost").then(at.last()),
    )


def _stages_by_appointments(appointments: pl.LazyFrame) -> pl.LazyFrame:
    return appointments.group_by("lead").agg(pl.col("set_at").min())


def _moves(leads: pl.LazyFrame, stage: str) -> pl.LazyFrame:
    start, end = MOVES[stage]
    moments = {"move": pl.lit(stage), "started_at": pl.col(start), "reached_at": pl.col(end)}
    return leads.select("lead", "source", "campaign", "owner", "test", "closed_at", "lost_at", **moments)


def _wait(moves: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    """How long each lead waited, and whether it moved on."""
    started, reached = pl.col("started_at"), pl.col("reached_at")
    dropped_at = [pl.when(pl.col(end) >= started).then(end) for end in ("closed_at", "lost_at")]
    watched = pl.min_horizontal(*dropped_at, pl.lit(context.until, dtype=INSTANT))
    happened = reached.is_not_null() & (reached >= started)
    return moves.with_columns(
        happened=happened,
        out_of_order=(reached < started).fill_null(value=False),
        waited_ms=(pl.when(happened).then(reached).otherwise(watched) - started).dt.total_milliseconds(),
    )


STAGE_MOVES = Frame(
    name="stage_moves",
    label="moves of leads",
    sent_as=("leads", "stage-changes"),
    grain="lead and stage",
    inputs=(ACTIVE_LEADS, ACTIVE_CALLS, STAGE_CHANGES, APPOINTMENTS_SET),
    columns=STAGE_MOVE,
    key=("lead", "move"),
    resolve=_resolve,
    anchor="started_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    display_columns=("started_at", "reached_at", "waited_ms", "happened"),
    population=~pl.col("test") & ~pl.col("out_of_order"),
    exclusions={
        "test": pl.col("test"),
        "out_of_order": ~pl.col("test") & pl.col("out_of_order"),
        "unattributed": ~pl.col("test") & ~pl.col("out_of_order") & pl.col("source").is_null(),
    },
)
