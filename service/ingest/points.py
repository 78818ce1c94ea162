"""Points: scores of surveys and evaluations, exact to four decimals."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

MOST_POINTS = 10_000
_DECIMALS = 4
_PATTERN = rf"^(10000(\.0{{1,{_DECIMALS}}})?|[0-9]{{1,4}}(\.[0-9]{{1,{_DECIMALS}}})?)$"
_TEXT = re.compile(_PATTERN.strip("^$")).fullmatch


def _points(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise PydanticCustomError("points_type", "must be a number, or a string with a number")
    if isinstance(value, str) and not _TEXT(value):
        raise PydanticCustomError("points_form", "must be written like 4 or 4.5, from 0 to 10000")
    points = Decimal(str(value))
    if not points.is_finite() or not 0 <= points <= MOST_POINTS:
        raise PydanticCustomError("points_range", "must be a number from 0 to 10000")
    if points != round(points, _DECIMALS):
        raise PydanticCustomError("points_scale", "must have at most four decimals")
    return points


_OF_TEXT: JsonDict = {"type": "string", "pattern": _PATTERN}
_SCHEMA = WithJsonSchema(
    {
        "anyOf": [{"type": "number", "minimum": 0, "maximum": MOST_POINTS}, _OF_TEXT],
        "description": "A number from 0 to 10000, or a string with it, with at most four decimals.",
    }
)
Points = TypeAliasType("Points", Annotated[Decimal, PlainValidator(_points), _SCHEMA])
