"""Last contact: the call to a lead that deals, goals and stages are credited to.

These kinds of fact are not calls themselves. They take their agent, campaign, source and tracking number from the calls
to their lead.
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

# Leads with an event in a window, all leads of the same persons, and all calls to them.
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
ACTIVE_CALLS = Input("active_calls", CALL, inputs.active_calls, lead_selection.leads_of_active_people)


def calls_to_leads(calls: pl.LazyFrame) -> pl.LazyFrame:
    """The columns of calls that other kinds of fact need.

    They are dialer, external_id, lead, dialed_at, those CREDITED, result, test, and `reached`: whether an agent spoke
    with the right party.
    """
    codes = [pl.col(name).cast(pl.String) for name in CREDITED]
    return calls.select(
        "dialer", "external_id", "lead", "dialed_at", *codes, "result", "test", right_party().alias("reached")
    )


def read_origin(rows: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    """Rows with their campaign and source as current codes; a missing source is the campaign's."""
    return (
        rows.with_columns(campaign=codes.read("campaign"))
        .with_columns(source=pl.coalesce("source", codes.source_of("campaign")))
        .with_columns(source=codes.read("source"))
    )


def credit_to_last_call(rows: pl.LazyFrame, at: str, calls: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    """Give each row the agent, team, campaign, source and tracking number of the last of these calls to its lead.

    That is the last call at the moment in the column `at` or before it. Where the call has no value, or there is no
    call, the row's own columns owner, campaign and source count. They are those of the lead.
    """
    with_call = read_origin(with_last_call(rows, at, calls), codes)
    owned = with_call.with_columns(agent=codes.read("owner", "agent"), tracking_number=None)
    credited = owned.with_columns(pl.coalesce(f"call_{name}", name).alias(name) for name in CREDITED)
    return credited.with_columns(team=codes.team_of("agent"))


def with_last_call(rows: pl.LazyFrame, at: str, calls: pl.LazyFrame) -> pl.LazyFrame:
    """Each row with the last of these calls to its lead, as above, in columns call_<name>."""
    last_calls = calls.sort("dialed_at", "dialer", "external_id").select(
        "lead", pl.col("dialed_at").alias(at), *(pl.col(name).alias(f"call_{name}") for name in CREDITED)
    )
    # Of several calls at one moment, the last by key counts.
    return rows.sort(at).join_asof(last_calls, on=at, by="lead", strategy="backward", check_sortedness=False)
