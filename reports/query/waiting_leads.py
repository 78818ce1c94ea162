"""The leads that have waited longest for their first call, at the moment of a report.

They are rows behind `open_leads`, by the same scan and the same rules; only who they are is looked at for all of them,
and the rest, such as working time, for those that are told.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.facts.leads import waiting
from reports.model import calendars
from reports.model.codes import Codes
from reports.query.engine import Scan, States, settled_rows
from reports.query.parameters import Parameters, Reader
from reports.query.request import Ask, read_ask
from reports.query.snapshot import Beliefs
from reports.rules.frame import Believed, frames, reads
from reports.store.lake import Copies
from reports.store.ledger import Ledger

METRIC = catalogue()["open_leads"].metric

_TOLD = ("lead", "received_at", "source", "campaign", "agent", "team", "response_ms", "business_response_ms")
_WHO = frozenset({"lead", "received_at"})


@dataclass(frozen=True, eq=False, kw_only=True)
class Waiting:
    """The leads that wait, those first that wait longest.

    count: how many there are in all. items: the first of them; lead, received_at, source, campaign, agent (who owns
    it), team, response_ms (how long it has waited), business_response_ms (how much of that was working time; null
    where nobody has said when the team works, nor the account). watermark: as of a Report.
    """

    ask: Ask
    watermark: datetime
    count: int
    items: pl.DataFrame


class _Look(Scan):
    """A scan of leads that looks at calls only to see whether there are any: a lead that waits has none."""

    @property
    def believed(self) -> dict[str, tuple[str, ...]]:
        """The believed columns to read, by extract."""
        leads = reads(self.frame, self.settled.union(_TOLD))["leads"]
        return {**super().believed, "leads": leads}


async def longest_waiting(ledger: Ledger, copies: Copies, parameters: Parameters, most: int) -> Waiting:
    """The leads received in the window that still wait, as far as the parameters narrow it. Raises AskError."""
    owner = await ledger.owner()
    account = owner.account
    reader = Reader({**parameters, "metrics": [METRIC.name]})
    as_of = reader.as_of(account.taken_at)
    codes = await ledger.codes(as_of, account.zone.key)
    ask = replace(read_ask(None, reader, account, codes, as_of), by=())
    frame = replace(frames()[METRIC.frame], aside={})
    scan = _Look(ask=ask, codes=codes, frame=frame, anchor=METRIC.anchor, metrics=(METRIC,), also=_WHO)
    beliefs = Beliefs(ledger, owner, as_of, copies)
    await beliefs.prepare([scan])
    parts = await beliefs.read(scan, lambda believed: _longest(scan, believed, most))
    return await asyncio.to_thread(_together, ask, account.taken_at, codes, parts, most)


def _longest(scan: Scan, believed: Believed, most: int) -> States:
    """Who of one part of the scan waits longest, and how many wait."""
    who = settled_rows(scan, believed, scan.settled).filter(scan.frame.counted & waiting()).select(*_WHO).collect()
    longest = who.sort("received_at", "lead").head(most)
    leads = believed["leads"].join(longest.lazy(), on="lead", how="semi")
    told = settled_rows(scan, {"leads": leads, "lead_calls": believed["lead_calls"].clear()}, scan.settled.union(_TOLD))
    return {"told": told.select(*_TOLD).collect(), "count": pl.DataFrame({"count": [who.height]})}


def _together(ask: Ask, watermark: datetime, codes: Codes, parts: list[States], most: int) -> Waiting:
    told = pl.concat([part["told"] for part in parts]).sort("received_at", "lead").head(most)
    said = calendars.basis("team", codes.calendars) != "assumed"
    items = told.with_columns(pl.when(said).then("business_response_ms").alias("business_response_ms"))
    return Waiting(ask=ask, watermark=watermark, count=sum(part["count"].item() for part in parts), items=items)
