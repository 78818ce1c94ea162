"""Durations and amounts of money in captured items: exact, and within the range of a real call or invoice."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

LONGEST_CALL_SECONDS = 86_400


# From 0 to 86400: the document allows exactly the texts that are accepted.
_SECONDS_PATTERN = r"^(86400(\.0{1,9})?|(8[0-5][0-9]{3}|86[0-3][0-9]{2}|[1-7]?[0-9]{1,4})(\.[0-9]{1,9})?)$"
_SECONDS_TEXT = re.compile(_SECONDS_PATTERN.strip("^$")).fullmatch


def _seconds(value: Any) -> int:
    if isinstance(value, str) and _SECONDS_TEXT(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("seconds_type", "must be a number of seconds")
    if not 0 <= value <= LONGEST_CALL_SECONDS:
        raise PydanticCustomError("seconds_range", "must be between 0 and 86400 seconds")
    return round(value * 1000)


# Sent in seconds, held in milliseconds.
_SECONDS_SCHEMA = WithJsonSchema(
    {
        "anyOf": [
            {"type": "number", "minimum": 0, "maximum": LONGEST_CALL_SECONDS},
            {"type": "string", "pattern": _SECONDS_PATTERN},
        ],
        "description": "A duration as a number or a text; decimals are kept to the millisecond.",
    }
)
_AS_SENT = PlainSerializer(lambda milliseconds: milliseconds / 1000, return_type=float, when_used="json")
Seconds = TypeAliasType("Seconds", Annotated[int, PlainValidator(_seconds), _AS_SENT, _SECONDS_SCHEMA])


_AMOUNT_PATTERN = r"^-?[0-9]{1,10}(\.[0-9]{1,4})?$"
_AMOUNT = re.compile(_AMOUNT_PATTERN.strip("^$")).fullmatch


def _amount(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise PydanticCustomError("amount_type", "must be a number, or a string with a number")
    if isinstance(value, str) and not _AMOUNT(value):
        raise PydanticCustomError(
            "amount_form", "must be written like 1234.5, with at most ten digits and four decimals"
        )
    amount = Decimal(str(value))
    if not amount.is_finite() or abs(amount) >= _LIMIT:
        raise PydanticCustomError("amount_range", "must be a number below 10,000,000,000")
    if amount != amount.quantize(Decimal("0.0001")):
        raise PydanticCustomError("amount_scale", "must have at most four decimals")
    return amount


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise PydanticCustomError("amount_negative", "must not be negative")
    return value


def _amount_schema(number: JsonDict, pattern: str) -> WithJsonSchema:
    about = "A number, or a string with a number so that no digit is lost, with at most four decimals."
    of_text: JsonDict = {"type": "string", "pattern": pattern}
    return WithJsonSchema({"anyOf": [{"type": "number", **number}, of_text], "description": about})


_LIMIT = 10**10
Money = TypeAliasType(
    "Money",
    Annotated[
        Decimal,
        PlainValidator(_amount),
        _amount_schema({"exclusiveMinimum": -_LIMIT, "exclusiveMaximum": _LIMIT}, _AMOUNT_PATTERN),
    ],
)
Cost = TypeAliasType(
    "Cost",
    Annotated[
        Decimal,
        PlainValidator(_amount),
        AfterValidator(_not_negative),
        _amount_schema({"minimum": 0, "exclusiveMaximum": _LIMIT}, _AMOUNT_PATTERN.replace("-?", "")),
    ],
)
