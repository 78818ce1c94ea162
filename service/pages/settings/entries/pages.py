"""Pages of what people enter row by row: the list with its totals, the form of one entry, and its history."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from pydantic import ValidationError

from reports.model import currencies
from reports.model.language import translate
from service.accounts.accounts import Account
from service.errors import ChangedMeanwhile, InvalidItem
from service.ingest.editing.costs import costs_by_month
from service.ingest.editing.saving import save, versions_of
from service.ingest.fields import Item
from service.ingest.parsing import faults_of
from service.pages.components.forms import faults_by_field, read_form
from service.pages.components.view import account_zone
from service.pages.settings.entries.kinds import EXCHANGE_RATES, EntryKind, check_nothing_emptied, has_own_id, new_id
from service.pages.settings.views import (
    CHANGED_MEANWHILE,
    clock_time,
    cut,
    redirect_to,
    search_of,
    seen_of,
    seen_text,
    settings_response,
    shown_of,
    suggested_codes,
)
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

_MONTHS = 12


def entry_handlers(kind: EntryKind) -> list[HTTPRouteHandler]:
    """The pages of one kind of entry, without those of pasting."""
    page = page_options(*kind.scopes)

    @get(kind.path, opt=page, before_request=admit)
    async def entries(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
        return await _list_page(request, context, kind)

    @get(f"{kind.path}/entry", opt=page, before_request=admit)
    async def entry_page(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
        return await _entry_page(request, context, kind)

    @post(f"{kind.path}/entry", opt=page, before_request=admit, status_code=200)
    async def save_entry(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
        return await _save_entry(request, context, kind)

    return [entries, entry_page, save_entry]


def form_of_item(kind: EntryKind, fields: Mapping[str, str], account: Account) -> Item:
    """The item that fields make, as the API would take it. Raises InvalidItem."""
    context = {"now": datetime.now(UTC), "region": account.region}
    try:
        return kind.resource.form.model_validate(kind.item(fields, account), context=context)
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None


def cells(kind: EntryKind, row: Mapping[str, Any]) -> list[str]:
    """An entry as the cells of a line."""
    return [_cell(row.get(column.name), row.get("currency")) for column in kind.shown]


async def _list_page(request: AnyRequest, context: RequestContext, kind: EntryKind) -> Response[str | bytes]:
    account_id = context.access.account_id
    rows = await kind.listed(context.pool, account_id, search_of(request) or None, shown_of(request) + 1)
    listing = cut(request, [{"cells": cells(kind, row), "key": _key_fields(kind, row)} for row in rows])
    totals = [] if kind is EXCHANGE_RATES else await costs_by_month(context.pool, account_id, kind.table, _MONTHS)
    return settings_response(
        request,
        "settings_entries.html",
        kind=kind,
        listing=listing,
        any_entries=bool(rows or listing.search),
        totals=[total | {"amount": _cell(total["amount"], total["currency"])} for total in totals],
    )


async def _entry_page(request: AnyRequest, context: RequestContext, kind: EntryKind) -> Response[str | bytes]:
    """The form of an entry as it is or as it was, or of a new one."""
    fields = dict(request.query_params.items())
    versions = await _versions(context, kind, fields)
    if not versions:
        account = await context.accounts.get(context.access.account_id)
        new = {"currency": account.currency, "external_id": new_id()}
        return await _form_page(request, context, kind, new, versions)
    former = next((row for row in versions if row["recorded_at"].isoformat() == fields.get("version")), None)
    shown = _fields_of(kind, former or versions[0])
    return await _form_page(request, context, kind, shown, versions, was=former is not None)


async def _save_entry(request: AnyRequest, context: RequestContext, kind: EntryKind) -> Response[str | bytes]:
    """Save an entry, or take it back."""
    fields = await read_form(request)
    account = await context.accounts.get(context.access.account_id)
    versions = await _versions(context, kind, fields)
    stored = versions[0] if versions else None
    removes = fields.get("do") == "remove" and stored is not None
    sent = {**_fields_of(kind, stored), **kind.removes, "do": "remove"} if stored and removes else fields
    try:
        form = form_of_item(kind, sent, account)
        check_nothing_emptied(kind, form, stored)
        await save(context.pool, account, kind.resource, form, seen=seen_of(fields), correcting=kind.correcting)
    except InvalidItem as error:
        return await _form_page(request, context, kind, fields, versions, 422, errors=faults_by_field(error))
    except ChangedMeanwhile:
        return await _form_page(request, context, kind, fields, versions, 409, problem=translate(CHANGED_MEANWHILE))
    return redirect_to(kind.path, saved=translate("Taken back.") if removes else translate("Saved."))


async def _form_page(
    request: AnyRequest,
    context: RequestContext,
    kind: EntryKind,
    fields: Mapping[str, str],
    versions: list[dict[str, Any]],
    status: int = 200,
    *,
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    was: bool = False,
) -> Response[str | bytes]:
    stored = versions[0] if versions else None
    codes, zone = await suggested_codes(context), await account_zone(context)
    seen = seen_text(request, fields, stored, status)
    return settings_response(
        request,
        "settings_entry.html",
        status,
        kind=kind,
        fields=fields,
        errors=errors or {},
        problem=problem,
        was=was,
        seen=seen,
        known=bool(seen),
        current=cells(kind, stored) if stored else None,
        shown_id=stored.get("external_id", "") if stored and not has_own_id(stored) else "",
        key=_key_fields(kind, stored) if stored else {"external_id": fields.get("external_id", "")},
        choices={column: codes[of] for column, of in kind.codes.items()},
        currencies=sorted(currencies.CURRENCIES),
        history=[
            {
                "saved_at": clock_time(row["recorded_at"], zone),
                "author": row["author"],
                "version": row["recorded_at"].isoformat(),
                "cells": cells(kind, row),
            }
            for row in versions
        ],
    )


async def _versions(context: RequestContext, kind: EntryKind, fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """The versions of the entry that a form or an address names, the newest first."""
    key = _key(kind, fields)
    if key is None:
        return []
    rows = await versions_of(context.pool, context.access.account_id, kind.resource.fact, key)
    return [row | ({"on": row["rate_on"]} if "rate_on" in row else {}) for row in rows]


def _key(kind: EntryKind, fields: Mapping[str, str]) -> dict[str, Any] | None:
    """The values that name the entry of a form; None if they are not complete."""
    try:
        values = {
            name: date.fromisoformat(fields["on"]) if name == "rate_on" else fields[name].strip() for name in kind.key
        }
    except (KeyError, ValueError):
        return None
    return values


def _key_fields(kind: EntryKind, row: Mapping[str, Any]) -> dict[str, str]:
    """What names an entry, in an address and in a form."""
    return {"on" if name == "rate_on" else name: str(row[name]) for name in kind.key}


def _fields_of(kind: EntryKind, row: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a stored entry as a person would type them."""
    typed_fields = {column.name: _typed(row.get(column.name)) for column in kind.columns}
    return _key_fields(kind, row) | {name: text for name, text in typed_fields.items() if text}


def _typed(value: Any) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return str(value)


def _cell(value: Any, currency: str | None) -> str:
    """A value of an entry as text; money with the decimals of its currency."""
    if isinstance(value, Decimal) and currency:
        return f"{value:,.{max(currencies.decimals(currency), 0)}f}"
    return {"yes": translate("Yes")}.get(text := _typed(value), text)
