"""The latest deliveries of a dialer, each with the calls it became or the fault that it has."""

import json
from collections.abc import Mapping
from typing import Any

from reports.model.language import marked
from service.pages.components.call_links import call_link, known_calls
from service.pages.components.known_sentences import in_the_readers_language
from service.pages.components.view import account_zone
from service.pages.connecting.hook_signs import refusals, sign_of
from service.platform.db import account_transaction
from service.web.parameters import LARGEST_ID
from service.web.services import RequestContext
from sql import load

PAGE_LENGTH = 25
_RECENT = load("inbox")["recent"]
_KINDS = {"taken": "good", "unknown": "neutral", "unreadable": "bad", "rejected": "warn"}
_WORDS = {
    "taken": marked("Accepted"),
    "unknown": marked("Not about a call"),
    "unreadable": marked("Not readable"),
    "rejected": marked("Rejected"),
}


def delivery_id(text: str) -> int | None:
    """The id of a delivery in an address or a form; None for any other text.

    >>> delivery_id("12"), delivery_id("1e3"), delivery_id("9" * 30)
    (12, None, None)
    """
    return int(text) if text.isascii() and text.isdecimal() and int(text) <= LARGEST_ID else None


async def recent_deliveries(
    context: RequestContext, hook: Mapping[str, Any], status: str | None, before: int | None, most: int = PAGE_LENGTH
) -> list[dict[str, Any]]:
    """The latest deliveries to a hook, newest first. before: only deliveries older than this one.

    Calls are links for people who may see rows. The content is only for people who may see phone numbers.
    """
    account = context.access.account_id
    async with account_transaction(context.pool, account, readonly=True) as connection:
        rows = await connection.fetch(_RECENT, account, hook["id"], status, before, most)
    links = await _links(context, hook["code"], {call for row in rows for call in row["calls"]})
    whole = "phone-numbers" in context.access.scopes
    return [_shown(dict(row), links, whole=whole) for row in rows]


async def _links(context: RequestContext, dialer: str, calls: set[str]) -> dict[str, str]:
    """The address of each call that the account has, by its id."""
    if "rows" not in context.access.scopes:
        return {}
    known = await known_calls(context, ((dialer, call) for call in sorted(calls)))
    rows = {call: known.find("either", dialer, call) for call in calls}
    return {call: call_link(row) for call, row in rows.items() if row is not None}


def _shown(row: dict[str, Any], links: Mapping[str, str], *, whole: bool) -> dict[str, Any]:
    problem: dict[str, Any] = row["problem"] or {}
    faults = [
        f"{fault['pointer']} {in_the_readers_language(fault['message'])}".strip() for fault in problem.get("errors", ())
    ]
    return {
        **{name: row[name] for name in ("id", "received_at", "event", "seen")},
        "kind": _KINDS[row["status"]],
        "status": _WORDS[row["status"]],
        "faults": faults or ([in_the_readers_language(problem["detail"])] if problem.get("detail") else []),
        "calls": [(call, links.get(call)) for call in row["calls"]],
        "content": _content(row) if whole else None,
    }


def _content(row: Mapping[str, Any]) -> str | None:
    """The delivery as it came, without secrets; JSON with its lines indented. None if it is not stored."""
    body: bytes | None = row["body"]
    if body is None:
        return None
    text = body.decode(errors="replace")
    try:
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        text = text.replace("&", "\n&")
    query = f"?{row['query']}" if row["query"] else ""
    return f"{row['method']} {query}\n\n{text}".strip()


async def live_state(context: RequestContext, hook: dict[str, Any]) -> dict[str, Any]:
    """What the part of a page shows that follows new deliveries of a dialer."""
    latest = await recent_deliveries(context, hook, None, None, most=1)
    return {
        "hook": hook,
        "sign": sign_of(hook),
        "refusals": list(refusals(hook)),
        "zone": await account_zone(context),
        "latest": latest[0] if latest else None,
    }
