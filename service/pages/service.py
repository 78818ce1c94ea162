"""The service page: calls and service level by hour, queues, how long callers wait, and who waits to be called back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import polars as pl
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.charts import charts
from reports.charts.service_hours import ABANDONED, ANSWERED, OFFERED
from reports.charts.service_levels import MODES, USUAL_MODE
from reports.model.language import marked
from reports.model.local_dates import full_words
from reports.query.drill_through import Rows
from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.render import formatting
from reports.render.benchmark_text import published_references
from reports.render.group_verdicts import metric_of, verdict_sentences
from service.errors import Fault, InvalidParameter
from service.pages.components.call_links import call_link
from service.pages.components.fragments import chart_fragment, render_chart, render_table, with_metrics
from service.pages.components.layout import render
from service.pages.components.numbers import report_context
from service.pages.components.streaming import FragmentMaker
from service.pages.components.view import PageView, open_page
from service.pages.filtering.filters import PageRequest
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

_CALLS = (OFFERED, ANSWERED, ABANDONED)
_WAITS = ("avg_speed_of_answer", "abandonment_rate", "longest_wait")
# What becomes of the calls; in a table of its own, since both together are wider than a screen.
_HANDLED = ("avg_handle_time", "first_call_resolution_proxy", "missed_calls", "not_called_back")
_MAX_CALLS_BACK = 50
# The work list begins with the caller who waits longest.
_OLDEST_FIRST = (pl.col("arrived_at"),)


@dataclass(frozen=True)
class _CallBack:
    """An unanswered call as people read it: when it came, how long ago, who should call back, and to whom.

    lead_link: the page of the lead, if it is known. call_link: the page of the call.
    """

    row: Mapping[str, Any]
    arrived_at: str
    open_for: str
    lead_link: str | None
    call_link: str


@get("/service", opt=page_options("reports", limited=True), before_request=admit)
async def service(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """When callers wait too long, in which queue, how patient they are, and who waits to be called back."""
    view = _with_mode(open_page(request, context))
    mode = view.parameters["metrics"][0]
    by_hour = {**view.parameters, "metrics": [",".join((*_CALLS, mode, *_WAITS[:2]))], "by": ["hour_of_day"]}
    by_queue = {**view.parameters, "metrics": [",".join((*_CALLS, *MODES, *_WAITS, *_HANDLED))], "by": ["queue"]}
    fragments: dict[str, FragmentMaker] = {
        "hours": partial(_fragment, view, by_hour, partial(_hours_html, mode)),
        "queues": partial(_fragment, view, by_queue, partial(_queues_html, mode)),
        "waiting": chart_fragment(view, "waiting-curve"),
        "calls_back": partial(_calls_back_html, view),
    }
    files_query = PageRequest("", by_queue).query
    return await view.respond("service.html", fragments, modes=MODES, mode=mode, files_query=files_query)


def _with_mode(view: PageView) -> PageView:
    """The view with one mode of the service level. Raises InvalidParameter."""
    modes = view.parameters.get("metrics", [USUAL_MODE])
    if len(modes) != 1 or modes[0] not in MODES:
        raise InvalidParameter(faults=(Fault("metrics", f"must be one of {', '.join(MODES)}"),))
    return view.with_parameters({"metrics": modes})


async def _fragment(view: PageView, parameters: Any, render_report: Callable[[PageRequest, Report], str]) -> str:
    name = f"service {parameters['by'][0]}"
    return await view.cached_fragment(name, parameters, partial(render_report, view.page_request))


def _hours_html(mode: str, page_request: PageRequest, report: Report) -> str:
    """The service level and the calls of each hour, as charts and as one table."""
    parameters = page_request.parameters
    levels = render_chart(charts()["service-levels"], page_request, parameters, with_metrics(report, [mode]))
    calls = render_chart(charts()["service-hours"], page_request, parameters, with_metrics(report, _CALLS))
    columns = with_metrics(report, (*_CALLS, mode, *_WAITS[:2]))
    table = render_table(columns, page_request, marked("Hours")) if any(report.counted.values()) else ""
    return render("service_hours.html", charts=[levels, calls], table=table)


def _queues_html(mode: str, page_request: PageRequest, report: Report) -> str:
    """Which queue keeps callers waiting, every number of each, and the reference values."""
    columns = (*_CALLS, mode, *_WAITS)
    modes = [(metric_of(report, name).label, words, _share(report, name)) for name, words in MODES.items()]
    return render(
        "service_queues.html",
        **report_context(with_metrics(report, columns), page_request),
        label=marked("Queues"),
        handled=render_table(with_metrics(report, _HANDLED), page_request, marked("Calls of each queue")),
        verdict=" ".join(verdict_sentences(report, mode)),
        modes=modes,
        benchmarks=published_references(with_metrics(report, (*columns, *_HANDLED))),
    )


def _share(report: Report, name: str) -> str:
    value = report.total[name][0]
    return formatting.NOTHING if value is None else formatting.value(value, metric_of(report, name), "")


async def _calls_back_html(view: PageView) -> str:
    """The callers who got nobody and still wait to be called back, for keys that may see rows."""
    if not view.sees_rows:
        return render("rows_hidden.html")
    parameters = {"metric": ["not_called_back"], **_without_mode(view), **await view.through_today()}
    rows = await view.context.reports.drill_through(
        {**parameters, "limit": [str(_MAX_CALLS_BACK)]}, order=_OLDEST_FIRST
    )
    as_of, window = {"as_of": [rows.request.until.isoformat()]}, rows.request.window
    calls_came_in = rows.count > 0 or await _calls_came_in(view, parameters)
    return render(
        "calls_back.html",
        rows=rows,
        calls_came_in=calls_came_in,
        calls=list(_calls_back(rows)),
        zone=window.zone_name,
        period=[full_words(window.local(edge)) for edge in (window.start, window.end)],
        all_rows_link=PageRequest("/look/rows", {**parameters, **as_of}).link(),
    )


async def _calls_came_in(view: PageView, parameters: Parameters) -> bool:
    """Whether calls were offered. To whom they were is left out: an unanswered call may have no agent of its own."""
    of_all = {name: values for name, values in parameters.items() if name not in {"agent", "team"}}
    return (await view.context.reports.drill_through({**of_all, "metric": [OFFERED], "limit": ["1"]})).count > 0


def _without_mode(view: PageView) -> dict[str, Any]:
    return {name: values for name, values in view.parameters.items() if name != "metrics"}


def _calls_back(rows: Rows) -> Iterator[_CallBack]:
    window = rows.request.window
    for row in rows.items.iter_rows(named=True):
        lead = row["lead"] and f"/lead?{urlencode({'external_id': row['lead'], 'tz': window.zone_name})}"
        arrived_at = full_words(window.local(row["arrived_at"]))
        call = {"dialer": row["dialer"], "external_id": row["external_id"], "outbound": False}
        open_for = formatting.duration(60 * (row["open_minutes"] or 0))
        yield _CallBack(row, arrived_at, open_for, lead, call_link(call, tz=window.zone_name))


HANDLERS: list[HTTPRouteHandler] = [service]
