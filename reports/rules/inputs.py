"""The rows that each kind of fact is made from: those of the window, and the others they depend on.

Every function takes the tables of reports/model/tables.py and the calls of reports/rules/calls.py, the context, and
the names of the columns to make. It selects rows and decides nothing about what they count as.
"""

from collections.abc import Collection
from datetime import timedelta

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.rules import lead_selection
from reports.rules.lead_selection import KEY, REPEAT_REQUEST, done_by_people, happened_by, instant, is_test, within

# A rate counts for a week after its day; the edges of a day differ by zone.
_RATE_MARGIN = 9


def attempts(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The attempts of the window."""
    del columns
    return tables["calls"].filter(within("dialed_at", context))


def pursuits(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The attempts of the window to leads."""
    del columns
    return tables["calls"].filter(within("dialed_at", context) & pl.col("lead").is_not_null())


def later_goals(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The attempts to leads after the window that reached the goal."""
    del columns
    later = (pl.col("dialed_at") >= context.window.end) & happened_by("dialed_at", context.until)
    return tables["calls"].filter(later & pl.col("lead").is_not_null() & pl.col("goal"))


def calls_until_window_end(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """All attempts up to the end of the window to the leads worked in it."""
    del columns
    before = tables["calls"].filter(pl.col("dialed_at") < context.window.end)
    return before.join(lead_selection.leads_worked(tables, context), on="lead", how="semi")


def calls_until_report(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """All attempts up to the report's moment to the leads worked in the window."""
    del columns
    return (
        tables["calls"]
        .filter(happened_by("dialed_at", context.until))
        .join(lead_selection.leads_worked(tables, context), on="lead", how="semi")
    )


def disposed_attempts(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The attempts that got a disposition in the window."""
    del columns
    return tables["calls"].join(lead_selection.disposed_calls(tables, context), on=KEY, how="semi")


def disposition_history(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """All dispositions, up to the end of the window, of calls that got a disposition inside it."""
    del columns
    earlier = tables["dispositions"].filter(pl.col("set_at") < context.window.end)
    return earlier.join(lead_selection.disposed_calls(tables, context), on=KEY, how="semi")


def leads(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The leads received in the window, and whether each is a repeat request."""
    del columns
    since = context.window.start - REPEAT_REQUEST
    received = tables["leads"].filter((pl.col("received_at") >= since) & (pl.col("received_at") < context.window.end))
    return (
        received.with_columns(test=is_test(), has_number=pl.col("person").is_not_null())
        .with_columns(number=pl.when(~pl.col("test")).then("person"))  # a test is no request
        .pipe(_with_duplicates)
        .filter(pl.col("received_at") >= context.window.start)
    )


def lead_calls(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """All attempts to leads received in the window; an attempt to a repeat request counts for the first record."""
    recent = tables["leads"].filter((pl.col("received_at") >= context.window.start - REPEAT_REQUEST) & ~is_test())
    first = pl.col("first_request")
    known = (
        recent.with_columns(number="person")
        .pipe(_with_duplicates)
        .with_columns(first_request=~pl.col("duplicate"))
        .select(
            "lead",
            first=pl.when(first).then("lead").forward_fill(),
            first_received_at=pl.when(first).then("received_at").forward_fill(),
        )
        .filter(within("first_received_at", context))
    )
    dialed = tables["calls"].filter(happened_by("dialed_at", context.until))
    del columns
    return dialed.join(known.drop("first_received_at"), on="lead", how="inner").with_columns(lead="first").drop("first")


def appointments(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The appointments set in the window or scheduled for it, with the attempt that set each and its lead."""
    del columns
    made = tables["appointments"].filter(within("set_at", context) | within("scheduled_at", context)).cache()
    by_call = ("lead", "agent", "disposition_agent", "campaign", "source", "tracking_number", "test")
    setting = (
        tables["attempts"]
        .join(made, left_on=KEY, right_on=("dialer", "attempt"), how="semi")
        .with_columns(test=pl.when("spam").then(statement=True).otherwise("test"))
        .select(
            "dialer", pl.col("external_id").alias("attempt"), *(pl.col(name).alias(f"call_{name}") for name in by_call)
        )
    )
    of_lead = tables["leads"].select("lead", "owner", lead_campaign="campaign", lead_source="source", lead_test="test")
    return (
        made.join(setting, on=("dialer", "attempt"), how="left")
        .with_columns(lead=pl.coalesce("lead", "call_lead"))
        .rename({"call_agent": "attempt_agent", "call_disposition_agent": "disposition_agent"})
        .rename({f"call_{name}": name for name in ("campaign", "source", "tracking_number", "test")})
        .join(of_lead, on="lead", how="left")
        .drop("call_lead")
    )


def appointments_set(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """When each lead had an appointment set."""
    del columns
    return tables["appointments"].filter(pl.col("lead").is_not_null() & happened_by("set_at", context.until))


def callback_calls(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """All attempts to leads to call back in the window, and attempts without a lead that promised a callback."""
    del columns
    dialed = tables["calls"].filter(happened_by("dialed_at", context.until))
    return pl.concat(
        [
            dialed.filter(pl.col("lead").is_null() & within("callback_at", context)),
            dialed.join(lead_selection.leads_to_call_back(tables, context), on="lead", how="semi"),
        ]
    )


def callback_tasks(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The follow-ups by phone due in the window that a dialer did not make, each with its lead."""
    del columns
    of_lead = tables["leads"].select("lead", "owner", "campaign", "source", "test", lead_closed_at="closed_at")
    return lead_selection.call_tasks(tables, context).join(of_lead, on="lead", how="left")


def follow_ups_done(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The follow-ups that people did for leads, other than calls, from the start of the window until the report."""
    del columns
    done = (pl.col("done_at") >= context.window.start) & happened_by("done_at", context.until)
    return tables["follow_ups"].filter(done_by_people() & pl.col("lead").is_not_null() & done)


def stage_changes(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """Every move of every deal, with its lead."""
    of_lead = [name for name in ("source", "campaign", "owner", "test") if name in columns]
    known = pl.col("opportunity").is_not_null() & pl.col("stage").is_not_null()
    moves = tables["stage_changes"].filter(known & happened_by("changed_at", context.until))
    moves = moves.with_columns(as_integers("amount", "gross_profit"))
    return moves.join(tables["leads"].select("lead", *of_lead), on="lead", how="left")


def active_stage_changes(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """Every move of the deals that moved in the window, or that belong to an active lead."""
    moves = tables["stage_changes"]
    active = moves.join(lead_selection.leads_of_active_people(tables, context), on="lead", how="semi")
    moved = moves.filter(within("changed_at", context))
    deals = pl.concat([active.select("opportunity"), moved.select("opportunity")])
    return stage_changes({**tables, "stage_changes": moves.join(deals, on="opportunity", how="semi")}, context, columns)


def deal_calls(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """All calls to leads that have a deal."""
    del columns
    dialed = tables["calls"].filter(happened_by("dialed_at", context.until))
    return dialed.join(lead_selection.leads_with_deals(tables, context), on="lead", how="semi")


def active_leads(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The leads with an event in the window, and all leads of the same persons.

    Leads with one phone number are one person, identified by the first of their codes.
    """
    del columns
    persons = pl.when(pl.col("person").is_not_null()).then(pl.col("lead").min().over("person")).otherwise("lead")
    # All leads with the number of one of them are among them, so earlier requests are found.
    active = tables["leads"].join(lead_selection.leads_of_active_people(tables, context), on="lead", how="semi")
    numbered = active.with_columns(test=is_test()).with_columns(number=pl.when(~pl.col("test")).then("person"))
    return numbered.pipe(_with_duplicates).with_columns(person=persons)


def active_calls(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """All calls to the active leads, and the calls of the window without a lead."""
    del columns
    dialed = tables["calls"].filter(happened_by("dialed_at", context.until))
    return pl.concat(
        [
            tables["calls"].filter(pl.col("lead").is_null() & within("dialed_at", context)),
            dialed.join(lead_selection.leads_of_active_people(tables, context), on="lead", how="semi"),
        ]
    )


def spend(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The costs with at least one day in the window."""
    del columns
    costs = lead_selection.costs(tables, context).filter(pl.col("amount").is_not_null())
    return costs.with_columns(as_integers("amount"))


def exchange_rates(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The exchange rates of the window, and of the days before and after it that decide about its edges."""
    del columns
    margin = timedelta(days=_RATE_MARGIN)
    first, last = (context.window.start - margin).date(), (context.window.end + margin).date()
    return tables["exchange_rates"].filter(pl.col("rate_on").is_between(first, last)).with_columns(as_integers("rate"))


def paid_leads(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The leads received on the days that the costs of the window cover, tests excluded."""
    del columns
    return lead_selection.paid_leads(tables, context)


def paid_calls(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """All calls to these leads."""
    del columns
    dialed = tables["calls"].filter(happened_by("dialed_at", context.until))
    return dialed.join(lead_selection.leads_paid_for(tables, context), on="lead", how="semi")


def agent_states(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The states of agents in the window, with their full length where they reach beyond it.

    A state without an end lasts until the same agent's next one.
    """
    del columns
    start, end = (instant(edge) for edge in (context.window.start, context.window.end))
    next_at = pl.col("from_at").shift(-1).over("agent", order_by="from_at")
    return (
        tables["agent_states"]
        .with_columns(to_at=pl.coalesce("to_at", next_at))
        .filter((pl.col("from_at") < end) & (pl.col("to_at") > start).fill_null(value=True))
    )


def as_integers(*names: str) -> list[pl.Expr]:
    """Decimals as the integers they are made of: money in ten-thousandths, whatever its size."""
    return [pl.col(name).to_physical().cast(pl.Int128) for name in names]


def _with_duplicates(leads: pl.LazyFrame) -> pl.LazyFrame:
    """Leads in the order of their `number`, and whether each is a `duplicate`: a repeat request of the same person."""
    again = pl.col("number") == pl.col("number").shift(1)
    silence = pl.col("received_at") - pl.col("received_at").shift(1)
    in_order = leads.sort("number", "received_at", "lead", nulls_last=True)
    return in_order.with_columns(duplicate=(again & (silence <= REPEAT_REQUEST)).fill_null(value=False))
