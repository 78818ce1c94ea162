"""Materialised rows as they stood at an earlier moment, for the earlier period of a comparison.

Most rows stand as they stood: nothing happened later to their lead or deal. Of the others, those that the question may
read are materialised anew, from what had happened by then (reports/rules/as_it_stood.py).
"""

from collections.abc import Sequence

import polars as pl

from reports.facts.leads import LEADS
from reports.facts.opportunities import OPPORTUNITIES
from reports.model.tables import Tables
from reports.query.plan import Scan
from reports.query.stored.call_selection import CallSelection
from reports.query.stored.lead_facts import LeadFacts, LeadHistories
from reports.query.stored.stood_calls import StoodCalls
from reports.query.stored.touched import Touched, deals_of, leads_of, with_siblings
from reports.rules.as_it_stood import as_it_stood
from reports.rules.lead_selection import KEY, instant


def stood_facts(
    now: LeadFacts, calls: StoodCalls, selection: CallSelection, scans: Sequence[Scan], tables: Tables
) -> LeadFacts:
    """The rows of a snapshot as they stood. now: its rows of today; tables: those that scans read, as they stood."""
    known = now.histories
    stood = as_it_stood(known.tables, calls.at, calls.context)
    named = _named(selection, scans, {**tables, **stood})
    touched = _touched_later(now, calls, named)
    return LeadFacts(now.files, LeadHistories(calls, stood, known.codes, calls.at), touched)


def _named(selection: CallSelection, scans: Sequence[Scan], tables: Tables) -> pl.Series | None:
    """The leads that the scans may read rows of; None if these are most leads."""
    named: list[pl.Series] = []
    for scan in scans:
        for source in scan.frame.inputs:
            if source.lead_selector:
                leads = selection.leads_of(scan, tables, source)
                if leads is None:
                    return None
                named.append(leads)
    return pl.concat(named).drop_nulls().unique()


def _touched_later(now: LeadFacts, calls: StoodCalls, named: pl.Series | None) -> Touched:
    """What changed since the files were written, and those of the named leads to whom something happened later."""
    at, tables = instant(calls.at), now.histories.tables
    moved = tables["stage_changes"].filter(pl.col("changed_at") > at).select("lead", "opportunity").collect()
    moved_deals = moved["opportunity"].drop_nulls().unique()
    dialed = calls.calls.rows(calls.days.since(calls.at.date())).filter(pl.col("dialed_at") > at)
    changed = [(pl.col(name) > at).fill_null(value=False) for name in ("received_at", "assigned_at", "closed_at")]
    later = [
        dialed.select("lead"),
        calls.late.lazy().select("lead"),
        tables["leads"].filter(pl.any_horizontal(changed)).select("lead"),
        tables["follow_ups"].filter(pl.col("done_at") > at).select("lead"),
        leads_of(moved_deals, tables),
    ]
    leads = pl.concat(later).drop_nulls().unique().collect()["lead"]
    if named is not None:
        leads = leads.filter(leads.is_in(named.implode()))
    stored_leads, stored_deals = now.files[LEADS.name].scan(), now.files[OPPORTUNITIES.name].scan()
    no_persons = pl.Series(dtype=pl.Int64)
    touched = pl.concat([with_siblings(leads, no_persons, stored_leads, tables), now.touched.leads]).unique()
    lone = pl.concat([now.touched.calls, calls.late.filter(pl.col("lead").is_null()).select(KEY)]).unique()
    return Touched(
        leads=touched,
        deals=pl.concat([moved_deals, now.touched.deals, deals_of(touched, stored_deals)]).unique(),
        calls=lone,
        without_lead=calls.rows().filter(pl.col("lead").is_null()).join(lone.lazy(), on=KEY, how="semi"),
    )
