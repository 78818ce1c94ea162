"""The filters, sort order and breakdown of a page, as its address holds them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from urllib.parse import urlencode

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from reports.catalogue.presets import Preset
from reports.model.account import Account
from reports.model.codes import Codes
from reports.model.lead_attributes import LeadAttribute, is_attribute
from reports.model.windows import FIRST_YEAR, LAST_YEAR
from reports.rules.attribution_models import MODELS
from reports.store.ledger import Ledger
from service.errors import Fault
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.services import RequestContext

# These parameters change how a page shows its tables; they are not sent to its reports.
_DISPLAY_PARAMETERS = ("sort", "show")
# The columns that tables show, repeated: display, but with several values.
COLUMNS = "columns"
# The last day of the period, included: pages send it in place of `to`, the first moment after the period.
THROUGH = "through"
# The codes that a page filters on. They stay when a link leads to another page, as the others here do.
CODE_FILTERS = ("campaign", "source", "agent", "team")
CARRIED_PARAMETERS = ("from", "to", "tz", "as_of", *CODE_FILTERS, "goal", "currency", "compare", "matured")
# These parameters choose an earlier period; only reports that show one get them.
COMPARISON_PARAMETERS = ("compare", "matured")
# How many lines a table shows by default, and at most.
DEFAULT_LINES, MAX_LINES = 25, 1_000
_LINE_COUNT = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
# An agent's rank has a column of its own, beside the metric that decides the rank.
_RANK = "_rank"


@dataclass(frozen=True)
class PageRequest:
    """One request for a page: its path, the parameters of its reports, and how its tables are shown.

    sort: a metric or a dimension, with a minus sign for the largest first. show: the number of lines in a table.
    columns: the metrics that tables show; empty for all. carried: the parameters that stay when a link leads to another
    page. through: the last day of the period as it was typed. faults: what is wrong with the parameters, as far as is
    known without the account.
    """

    path: str
    parameters: Mapping[str, Sequence[str]]
    sort: str = ""
    show: str = ""
    columns: Sequence[str] = ()
    carried: Sequence[str] = CARRIED_PARAMETERS
    through: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def query(self) -> str:
        """The parameters of its reports as the query of an address."""
        return urlencode([(name, value) for name, values in self.parameters.items() for value in values])

    def link(self, **changes: str) -> str:
        """The address of this page with some parameters changed; an empty text removes a parameter."""
        return self._address({**self._all, **{name: [value] for name, value in changes.items()}})

    def without(self, name: str, value: str) -> str:
        """The address of this page without one value of a filter."""
        return self._address({**self._all, name: [other for other in self._all[name] if other != value]})

    def without_names(self, names: Collection[str]) -> str:
        """The address of this page without some parameters."""
        return self._address({name: values for name, values in self._all.items() if name not in names})

    def link_to(self, path: str, **parameters: str) -> str:
        """The address of another page, for the same period, zone, filters, goal and comparison."""
        carried = [name for name in self.carried if name not in parameters]
        pairs = [(name, value) for name in carried for value in self.values(name)]
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

    def values(self, name: str) -> Sequence[str]:
        """All values of a parameter."""
        return self.parameters.get(name, ())

    def form_values(self) -> dict[str, str]:
        """The first value of every field in the filter form, as it was sent."""
        empty = dict.fromkeys(("from", "to", "by", "tz", "as_of", "goal", "compare", "matured", *DIMENSIONS), "")
        sent = {name: values[0] for name, values in self.parameters.items()}
        return empty | sent | {"by": ",".join(self.values("by"))}

    @property
    def last_typed(self) -> str:
        """The last day of the period as it was sent, whether valid or not."""
        sent = self.values("to")[0] if self.values("to") else ""
        after = _day(sent)
        return self.through or (f"{after - timedelta(days=1)}" if after else sent)

    def extra_values(self, name: str) -> Sequence[str]:
        """The values of a parameter after its first."""
        return self.parameters.get(name, ())[1:]

    def hidden_fields(self, visible: Collection[str]) -> list[tuple[str, str]]:
        """The parameters without a visible field; the form sends them along unchanged."""
        return [(name, value) for name, values in self._all.items() if name not in visible for value in values if value]

    @property
    def _all(self) -> dict[str, Sequence[str]]:
        """Every parameter of this page, with those that change only its tables."""
        display = {"sort": [self.sort], "show": [self.show], COLUMNS: self.columns}
        return {**self.parameters, **display}

    def _address(self, parameters: Mapping[str, Sequence[str]]) -> str:
        pairs = [(name, value) for name, values in parameters.items() for value in values if value]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path


def parse_page_request(request: AnyRequest, subject: Collection[str] = ()) -> PageRequest:
    """The page request in an address, without the form fields that were left empty; it lists its own faults.

    subject: the filters that say what this page is about, which other pages do not want.
    """
    sent = request.query_params.dict().items()
    parameters = {name: filled for name, values in sent if (filled := [value for value in values if value])}
    display = {name: parameters.pop(name)[-1] for name in _DISPLAY_PARAMETERS if name in parameters}
    columns, through = parameters.pop(COLUMNS, []), parameters.pop(THROUGH, [])
    faults = _end_with(parameters, through) if through else []
    page_request = PageRequest(
        request.url.path,
        parameters,
        **display,
        columns=columns,
        carried=[name for name in CARRIED_PARAMETERS if name not in subject],
        through=through[0] if through else "",
    )
    return replace(page_request, faults=(*faults, *_display_faults(page_request)))


def _end_with(parameters: dict[str, list[str]], through: Sequence[str]) -> list[Fault]:
    """Set `to` to the day after the last day of the period. The faults of the last day."""
    last = _day(through[0])
    if len(through) > 1 or "to" in parameters:
        return [Fault(THROUGH, "must be given only once, and without to")]
    if last is None or not FIRST_YEAR <= last.year < LAST_YEAR:
        return [Fault(THROUGH, "must be a day, such as 2026-03-01")]
    first = _day(parameters.get("from", [""])[0])
    if first and last < first:
        return [Fault(THROUGH, f"must not be before the first day, {first}")]
    parameters["to"] = [f"{last + timedelta(days=1)}"]
    return []


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-03-01") else None
    except ValueError:
        return None


def _display_faults(page_request: PageRequest) -> list[Fault]:
    """The faults in the sort order, in the number of lines, and in the columns."""
    faults = list[Fault]()
    column = page_request.sort.removeprefix("-").removesuffix(_RANK)
    if page_request.sort and column not in _sortable_columns() and not is_attribute(column):
        faults.append(Fault("sort", "must be the name of a metric or a dimension; with - before it the largest first"))
    if page_request.show and not (_LINE_COUNT.fullmatch(page_request.show) and page_request.max_lines <= MAX_LINES):
        faults.append(Fault("show", f"must be how many lines to show, from 1 to {MAX_LINES:,}"))
    if any(name not in _sortable_columns() for name in page_request.columns):
        faults.append(Fault(COLUMNS, "must be names of metrics"))
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
    """What the filter form of a page suggests: the codes of each dimension, and how they are called.

    names: the configured names by dimension and code. attributes: the attributes of leads that the account reports by,
    by the name of their dimension. account, account_codes: what the period of the page depends on.
    """

    codes: Mapping[str, list[str]]
    names: Mapping[str, Mapping[str, str]]
    attributes: Mapping[str, LeadAttribute]
    account: Account
    account_codes: Codes


async def form_choices(context: RequestContext) -> FormChoices:
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
    return FormChoices(choices, codes.names, codes.lead_attributes, state.account, codes)
