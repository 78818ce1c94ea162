"""One view of a page: the signed-in person, the parsed address, and the answer made from a template and fragments."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response
from litestar.response import Stream

from reports.model.language import current_language
from reports.query.parameters import Parameters
from reports.query.report import Report
from service.accounts.demo_floors import has_calls
from service.accounts.sessions import Session
from service.errors import InvalidParameter
from service.pages.components.layout import html_response, render
from service.pages.components.streaming import FragmentMaker, page_response
from service.pages.filtering.chips import active_chips
from service.pages.filtering.filters import (
    CODE_FILTERS,
    COMPARISON_PARAMETERS,
    PageRequest,
    form_choices,
    parse_page_request,
)
from service.pages.filtering.period import FormPeriod, form_period
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.services import RequestContext

# The cookie that remembers whether a person wants to see the statistics of every number.
STATISTICS = "calltally-statistics"


@dataclass(frozen=True)
class PageView:
    """What every page handler starts from: the session, the services, and the parameters in the address.

    subject: the filters that say what the page is about; its form does not offer them. statistics: whether the person
    wants to see the statistics of every number.
    """

    session: Session
    context: RequestContext
    page_request: PageRequest
    subject: Collection[str] = ()
    statistics: bool = False

    @property
    def parameters(self) -> Parameters:
        """The parameters that the page sends to its reports, except those of a comparison."""
        sent = self.page_request.parameters.items()
        return {name: values for name, values in sent if name not in COMPARISON_PARAMETERS}

    @property
    def comparison(self) -> Parameters:
        """The parameters of the chosen comparison, for reports that show one."""
        sent = self.page_request.parameters
        return {name: sent[name] for name in COMPARISON_PARAMETERS if name in sent}

    @property
    def sees_rows(self) -> bool:
        """Whether the key may see single calls and leads."""
        return "rows" in self.context.access.scopes

    def _usual(self) -> Collection[str]:
        """The parameters that no person can take away: the time zone of their profile applies to every page."""
        own_zone = self.session.user and self.session.user.zone
        return ("tz",) if own_zone and self.parameters.get("tz") == [own_zone] else ()

    def with_parameters(self, parameters: Parameters) -> "PageView":
        """The same view with some parameters set."""
        whole = {**self.page_request.parameters, **parameters}
        return replace(self, page_request=replace(self.page_request, parameters=whole))

    async def period(self) -> FormPeriod | None:
        """The period of the page's reports; None if the address names no valid one."""
        return form_period(self.page_request, await form_choices(self.context))

    async def through_today(self) -> Parameters:
        """The window for what is due now: without one in the address, the last full days and today."""
        if "from" in self.parameters or "to" in self.parameters:
            return {}
        period = await self.period()
        return {"from": [period.first]} if period else {}

    async def respond(
        self,
        template: str,
        fragments: Mapping[str, FragmentMaker],
        filters: Collection[str] = CODE_FILTERS,
        **variables: Any,
    ) -> Response[Any] | Stream:
        """The page as it is sent; with faults in its address, only its form, which names them.

        filters: the dimensions its form offers; none: it has no such form, and its faults are raised. Raises the errors
        of early fragments, and NotAllowed for filters outside the limits of the person.
        """
        page: dict[str, Any] = {
            "session": self.session,
            "page_request": self.page_request,
            "statistics": self.statistics,
            "has_calls": await _has_calls(self.context),
            **variables,
        }
        if not filters:
            _raise_faults(self.page_request)
            return await page_response(template, fragments, **page)
        choices = await form_choices(self.context)
        self.context.limits.narrow(self.parameters, choices.account_codes)  # before a part of the page is sent
        page |= {
            "choices": {name: choices.codes[name] for name in filters if name not in self.subject},
            "names": choices.names,
            "period": form_period(self.page_request, choices),
            "attributes": choices.attributes,
            "chips": active_chips(self.page_request, choices, {*self.subject, *self._usual()}),
        }
        try:
            _raise_faults(self.page_request)
            return await page_response(template, fragments, faults={}, **page)
        except InvalidParameter as error:
            empty = dict.fromkeys(fragments, "")
            faults = {fault.pointer: fault.message for fault in error.faults}
            return html_response(render(template, fragment=empty, faults=faults, **page), 400)

    async def cached_fragment(
        self, name: str, parameters: Parameters, render_report: Callable[[Report], str], preset: str | None = None
    ) -> str:
        """The HTML of a report for this address, cached like any other answer. Raises InvalidParameter and Busy."""
        return await cached_text(self.context, f"{name} {self.page_request.link()}", parameters, render_report, preset)


def open_page(request: AnyRequest, context: RequestContext, subject: Collection[str] = ()) -> PageView:
    """The view of a request that `admit` let in, in the time zone of its person.

    subject: the filters that say what the page is about. Raises InvalidParameter.
    """
    session: Session = request.user
    statistics = request.cookies.get(STATISTICS) == "shown"
    view = PageView(session, context, parse_page_request(request, subject), subject, statistics)
    own_zone = session.user and session.user.zone
    return view.with_parameters({"tz": [own_zone]}) if own_zone and "tz" not in view.parameters else view


async def _has_calls(context: RequestContext) -> bool:
    """Whether the account has calls; without any, a page says how to get them."""
    account = context.access.account_id
    async with account_transaction(context.pool, account, readonly=True) as connection:
        return await has_calls(connection, account)


def _raise_faults(page_request: PageRequest) -> None:
    if page_request.faults:
        raise InvalidParameter(faults=page_request.faults)


async def cached_text(
    context: RequestContext,
    name: str,
    parameters: Parameters,
    render_report: Callable[[Report], str],
    preset: str | None = None,
) -> str:
    """A report as text, cached under a name of its own. Raises InvalidParameter and Busy."""

    def write(report: Report) -> tuple[bytes, dict[str, str]]:
        return render_report(report).encode(), {}

    own = f"{current_language().code} {name}"
    return (await context.reports.cached_report(preset, parameters, own, write)).content.decode()


async def account_zone(context: RequestContext) -> ZoneInfo:
    """The account's time zone, which decides when a day begins."""
    return ZoneInfo((await context.accounts.get(context.access.account_id)).zone)


async def zone_of(session: Session, context: RequestContext) -> ZoneInfo:
    """The time zone that a person has chosen, else the account's."""
    own_zone = session.user and session.user.zone
    return ZoneInfo(own_zone) if own_zone else await account_zone(context)
