"""Request bodies: JSON without losing a digit, forms and queries with their empty fields."""

import json
from typing import Any, NoReturn, cast
from urllib.parse import parse_qsl, urlsplit

from service.dialers import Delivery, Unreadable
from service.dialers.parsing.fields import Fields

_MOST_FIELDS = 1_000


def parse_json(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises Unreadable.

    Whole numbers keep all their digits: ids of calls exceed the precision of a float.
    """
    try:
        value: object = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Unreadable("the body is not JSON") from None
    if not isinstance(value, dict):
        raise Unreadable("the body is not a JSON object")
    return cast("dict[str, Any]", value)


def _refuse_constant(_word: str) -> NoReturn:
    raise ValueError


def json_fields(delivery: Delivery) -> Fields:
    """The fields of a JSON body. Raises Unreadable."""
    return Fields(parse_json(delivery.body))


def parse_pairs(text: str | bytes) -> list[tuple[str, str]]:
    """Names and values of a form or a query, in order, with empty values. Raises Unreadable.

    Bytes that are not UTF-8 become the replacement character: a broken city name must not cost the call.
    """
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Unreadable("the form has too many fields") from None


def query_fields(delivery: Delivery) -> Fields:
    """The fields of the address's query; a repeated name counts once, with its first value. Raises Unreadable."""
    try:
        query = urlsplit(delivery.url).query
    except ValueError:
        raise Unreadable("the address is no address") from None
    return Fields(dict(reversed(parse_pairs(query))))


def form_fields(delivery: Delivery) -> Fields:
    """The fields of a form, in the body or, for a GET, in the address; the first value of a name. Raises Unreadable."""
    if delivery.method == "GET":
        return query_fields(delivery)
    return Fields(dict(reversed(parse_pairs(delivery.body))))
