"""Who reached a lead: calls to leads that something came of, and which of them somebody is credited with.

Kinds of fact that are not calls themselves (deals, goals, stages) take their agent, campaign, source and tracking
number from the calls to their lead.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, Input
from reports.model.codes import Codes
from reports.model.types import INSTANT, Schema
from reports.rules import inputs, lead_selection
from reports.rules.call_populations import right_party
from reports.rules.calls import CALL

CREDITED = ("agent", "campaign", "source", "tracking_number")
CREDIT: Schema = dict.fromkeys(CODE_DIMENSIONS, pl.String)

# Leads that something happened to in a window with everyone who is the same person, and all calls to them.
ACTIVE_LEADS = Input(
    "active_leads",
    {
        "lead": pl.String,
        "person": pl.String,
        "received_at": INSTANT,
        "duplicate": pl.Boolean,
        "source": pl.String,
        "campaign": pl.String,
        "owner": pl.String,
        "closed_at": INSTANT,
        "test": pl.Boolean,
    },
    inputs.active_leads,
)
ACTIVE_CALLS = Input("active_calls", CALL, inputs.active_calls, lead_selection.people)


def calls_to_leads(calls: pl.LazyFrame) -> pl.LazyFrame:
    """What others than calls need of calls.

    Columns: dialer, external_id, lead, dialed_at, those CREDITED, result, test, and `reached`: whether an agent spoke
    with the right party.
    """
    said = ("dialer", "external_id", "lead", "dialed_at", *CREDITED, "result", "test")
    return calls.select(*said, right_party().alias("reached"))


def read_origin(rows: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    """Rows with their campaign and source as they read; a source that nobody said is the campaign's."""
    return (
        rows.with_columns(campaign=codes.read("campaign"))
        .with_columns(source=pl.coalesce("source", codes.source_of("campaign")))
        .with_columns(source=codes.read("source"))
    )


def credit_to_last_call(things: pl.LazyFrame, at: str, calls: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    """Give each thing the agent, team, campaign, source and tracking number of the last of these calls to its lead.

    That is the last one at the moment in the column `at` or before it. What it does not say, or where there is none,
    the lead's owner, campaign and source say, which stand beside the thing in columns of these names.
    """
    said = read_origin(with_last_call(things, at, calls), codes)
    owned = said.with_columns(agent=codes.read("owner", "agent"), tracking_number=None)
    credited = owned.with_columns(pl.coalesce(f"call_{name}", name).alias(name) for name in CREDITED)
    return credited.with_columns(team=codes.team_of("agent"))


def with_last_call(things: pl.LazyFrame, at: str, calls: pl.LazyFrame) -> pl.LazyFrame:
    """Beside each thing with a lead, in columns call_<name>, what the last of these calls to it says, as above."""
    said = calls.sort("dialed_at", "dialer", "external_id").select(
        "lead", pl.col("dialed_at").alias(at), *(pl.col(name).alias(f"call_{name}") for name in CREDITED)
    )
    # Which of several calls at one moment is the last is told by their keys.
    return things.sort(at).join_asof(said, on=at, by="lead", strategy="backward", check_sortedness=False)
