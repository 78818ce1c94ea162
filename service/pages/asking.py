"""What somebody asks of a page: when, narrowed to what, in which order; the address says it all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from reports.dimensions import DIMENSIONS
from reports.ledger import Ledger
from service.api.parts import Desk
from service.db import account_transaction
from service.requests import AnyRequest

# What says how a page is shown, not what is asked of its reports.
_SHOWN = ("sort",)
# What stays the same on the way from one page to another.
_KEPT = ("from", "to", "tz", "as_of", "campaign", "team", "goal")
# What a form offers to narrow a page to.
FILTERS = ("campaign", "source", "team", "agent")


@dataclass(frozen=True)
class Asked:
    """A page that is asked for: its path, what its reports are asked, and by which column they are sorted.

    sort: the name of a metric or a dimension; with a minus sign the largest first.
    """

    path: str
    question: Mapping[str, Sequence[str]]
    sort: str = ""

    @property
    def query(self) -> str:
        """The question as the query of an address."""
        return urlencode([(name, value) for name, values in self.question.items() for value in values])

    def here(self, **changed: str) -> str:
        """The address of this page with something asked otherwise; an empty text asks it no more."""
        said = {**self.question, "sort": [self.sort], **{name: [value] for name, value in changed.items()}}
        pairs = [(name, value) for name, values in said.items() for value in values if value]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    @property
    def kept(self) -> str:
        """The query of another page about the same."""
        pairs = [(name, value) for name in _KEPT for value in self.question.get(name, ())]
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def fields(self) -> dict[str, str]:
        """What the fields of the form say at first."""
        today = datetime.now(UTC).date()
        usual = {"from": f"{today - timedelta(days=7)}", "to": f"{today + timedelta(days=1)}"}
        rest = dict.fromkeys(("by", "tz", "as_of", "goal", *DIMENSIONS), "")
        return rest | usual | {name: ",".join(values) for name, values in self.question.items()}


def asked_of(request: AnyRequest) -> Asked:
    """What a request asks: fields of the form that were left empty ask for nothing."""
    said = {name: kept for name, values in request.query_params.dict().items() if (kept := [v for v in values if v])}
    shown = {name: said.pop(name)[-1] for name in _SHOWN if name in said}
    return Asked(request.url.path, said, **shown)


async def choices(desk: Desk) -> dict[str, list[str]]:
    """The codes that a page can be narrowed to, by dimension."""
    async with account_transaction(desk.pool, desk.access.account_id, readonly=True) as connection:
        codes = await Ledger(connection, desk.access.account_id).codes(None)
    teams = codes.agents["team"].drop_nulls()
    tables = {"campaign": codes.campaigns["reads"], "source": codes.sources["reads"], "agent": codes.agents["reads"]}
    return {name: sorted(set(column)) for name, column in (tables | {"team": teams}).items()}
