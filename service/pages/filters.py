"""What somebody asks of a page: when, narrowed to what, in which order; the address says it all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import urlencode

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from reports.catalogue.presets import Preset
from reports.rules.attribution_models import MODELS
from reports.store.ledger import Ledger
from service.errors import Fault, InvalidParameter
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.services import RequestContext

# What says how a page is shown, not what is asked of its reports.
_SHOWN = ("sort", "show")
# What stays the same on the way from one page to another.
_KEPT = ("from", "to", "tz", "as_of", "campaign", "team", "goal")
# How many lines of a table are shown unless more are asked for, and how many at most.
USUALLY_SHOWN, MOST_SHOWN = 200, 1_000
_NUMBER = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
# The place of an agent is a column of its own, beside the number it follows from.
_PLACE = "_rank"


@dataclass(frozen=True)
class PageRequest:
    """A page that is asked for: its path, what its reports are asked, and how their tables are shown.

    sort: the name of a metric or a dimension; with a minus sign the largest first. show: how many lines of a table.
    """

    path: str
    question: Mapping[str, Sequence[str]]
    sort: str = ""
    show: str = ""

    @property
    def query(self) -> str:
        """The question as the query of an address."""
        return urlencode([(name, value) for name, values in self.question.items() for value in values])

    def here(self, **changed: str) -> str:
        """The address of this page with something asked otherwise; an empty text asks it no more."""
        shown = {"sort": [self.sort], "show": [self.show]}
        said = {**self.question, **shown, **{name: [value] for name, value in changed.items()}}
        pairs = [(name, value) for name, values in said.items() for value in values if value]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def at(self, path: str, **said: str) -> str:
        """The address of another page about the same, and about what is said."""
        pairs = [(name, value) for name in _KEPT if name not in said for value in self.question.get(name, ())]
        query = urlencode([*pairs, *said.items()])
        return f"{path}?{query}" if query else path

    @property
    def kept(self) -> str:
        """The query of another page about the same."""
        return self.at("")

    @property
    def most(self) -> int:
        """How many lines of a table are shown."""
        return int(self.show or USUALLY_SHOWN)

    @property
    def fields(self) -> dict[str, str]:
        """What the fields of the form say at first; of what is asked several times, the first."""
        today = datetime.now(UTC).date()
        usual = {"from": f"{today - timedelta(days=7)}", "to": f"{today + timedelta(days=1)}"}
        rest = dict.fromkeys(("by", "tz", "as_of", "goal", "compare", *DIMENSIONS), "")
        return rest | usual | {name: values[0] for name, values in self.question.items()} | self._breakdown

    def repeated(self, name: str) -> Sequence[str]:
        """What is asked of something after the first, each in a field of its own."""
        return self.question.get(name, ())[1:]

    def rest(self, fields: Sequence[str]) -> list[tuple[str, str]]:
        """What is asked and has no field in a form of these fields, so that the form keeps it."""
        return [(name, value) for name, values in self.question.items() if name not in fields for value in values]

    @property
    def _breakdown(self) -> dict[str, str]:
        said = self.question.get("by", ())
        return {"by": ",".join(said)} if said else {}


def page_request_of(request: AnyRequest) -> PageRequest:
    """What a request asks: fields of the form that were left empty ask for nothing. Raises InvalidParameter."""
    said = {name: kept for name, values in request.query_params.dict().items() if (kept := [v for v in values if v])}
    shown = {name: said.pop(name)[-1] for name in _SHOWN if name in said}
    page_request = PageRequest(request.url.path, said, **shown)
    if faults := tuple(_faults(page_request)):
        raise InvalidParameter(faults=faults)
    return page_request


def _faults(page_request: PageRequest) -> list[Fault]:
    """What is wrong with how a page should be shown."""
    faults = list[Fault]()
    if page_request.sort and page_request.sort.removeprefix("-").removesuffix(_PLACE) not in _columns():
        faults.append(Fault("sort", "must be the name of a metric or a dimension; with - before it the largest first"))
    if page_request.show and not (_NUMBER.fullmatch(page_request.show) and page_request.most <= MOST_SHOWN):
        faults.append(Fault("show", f"must be how many lines to show, from 1 to {MOST_SHOWN:,}"))
    return faults


@cache
def _columns() -> frozenset[str]:
    """What the column of any table can be."""
    per_model = [name for name, entry in catalogue().items() if entry.metric.per_model]
    return frozenset([*DIMENSIONS, *catalogue(), *(f"{name}_{model}" for name in per_model for model in MODELS)])


def dimensions_of(preset: Preset) -> list[str]:
    """What all the numbers of a named report can be broken down by, and narrowed to."""
    metrics = [catalogue()[name].metric for name in preset.metrics]
    return [name for name in DIMENSIONS if all(name in metric.dimensions for metric in metrics)]


async def choices(context: RequestContext) -> dict[str, list[str]]:
    """The codes that a page can be narrowed to, by dimension."""
    async with account_transaction(context.pool, context.access.account_id, readonly=True) as connection:
        codes = await Ledger(connection, context.access.account_id).codes(None)
    teams = codes.agents["team"].drop_nulls()
    tables = {"campaign": codes.campaigns["reads"], "source": codes.sources["reads"], "agent": codes.agents["reads"]}
    return {name: sorted(set(column)) for name, column in (tables | {"team": teams}).items()}
