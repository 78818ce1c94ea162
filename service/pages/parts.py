"""The parts of pages that are made of reports, kept like any other answer: tables, cards and charts."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from reports import charting
from reports.charts import Chart, charts
from reports.query.parameters import Parameters
from reports.query.report import Report
from service.pages.filters import PageRequest
from service.pages.layout import render
from service.pages.numbers import told_of
from service.pages.streaming import Making
from service.web.services import RequestContext

# What else than a part of its kind a template is told, from what it is told anyway.
Also: TypeAlias = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def report_part(
    context: RequestContext,
    page_request: PageRequest,
    template: str,
    preset: str | None = None,
    question: Parameters | None = None,
) -> Making:
    """A part made of the report of some name, or of a question of the page's own; the page's narrows it further."""
    return partial(_report_part, context, page_request, template, preset, {**page_request.question, **(question or {})})


def chart_part(
    context: RequestContext,
    page_request: PageRequest,
    name: str,
    question: Parameters | None = None,
    *,
    template: str = "chart.html",
    also: Also | None = None,
) -> Making:
    """A chart, what it shows in words, and its numbers as a table with their doors.

    template: one that extends that of charts, for a table of its own; also: what it needs for that.
    """
    whole = {**page_request.question, **(question or {})}
    return partial(_chart_part, context, page_request, charts()[name], whole, template, also)


async def _report_part(
    context: RequestContext, page_request: PageRequest, template: str, preset: str | None, parameters: Parameters
) -> str:
    kept = await context.reports.cached_report(
        preset, parameters, f"{template} {page_request.here()}", partial(_written, template, page_request)
    )
    return kept.content.decode()


async def _chart_part(
    context: RequestContext,
    page_request: PageRequest,
    chart: Chart,
    question: Parameters,
    template: str,
    also: Also | None,
) -> str:
    writing = partial(drawn, chart, page_request, question, template=template, also=also)
    kept = await context.reports.cached_report(
        None, chart.asks(question), f"{template} {chart.name} {page_request.here()}", writing
    )
    return kept.content.decode()


def _written(template: str, page_request: PageRequest, report: Report) -> tuple[bytes, dict[str, str]]:
    return render(template, **told_of(report, page_request)).encode(), {}


def drawn(
    chart: Chart,
    page_request: PageRequest,
    question: Parameters,
    report: Report,
    *,
    template: str = "chart.html",
    also: Also | None = None,
) -> tuple[bytes, dict[str, str]]:
    """A chart of a report that is there already; question: what else than its own the chart is asked with."""
    told = told_of(report, page_request) | {
        "chart": chart,
        "specification": charting.specification(chart, report),
        "words": chart.told(report),
        "query": PageRequest(page_request.path, question).query,
        "report_query": PageRequest(page_request.path, chart.asks(question)).query,
    }
    return render(template, **{**told, **(also(told) if also else {})}).encode(), {}
