"""Items as the API takes them, from what a delivery says; and the keys that deliveries are told apart by."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from service.dialers import Item


def item(**said: Any) -> Item:
    """An item with what is said, without what is not; moments become text."""
    return {
        name: written(value) if isinstance(value, datetime) else value
        for name, value in said.items()
        if value is not None and value != {}
    }


def written(moment: datetime) -> str:
    """A moment as the API takes it.

    >>> written(datetime(2026, 3, 2, 14, 30, tzinfo=UTC))
    '2026-03-02T14:30:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


# Said of a call that went unanswered in one way or another, as far as one event knows: what any event knows of an
# answer outranks it, whenever that comes or came.
UNLESS_ANSWERED = datetime(1970, 1, 1, tzinfo=UTC)


def stable(link: str | None) -> str | None:
    """A link as it may be kept: what stands behind the question mark expires, or is a key.

    >>> stable("https://calls.example.com/7/recording?key=secret")
    'https://calls.example.com/7/recording'
    """
    return link and (link.partition("?")[0].partition("#")[0] or None)


def key_of(*parts: object) -> str:
    """A key that is the same for the same parts and for nothing else: texts, numbers, bytes, what JSON holds."""
    return sha256(json.dumps(parts, sort_keys=True, default=repr).encode()).hexdigest()
