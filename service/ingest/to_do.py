"""What waits for a person: rejected items, codes to confirm, silent dialers, long talks, and deliveries refused."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from service.logs import mask_text
from service.platform.db import Connection, Pool, account_transaction
from sql import load

_QUERIES = load("attention")
_HOOK_TROUBLE = load("inbox")["trouble"]
_MOST_CODES = 500
_MOST_TALKS = 100
_MOST_NUMBERS = 100
# The most content on a page of rejected items, in bytes.
_PAGE_BYTES = 4 * 1024 * 1024
# Hooks are listed for what they refused or could not read in this time, calls if they were stored or changed in it.
_RECENTLY = timedelta(days=7)
# A dialer that sends ten items in such a time sends none by chance once in 22,000 times.
_LEAST_A_WEEK_AGO = 10


async def list_rejected(
    pool: Pool, account_id: int, resource: str | None, after: int, limit: int, *, whole: bool
) -> tuple[list[dict[str, Any]], int | None]:
    """A page of the items to correct, oldest first, and the id after which the next page begins.

    whole: with the items as they were sent, which may contain phone numbers. A page of large items has fewer of them.
    """
    async with account_transaction(pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(_QUERIES["list_rejected"], account_id, resource, after, limit, _PAGE_BYTES)
    items = [_readable(dict(row), whole=whole) for row in rows]
    return items, items[-1]["id"] if rows and rows[-1]["has_more"] else None


def _readable(row: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    """The item as JSON where it is JSON, else as text; null if it is hidden or was too large to store."""
    raw: bytes = row.pop("raw")
    del row["has_more"]
    row["item_bytes"] = row.pop("raw_bytes")
    if not whole:
        return row | _without_numbers(row) | {"item": None}
    if row["item_bytes"] and not raw:
        return row | {"item": None}
    try:
        item = orjson.loads(raw)
        orjson.dumps(item)  # JSON that is nested too deep can be read, but not written into the list
    except (ValueError, TypeError):
        item = raw.decode("utf-8", "replace")
    return row | {"item": item}


# An id of digits alone is a code, as in reports; these marks make it a number that somebody wrote.
_WRITTEN_NUMBER = re.compile(r"[+( ]|(?:tel|sips?|whatsapp):", re.IGNORECASE)


def _without_numbers(row: dict[str, Any]) -> dict[str, Any]:
    """The id and the problem of an item, with phone numbers masked: an unknown field may be named by one."""
    sent_id: str | None = row["external_id"]
    problem: dict[str, Any] = row["problem"]
    faults = [fault | {"pointer": mask_text(fault["pointer"])} for fault in problem.get("errors", ())]
    return {
        "external_id": mask_text(sent_id) if sent_id and _WRITTEN_NUMBER.search(sent_id) else sent_id,
        "problem": problem | ({"errors": faults} if faults else {}),
    }


async def to_do_with_uses(pool: Pool, account_id: int) -> dict[str, Any]:
    """Everything that waits; each code with the number of attempts that use it."""
    return await _to_do(pool, account_id, _QUERIES["unconfirmed_codes"])


async def to_do_without_uses(pool: Pool, account_id: int) -> dict[str, Any]:
    """The same without those numbers: counting takes long where there are many attempts."""
    return await _to_do(pool, account_id, _QUERIES["waiting_codes"])


async def _to_do(pool: Pool, account_id: int, codes_query: str) -> dict[str, Any]:
    async with account_transaction(pool, account_id, readonly=True) as connection:
        codes = await connection.fetch(codes_query, account_id, _MOST_CODES)
        return {"unconfirmed": [dict(code) for code in codes], **await _rest(connection, account_id)}


async def _rest(connection: Connection, account_id: int) -> dict[str, Any]:
    """Everything that waits except codes."""
    now = datetime.now(UTC)
    rejected = await connection.fetchval(_QUERIES["count_rejected"], account_id)
    unseen = await connection.fetchrow(_QUERIES["count_unseen"], account_id)
    silent = await connection.fetch(_QUERIES["silent_dialers"], account_id, now, _LEAST_A_WEEK_AGO)
    hooks = await connection.fetch(_HOOK_TROUBLE, account_id, now.date() - _RECENTLY)
    retired = await connection.fetch(_QUERIES["retired_number_calls"], account_id, now - _RECENTLY, _MOST_NUMBERS)
    talks = await connection.fetch(_QUERIES["long_talks"], account_id, now - _RECENTLY, _MOST_TALKS)
    return {
        "rejected_items": rejected,
        "unseen": dict(unseen or {}),
        "silent_dialers": [dict(dialer) for dialer in silent],
        "hooks": [dict(trouble) for trouble in hooks],
        "long_talks": [dict(talk) for talk in talks],
        "retired_numbers": [dict(number) for number in retired],
    }
