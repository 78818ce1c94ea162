"""Materialised rows as they stood at an earlier moment, for the earlier period of a comparison.

Most rows stand as they stood: nothing happened later to their lead or deal. Of the others, those that the question may
read are materialised anew, from what had happened by then (reports/rules/as_it_stood.py).
"""

from dataclasses import replace

import polars as pl

from reports.facts.leads import LEADS
from reports.facts.opportunities import OPPORTUNITIES
from reports.query.stored.lead_facts import LeadFacts, LeadHistories
from reports.query.stored.stood_calls import StoodCalls
from reports.query.stored.touched import Touched, deals_of, leads_of, with_siblings
from reports.rules.as_it_stood import as_it_stood
from reports.rules.lead_selection import KEY, instant


def stood_facts(now: LeadFacts, calls: StoodCalls, read: pl.LazyFrame) -> LeadFacts:
    """The rows of a snapshot as they stood. now: its rows of today; read: the leads that the question may read."""
    # Read once: the lake has them in many small files, and what follows reads them six times.
    held = {name: now.histories.tables[name].collect().lazy() for name in ("stage_changes", "follow_ups")}
    known = replace(now.histories, tables={**now.histories.tables, **held})
    stood = as_it_stood(known.tables, calls.at, calls.context)
    touched = _touched_later(replace(now, histories=known), calls, read)
    return LeadFacts(now.files, LeadHistories(calls, stood, known.codes, calls.at), touched)


def _touched_later(now: LeadFacts, calls: StoodCalls, read: pl.LazyFrame) -> Touched:
    """What changed since the files were written, and those of the leads read to whom something happened later."""
    at, tables = instant(calls.at), now.histories.tables
    stored_leads, stored_deals = now.files[LEADS.name].scan(), now.files[OPPORTUNITIES.name].scan()
    moved = tables["stage_changes"].filter(pl.col("changed_at") > at).select("lead", "opportunity").collect()
    deals = moved["opportunity"].drop_nulls().unique()
    of_deals = leads_of(deals, tables).collect()["lead"]
    leads = _with_later_events(now, calls)
    everybody = with_siblings(pl.concat([leads, of_deals]).drop_nulls().unique(), stored_leads, tables)
    named = pl.concat([read, of_deals.to_frame("lead").lazy()])
    # Of millions of leads that the question may read, few are among everybody: these are found before any are grouped.
    some = named.filter(pl.col("lead").is_in(everybody.implode())).unique().collect()["lead"]
    touched = pl.concat([with_siblings(some, stored_leads, tables), now.touched.leads]).unique()
    lone = pl.concat([now.touched.calls, calls.late.filter(pl.col("lead").is_null()).select(KEY)]).unique()
    return Touched(
        leads=touched,
        deals=pl.concat([deals, now.touched.deals, deals_of(touched, stored_deals)]).unique(),
        calls=lone,
        without_lead=calls.rows().filter(pl.col("lead").is_null()).join(lone.lazy(), on=KEY, how="semi"),
    )


def _with_later_events(now: LeadFacts, calls: StoodCalls) -> pl.Series:
    """The leads that were called, changed or followed up after the moment."""
    at, tables = instant(calls.at), now.histories.tables
    dialed = calls.calls.rows(calls.days.since(calls.at.date())).filter(pl.col("dialed_at") > at)
    changed = (pl.col("received_at") > at) | (pl.col("assigned_at") > at) | (pl.col("closed_at") > at)
    later = [
        dialed.select("lead"),
        calls.late.lazy().select("lead"),
        tables["leads"].filter(changed).select("lead"),
        tables["follow_ups"].filter(pl.col("done_at") > at).select("lead"),
    ]
    return pl.concat(later).unique().collect()["lead"]
