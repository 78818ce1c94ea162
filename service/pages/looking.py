"""The pages over reports: an overview, every named report as a table, and the rows behind each number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports import about, shown
from reports.cells import cell, legend
from reports.dimensions import DIMENSIONS
from reports.links import Links
from reports.metric import Metric
from reports.presets import PRESETS
from reports.reader import Parameters
from reports.report import Report
from reports.rows import ADDS
from service.api import questions
from service.api.attention import to_do_of
from service.api.parts import Desk, DeskDependency
from service.api.reports import Preset, give, rows_behind
from service.errors import NotFound
from service.pages.entrance import admit
from service.pages.site import render
from service.pages.site import shown as as_page
from service.requests import AnyRequest

_PAGE: dict[str, Any] = {"page": True, "scopes": ("reports",)}
# From every attempt to a sale, step by step: a metric, and the part of it that counts the step.
_FUNNEL = {
    "Attempts": ("attempts", "value"),
    "Answered": ("answer_rate", "numerator"),
    "A person": ("human_rate", "numerator"),
    "The right party": ("rpc_rate", "numerator"),
    "Conversations": ("conversations", "value"),
    "Appointments": ("appointments", "value"),
    "Sales": ("sales", "value"),
}
_BY_SOURCE = "attempts,contacts,sales,conv_per_attempt,marketing_cost,marketing_roi"
_ROWS_A_PAGE = 100


@dataclass(frozen=True)
class Number:
    """One number as a page shows it: what it is, its value, what says how far to trust it, and where its rows are."""

    title: str
    name: str
    value: str
    below: list[str]
    rows: str | None
    verdict: str | None = None


@get("/overview", opt=_PAGE | {"query": questions.PRESET}, before_request=admit)
async def overview(request: AnyRequest, desk: DeskDependency) -> Response[str | bytes]:
    """The headline numbers of a time against the one before, from attempt to sale, by source, and what waits."""
    asked = _asked(request)
    steps = ",".join(name for name, _ in _FUNNEL.values())
    fragments = [
        await _part(desk, "headlines.html", "outbound", {**asked, "compare": ["previous"]}),
        await _part(desk, "funnel.html", None, {**asked, "metrics": [steps]}),
        await _part(desk, "table.html", None, {**asked, "metrics": [_BY_SOURCE], "by": ["source"]}),
    ]
    return as_page(
        render(
            "overview.html",
            session=request.user,
            asked=_form(asked),
            fragments=fragments,
            to_do=await to_do_of(desk),
            query=_query(asked),
        )
    )


@get("/look/{preset:str}", opt=_PAGE | {"query": questions.PRESET}, before_request=admit)
async def look(request: AnyRequest, desk: DeskDependency, preset: Preset) -> Response[str | bytes]:
    """A named report as a table; every number leads to its rows."""
    if preset not in PRESETS:
        raise NotFound(f"There is no report of this name; there is: {', '.join(PRESETS)}.")
    asked = _asked(request)
    page = render(
        "report.html",
        session=request.user,
        preset=PRESETS[preset],
        presets=PRESETS.values(),
        asked=_form(asked),
        dimensions=[name for name, dimension in DIMENSIONS.items() if dimension.bucket is None or name == "day"],
        fragment=await _part(desk, "table.html", preset, asked),
        query=_query(asked),
    )
    return as_page(page)


@get("/look/rows", opt=_PAGE | {"scopes": ("rows",), "query": questions.ROWS}, before_request=admit)
async def look_at_rows(request: AnyRequest, desk: DeskDependency) -> Response[str | bytes]:
    """The rows behind a number, counted, in pages, with the definition beside them."""
    parameters = {"limit": [str(_ROWS_A_PAGE)], **request.query_params.dict()}
    rows = await rows_behind(desk, parameters)
    further = {**parameters, "offset": [str(rows.offset + rows.limit)]} if rows.more else None
    page = render(
        "rows.html",
        session=request.user,
        rows=rows,
        entry=about.entry(rows.metric),
        columns=[name for name in rows.items.columns if name != ADDS],
        items=[
            [_told(value) for name, value in row.items() if name != ADDS] for row in rows.items.iter_rows(named=True)
        ],
        further=_query(further) if further else None,
    )
    return as_page(page)


async def _part(desk: Desk, template: str, preset: str | None, parameters: Parameters) -> str:
    """A part of a page that is made of one report, kept like any other answer."""
    kept = await give(desk, preset, parameters, f"page {template}", partial(_fragment, template))
    return kept.content.decode()


def _asked(request: AnyRequest) -> Parameters:
    """What is asked for: fields of the form that were left empty ask for nothing."""
    return {name: kept for name, values in request.query_params.dict().items() if (kept := [v for v in values if v])}


def _form(asked: Parameters) -> dict[str, str]:
    """What the form over a page says at first."""
    today = datetime.now(UTC).date()
    usual: dict[str, str] = {
        "from": f"{today - timedelta(days=7)}",
        "to": f"{today + timedelta(days=1)}",
        "by": "",
        "tz": "",
    }
    return usual | {name: ",".join(values) for name, values in asked.items()}


def _query(asked: Parameters) -> str:
    return urlencode([(name, value) for name, values in asked.items() for value in values])


def _fragment(template: str, report: Report) -> tuple[bytes, dict[str, str]]:
    """A part of a page that is made of one report; it is kept as other answers are."""
    total = report.total.row(0, named=True)
    links = Links(report, ()).of({})
    told = {
        "report": report,
        "numbers": [_number(report, metric, total, links) for metric in report.ask.told],
        "funnel": list(_funnel(report, total, links)) if template == "funnel.html" else [],
        "groups": list(_groups(report)),
        "constants": about.constants(report),
        "left_out": list(about.left_out(report)),
        "legend": list(legend(report)),
        "kinds": about.kinds(report),
    }
    return render(template, **told).encode(), {}


def _number(report: Report, metric: Metric, row: Mapping[str, Any], links: Mapping[Any, str | None]) -> Number:
    said = cell(metric, row, report)
    behind = links[metric.name, "numerator"]
    verdict = row.get(metric.column("verdict")) if "verdict" in report.parts[metric.name] else None
    return Number(
        metric.title, metric.name, said.value, [" ".join(pieces) for pieces in said.below], _door(behind), verdict
    )


def _door(rows: str | None) -> str | None:
    return f"/look/rows?{rows}" if rows else None


def _groups(report: Report) -> Iterator[tuple[list[str], list[Number]]]:
    """The lines of a table: what each is of, and its numbers."""
    by = [dimension.name for dimension in report.ask.by]
    if not by:
        return
    links = Links(report, by)
    for row in report.groups.iter_rows(named=True):
        group = {name: row[name] for name in by}
        named = [_told(value) if value is not None else "none" for value in group.values()]
        texts = {name: None if value is None else str(value) for name, value in group.items()}
        found = links.of(texts)
        yield named, [_number(report, metric, row, found) for metric in report.ask.told]


def _funnel(report: Report, total: Mapping[str, Any], links: Mapping[Any, str | None]) -> Iterator[dict[str, Any]]:
    """Each step with its count, and its share of the one before."""
    metrics = {metric.name: metric for metric in report.ask.metrics}
    before: float | None = None
    for title, (name, part) in _FUNNEL.items():
        metric = metrics[name]
        count = total[metric.column(part)] or 0
        share = f"{100 * count / before:.1f} %" if before else ""
        yield {"title": title, "count": f"{count:,.0f}", "share": share, "rows": _door(links[name, "numerator"])}
        before = count


def _told(value: Any) -> str:
    """A value of a row, as people read it."""
    match value:
        case None:
            return shown.NOTHING
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
        case float():
            return f"{value:,.1f}"
        case _:
            return str(value)


HANDLERS: list[HTTPRouteHandler] = [overview, look_at_rows, look]
