"""What was sent, as it came: JSON without losing a digit, forms and queries without losing what is blank."""

import json
from typing import Any, NoReturn, cast
from urllib.parse import parse_qsl, urlsplit

from service.dialers import Delivery, Unreadable
from service.dialers.parsing.fields import Fields

_MOST_FIELDS = 1_000


def json_of(body: bytes) -> dict[str, Any]:
    """The JSON object a body holds. Raises Unreadable.

    Whole numbers keep all their digits: ids of calls exceed what a float can tell apart.
    """
    try:
        value: object = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unreadable("the body is not JSON") from None
    if not isinstance(value, dict):
        raise Unreadable("the body is not a JSON object")
    return cast("dict[str, Any]", value)


def _no_number(_word: str) -> NoReturn:
    raise ValueError


def json_fields(delivery: Delivery) -> Fields:
    """The fields of a JSON body. Raises Unreadable."""
    return Fields(json_of(delivery.body))


def pairs_of(text: str | bytes) -> list[tuple[str, str]]:
    """Names and values of a form or a query, in order, blank ones too. Raises Unreadable.

    Bytes that are not UTF-8 become the replacement character: a broken name of a city must not cost the call.
    """
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Unreadable("the form has too many fields") from None


def query_of(delivery: Delivery) -> Fields:
    """What the address says behind its question mark; of a name said twice, the first. Raises Unreadable."""
    try:
        query = urlsplit(delivery.url).query
    except ValueError:
        raise Unreadable("the address is no address") from None
    return Fields(dict(reversed(pairs_of(query))))


def form_of(delivery: Delivery) -> Fields:
    """What a form says, in the body or, of a GET, in the address; the first of a name. Raises Unreadable."""
    if delivery.method == "GET":
        return query_of(delivery)
    return Fields(dict(reversed(pairs_of(delivery.body))))
