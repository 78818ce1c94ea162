"""What people enter row by row: spend, running costs and exchange rates, with the columns of each."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import uuid4

from reports.model.language import marked, translate
from service.accounts.accounts import Account
from service.accounts.roles import SETS_UP_MARKETING
from service.errors import Fault, InvalidItem
from service.ingest import exchange_rates
from service.ingest.editing.costs import list_costs
from service.ingest.fields import Item
from service.ingest.resources import Resource, running_costs, spend
from service.pages.settings import typed
from service.pages.settings.entries.pasted import Column
from service.platform.db import Pool, account_transaction
from sql import load

# The columns that costs have in common.
_FROM = Column("from_on", marked("First day"), ("from", "date", "day", "month", "start", "startdate"))
_TO = Column("to_on", marked("Last day"), ("to", "until", "end", "enddate"))
_AMOUNT = Column("amount", marked("Amount"), ("cost", "costs", "spend", "sum", "total", "price"))
_CURRENCY = Column("currency", marked("Currency"), ("cur",))
# Programs name their entries; those that people enter or paste have ids of our own, which nobody reads.
_ID = Column("external_id", marked("ID"), ("externalid", "id", "invoice", "reference"))
_OWN_IDS = ("entered-", "sheet:")
_QUERIES = load("exchange_rates")
_LONGEST_ID = 200

Row = dict[str, Any]


@dataclass(frozen=True)
class EntryKind:
    """One kind of entry, and how its pages read, write and show it.

    path: its address in Settings. enter, change, paste: what its pages do, in words. key: the columns that name an
    entry. codes: the columns with codes, each with the kind of code that a form suggests. removes: the fields that take
    an entry back. correcting: a change is a correction of what is known, and no field can be emptied. scopes: what its
    pages need.
    """

    path: str
    title: str
    about: str
    enter: str
    change: str
    paste: str
    why_empty: str
    resource: Resource
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    item: Callable[[Mapping[str, str], Account], Row]
    listed: Callable[[Pool, int, str | None, int], Awaitable[list[Row]]]
    removes: Mapping[str, str]
    codes: Mapping[str, str] = field(default_factory=dict[str, str])
    correcting: bool = True
    scopes: tuple[str, ...] = ("configure",)

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns of its lists; an id is only on the page of its entry."""
        return tuple(column for column in self.columns if column is not _ID)

    @property
    def table(self) -> str:
        """The table of its entries."""
        return self.resource.fact.table


def read_days(fields: Mapping[str, str], account: Account) -> Row:
    """The first and the last day of an entry: a month stands for all its days, and a day alone for itself."""
    month_first = account.region == "US"
    first, last = typed.days(fields.get("from_on") or fields.get("month", ""), month_first=month_first)
    if "to_on" in fields:
        last = typed.days(fields["to_on"], month_first=month_first)[1]
    return {"from_on": first, "to_on": last} if first else {}


def _cost(fields: Mapping[str, str], account: Account, *names: str) -> Row:
    """What spend and running costs have in common, as the API takes it."""
    row: Row = {name: fields[name].strip() for name in names if fields.get(name, "").strip()}
    row |= read_days(fields, account)
    if "amount" in fields:
        row["amount"] = typed.amount(fields["amount"])
    row["currency"] = fields.get("currency", account.currency).strip().upper()
    row["external_id"] = fields.get("external_id") or _id_of(row, names)
    return row


def _id_of(row: Row, names: tuple[str, ...]) -> str:
    """The id of a pasted row: the same source, campaign and days are the same entry, whose amount is corrected."""
    parts = [str(row.get(name, "")) for name in (*names, "from_on", "to_on", "currency")]
    readable = "sheet:" + ":".join(parts)
    return readable if len(readable) <= _LONGEST_ID else f"sheet:{sha256(readable.encode()).hexdigest()}"


def has_own_id(row: Mapping[str, Any]) -> bool:
    """Whether the id of an entry was made here, and says nothing to people."""
    return str(row.get("external_id", "")).startswith(_OWN_IDS)


def new_id() -> str:
    """The id of an entry that a person enters by itself."""
    return f"entered-{uuid4().hex}"


def _spend(fields: Mapping[str, str], account: Account) -> Row:
    return _cost(fields, account, "source", "campaign", "tracking_number")


def _running_cost(sent: Mapping[str, str], account: Account) -> Row:
    fields = {name: text for name, text in sent.items() if name != "overhead"}
    overhead = sent.get("overhead", "").strip().lower() in ("yes", "true", "1", "x")
    # Salaries and rent of a team and a month are two entries.
    kind = {"overhead": "overhead"} if overhead else {}
    return _cost(fields | kind, account, "team", "overhead") | {"overhead": overhead}


def _exchange_rate(fields: Mapping[str, str], account: Account) -> Row:
    row: Row = {name: fields[name].strip().upper() for name in ("base", "quote") if name in fields}
    row |= {"on": read_days({"from_on": fields["on"]}, account)["from_on"]} if "on" in fields else {}
    if fields.get("do") == "remove":
        return row | {"rate": None}
    return row | ({"rate": typed.rate(fields["rate"])} if "rate" in fields else {})


async def _list_spend(pool: Pool, account_id: int, part: str | None, most: int) -> list[Row]:
    return await list_costs(pool, account_id, "spend", part=part, most=most)


async def _list_running_costs(pool: Pool, account_id: int, part: str | None, most: int) -> list[Row]:
    return await list_costs(pool, account_id, "running_costs", part=part, most=most)


async def _list_rates(pool: Pool, account_id: int, part: str | None, most: int) -> list[Row]:
    async with account_transaction(pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(_QUERIES["find_exchange_rates"], account_id, part, most)
    return [dict(row) | {"on": row["rate_on"]} for row in rows]


def check_nothing_emptied(kind: EntryKind, form: Item, stored: Mapping[str, Any] | None) -> None:
    """Refuse a correction without a value that is known: the ledger would keep the value. Raises InvalidItem."""
    if not kind.correcting or stored is None:
        return
    emptied = [
        column.name
        for column in kind.columns
        if stored.get(column.name) is not None and getattr(form, column.name) is None
    ]
    if emptied:
        reason = translate("cannot be emptied once it is known; take this entry back and enter another")
        raise InvalidItem(faults=tuple(Fault(f"/{name}", reason) for name in emptied))


SPEND = EntryKind(
    path="/settings/spend",
    title=marked("Spend"),
    about=marked(
        "What marketing pays for each source. Cost per lead, return on ad spend and the other money metrics use it."
    ),
    enter=marked("Enter spend"),
    change=marked("Change spend"),
    paste=marked("Paste spend from a spreadsheet"),
    why_empty=marked("Enter what a source cost, or paste the rows of a spreadsheet, to see cost per lead and return."),
    resource=spend.RESOURCE,
    columns=(
        Column("source", marked("Source"), ("channel", "medium")),
        Column("campaign", marked("Campaign")),
        Column("tracking_number", marked("Tracking number"), ("number", "phone", "phonenumber")),
        *(_FROM, _TO, _AMOUNT, _CURRENCY, _ID),
    ),
    key=("external_id",),
    item=_spend,
    listed=_list_spend,
    removes={"amount": "0"},
    codes={"source": "source", "campaign": "campaign"},
    scopes=SETS_UP_MARKETING,
)
RUNNING_COSTS = EntryKind(
    path="/settings/running-costs",
    title=marked("Running costs"),
    about=marked("What the sales team costs, such as salaries, seats and rent. Cost per call and per sale use it."),
    enter=marked("Enter running cost"),
    change=marked("Change running cost"),
    paste=marked("Paste running costs from a spreadsheet"),
    why_empty=marked(
        "Enter salaries, seats and rent, or paste the rows of a spreadsheet, to see cost per call and per sale."
    ),
    resource=running_costs.RESOURCE,
    columns=(
        Column("team", marked("Team")),
        Column("overhead", marked("Overhead")),
        *(_FROM, _TO, _AMOUNT, _CURRENCY, _ID),
    ),
    key=("external_id",),
    item=_running_cost,
    listed=_list_running_costs,
    removes={"amount": "0"},
    codes={"team": "team"},
)
EXCHANGE_RATES = EntryKind(
    path="/settings/exchange-rates",
    title=marked("Exchange rates"),
    about=marked("What one currency is worth in another on a day. Reports convert money with the rate of its day."),
    enter=marked("Enter exchange rate"),
    change=marked("Change exchange rate"),
    paste=marked("Paste exchange rates from a spreadsheet"),
    why_empty=marked(
        "Enter the rates of the currencies that your deals and costs are in, or paste them from a spreadsheet."
    ),
    resource=exchange_rates.RESOURCE,
    columns=(
        Column("base", marked("1 unit of"), ("from", "base", "basecurrency", "currency")),
        Column("quote", marked("Is worth in"), ("to", "quote", "quotecurrency")),
        Column("on", marked("On"), ("day", "date")),
        Column("rate", marked("Rate"), ("value",)),
    ),
    key=("base", "quote", "rate_on"),
    item=_exchange_rate,
    listed=_list_rates,
    removes={},
    correcting=False,
)

KINDS = (SPEND, RUNNING_COSTS, EXCHANGE_RATES)
