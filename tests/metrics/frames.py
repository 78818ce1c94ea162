"""Generated facts as frames, without a ledger: for laws that hold of any facts."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import polars as pl

from reports import facts
from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from reports.measures.frame import Frame
from reports.model.codes import TABLES, Codes, read_codes
from reports.model.times import read_zone
from reports.model.types import CODES
from reports.model.windows import Window
from reports.query.engine import compile_numbers, reduce_chunk
from reports.query.plan import plan_scans
from reports.query.report import Report
from reports.query.request import ReportRequest
from reports.rules.call_outcomes import CURRENT_ATTEMPT, resolve_attempts
from reports.rules.calls import resolve_calls
from tests.metrics.floor import AFTER, FIRST, LAST, NUMBERS, Floor

# Of every kind of measure over calls a few: what holds of each single metric is in test_facts.py.
NAMES = (
    "answer_rate",
    "attempts",
    "avg_talk_time",
    "contact_rate_per_lead",
    "conv_per_attempt",
    "conv_per_conversation",
    "dial_efficiency",
    "disposition_share",
    "drop_rate_uk",
    "human_rate",
    "median_talk_time",
    "worked_leads",
)
METRICS = tuple(catalogue()[name].metric for name in NAMES)


@cache
def floor_codes() -> Codes:
    """The codes of one generated account."""
    floor = Floor(seed=4)
    tables = {
        "agents": floor.agents(),
        "campaigns": floor.campaigns(),
        "sources": floor.sources(),
        "disposition_codes": floor.disposition_codes(),
        "tracking_numbers": [{"code": number} for number in NUMBERS],
    }
    return read_codes(
        {name: pl.DataFrame(rows, schema=CODES[name]) for name, rows in tables.items()}
        | {name: pl.DataFrame(schema=TABLES[name]) for name in ("teams", "calendars", "targets", "lead_attributes")}
    )


@cache
def current_attempts(attempts: int = 400, seed: int = 5) -> pl.DataFrame:
    """Attempts as a source delivers them."""
    floor = Floor(seed)
    leads = {lead: floor.lead(lead) for lead in floor.leads}
    codes = [*floor_codes().dispositions["code"], "unheard-of"]
    rows = [floor.attempt(number, codes) for number in range(attempts)]
    for row in rows:
        lead = leads.get(row["lead"], {})
        row |= {"lead_source": lead.get("source"), "lead_test": lead.get("test")}
    return pl.DataFrame([{name: row.get(name) for name in CURRENT_ATTEMPT} for row in rows], schema=CURRENT_ATTEMPT)


def ask(by: str = "", *, window: Window | None = None, only: dict[str, str] | None = None) -> ReportRequest:
    """A few metrics of attempts, over the whole floor unless a window is given."""
    return ReportRequest(
        preset=None,
        metrics=METRICS,
        by=tuple(DIMENSIONS[name] for name in by.split(",") if name),
        window=window or Window(FIRST, LAST, read_zone("Europe/Berlin")),
        filters={name: (code,) for name, code in (only or {}).items()},
        as_of=None,
        until=AFTER,
        account_zone=read_zone("Europe/Berlin"),
    )


def report(request: ReportRequest, chunks: Iterable[pl.DataFrame]) -> Report:
    """The report over attempts that come in these parts."""
    [scan] = plan_scans(request, floor_codes())
    calls = [resolve_calls(chunk.lazy(), scan.context) for chunk in chunks]
    numbers = compile_numbers(request, [(scan, [reduce_chunk(scan, {"attempts": chunk}) for chunk in calls])])
    return Report(
        request=request,
        as_of=AFTER,
        watermark=AFTER,
        counted=numbers.counted,
        excluded=numbers.excluded,
        groups=numbers.groups,
        total=numbers.total,
        cell_columns={metric.name: metric.columns for metric in request.metrics},
    )


def resolved_attempts() -> pl.DataFrame:
    """The generated attempts as they count, test calls taken out."""
    return resolve_attempts(current_attempts().lazy(), floor_codes()).filter(~pl.col("test")).collect()


@cache
def kinds_of_fact() -> dict[str, Frame]:
    """Every frame by name: each file of reports/facts binds the one of its own name."""
    names = sorted(module.name for module in iter_modules(facts.__path__))
    return {name: getattr(import_module(f"{facts.__name__}.{name}"), name.upper()) for name in names}


def hours(count: float) -> timedelta:
    """A length of time."""
    return timedelta(hours=count)
