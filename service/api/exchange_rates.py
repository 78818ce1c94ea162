"""Exchange rates of an account: state them day by day, correct or withdraw them, and list them."""

import re
from inspect import getdoc
from typing import Annotated, Any

from litestar import get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from reports.model.currencies import CURRENCIES, fault
from service.errors import Fault, InvalidParameter
from service.ingest.exchange_rates import RESOURCE, ExchangeRates, ExchangeRatesDocument
from service.ingest.parsing import Entry
from service.ingest.receipts import summary
from service.ingest.resources import Sender
from service.platform.db import account_transaction
from service.web.parameters import FromDay, ToDay, read_day
from service.web.request_bodies import READ, WRITE, Limit, read_model
from service.web.requests import AnyRequest
from service.web.response_types import SummaryDocument
from service.web.route_options import RouteOptions
from service.web.services import RequestContextDependency
from sql import load

_QUERIES = load("exchange_rates")
_CODE: dict[str, Any] = {"enum": sorted(CURRENCIES)}
_AFTER = r"^([0-9]{4}-[0-9]{2}-[0-9]{2} [A-Z]{3} [A-Z]{3})?$"

Base = Annotated[str | None, QueryParameter(description="Only rates of this currency.", schema_extra=_CODE)]
Quote = Annotated[str | None, QueryParameter(description="Only rates in this currency.", schema_extra=_CODE)]
AfterRate = Annotated[
    str,
    QueryParameter(
        description="Continue after this rate: the `next` of the previous page.", schema_extra={"pattern": _AFTER}
    ),
]


@put(
    "/exchange-rates",
    operation_id="put_exchange_rates",
    summary="State, correct or withdraw exchange rates",
    description=f"{getdoc(ExchangeRates)} Reports convert money with the rate of its day.",
    tags=["planning"],
    opt=RouteOptions(scopes=WRITE, body=ExchangeRates, answer=SummaryDocument).opt,
)
async def put_exchange_rates(request: AnyRequest, context: RequestContextDependency) -> dict[str, Any]:
    """Store the rates, all or none. The answer has a receipt for each, in order."""
    account = await context.accounts.get(context.access.account_id)
    form = await read_model(request, context, ExchangeRates, context.settings.max_body_bytes)
    sender = Sender.of(account)
    entries = [
        Entry(index, RESOURCE, item.base, tuple(RESOURCE.observe(item, sender)))
        for index, item in enumerate(form.rates)
    ]
    return summary(await context.capture.store_entries(account.account_id, entries))


@get(
    "/exchange-rates",
    operation_id="list_exchange_rates",
    summary="List the exchange rates",
    tags=["planning"],
    opt=RouteOptions(scopes=READ, answer=ExchangeRatesDocument).opt,
)
async def list_exchange_rates(
    context: RequestContextDependency,
    base: Base = None,
    quote: Quote = None,
    from_on: FromDay = None,
    to_on: ToDay = None,
    after: AfterRate = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """All rates except withdrawn ones, newest first, in pages."""
    _check_currency("base", base)
    _check_currency("quote", quote)
    days = [read_day("from_on", from_on), read_day("to_on", to_on)]
    account_id = context.access.account_id
    async with account_transaction(context.pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(
            _QUERIES["list_exchange_rates"], account_id, base, quote, *days, *_place(after), limit + 1
        )
    items = [
        {
            "base": row["base"],
            "quote": row["quote"],
            "on": row["on_day"].isoformat(),
            "rate": _plain(row["rate"]),
            "recorded_at": row["recorded_at"],
        }
        for row in rows[:limit]
    ]
    return {"items": items, "next": "{on} {base} {quote}".format(**items[-1]) if len(rows) > limit else None}


def _plain(rate: Any) -> str:
    """A rate without the zeros at its end."""
    return f"{rate.normalize():f}"


def _check_currency(name: str, code: str | None) -> None:
    if code is not None and (reason := fault(code)):
        raise InvalidParameter(faults=(Fault(name, reason),))


def _place(after: str) -> tuple[str | None, str | None, str | None]:
    """The rate that a page starts after: its day and its currencies, as texts."""
    if not re.fullmatch(_AFTER, after):
        raise InvalidParameter(faults=(Fault("after", "must be the `next` of a page"),))
    if not after:
        return None, None, None
    on, base, quote = after.split(" ")
    return on, base, quote


HANDLERS: list[HTTPRouteHandler] = [put_exchange_rates, list_exchange_rates]
