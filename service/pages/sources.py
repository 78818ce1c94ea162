"""The sources page and the campaigns page: return on spend, conversion at the same mix, and tracking numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from markupsafe import Markup

from reports.catalogue.dimensions import DIMENSIONS
from reports.charts import charts
from reports.measures.metric import Metric
from reports.model.language import marked
from reports.query.mix_adjustment import COLUMNS, adjusted_metrics, warnings_among
from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.query.request import DEFAULT_MODELS
from reports.render import formatting
from reports.render.source_verdicts import source_verdict
from reports.rules.attribution_models import MODELS
from service.pages.components.columns import bar_scales, sorted_groups
from service.pages.components.fragments import render_chart, render_table, with_metrics
from service.pages.components.layout import render
from service.pages.components.numbers import Group, report_context, table_groups
from service.pages.components.streaming import FragmentMaker
from service.pages.components.view import PageView, open_page
from service.pages.filtering.filters import PageRequest
from service.pages.sign_in import admit
from service.pages.tracking import TRACKING_HANDLERS, numbers_fragment
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

_PAGE = page_options("reports")
_CONVERSION = "conv_per_attempt"
_RETURN = "marketing_roi"
# Rates that differ by less are equal: only the rounding of binary fractions separates them.
_RATE_DECIMALS = 12
_MONEY_METRICS = ("marketing_cost", "attributed_revenue", "attributed_gross_profit", "roas", _RETURN)
_PRICE_METRICS = ("cost_per_lead", "cost_per_appointment", "cost_per_sale", "cac")
_PROGRESS_METRICS = ("attempts", "list_penetration", "contacts", _CONVERSION, "appointments", "marketing_cost", _RETURN)
# The dimensions over which the mix can be adjusted, except the page's own.
_STRATA = ("campaign", "source", "team", "agent", "region", "country", "week", "hour_of_week", "callee_hour_of_week")


@dataclass(frozen=True)
class _Subject:
    """The dimension of a page, the dimension its mix is adjusted over, its charts, and its tables by title."""

    name: str
    default_stratum: str
    mix_chart: str
    return_chart: str
    tables: Mapping[str, Sequence[str]]

    @property
    def strata(self) -> list[str]:
        """The dimensions over which the mix of this page can be adjusted."""
        return [name for name in _STRATA if name != self.name]


_MONEY_TABLES = {
    marked("Spend and return"): _MONEY_METRICS,
    marked("Cost per lead, appointment, sale and customer"): _PRICE_METRICS,
}
_SOURCES = _Subject("source", "campaign", "mix", "roi", _MONEY_TABLES)
_CAMPAIGNS = _Subject(
    "campaign",
    "source",
    "mix-campaigns",
    "roi-campaigns",
    {marked("Campaign progress"): _PROGRESS_METRICS, **_MONEY_TABLES},
)


@dataclass(frozen=True)
class _Rate:
    """A line of the table of rates: as counted and at the same mix, each with its rank.

    Only comparable groups are ranked. adjusted_interval: the interval of the rate at the same mix.
    """

    group: Group
    adjusted: str
    adjusted_interval: str
    rank: int | None
    adjusted_rank: int | None

    @property
    def moved(self) -> bool:
        """Whether its rank changes at the same mix."""
        return self.rank != self.adjusted_rank


@get("/sources", opt=_PAGE, before_request=admit)
async def sources(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """All sources: which to worry about, conversion, cost, and the tracking numbers."""
    view = _with_distinct_models(open_page(request, context))
    return await _respond(view, _SOURCES, {**_fragments(view, _SOURCES), "numbers": numbers_fragment(view)})


@get("/campaigns", opt=_PAGE, before_request=admit)
async def campaigns(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """All campaigns: which to worry about, how far each list is worked, conversion, and cost."""
    view = _with_distinct_models(open_page(request, context))
    return await _respond(view, _CAMPAIGNS, _fragments(view, _CAMPAIGNS))


def _with_distinct_models(view: PageView) -> PageView:
    """The view with each attribution model once, even if the form sent one twice."""
    names = ",".join(view.parameters.get("model", ())).split(",")
    models = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    return view.with_parameters({"model": models} if models else {})


def _report_parameters(page_request: PageRequest, subject: _Subject) -> Parameters:
    """The parameters of the page's reports: broken down by its dimension, at the chosen or the default mix."""
    return {"stratify": [subject.default_stratum], **page_request.parameters, "by": [subject.name]}


def _fragments(view: PageView, subject: _Subject) -> dict[str, FragmentMaker]:
    return {"money": partial(_money_html, view, subject), "conversion": partial(_conversion_html, view, subject)}


async def _respond(view: PageView, subject: _Subject, fragments: Mapping[str, FragmentMaker]) -> Response[Any] | Stream:
    return await view.respond(
        f"{subject.name}s.html",
        fragments,
        models=MODELS,
        chosen_models=[*view.parameters.get("model", DEFAULT_MODELS), "", ""][:2],
        strata={name: _in_words(name) for name in subject.strata},
        stratum=view.parameters.get("stratify", [subject.default_stratum])[-1],
    )


async def _money_html(view: PageView, subject: _Subject) -> str:
    parameters = _report_parameters(view.page_request, subject)
    metrics = dict.fromkeys(name for names in subject.tables.values() for name in names)
    whole = {**parameters, "metrics": [",".join(metrics)]}
    query = PageRequest(view.page_request.path, whole).query
    render_report = partial(_render_money, view.page_request, subject, parameters, query)
    return await view.cached_fragment("money", whole, render_report)


def _render_money(
    page_request: PageRequest, subject: _Subject, parameters: Parameters, query: str, report: Report
) -> str:
    figure = render_chart(charts()[subject.return_chart], page_request, parameters, with_metrics(report, [_RETURN]))
    reversals, report = _split_reversals(report)
    context = report_context(report, page_request) | {
        "verdict": source_verdict(report),
        "reversals": reversals,
        "chart": Markup(figure),  # noqa: S704 - rendered by a template
        "tables": {
            title: render_table(with_metrics(report, names), page_request, title)
            for title, names in subject.tables.items()
        },
        "models": [MODELS[name] for name in report.request.models],
        "query": query,
    }
    return render("money.html", **context)


async def _conversion_html(view: PageView, subject: _Subject) -> str:
    parameters = _report_parameters(view.page_request, subject)
    render_report = partial(_render_conversion, view.page_request, subject, parameters)
    metrics = {"metrics": [f"attempts,{_CONVERSION}"]}
    return await view.cached_fragment("conversion", {**parameters, **metrics}, render_report)


def _render_conversion(page_request: PageRequest, subject: _Subject, parameters: Parameters, report: Report) -> str:
    reversals, report = _split_reversals(report)
    stratum = report.request.stratify.name if report.request.stratify else subject.default_stratum
    context = report_context(report, page_request)
    table = sorted_groups(report, page_request)
    rates = _rates(report, list(table_groups(report, table, bar_scales(report, table))), page_request)
    mix_context = {
        "rates": rates,
        "compared": sum(rate.rank is not None for rate in rates),
        "moved": sum(rate.moved for rate in rates),
        "stratum": _in_words(stratum),
        "reversals": reversals,
        "other_strata": [
            (_in_words(name), page_request.link(stratify=name)) for name in subject.strata if name != stratum
        ],
    }
    figure = render_chart(
        charts()[subject.mix_chart],
        page_request,
        parameters,
        report,
        template="mix_chart.html",
        extra_context=lambda _: mix_context,
    )
    return render("mix.html", **context, **mix_context, chart=Markup(figure))  # noqa: S704 - rendered by a template


def _split_reversals(report: Report) -> tuple[list[str], Report]:
    """The warnings that an order reverses at the same mix, and the report with its other caveats."""
    reversals = warnings_among(report.caveats)
    return reversals, replace(report, caveats=tuple(caveat for caveat in report.caveats if caveat not in reversals))


def _in_words(name: str) -> str:
    return DIMENSIONS[name].label.lower().removesuffix(" from")


def _rates(report: Report, groups: Sequence[Group], page_request: PageRequest) -> list[_Rate]:
    """The lines of the table of rates, the highest as counted first unless the page is sorted otherwise."""
    groups = groups if page_request.sort else sorted(groups, key=lambda group: -(_rate_cell(group)["value"] or 0))
    metric = (adjusted_metrics(report.request) or report.request.displayed[-1:])[0]
    compared = [group for group in groups if _rate_cell(group).get("standardised") is not None]
    ranks, adjusted_ranks = (_ranks(compared, column) for column in ("value", "standardised"))
    rates = list[_Rate]()
    for group in groups:
        adjusted, low, high = (_rate_cell(group).get(column) for column in COLUMNS)
        value = _adjusted(metric, report, adjusted, low, high)
        interval, names = formatting.interval(low, high, metric), tuple(group.names)
        rates.append(_Rate(group, value, interval, ranks.get(names), adjusted_ranks.get(names)))
    return rates


def _adjusted(metric: Metric, report: Report, rate: float | None, low: float | None, high: float | None) -> str:
    if rate is None:
        return formatting.NOTHING
    return formatting.value(rate, metric, report.request.currency, formatting.half_width(low, high))


def _rate_cell(group: Group) -> Mapping[str, Any]:
    return group.numbers[-1].cell


def _ranks(groups: Iterable[Group], column: str) -> dict[tuple[str, ...], int]:
    """The rank of each group by a column of its rate, from 1. Equal rates share the better rank."""
    ordered = sorted(groups, key=lambda group: -_rate_cell(group)[column])
    ranks = dict[float, int]()
    for rank, group in enumerate(ordered, 1):
        ranks.setdefault(round(_rate_cell(group)[column], _RATE_DECIMALS), rank)
    return {tuple(group.names): ranks[round(_rate_cell(group)[column], _RATE_DECIMALS)] for group in ordered}


HANDLERS: list[HTTPRouteHandler] = [sources, campaigns, *TRACKING_HANDLERS]
