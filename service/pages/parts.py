"""The parts of pages that are made of reports, kept like any other answer: tables, cards and charts."""

from functools import partial

from reports import charting
from reports.charts import Chart, charts
from reports.reader import Parameters
from reports.report import Report
from service.api.parts import Desk
from service.api.reports import give
from service.pages.asking import Asked
from service.pages.assembling import Making
from service.pages.numbers import told_of
from service.pages.site import render


def report_part(
    desk: Desk, asked: Asked, template: str, preset: str | None = None, question: Parameters | None = None
) -> Making:
    """A part made of the report of some name, or of a question of the page's own; the page's narrows it further."""
    return partial(_report_part, desk, asked, template, preset, {**asked.question, **(question or {})})


def chart_part(desk: Desk, asked: Asked, name: str, question: Parameters | None = None) -> Making:
    """A chart, what it shows in words, and its numbers as a table with their doors."""
    return partial(_chart_part, desk, asked, charts()[name], {**asked.question, **(question or {})})


async def _report_part(desk: Desk, asked: Asked, template: str, preset: str | None, parameters: Parameters) -> str:
    kept = await give(desk, preset, parameters, f"{template} {asked.here()}", partial(_written, template, asked))
    return kept.content.decode()


async def _chart_part(desk: Desk, asked: Asked, chart: Chart, question: Parameters) -> str:
    parameters = {**question, **chart.question}
    writing = partial(drawn, chart, asked, question)
    kept = await give(desk, None, parameters, f"chart {chart.name} {asked.here()}", writing)
    return kept.content.decode()


def _written(template: str, asked: Asked, report: Report) -> tuple[bytes, dict[str, str]]:
    return render(template, **told_of(report, asked)).encode(), {}


def drawn(chart: Chart, asked: Asked, question: Parameters, report: Report) -> tuple[bytes, dict[str, str]]:
    """A chart of a report that is there already; question: what else than its own the chart is asked with."""
    told = told_of(report, asked) | {
        "chart": chart,
        "specification": charting.specification(chart, report),
        "words": chart.told(report),
        "query": Asked(asked.path, question).query,
        "report_query": Asked(asked.path, {**question, **chart.question}).query,
    }
    return render("chart.html", **told).encode(), {}
