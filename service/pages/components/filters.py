"""The filters, sort order and breakdown of a page, as its address holds them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cache
from urllib.parse import urlencode

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from reports.catalogue.presets import Preset
from reports.model.account import Account
from reports.model.codes import Codes
from reports.model.lead_attributes import LeadAttribute, is_attribute
from reports.model.window_presets import window_label, window_presets
from reports.model.windows import Window, clock, whole_days
from reports.query.parameters import InvalidRequest, ParameterParser
from reports.query.request import report_window
from reports.rules.attribution_models import MODELS
from reports.store.ledger import Ledger
from service.errors import Fault, InvalidParameter
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.services import RequestContext

# These parameters change how a page shows its tables; they are not sent to its reports.
_DISPLAY_PARAMETERS = ("sort", "show")
# These parameters stay when a link leads to another page.
_CARRIED_PARAMETERS = ("from", "to", "tz", "as_of", "campaign", "team", "goal", "compare", "matured")
# These parameters choose an earlier period; only reports that show one get them.
COMPARISON_PARAMETERS = ("compare", "matured")
# How many lines a table shows by default, and at most.
DEFAULT_LINES, MAX_LINES = 200, 1_000
_LINE_COUNT = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
# An agent's rank has a column of its own, beside the metric that decides the rank.
_RANK = "_rank"


@dataclass(frozen=True)
class PageRequest:
    """One request for a page: its path, the parameters of its reports, and how its tables are shown.

    sort: a metric or a dimension, with a minus sign for the largest first. show: the number of lines in a table.
    carried: the parameters that stay when a link leads to another page.
    """

    path: str
    parameters: Mapping[str, Sequence[str]]
    sort: str = ""
    show: str = ""
    carried: Sequence[str] = _CARRIED_PARAMETERS

    @property
    def query(self) -> str:
        """The parameters as the query of an address."""
        return urlencode([(name, value) for name, values in self.parameters.items() for value in values])

    def link(self, **changes: str) -> str:
        """The address of this page with some parameters changed; an empty text removes a parameter."""
        display = {"sort": [self.sort], "show": [self.show]}
        parameters = {**self.parameters, **display, **{name: [value] for name, value in changes.items()}}
        pairs = [(name, value) for name, values in parameters.items() for value in values if value]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def link_to(self, path: str, **parameters: str) -> str:
        """The address of another page, for the same time, zone, campaign, team and goal."""
        pairs = [
            (name, value) for name in self.carried if name not in parameters for value in self.parameters.get(name, ())
        ]
        query = urlencode([*pairs, *parameters.items()])
        return f"{path}?{query}" if query else path

    @property
    def carried_query(self) -> str:
        """The query that links to other pages carry along."""
        return self.link_to("")

    @property
    def max_lines(self) -> int:
        """How many lines a table shows."""
        return int(self.show or DEFAULT_LINES)

    def form_values(self, period: "FormPeriod | None") -> dict[str, str]:
        """The first value of every field in the filter form; period: that of the page's reports."""
        edges = {"from": period.first, "to": period.after} if period else {"from": "", "to": ""}
        empty = dict.fromkeys(("by", "tz", "as_of", "goal", "compare", "matured", *DIMENSIONS), "")
        sent = {name: values[0] for name, values in self.parameters.items()}
        return empty | sent | edges | self._breakdown

    def extra_values(self, name: str) -> Sequence[str]:
        """The values of a parameter after its first; each gets a form field of its own."""
        return self.parameters.get(name, ())[1:]

    def hidden_fields(self, visible: Sequence[str]) -> list[tuple[str, str]]:
        """The parameters without a visible field; the form sends them along unchanged."""
        return [(name, value) for name, values in self.parameters.items() if name not in visible for value in values]

    @property
    def _breakdown(self) -> dict[str, str]:
        dimensions = self.parameters.get("by", ())
        return {"by": ",".join(dimensions)} if dimensions else {}


@dataclass(frozen=True)
class FormPeriod:
    """The period of a page in the zone of its reports, as its form shows it.

    first, after: the values of the two fields: dates, or times where the period does not begin and end with a day.
    label: its name and its days. presets: the periods on offer, each with its label and its address.
    """

    window: Window
    first: str
    after: str
    label: str
    presets: list[tuple[str, str]]

    @property
    def field_type(self) -> str:
        """The kind of field that can hold both values."""
        return "date" if len(self.first) == len(self.after) == len("2026-03-01") else "text"

    @property
    def days(self) -> int:
        """How many days it touches."""
        return whole_days(self.window)


def form_period(page_request: PageRequest, account: Account, codes: Codes) -> FormPeriod | None:
    """The period that the page's reports are about; None if its address names no valid one."""
    try:
        as_of = ParameterParser(page_request.parameters).as_of(account.taken_at)
        window = report_window(page_request.parameters, account, codes, as_of)
    except InvalidRequest:
        return None
    now = as_of or account.taken_at
    first, after = (_edge_text(edge, window) for edge in (window.start, window.end))
    presets = [
        (preset.label, page_request.link(**{"from": f"{preset.first}", "to": f"{preset.after}"}))
        for preset in window_presets(now, window.zone)
    ]
    return FormPeriod(window, first, after, window_label(window, now), presets)


def _edge_text(edge: datetime, window: Window) -> str:
    """A date, where the edge is the start of a day, else a time with its offset."""
    shown = clock(edge, window.zone)
    return f"{shown.date()}" if shown.time() == time() else window.local(edge).isoformat()


def parse_page_request(request: AnyRequest) -> PageRequest:
    """The page request in an address, without the form fields that were left empty. Raises InvalidParameter."""
    sent = request.query_params.dict().items()
    parameters = {name: filled for name, values in sent if (filled := [value for value in values if value])}
    display = {name: parameters.pop(name)[-1] for name in _DISPLAY_PARAMETERS if name in parameters}
    page_request = PageRequest(request.url.path, parameters, **display)
    if faults := tuple(_display_faults(page_request)):
        raise InvalidParameter(faults=faults)
    return page_request


def _display_faults(page_request: PageRequest) -> list[Fault]:
    """The faults in the sort order and in the number of lines."""
    faults = list[Fault]()
    column = page_request.sort.removeprefix("-").removesuffix(_RANK)
    if page_request.sort and column not in _sortable_columns() and not is_attribute(column):
        faults.append(Fault("sort", "must be the name of a metric or a dimension; with - before it the largest first"))
    if page_request.show and not (_LINE_COUNT.fullmatch(page_request.show) and page_request.max_lines <= MAX_LINES):
        faults.append(Fault("show", f"must be how many lines to show, from 1 to {MAX_LINES:,}"))
    return faults


@cache
def _sortable_columns() -> frozenset[str]:
    """Every column that any table can have."""
    per_model = [name for name, entry in catalogue().items() if entry.metric.per_model]
    return frozenset([*DIMENSIONS, *catalogue(), *(f"{name}_{model}" for name in per_model for model in MODELS)])


def shared_dimensions(preset: Preset) -> list[str]:
    """The dimensions that every metric of a preset can be broken down by and filtered on."""
    metrics = [catalogue()[name].metric for name in preset.metrics]
    return [name for name in DIMENSIONS if all(name in metric.dimensions for metric in metrics)]


@dataclass(frozen=True)
class FormChoices:
    """What the filter form of a page suggests: the codes of each dimension, and the period of its reports.

    attributes: the attributes of leads that the account reports by, by the name of their dimension.
    """

    codes: Mapping[str, list[str]]
    period: FormPeriod | None
    attributes: Mapping[str, LeadAttribute] = field(default_factory=dict[str, LeadAttribute])


async def form_choices(context: RequestContext, page_request: PageRequest) -> FormChoices:
    """The suggestions of a page's form, all from one snapshot."""
    async with account_transaction(context.pool, context.access.account_id, readonly=True) as connection:
        ledger = Ledger(connection, context.access.account_id)
        state = await ledger.state()
        codes = await ledger.codes(None, state.account.zone.key)
    agents, teams = context.limits.agents(codes), context.limits.own_teams(codes)
    suggested = {
        "campaign": codes.campaigns["reads"],
        "source": codes.sources["reads"],
        "agent": codes.agents["reads"] if agents is None else agents,
        "team": codes.agents["team"].drop_nulls() if teams is None else teams,
    }
    choices = {name: sorted(set(column)) for name, column in suggested.items()}
    return FormChoices(choices, form_period(page_request, state.account, codes), codes.lead_attributes)
