"""The leads that have waited longest for their first call, at the moment of a report.

They are drill-through rows of `open_leads`, from the same scan and by the same rules. The scan first reads only the id
and the time of every waiting lead. It then resolves the other columns, such as working time, only for the leads in the
result.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.facts.leads import waiting
from reports.measures.frame import CurrentRows
from reports.model import calendars
from reports.model.codes import Codes
from reports.query.engine import resolved_rows
from reports.query.parameters import Parameters
from reports.query.plan import PartialResults, Scan
from reports.query.prepare import prepare_request
from reports.query.request import ReportRequest
from reports.query.small_cells import check_rows
from reports.rules.column_pruning import input_columns
from reports.store.copies import Copies
from reports.store.ledger import Ledger

METRIC = catalogue()["open_leads"].metric

_COLUMNS = ("lead", "received_at", "source", "campaign", "agent", "team", "response_ms", "business_response_ms")
_ORDER = frozenset({"lead", "received_at"})


@dataclass(frozen=True, eq=False, kw_only=True)
class WaitingLeads:
    """The waiting leads, longest wait first.

    count: the number of waiting leads in all.
    items: the first of them. Columns: lead, received_at, source, campaign, agent (the owner of the lead), team,
    response_ms (the wait so far) and business_response_ms (the working time in that wait). business_response_ms is null
    if no calendar is configured for the team or the account.
    watermark: as in Report.
    """

    request: ReportRequest
    watermark: datetime
    count: int
    items: pl.DataFrame


class _WaitingScan(Scan):
    """A scan of leads that reads calls only to check whether a lead has any; a waiting lead has none."""

    @property
    def input_columns(self) -> dict[str, tuple[str, ...]]:
        """The columns of current rows to read, by input."""
        leads = input_columns(self.frame, self.resolved_columns.union(_COLUMNS))["leads"]
        return {**super().input_columns, "leads": leads}


async def longest_waiting(ledger: Ledger, copies: Copies, parameters: Parameters, most: int) -> WaitingLeads:
    """The leads that arrived in the window, pass the filters and still wait. Raises InvalidRequest."""
    prepared = await prepare_request(ledger, None, {**parameters, "metrics": [METRIC.name]})
    request, codes, snapshot = replace(prepared.request, by=()), prepared.codes, prepared.snapshot(copies)
    frame = replace(METRIC.base_frame, exclusions={})
    scan = _WaitingScan(request=request, codes=codes, frame=frame, anchor=METRIC.anchor, metrics=(METRIC,), also=_ORDER)
    await check_rows(snapshot, request, codes)
    await snapshot.prepare([scan])
    parts = await snapshot.read(scan, lambda current: _longest(scan, current, most))
    return await asyncio.to_thread(_together, request, prepared.watermark, codes, parts, most)


def _longest(scan: Scan, current: CurrentRows, most: int) -> PartialResults:
    """The longest-waiting leads of one chunk of the scan, and the number of waiting leads in it."""
    who = (
        resolved_rows(scan, current, scan.resolved_columns)
        .filter(scan.frame.population & waiting())
        .select(*_ORDER)
        .collect()
    )
    longest = who.sort("received_at", "lead").head(most)
    leads = current["leads"].join(longest.lazy(), on="lead", how="semi")
    rows = resolved_rows(
        scan, {"leads": leads, "lead_calls": current["lead_calls"].clear()}, scan.resolved_columns.union(_COLUMNS)
    )
    return {"told": rows.select(*_COLUMNS).collect(), "count": pl.DataFrame({"count": [who.height]})}


def _together(
    request: ReportRequest, watermark: datetime, codes: Codes, parts: list[PartialResults], most: int
) -> WaitingLeads:
    rows = pl.concat([part["told"] for part in parts]).sort("received_at", "lead").head(most)
    configured = calendars.basis("team", codes.calendars) != "assumed"
    items = rows.with_columns(pl.when(configured).then("business_response_ms").alias("business_response_ms"))
    return WaitingLeads(
        request=request, watermark=watermark, count=sum(part["count"].item() for part in parts), items=items
    )
