"""Sources and campaigns side by side: as counted and as of one mix, under two models, tracking number by number."""

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
from reports.query.mix_adjustment import COLUMNS, adjusted_metrics, warnings_among
from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.query.request import DEFAULT_MODELS
from reports.render import formatting, provenance
from reports.render.source_verdicts import worry
from reports.rules.attribution_models import MODELS
from service.pages.filters import PageRequest, choices, page_request_of
from service.pages.layout import render
from service.pages.numbers import Group, told_of
from service.pages.parts import drawn
from service.pages.sign_in import admit
from service.pages.streaming import Making, assemble
from service.pages.tracking import TRACKING_HANDLERS, numbers_part
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

_PAGE = page_options("reports")
_CONVERSION = "conv_per_attempt"
_RETURN = "marketing_roi"
_MONEY = ("marketing_cost", "attributed_revenue", "attributed_gross_profit", "roas", _RETURN)
_PRICES = ("cost_per_lead", "cost_per_appointment", "cost_per_sale", "cac")
_COURSE = ("attempts", "list_penetration", "contacts", _CONVERSION, "appointments", "marketing_cost", _RETURN)
# Of what the mix can be made even; the subject of a page itself is none of it.
_STRATA = ("campaign", "source", "team", "agent", "region", "country", "week", "hour_of_week", "callee_hour_of_week")


@dataclass(frozen=True)
class _Subject:
    """What a page is about: a dimension, of what else its mix is made even, its charts, and its tables by title."""

    name: str
    mix_of: str
    mix_chart: str
    return_chart: str
    tables: Mapping[str, Sequence[str]]

    @property
    def strata(self) -> list[str]:
        """Of what the mix can be made even."""
        return [name for name in _STRATA if name != self.name]


_MONEY_TABLES = {
    "What was spent, and what came back": _MONEY,
    "What each lead, appointment, sale and customer cost": _PRICES,
}
_SOURCES = _Subject("source", "campaign", "mix", "roi", _MONEY_TABLES)
_CAMPAIGNS = _Subject(
    "campaign", "source", "mix-campaigns", "roi-campaigns", {"How far each has come": _COURSE, **_MONEY_TABLES}
)


@dataclass(frozen=True)
class _Rate:
    """A line of the table of rates: as counted and at the same mix, each with its interval and its place.

    Places are those among what could be compared; below: the doubt about the rate at the same mix.
    """

    group: Group
    same: str
    below: str
    place: int | None
    same_place: int | None

    @property
    def moved(self) -> bool:
        """Whether it has another place at the same mix."""
        return self.place != self.same_place


@get("/sources", opt=_PAGE, before_request=admit)
async def sources(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """Which source to worry about, what each converts and costs, and through which numbers it is called."""
    page_request = _asked(request)
    parts = {**_parts(context, page_request, _SOURCES), "numbers": numbers_part(context, page_request)}
    return await _page(request, context, page_request, _SOURCES, parts)


@get("/campaigns", opt=_PAGE, before_request=admit)
async def campaigns(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """Which campaign to worry about, how far its list is worked, and what it converts and costs."""
    page_request = _asked(request)
    return await _page(request, context, page_request, _CAMPAIGNS, _parts(context, page_request, _CAMPAIGNS))


def _asked(request: AnyRequest) -> PageRequest:
    """What a request asks; the same model chosen twice is one."""
    page_request = page_request_of(request)
    said = ",".join(page_request.question.get("model", ())).split(",")
    models = list(dict.fromkeys(name.strip() for name in said if name.strip()))
    return replace(page_request, question={**page_request.question, **({"model": models} if models else {})})


def _asking(page_request: PageRequest, subject: _Subject) -> Parameters:
    """What the reports of a page are asked: broken down by its subject, at the mix that is asked for or the usual."""
    return {"stratify": [subject.mix_of], **page_request.question, "by": [subject.name]}


def _parts(context: RequestContext, page_request: PageRequest, subject: _Subject) -> dict[str, Making]:
    return {
        "money": partial(_money, context, page_request, subject),
        "conversion": partial(_conversion, context, page_request, subject),
    }


async def _page(
    request: AnyRequest, context: RequestContext, page_request: PageRequest, subject: _Subject, parts: dict[str, Making]
) -> Response[Any] | Stream:
    return await assemble(
        f"{subject.name}s.html",
        parts,
        session=request.user,
        page_request=page_request,
        choices=await choices(context),
        models=MODELS,
        chosen_models=[*page_request.question.get("model", DEFAULT_MODELS), "", ""][:2],
        strata={name: _in_words(name) for name in subject.strata},
        stratum=page_request.question.get("stratify", [subject.mix_of])[-1],
    )


async def _money(context: RequestContext, page_request: PageRequest, subject: _Subject) -> str:
    question = _asking(page_request, subject)
    metrics = dict.fromkeys(name for names in subject.tables.values() for name in names)
    whole = {**question, "metrics": [",".join(metrics)]}
    writing = partial(_money_written, page_request, subject, question, PageRequest(page_request.path, whole).query)
    kept = await context.reports.cached_report(None, whole, f"money {page_request.here()}", writing)
    return kept.content.decode()


def _money_written(
    page_request: PageRequest, subject: _Subject, question: Parameters, query: str, report: Report
) -> tuple[bytes, dict[str, str]]:
    figure, _ = drawn(charts()[subject.return_chart], page_request, question, _narrowed(report, [_RETURN]))
    turned, report = _apart(report)
    told = told_of(report, page_request) | {
        "worry": worry(report),
        "turned": turned,
        "chart": Markup(figure.decode()),  # noqa: S704 - made of a template
        "tables": {
            title: _table(_narrowed(report, names), page_request, title) for title, names in subject.tables.items()
        },
        "models": [MODELS[name] for name in report.request.models],
        "query": query,
    }
    return render("money.html", **told).encode(), {}


def _table(report: Report, page_request: PageRequest, title: str) -> Markup:
    return Markup(render("numbers.html", **told_of(report, page_request), label=title))  # noqa: S704 - made of a template


def _narrowed(report: Report, names: Iterable[str]) -> Report:
    """A report as if only some of its metrics had been asked for, under all their models."""
    wanted = tuple(metric for metric in report.request.metrics if provenance.entry(metric).metric.name in names)
    return replace(report, request=replace(report.request, metrics=wanted, preset=None))


async def _conversion(context: RequestContext, page_request: PageRequest, subject: _Subject) -> str:
    question = _asking(page_request, subject)
    writing = partial(_conversion_written, page_request, subject, question)
    metrics = {"metrics": [f"attempts,{_CONVERSION}"]}
    kept = await context.reports.cached_report(
        None, {**question, **metrics}, f"conversion {page_request.here()}", writing
    )
    return kept.content.decode()


def _conversion_written(
    page_request: PageRequest, subject: _Subject, question: Parameters, report: Report
) -> tuple[bytes, dict[str, str]]:
    turned, report = _apart(report)
    stratum = report.request.stratify.name if report.request.stratify else subject.mix_of
    told = told_of(report, page_request)
    rates = _rates(report, told["groups"], page_request)
    more = {
        "rates": rates,
        "compared": sum(rate.place is not None for rate in rates),
        "stratum": _in_words(stratum),
        "turned": turned,
        "others": [(_in_words(name), page_request.here(stratify=name)) for name in subject.strata if name != stratum],
    }
    chart = charts()[subject.mix_chart]
    figure, _ = drawn(chart, page_request, question, report, template="mix_chart.html", also=lambda _: more)
    written = render("mix.html", **told, **more, chart=Markup(figure.decode()))  # noqa: S704 - made of a template
    return written.encode(), {}


def _apart(report: Report) -> tuple[list[str], Report]:
    """The warnings of an order that turns round, and the report with its other notes."""
    turned = warnings_among(report.caveats)
    return turned, replace(report, caveats=tuple(note for note in report.caveats if note not in turned))


def _in_words(name: str) -> str:
    return DIMENSIONS[name].title.lower().removesuffix(" from")


def _rates(report: Report, groups: Sequence[Group], page_request: PageRequest) -> list[_Rate]:
    """The lines of the table of rates, the highest as counted first unless the page is sorted otherwise."""
    groups = groups if page_request.sort else sorted(groups, key=lambda group: -(_said(group)["value"] or 0))
    metric = (adjusted_metrics(report.request) or report.request.displayed[-1:])[0]
    compared = [group for group in groups if _said(group).get("standardised") is not None]
    places, same_places = (_places(compared, part) for part in ("value", "standardised"))
    rates = list[_Rate]()
    for group in groups:
        same, low, high = (_said(group).get(part) for part in COLUMNS)
        value = formatting.NOTHING if same is None else formatting.value(same, metric, report.request.currency)
        names = tuple(group.names)
        rates.append(
            _Rate(group, value, formatting.interval(low, high, metric), places.get(names), same_places.get(names))
        )
    return rates


def _said(group: Group) -> Mapping[str, Any]:
    return group.numbers[-1].said


def _places(groups: Iterable[Group], part: str) -> dict[tuple[str, ...], int]:
    """The place of each group by a part of its rate, from 1."""
    known = sorted(groups, key=lambda group: -_said(group)[part])
    return {tuple(group.names): place for place, group in enumerate(known, 1)}


HANDLERS: list[HTTPRouteHandler] = [sources, campaigns, *TRACKING_HANDLERS]
