"""Which rows each kind of fact is made from: the rows of a window, and those that they cannot do without.

Every function takes the tables of reports/model/tables.py, with the calls of reports/rules/calls.py beside them, and
what facts are settled under, and makes the columns wanted of it. It decides nothing about what a row counts as.
"""

from collections.abc import Collection

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.rules import lead_selection
from reports.rules.lead_selection import KEY, SILENCE, by, by_people, instant, is_test, within


def attempts(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """The attempts of the window."""
    del wanted
    return tables["calls"].filter(within("dialed_at", context))


def pursuits(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """The attempts of the window to leads, and later ones to the same leads that somebody said something of."""
    del wanted
    dialed = tables["calls"].filter(pl.col("lead").is_not_null())
    now = dialed.filter(within("dialed_at", context))
    if context.window.end > context.until:
        return now
    later = (pl.col("dialed_at") >= context.window.end) & by("dialed_at", context.until)
    disposed = dialed.filter(later & pl.col("disposition").is_not_null())  # no goal is reached without one
    return pl.concat([now, disposed.join(lead_selection.worked(tables, context), on="lead", how="semi")])


def lives(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """All attempts up to the end of the window to the leads worked in it."""
    del wanted
    before = tables["calls"].filter(pl.col("dialed_at") < context.window.end)
    return before.join(lead_selection.worked(tables, context), on="lead", how="semi")


def whole_lives(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """All attempts up to the report's moment to the leads worked in the window."""
    del wanted
    return (
        tables["calls"]
        .filter(by("dialed_at", context.until))
        .join(lead_selection.worked(tables, context), on="lead", how="semi")
    )


def disposed_attempts(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """The attempts of which something was said in the window."""
    del wanted
    return tables["calls"].join(lead_selection.disposed_calls(tables, context), on=KEY, how="semi")


def outcomes(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """Everything that was said, up to the end of the window, of calls of which something was said in it."""
    del wanted
    said = tables["dispositions"].filter(pl.col("set_at") < context.window.end)
    return said.join(lead_selection.disposed_calls(tables, context), on=KEY, how="semi")


def leads(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """The leads received in the window, and whether each is somebody asking again."""
    del wanted
    since = context.window.start - SILENCE
    asked = tables["leads"].filter((pl.col("received_at") >= since) & (pl.col("received_at") < context.window.end))
    return (
        asked.with_columns(test=is_test(), has_number=pl.col("person").is_not_null())
        .with_columns(number=pl.when(~pl.col("test")).then("person"))  # a test is no one asking
        .pipe(_with_duplicates)
        .filter(pl.col("received_at") >= context.window.start)
    )


def lead_calls(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """All attempts to leads received in the window, those to somebody who asked again under their first record."""
    asking = tables["leads"].filter((pl.col("received_at") >= context.window.start - SILENCE) & ~is_test())
    first = pl.col("asks_anew")
    known = (
        asking.with_columns(number="person")
        .pipe(_with_duplicates)
        .with_columns(asks_anew=~pl.col("duplicate"))
        .select(
            "lead",
            first=pl.when(first).then("lead").forward_fill(),
            first_received_at=pl.when(first).then("received_at").forward_fill(),
        )
        .filter(within("first_received_at", context))
    )
    dialed = tables["calls"].filter(by("dialed_at", context.until))
    del wanted
    return dialed.join(known.drop("first_received_at"), on="lead", how="inner").with_columns(lead="first").drop("first")


def appointments(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """The appointments set in the window or scheduled for it, with the attempt that set each and its lead."""
    del wanted
    made = tables["appointments"].filter(within("set_at", context) | within("scheduled_at", context)).cache()
    by_call = ("lead", "agent", "disposition_agent", "campaign", "source", "tracking_number", "test")
    setting = (
        tables["attempts"]
        .join(made, left_on=KEY, right_on=("dialer", "attempt"), how="semi")
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


def appointments_set(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """When each lead had an appointment set."""
    del wanted
    return tables["appointments"].filter(pl.col("lead").is_not_null() & by("set_at", context.until))


def callback_calls(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """All attempts to leads to be called back in the window, and those that promised it to nobody knows whom."""
    del wanted
    dialed = tables["calls"].filter(by("dialed_at", context.until))
    return pl.concat(
        [
            dialed.filter(pl.col("lead").is_null() & within("callback_at", context)),
            dialed.join(lead_selection.waiting(tables, context), on="lead", how="semi"),
        ]
    )


def callback_tasks(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """The calls that somebody else than a dialer put down as due in the window, each with its lead."""
    del wanted
    of_lead = tables["leads"].select("lead", "owner", "campaign", "source", "test", lead_closed_at="closed_at")
    return lead_selection.tasks(tables, context).join(of_lead, on="lead", how="left")


def follow_ups_done(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """What people did about leads, other than call them, from the beginning of the window up to the report's moment."""
    del wanted
    done = (pl.col("done_at") >= context.window.start) & by("done_at", context.until)
    return tables["follow_ups"].filter(by_people() & pl.col("lead").is_not_null() & done)


def stage_changes(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """Every move of every deal, with the lead it is about."""
    told = [name for name in ("source", "campaign", "owner", "test") if name in wanted]
    known = pl.col("opportunity").is_not_null() & pl.col("stage").is_not_null()
    moves = tables["stage_changes"].filter(known & by("changed_at", context.until))
    return moves.join(tables["leads"].select("lead", *told), on="lead", how="left")


def active_stage_changes(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """Every move of the deals that something happened to in the window, or that one of the active leads is about."""
    moves = tables["stage_changes"]
    active = moves.join(lead_selection.people(tables, context), on="lead", how="semi")
    moved = moves.filter(within("changed_at", context))
    deals = pl.concat([active.select("opportunity"), moved.select("opportunity")])
    return stage_changes({**tables, "stage_changes": moves.join(deals, on="opportunity", how="semi")}, context, wanted)


def deal_calls(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """All calls to leads that a deal is about."""
    del wanted
    dialed = tables["calls"].filter(by("dialed_at", context.until))
    return dialed.join(lead_selection.dealt(tables, context), on="lead", how="semi")


def active_leads(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """The leads that something happened to in the window, and everyone who is the same person.

    Leads with one phone number are one person, who goes by the first of their codes.
    """
    del wanted
    persons = pl.when(pl.col("person").is_not_null()).then(pl.col("lead").min().over("person")).otherwise("lead")
    # Everybody with the number of one of them is among them, so that nobody is missed who asked before.
    active = tables["leads"].join(lead_selection.people(tables, context), on="lead", how="semi")
    numbered = active.with_columns(test=is_test()).with_columns(number=pl.when(~pl.col("test")).then("person"))
    return numbered.pipe(_with_duplicates).with_columns(person=persons)


def active_calls(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """All calls to the active leads, and the calls of the window to nobody in particular."""
    del wanted
    dialed = tables["calls"].filter(by("dialed_at", context.until))
    return pl.concat(
        [
            tables["calls"].filter(pl.col("lead").is_null() & within("dialed_at", context)),
            dialed.join(lead_selection.people(tables, context), on="lead", how="semi"),
        ]
    )


def spend(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """The costs whose days lie in the window, if only in part."""
    del wanted
    return lead_selection.costs(tables, context).filter(pl.col("amount").is_not_null())


def paid_leads(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """The leads received on the days that the costs of the window are for, tests left out."""
    del wanted
    return lead_selection.paid_leads(tables, context)


def paid_calls(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """All calls to these leads."""
    del wanted
    dialed = tables["calls"].filter(by("dialed_at", context.until))
    return dialed.join(lead_selection.paid(tables, context), on="lead", how="semi")


def agent_states(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """What agents were doing in the window, whole also where it reaches beyond it.

    An interval that nobody ended lasts until the same agent's next one.
    """
    del wanted
    start, end = (instant(edge) for edge in (context.window.start, context.window.end))
    next_at = pl.col("from_at").shift(-1).over("agent", order_by="from_at")
    return (
        tables["agent_states"]
        .with_columns(to_at=pl.coalesce("to_at", next_at))
        .filter((pl.col("from_at") < end) & (pl.col("to_at") > start).fill_null(value=True))
    )


def _with_duplicates(leads: pl.LazyFrame) -> pl.LazyFrame:
    """Leads in the order of their `number`, and whether each is a `duplicate`: the same one, asking again so soon."""
    again = pl.col("number") == pl.col("number").shift(1)
    silence = pl.col("received_at") - pl.col("received_at").shift(1)
    in_order = leads.sort("number", "received_at", "lead", nulls_last=True)
    return in_order.with_columns(duplicate=(again & (silence <= SILENCE)).fill_null(value=False))
