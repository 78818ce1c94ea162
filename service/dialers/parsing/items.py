"""Items of the API, made from a delivery's fields, and keys that identify deliveries."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from service.dialers import Item


def item(**fields: Any) -> Item:
    """An item with its known fields only; times become text."""
    return {
        name: format_time(value) if isinstance(value, datetime) else value
        for name, value in fields.items()
        if value is not None and value != {}
    }


def format_time(moment: datetime) -> str:
    """A time as the API accepts it.

    >>> format_time(datetime(2026, 3, 2, 14, 30, tzinfo=UTC))
    '2026-03-02T14:30:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


# The observation time of an unanswered result, as far as one event knows. Any event that knows of an answer supersedes
# it, whether that event arrives earlier or later.
PROVISIONAL_TIME = datetime(1970, 1, 1, tzinfo=UTC)


_USER_IN_LINK = re.compile(r"^(\w+:)?//[^/]*@", re.ASCII)
_LINK_IN_JSON = rb'"(?:recording|voicemail|asset)[a-z_]*"\s*:\s*"https?:(?:\\?/){2}'
_USER_IN_JSON = re.compile(rb"(" + _LINK_IN_JSON + rb')[^/?#"\\@\s]*@')
_QUERY_IN_JSON = re.compile(rb"(" + _LINK_IN_JSON + rb'(?:[^"\\?#]|\\/)*)[?#](?:[^"\\]|\\.)*')
_ACCESS_KEY = re.compile(rb"(access_key=)[\w.~%-]+", re.ASCII)


def link_without_query(link: str | None) -> str | None:
    """A link as it may be stored: without its query, which expires or holds a key, and without a password.

    >>> link_without_query("https://ada:secret@calls.example.com/7/recording?key=secret")
    'https://calls.example.com/7/recording'
    """
    return link and (_USER_IN_LINK.sub(r"\1//", link.partition("?")[0].partition("#")[0]) or None)


def without_link_secrets(body: bytes) -> bytes:
    """A JSON body as it may be stored: its links to recordings have no query and no password.

    >>> without_link_secrets(b'{"recording": "https://ada:secret@calls.example.com/7?key=secret"}')
    b'{"recording": "https://calls.example.com/7"}'
    """
    return _ACCESS_KEY.sub(rb"\1", _QUERY_IN_JSON.sub(rb"\1", _USER_IN_JSON.sub(rb"\1", body)))


def permanent_recording(link: str | None) -> Item | None:
    """A recording with a link that never expires; a link with a query expires, or holds a key.

    >>> permanent_recording("https://calls.example.com/7"), permanent_recording("https://calls.example.com/7?key=secret")
    ({'uri': 'https://calls.example.com/7'}, None)
    """
    return {"uri": link} if link and "?" not in link else None


def attempt_dispositions(attempt: str, outcomes: Iterable[Item]) -> tuple[Item, ...]:
    """Outcomes as dispositions of one attempt, named by its external_id."""
    return tuple({"attempt": attempt, **outcome} for outcome in outcomes)


def hash_key(*parts: object) -> str:
    """A key that is equal for equal parts only; parts are texts, numbers, bytes, or JSON values."""
    return sha256(json.dumps(parts, sort_keys=True, default=repr).encode()).hexdigest()
