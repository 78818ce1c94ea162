"""Durations, amounts of money and exchange rates in items: exact, and within the range of a real call or invoice."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from reports.model.currencies import decimals

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


# Amounts up to this many, with the decimals of any currency.
LARGEST_AMOUNT = 10**15
_DECIMALS = 4
_AMOUNT_PATTERN = rf"^-?(1000000000000000(\.0{{1,{_DECIMALS}}})?|[0-9]{{1,15}}(\.[0-9]{{1,{_DECIMALS}}})?)$"
_AMOUNT = re.compile(_AMOUNT_PATTERN.strip("^$")).fullmatch


def _amount(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise PydanticCustomError("amount_type", "must be a number, or a string with a number")
    if isinstance(value, str) and not _AMOUNT(value):
        raise PydanticCustomError(
            "amount_form", "must be written like 1234.5, up to 1000000000000000 and with at most four decimals"
        )
    amount = Decimal(str(value))
    if not amount.is_finite() or abs(amount) > LARGEST_AMOUNT:
        raise PydanticCustomError("amount_range", "must be a number up to 1,000,000,000,000,000")
    if amount != amount.quantize(Decimal(1).scaleb(-_DECIMALS)):
        raise PydanticCustomError("amount_scale", "must have at most four decimals")
    return amount


def check_decimals(field: str, amount: Decimal | None, currency: str | None) -> None:
    """Refuse an amount with more decimals than its currency has: there is no tenth of a yen.

    Raises PydanticCustomError.
    """
    if amount is None or currency is None:
        return
    places = decimals(currency)
    if amount != round(amount, places):
        has = "no decimals" if places == 0 else f"at most {places} decimals"
        raise PydanticCustomError(
            "amount_decimals",
            "must have {has}, because it is in {currency}",
            {"field": field, "has": has, "currency": currency},
        )


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise PydanticCustomError("amount_negative", "must not be negative")
    return value


def _amount_schema(number: JsonDict, pattern: str) -> WithJsonSchema:
    about = (
        "A number, or a string with a number so that no digit is lost, with at most the decimals of its currency: none"
        " in JPY, two in USD, three in KWD."
    )
    of_text: JsonDict = {"type": "string", "pattern": pattern}
    return WithJsonSchema({"anyOf": [{"type": "number", **number}, of_text], "description": about})


Money = TypeAliasType(
    "Money",
    Annotated[
        Decimal,
        PlainValidator(_amount),
        _amount_schema({"minimum": -LARGEST_AMOUNT, "maximum": LARGEST_AMOUNT}, _AMOUNT_PATTERN),
    ],
)
Cost = TypeAliasType(
    "Cost",
    Annotated[
        Decimal,
        PlainValidator(_amount),
        AfterValidator(_not_negative),
        _amount_schema({"minimum": 0, "maximum": LARGEST_AMOUNT}, _AMOUNT_PATTERN.replace("-?", "")),
    ],
)


_LARGEST_RATE = 10**9
_RATE_DECIMALS = 10
_SMALLEST_RATE = Decimal(1).scaleb(-_RATE_DECIMALS)
_RATE_PATTERN = rf"^(?=.*[1-9])[0-9]{{1,9}}(\.[0-9]{{1,{_RATE_DECIMALS}}})?$"
_RATE = re.compile(_RATE_PATTERN.strip("^$")).fullmatch


def _rate(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise PydanticCustomError("rate_type", "must be a number, or a string with a number")
    if isinstance(value, str) and not _RATE(value):
        raise PydanticCustomError("rate_form", "must be above 0 and written like 1.0834, with at most ten decimals")
    rate = Decimal(str(value))
    if not rate.is_finite() or not _SMALLEST_RATE <= rate < _LARGEST_RATE:
        raise PydanticCustomError("rate_range", "must be a number above 0 and below 1,000,000,000")
    if rate != round(rate, _RATE_DECIMALS):
        raise PydanticCustomError("rate_scale", "must have at most ten decimals; send the rate of the other direction")
    return rate


_RATE_SCHEMA = WithJsonSchema(
    {
        "anyOf": [
            {"type": "number", "minimum": float(_SMALLEST_RATE), "exclusiveMaximum": _LARGEST_RATE},
            {"type": "string", "pattern": _RATE_PATTERN},
        ],
        "description": "How many units of `quote` one unit of `base` is worth, with at most ten decimals.",
    }
)
Rate = TypeAliasType("Rate", Annotated[Decimal, PlainValidator(_rate), _RATE_SCHEMA])
