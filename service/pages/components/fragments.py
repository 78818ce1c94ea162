"""The fragments that most pages share: the table of a report, and a chart with its numbers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from markupsafe import Markup

from reports import charting
from reports.charts import Chart, charts
from reports.query.parameters import Parameters
from reports.query.ranking import COLUMNS as RANKS
from reports.query.report import Report
from reports.render import provenance
from service.pages.components.layout import render
from service.pages.components.numbers import report_context
from service.pages.components.streaming import FragmentMaker
from service.pages.components.view import PageView
from service.pages.filtering.filters import PageRequest

# Further template variables, made from those that every template of its kind has.
ExtraContext: TypeAlias = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def report_fragment(
    view: PageView, template: str, preset: str | None = None, parameters: Parameters | None = None
) -> FragmentMaker:
    """A preset, or a report with parameters of the fragment's own; the page's filters narrow it further."""

    def render_report(report: Report) -> str:
        return render(template, **report_context(report, view.page_request))

    whole = {**view.parameters, **view.comparison, **(parameters or {})}
    return partial(view.cached_fragment, template, whole, render_report, preset)


def chart_fragment(
    view: PageView,
    name: str,
    *,
    template: str = "chart.html",
    extra_context: ExtraContext | None = None,
    comparison: Parameters | None = None,
) -> FragmentMaker:
    """A chart, its summary in words, and its numbers as a table with drill-through links.

    template: one that extends chart.html with a table of its own; extra_context: the variables it needs for that.
    comparison: the parameters of the compared period that the chart draws too.
    """
    chart, parameters = charts()[name], {**view.parameters, **(comparison or {})}
    render_report = partial(
        render_chart, chart, view.page_request, parameters, template=template, extra_context=extra_context
    )
    return partial(view.cached_fragment, f"{template} {name}", chart.report_parameters(parameters), render_report)


def render_chart(
    chart: Chart,
    page_request: PageRequest,
    parameters: Parameters,
    report: Report,
    *,
    template: str = "chart.html",
    extra_context: ExtraContext | None = None,
) -> str:
    """The HTML of a chart of an existing report; parameters: those sent to the report besides the chart's own."""
    context = report_context(report, page_request) | {
        "chart": chart,
        "specification": charting.specification(chart, report) if chart.has_data(report) else None,
        "summary": chart.summarise(report),
        "query": PageRequest(page_request.path, parameters).query,
        "report_query": PageRequest(page_request.path, chart.report_parameters(parameters)).query,
    }
    return render(template, **{**context, **(extra_context(context) if extra_context else {})})


def with_metrics(report: Report, names: Iterable[str]) -> Report:
    """The report reduced to some of its metrics, in the order of the names, under all their attribution models."""
    columns = list(names)
    metrics = [metric for metric in report.request.metrics if provenance.catalogue_entry(metric).metric.name in columns]
    ordered = sorted(metrics, key=lambda metric: columns.index(provenance.catalogue_entry(metric).metric.name))
    return replace(report, request=replace(report.request, metrics=tuple(ordered), preset=None))


def without_ranks(report: Report) -> Report:
    """The report without likely rates and ranks, for tables of many rates: each would need three more lines."""
    columns = {name: tuple(part for part in parts if part not in RANKS) for name, parts in report.cell_columns.items()}
    return replace(report, cell_columns=columns)


def render_table(report: Report, page_request: PageRequest, label: str, template: str = "numbers.html") -> Markup:
    """The table of a report, named for people who cannot see it."""
    table = render(template, **report_context(report, page_request), label=label)
    return Markup(table)  # noqa: S704 - rendered by a template
