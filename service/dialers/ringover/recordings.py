"""Links to recordings, stored without the tokens that open them."""

import json
from dataclasses import replace
from typing import Any, cast

from service.dialers import Delivery, Item, Unreadable
from service.dialers.parsing import Fields, item, link_without_query, parse_json

_LINKS = ("record", "private_record", "record_link", "voicemail_link")


def recording(data: Fields, link: str, seconds: str | None = None) -> Item | None:
    """The recording behind a link, with its length if that is sent."""
    uri = link_without_query(data.text(link))
    return item(uri=uri, seconds=_length(data, seconds)) if uri else None


def _length(data: Fields, name: str | None) -> float | None:
    """A length that is sent as text, and may not be a number."""
    try:
        return data.seconds(name) if name else None
    except Unreadable:
        return None


def without_tokens(delivery: Delivery) -> Delivery:
    """The delivery as it may be stored: no link opens a recording. Unchanged if there is no such link."""
    try:
        body = parse_json(delivery.body)
        data: dict[str, Any] = cast("dict[str, Any]", body.get("data")) if isinstance(body.get("data"), dict) else {}
        links = {name: data[name] for name in _LINKS if isinstance(data.get(name), str)}
        bare = {name: link_without_query(link) or "" for name, link in links.items()}
        if bare == links:
            return delivery
        return replace(delivery, body=json.dumps(body | {"data": data | bare}).encode())
    except (Unreadable, RecursionError):
        return delivery
