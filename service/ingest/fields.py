"""The kinds of value that items are made of, and the message for each kind of wrong value."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic_core import CoreSchema, PydanticCustomError
from typing_extensions import TypeAliasType, override

from reports.model.currencies import CURRENCIES
from reports.model.currencies import fault as currency_fault
from reports.model.times import TimeFormError, read_time, read_zone

CLOCK_SKEW = timedelta(days=1)
FARTHEST_PLAN = timedelta(days=3660)

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch


class Item(BaseModel):
    """One item as it is sent: unknown fields are errors, and values never reach logs or messages."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=False)


class CallItem(Item):
    """An item about a call, as dialers send it: an empty text in an optional field means that the field is absent."""

    @model_validator(mode="before")
    @classmethod
    def leave_out_empty_texts(cls, value: Any) -> Any:
        """The item without its empty texts; an unknown field stays, so that it is named."""
        if not isinstance(value, dict):
            return value
        fields = cast("dict[Any, Any]", value)
        return {name: part for name, part in fields.items() if part != "" or name not in cls.model_fields}

    @classmethod
    @override
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler, /) -> dict[str, Any]:
        schema = handler(core_schema)
        fields = handler.resolve_ref_schema(schema)
        for name, field in fields.get("properties", {}).items():
            if "anyOf" in field and name not in fields.get("required", ()):
                field["anyOf"] = [*field["anyOf"], {"const": ""}]
        return schema


def _time(value: Any) -> datetime:
    if not isinstance(value, str):
        raise PydanticCustomError("time_type", "must be a string holding an RFC 3339 time")
    try:
        return read_time(value)
    except TimeFormError as error:
        raise PydanticCustomError("time_form", "{reason}", {"reason": str(error)}) from None


def _past(value: Any, info: ValidationInfo[dict[str, datetime]]) -> datetime:
    moment = _time(value)
    if moment > info.context["now"] + CLOCK_SKEW:
        raise PydanticCustomError("time_in_future", "is more than a day ahead of now")
    return moment


def _planned(value: Any, info: ValidationInfo[dict[str, datetime]]) -> datetime:
    moment = _time(value)
    if moment > info.context["now"] + FARTHEST_PLAN:
        raise PydanticCustomError("time_in_future", "is more than ten years ahead of now")
    return moment


def _time_schema(latest: str) -> WithJsonSchema:
    about = f"RFC 3339 with its offset from UTC, from 1970 to {latest} ahead of now."
    return WithJsonSchema({"type": "string", "format": "date-time", "description": about})


# As JSON in one spelling, so that equal times are equal texts.
_AS_TEXT = PlainSerializer(
    lambda time: time.astimezone(UTC).isoformat().replace("+00:00", "Z"), return_type=str, when_used="json"
)
PastTime = TypeAliasType("PastTime", Annotated[datetime, PlainValidator(_past), _AS_TEXT, _time_schema("a day")])
PlannedTime = TypeAliasType(
    "PlannedTime", Annotated[datetime, PlainValidator(_planned), _AS_TEXT, _time_schema("ten years")]
)


def _day(value: Any) -> date:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and _DATE(value) else None
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year <= 2200:
        raise PydanticCustomError("date_form", "must be a date, such as 2026-03-01")
    return day


_DAY_SCHEMA = WithJsonSchema({"type": "string", "format": "date", "description": "A date from 1970 to 2200."})
Day = TypeAliasType("Day", Annotated[date, PlainValidator(_day), _DAY_SCHEMA])


_LONGEST_TEXT = 2_000
_TEXT_PATTERN: JsonDict = {"pattern": r"^[^\u0000]*$"}


def _plain_text(value: str) -> str:
    if "\x00" in value:
        raise PydanticCustomError("nul_byte", "must not contain a NUL byte")
    return value


Text = TypeAliasType(
    "Text",
    Annotated[
        str,
        StringConstraints(max_length=_LONGEST_TEXT, strict=True),
        AfterValidator(_plain_text),
        Field(json_schema_extra=_TEXT_PATTERN),
    ],
)

# A whole document, such as a mapping.
LongText = TypeAliasType(
    "LongText",
    Annotated[
        str,
        StringConstraints(max_length=20_000, strict=True),
        AfterValidator(_plain_text),
        Field(json_schema_extra=_TEXT_PATTERN),
    ],
)

# Spaces and control characters, as a regular-expression class and as single characters.
_BLANK = r"\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_BLANKS = "".join(map(chr, (number for number in range(0x10000) if re.match(f"[{_BLANK}]", chr(number)))))


def _trimmed(value: str) -> str:
    _plain_text(value)
    if value != value.strip(_BLANKS):
        raise PydanticCustomError("code_spaces", "must not begin or end with a space or a control character")
    return value


_CODE_PATTERN = rf"^[^{_BLANK}]([^\u0000]*[^{_BLANK}])?$"
Code = TypeAliasType(
    "Code",
    Annotated[
        str,
        StringConstraints(min_length=1, max_length=200, strict=True),
        AfterValidator(_trimmed),
        Field(
            description="The caller's own string: a campaign, an agent, the id of a call.",
            json_schema_extra={"pattern": _CODE_PATTERN},
        ),
    ],
)


def _text_of_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if not 0 <= value <= LARGEST_NUMBER or value != int(value):
        raise PydanticCustomError("code_number", "must be a string, or a whole number from 0 to 9,007,199,254,740,992")
    return str(int(value))


LARGEST_NUMBER = 2**53
SentCode = TypeAliasType(
    "SentCode",
    Annotated[
        Code,
        BeforeValidator(_text_of_number),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": _CODE_PATTERN},
                    {"type": "integer", "minimum": 0, "maximum": LARGEST_NUMBER},
                ],
                "description": "The caller's own string: a campaign, an agent, the id of a call. A whole number counts"
                " as its digits; send a longer number as a string.",
            }
        ),
    ],
)


def _plain(value: Any) -> str | int | float | bool | None:
    """A value that every program reads alike: beyond 2^53 other programs lose digits."""
    if isinstance(value, str):
        return _short_text(value)
    if value is not None and not isinstance(value, bool | int | float):
        raise PydanticCustomError("plain_type", "must be a string, a number, true, false or null")
    if isinstance(value, int | float) and abs(value) > LARGEST_NUMBER:
        raise PydanticCustomError(
            "plain_range", "must be below 9,007,199,254,740,992; send a longer number as a string"
        )
    return value


def _short_text(value: str) -> str:
    if len(value) > _LONGEST_TEXT:
        raise PydanticCustomError("string_too_long", "must have at most 2000 characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("string_unicode", "holds characters that are not valid Unicode") from None
    return _plain_text(value)


_PLAIN_SCHEMA = WithJsonSchema(
    {
        "anyOf": [
            {"type": "string", "maxLength": _LONGEST_TEXT, **_TEXT_PATTERN},
            {"type": "number", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER},
            {"type": "boolean"},
            {"type": "null"},
        ]
    }
)
PlainValue = TypeAliasType(
    "PlainValue", Annotated[str | int | float | bool | None, PlainValidator(_plain), _PLAIN_SCHEMA]
)


def _nothing_for_empty(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


PhoneNumber = TypeAliasType(
    "PhoneNumber",
    Annotated[
        Annotated[
            str,
            StringConstraints(max_length=64, strict=True),
            AfterValidator(_plain_text),
            Field(json_schema_extra=_TEXT_PATTERN),
        ]
        | None,
        BeforeValidator(_nothing_for_empty),
        Field(
            description="As the dialer writes it: national or international, spaced or not, `anonymous`, `client:anna`."
            " Empty means not known."
        ),
    ],
)


def _zone(value: str) -> str:
    try:
        return read_zone(value).key
    except TimeFormError as error:
        raise PydanticCustomError("zone_form", "{reason}", {"reason": str(error)}) from None


_ZONE_SCHEMA = WithJsonSchema({"type": "string", "format": "time-zone", "description": "An IANA time zone."})
Zone = TypeAliasType(
    "Zone", Annotated[str, StringConstraints(strict=True, max_length=64), AfterValidator(_zone), _ZONE_SCHEMA]
)
Country = TypeAliasType(
    "Country",
    Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$"), Field(description="ISO 3166 alpha-2.")],
)


def _currency(value: str) -> str:
    if reason := currency_fault(value):
        raise PydanticCustomError("currency_form", "{reason}", {"reason": reason})
    return value


_CURRENCY_SCHEMA = WithJsonSchema({"type": "string", "enum": sorted(CURRENCIES), "description": "ISO 4217."})
Currency = TypeAliasType(
    "Currency", Annotated[str, StringConstraints(strict=True), AfterValidator(_currency), _CURRENCY_SCHEMA]
)
Flag = Annotated[bool, Field(strict=True)]
