"""Entries pasted from a spreadsheet: every row is shown as it is read, with its faults, before anything is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from reports.model.language import digits, marked, translate, translate_plural
from service.accounts.accounts import Account
from service.errors import ChangedMeanwhile, Fault, InvalidItem
from service.ingest.editing.costs import same_costs
from service.ingest.editing.saving import known_items, save_all
from service.ingest.fields import Item
from service.ingest.resources import Sender
from service.pages.components.forms import read_form
from service.pages.components.known_sentences import in_the_readers_language
from service.pages.settings.entries.kinds import EntryKind
from service.pages.settings.entries.pages import cells, form_of_item
from service.pages.settings.entries.pasted import MOST_ROWS, read_table
from service.pages.settings.views import CHANGED_MEANWHILE, redirect_to, settings_response
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency


@dataclass
class PastedRow:
    """A row as it was read. effect: what saving it changes. seen_at: the version of its entry, if it is known."""

    number: int
    fields: Mapping[str, str]
    form: Item | None = None
    faults: tuple[Fault, ...] = ()
    effect: str = "new"
    seen_at: datetime | None = None
    current: Mapping[str, Any] | None = None


def pasting_handlers(kind: EntryKind) -> list[HTTPRouteHandler]:
    """The pages for pasting one kind of entry."""

    @get(f"{kind.path}/paste", opt=page_options(*kind.scopes), before_request=admit)
    async def paste_page(request: AnyRequest) -> Response[str | bytes]:
        return _page(request, kind, "", [])

    @post(f"{kind.path}/paste", opt=page_options(*kind.scopes), before_request=admit, status_code=200)
    async def paste(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
        return await _paste(request, context, kind)

    return [paste_page, paste]


async def _paste(request: AnyRequest, context: RequestContext, kind: EntryKind) -> Response[str | bytes]:
    """Show the rows as they are read, or save them all."""
    fields = await read_form(request)
    text = fields.get("rows", "")
    account = await context.accounts.get(context.access.account_id)
    rows = await _read(context, kind, account, text)
    if not rows or len(rows) > MOST_ROWS:
        problem = (
            translate("Paste at most {count} rows at once.", count=digits(MOST_ROWS))
            if rows
            else translate("Paste at least one row.")
        )
        return _page(request, kind, text, [], 422, problem)
    if any(row.faults for row in rows) or fields.get("do") != "save":
        return _page(request, kind, text, rows, 422 if any(row.faults for row in rows) else 200)
    try:
        await _save(context, kind, account, rows, fields.get("seen", ""))
    except ChangedMeanwhile:
        rows = await _read(context, kind, account, text)
        return _page(request, kind, text, rows, 409, translate(CHANGED_MEANWHILE))
    return redirect_to(kind.path, saved=translate_plural("Saved {count} row.", "Saved {count} rows.", len(rows)))


async def _save(
    context: RequestContext, kind: EntryKind, account: Account, rows: Sequence[PastedRow], seen: str
) -> None:
    """Save all rows over the versions that were shown. Raises ChangedMeanwhile."""
    if _mark(rows) != seen:
        raise ChangedMeanwhile
    items = [(row.form, row.seen_at) for row in rows if row.form is not None]
    await save_all(context.pool, account, kind.resource, items, correcting=kind.correcting)


async def _read(context: RequestContext, kind: EntryKind, account: Account, text: str) -> list[PastedRow]:
    """The rows of a pasted table with their faults, and with what saving them would change."""
    table = read_table(text, kind.columns)[: MOST_ROWS + 1]
    rows = [_row(kind, account, number, fields) for number, fields in enumerate(table, start=1)]
    if kind.correcting:
        await _find_same(context, kind, account, rows)
    _refuse_repeated(kind, rows)
    readable = [row for row in rows if row.form is not None]
    forms = [row.form for row in readable if row.form is not None]
    for row, known in zip(readable, await known_items(context.pool, account, kind.resource, forms), strict=True):
        if known is not None:
            row.seen_at, row.current = known["recorded_at"], known
            row.effect = _effect(kind, row, known)
    return rows


async def _find_same(context: RequestContext, kind: EntryKind, account: Account, rows: Sequence[PastedRow]) -> None:
    """Let rows without an id correct the entry that says the same, however it was entered: no cost counts twice."""
    unnamed = [row for row in rows if row.form is not None and "external_id" not in row.fields]
    sender = Sender.of(account)
    values = [next(iter(kind.resource.observe(row.form, sender)))[1] for row in unnamed]
    matches = await same_costs(context.pool, account.account_id, kind.table, values)
    for row, entries in zip(unnamed, matches, strict=True):
        ids = [external_id for external_id, amount in entries if amount] or [external_id for external_id, _ in entries]
        if len(ids) > 1:
            row.faults = (
                Fault(
                    "",
                    translate(
                        "is about the same as {count} known entries: change those, or give its ID", count=len(ids)
                    ),
                ),
            )
        elif ids and row.form is not None:
            row.form = row.form.model_copy(update={"external_id": ids[0]})


def _row(kind: EntryKind, account: Account, number: int, fields: Mapping[str, str]) -> PastedRow:
    try:
        return PastedRow(number, fields, form_of_item(kind, fields, account))
    except InvalidItem as error:
        return PastedRow(number, fields, faults=error.faults)


def _refuse_repeated(kind: EntryKind, rows: Sequence[PastedRow]) -> None:
    """Rows of one entry would overwrite each other: each row after the first has a fault."""
    first: dict[tuple[Any, ...], int] = {}
    for row in rows:
        if row.form is None or row.faults:
            continue
        key = tuple(getattr(row.form, name.replace("rate_on", "on")) for name in kind.key)
        if key in first:
            row.faults = (
                Fault("", translate("is about the same as row {number}: put both into one row", number=first[key])),
            )
        first.setdefault(key, row.number)


def _effect(kind: EntryKind, row: PastedRow, known: Mapping[str, Any]) -> str:
    """What a row changes of a known entry."""
    [value] = [name for name in ("amount", "rate") if hasattr(row.form, name)]
    before = known[value]
    if before is not None and before == getattr(row.form, value):
        return "known"
    shown = dict(zip((column.name for column in kind.shown), cells(kind, known), strict=True))
    return f"corrects {shown[value]}" if before is not None else "new"


def _mark(rows: Sequence[PastedRow]) -> str:
    """A short text that differs when an entry of the rows was changed."""
    return sha256(repr([row.seen_at for row in rows]).encode()).hexdigest()[:16]


def _line(kind: EntryKind, row: PastedRow) -> dict[str, Any]:
    """A row as it is shown: what was read of it, or what was pasted if it cannot be read."""
    shown = row.form.model_dump() if row.form is not None else row.fields
    titles = {column.name: translate(column.title) for column in kind.columns}
    faults = [
        f"{titles.get(fault.pointer.strip('/'), '')} {in_the_readers_language(fault.message)}".strip()
        for fault in row.faults
    ]
    return {
        "number": row.number,
        "cells": cells(kind, shown),
        "faults": faults,
        "effect": row.effect,
        "effect_words": _effect_words(row.effect),
    }


def _effect_words(effect: str) -> str:
    """What saving a row changes, in words."""
    known = {"new": marked("New"), "known": marked("Known")}
    if effect in known:
        return translate(known[effect])
    return translate("Corrects {value}", value=effect.removeprefix("corrects "))


def _page(
    request: AnyRequest,
    kind: EntryKind,
    text: str,
    rows: Sequence[PastedRow],
    status: int = 200,
    problem: str = "",
) -> Response[str | bytes]:
    faulty = sum(bool(row.faults) for row in rows)
    return settings_response(
        request,
        "settings_paste.html",
        status,
        kind=kind,
        text=text,
        lines=[_line(kind, row) for row in rows],
        faulty=faulty,
        seen=_mark(rows),
        problem=problem,
    )
