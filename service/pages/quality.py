"""The quality page: scores and customers' answers by agent, forms by section, and how far evaluators agree."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.charts import charts
from reports.model.language import marked
from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.render.benchmark_text import published_references
from reports.render.group_verdicts import verdict_sentences
from service.pages.components.evaluated_calls import best_calls_html, disputes_html, shared_calls_html
from service.pages.components.fragments import render_chart, render_table, with_metrics, without_ranks
from service.pages.components.layout import render
from service.pages.components.numbers import report_context
from service.pages.components.streaming import FragmentMaker
from service.pages.components.view import PageView, open_page
from service.pages.filtering.filters import PageRequest
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

_SCORE = "qa_score"
_AGREEMENT = ("rater_agreement", "calibration_spread")
_EVALUATED = (_SCORE, "evaluations", "evaluators", "script_adherence", *_AGREEMENT)
_ANSWERED = ("csat", "csat_answers", "csat_response_rate", "nps", "nps_answers", "nps_response_rate")
_FORMS = (_SCORE, "evaluations", "script_adherence", *_AGREEMENT)
_SECTIONS = ("contact_quality", "evaluations_with_points", "rater_agreement")
_EVALUATORS = (_SCORE, "evaluations", *_AGREEMENT)
_BY_AGENT: Parameters = {"metrics": [",".join((*_EVALUATED, *_ANSWERED))], "by": ["agent"]}
_BY_FORM: Parameters = {"metrics": [",".join(_FORMS)], "by": ["form,form_version"]}
_BY_SECTION: Parameters = {"metrics": [",".join(_SECTIONS)], "by": ["form,form_version,section"]}
_BY_EVALUATOR: Parameters = {"metrics": [",".join(_EVALUATORS)], "by": ["evaluator"]}


@get("/quality", opt=page_options("reports", limited=True), before_request=admit)
async def quality(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """Which agents need coaching, which part of a call goes wrong, and whether evaluators agree."""
    view = open_page(request, context)
    by_agent = {**view.parameters, **_BY_AGENT}
    fragments: dict[str, FragmentMaker] = {
        "agents": partial(_fragment, view, by_agent, _agents_html),
        "forms": partial(_fragment, view, {**view.parameters, **_BY_FORM}, _forms_html),
        "sections": partial(_fragment, view, {**view.parameters, **_BY_SECTION}, _sections_html),
        "calibration": partial(_fragment, view, {**view.parameters, **_BY_EVALUATOR}, _calibration_html),
        "disputes": partial(disputes_html, view),
        "calls": partial(best_calls_html, view),
        "shared": partial(shared_calls_html, view),
    }
    return await view.respond("quality.html", fragments, files_query=PageRequest("", by_agent).query)


async def _fragment(view: PageView, parameters: Parameters, render_report: Callable[[PageRequest, Report], str]) -> str:
    return await view.cached_fragment(render_report.__name__, parameters, partial(render_report, view.page_request))


def _agents_html(page_request: PageRequest, report: Report) -> str:
    """Who stands out by score and by satisfaction; the chart of the scores; a table of each kind of number."""
    scores, unranked = with_metrics(report, [_SCORE]), without_ranks(report)
    figure = render_chart(charts()["qa-scores"], page_request, page_request.parameters, scores)
    satisfied = verdict_sentences(report, "csat")
    tables = {
        marked("Evaluations by agent"): render_table(
            with_metrics(unranked, _EVALUATED), page_request, "Evaluations by agent"
        ),
        marked("Customer surveys by agent"): render_table(
            with_metrics(unranked, _ANSWERED), page_request, "Customer surveys by agent"
        ),
    }
    context = report_context(report, page_request)
    return figure + render("quality_agents.html", **context, tables=tables, satisfied=" ".join(satisfied))


def _forms_html(page_request: PageRequest, report: Report) -> str:
    """Each form with how far its evaluators agree."""
    return render("table.html", **report_context(with_metrics(report, _FORMS), page_request), label=marked("Forms"))


def _sections_html(page_request: PageRequest, report: Report) -> str:
    """The sections of each form. Calibrations have no section, and their row would be empty here."""
    scored = report.groups.filter(pl.col("evaluations_with_points") > 0)
    sections = with_metrics(replace(report, groups=scored), _SECTIONS)
    return render_table(sections, page_request, marked("Sections")) if scored.height else ""


def _calibration_html(page_request: PageRequest, report: Report) -> str:
    """How far evaluators agree, who gives clearly more or fewer points, and the reference values."""
    strictness = verdict_sentences(report, _SCORE)
    evaluators = replace(report, groups=report.groups.filter(pl.col("evaluator").is_not_null()))
    return render(
        "quality_calibration.html",
        **report_context(with_metrics(evaluators, _EVALUATORS), page_request),
        label=marked("Evaluators"),
        strictness=" ".join(strictness),
        benchmarks=published_references(report),
    )


HANDLERS: list[HTTPRouteHandler] = [quality]
