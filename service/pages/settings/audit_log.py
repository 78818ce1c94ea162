"""The audit log as a page: who did what, when and from where, with filters and files."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import orjson
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.model.language import translate
from service.accounts.audit_log import ACTIONS, ACTORS, RESOURCES, Selection, list_entries
from service.errors import InvalidParameter
from service.pages.components.known_sentences import in_the_readers_language
from service.pages.components.layout import html_response, render
from service.pages.settings.audit_fields import FIELD_TITLES
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.web.audit_entries import FILTERS, MEDIA_TYPES, read_selection
from service.web.parameters import AfterId
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

PATH = "/settings/audit-log"
_PER_PAGE = 50


@get(PATH, opt=page_options("admin"), before_request=admit)
async def audit_log(
    request: AnyRequest, context: RequestContextDependency, after: AfterId = 0
) -> Response[str | bytes]:
    """The latest entries first; filters that are wrong are marked, with what was typed."""
    account = await context.accounts.get(context.access.account_id)
    zone, values = ZoneInfo(account.zone), {name: request.query_params.get(name, "") for name in FILTERS}
    selection, errors = Selection(), dict[str, str]()
    try:
        selection = read_selection(values, zone)
    except InvalidParameter as error:
        errors = {fault.pointer: in_the_readers_language(fault.message) for fault in error.faults}
    async with account_transaction(context.pool, account.account_id, readonly=True) as connection:
        rows = await list_entries(connection, account.account_id, selection, after or None, _PER_PAGE + 1)
    chosen = {name: value for name, value in values.items() if value}
    more = {**chosen, "after": str(rows[_PER_PAGE - 1]["id"])} if len(rows) > _PER_PAGE else None
    page = render(
        "audit_log.html",
        session=request.user,
        entries=[_entry(row, zone) for row in rows[:_PER_PAGE]],
        values=values,
        errors=errors,
        actions=[("", translate("Any action")), *((name, translate(words)) for name, words in ACTIONS.items())],
        resources=[("", translate("Anything")), *((name, translate(words)) for name, words in RESOURCES.items())],
        zone=zone.key,
        more=f"{PATH}?{urlencode(more)}" if more else None,
        files={kind: f"/v1/audit-log?{urlencode({**chosen, 'format': kind})}" for kind in MEDIA_TYPES},
    )
    return html_response(page, 422 if errors else 200)


def _entry(row: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """An entry in words: its time on the account's clock, who, what, and each change."""
    return {
        "at": f"{row['recorded_at'].astimezone(zone):%Y-%m-%d %H:%M:%S}",
        "who": f"{translate(ACTORS[row['actor']])} {row['name'] or ''}".strip()
        if row["actor"] != "user"
        else row["name"],
        "what": f"{translate(ACTIONS[row['action']])}: {translate(RESOURCES[row['resource']])}",
        "subject": row["subject"],
        "client": row["client"] or "",
        "address": row["address"] or "",
        "changes": list(_changes(row["changes"] or {})),
    }


def _text(value: Any) -> str:
    """A value as people read it; lists and tables of a setting as JSON."""
    match value:
        case None:
            return translate("nothing")
        case bool():
            return translate("yes") if value else translate("no")
        case str() | int() | float():
            return str(value)
        case _:
            return orjson.dumps(value).decode()


def _changes(changes: dict[str, list[Any] | None]) -> Iterator[str]:
    for name, values in sorted(changes.items()):
        yield _change(name, values)


def _change(name: str, values: list[Any] | None) -> str:
    title = translate(FIELD_TITLES.get(name, name.replace("_", " ").capitalize()))
    if values is None:
        return translate("{title}: changed (not shown)", title=title)
    before, now = map(_text, values)
    return f"{title}: {now}" if values[0] is None else f"{title}: {before} → {now}"


HANDLERS: list[HTTPRouteHandler] = [audit_log]
