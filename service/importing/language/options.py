"""The options of a mapping: the tables and keys of its TOML file."""

import codecs
from collections.abc import Mapping
from datetime import time
from typing import Annotated, Literal, Self, TypeAlias

import phonenumbers
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    model_validator,
)

from reports.model.times import read_zone
from service.importing.language.conditions import Condition, Conditions, check_pattern
from service.importing.language.times import Ambiguous, check_format

Scalar: TypeAlias = StrictBool | int | float | StrictStr
Unit: TypeAlias = Literal["seconds", "milliseconds", "minutes", "hours", "clock"]


def _zone(name: str) -> str:
    return read_zone(name).key


def _region(code: str) -> str:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"{code} is not a country code, such as US or PT")
    return code


def _encoding(name: str) -> str:
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        raise ValueError(f"{name} is not an encoding, such as utf-8 or cp1252") from None
    return "utf-8-sig" if codec == "utf-8" else codec


def _time_of_day(value: object) -> object:
    if not isinstance(value, str | time):
        raise ValueError('must be a time of day, such as "12:00"')  # noqa: TRY004  pydantic reports ValueError only
    return value


Zone = Annotated[str, AfterValidator(_zone)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Format = Annotated[str, AfterValidator(check_format)]
Pattern = Annotated[str, AfterValidator(check_pattern)]
Character = Annotated[str, Field(min_length=1, max_length=1)]


class Options(BaseModel):
    """A table of the mapping: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FileOptions(Options):
    """[file]: how the file is written."""

    format: Literal["csv", "jsonl", "parquet", "xlsx", ""] = ""
    sheet: str | None = None
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8-sig"
    delimiter: Character = ","
    quote: Literal['"', "'", ""] = '"'
    decimal: Literal[".", ","] = "."
    skip_lines: int = Field(0, ge=0)
    columns: Annotated[list[str], Field(min_length=1)] | None = None
    short_rows: bool = False
    empty: list[str] = [""]
    trim: bool = True


class TimeOptions(Options):
    """[times]: applies to every time with no options of its own."""

    format: Format | Annotated[list[Format], Field(min_length=1)] | None = None
    zone: Zone | None = None
    at: TimeOfDay | None = None
    ambiguous: Ambiguous | None = None


class PhoneOptions(Options):
    """[phones]: the country of numbers written without their country code."""

    region: Annotated[str, AfterValidator(_region)] | None = None


class SkipOptions(Options):
    """[skip]: rows that are not imported; reason: what they are, for the summary."""

    where: Conditions
    reason: str = "[skip]"


class ValueSource(Options):
    """Where a value comes from: a column, several columns, the row number, or the mapping itself.

    matches: the part of the value that a pattern finds, its first group if it has one.
    values: translations; unmapped: what becomes of a value without one.
    hash: replace the value, or those of its columns named here, by a short hash that is always the same.
    where: only in rows that meet these conditions; otherwise: another source if there is no value.
    """

    column: str | None = None
    columns: Annotated[list[str], Field(min_length=1)] | None = None
    join: str = "-"
    row_number: bool = False
    constant: Scalar | None = None
    matches: Pattern | None = None
    values: dict[str, Scalar] | None = None
    unmapped: Literal["reject", "keep", "empty"] = "reject"
    hash: StrictBool | Annotated[list[str], Field(min_length=1)] = False
    prefix: str = ""
    where: Conditions = {}
    optional: bool = False
    otherwise: "ValueSource | None" = None

    @model_validator(mode="after")
    def has_one_origin(self) -> Self:
        """A value comes from one place."""
        origins = (self.column, self.columns, self.row_number or None, self.constant)
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError("set one of column, columns, row_number or constant")
        return self

    @model_validator(mode="after")
    def hashes_its_columns(self) -> Self:
        """Only a column that is joined can be hashed on its own."""
        for name in self.hashed_columns:
            if name not in (self.columns or ()):
                raise ValueError(f"hash names {name}, which is not among columns")
        return self

    @property
    def hashed_columns(self) -> list[str]:
        """The joined columns that are hashed, each on its own."""
        return [] if isinstance(self.hash, bool) else self.hash

    @property
    def sources(self) -> "tuple[ValueSource, ...]":
        """The source itself, and those that stand in for it."""
        return (self, *(self.otherwise.sources if self.otherwise else ()))

    @property
    def columns_read(self) -> tuple[str, ...]:
        """The columns of the file that it reads."""
        return (*self._own_columns, *(self.otherwise.columns_read if self.otherwise else ()))

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The columns that a file must have for it."""
        return (
            *(() if self.optional else self._own_columns),
            *(self.otherwise.required_columns if self.otherwise else ()),
        )

    @property
    def _own_columns(self) -> tuple[str, ...]:
        named = (self.column,) if self.column is not None else tuple(self.columns or ())
        return (*named, *columns_of(self.where))


class FieldRule(TimeOptions, ValueSource):
    """How one field gets its values: their source, and how they are written there."""

    default: Scalar | None = None
    unit: Unit | None = None

    def keys_present(self, *names: str) -> list[str]:
        """Which of these keys the mapping sets."""
        return [name for name in names if name in self.model_fields_set]


class DirectionRule(FieldRule):
    """[direction]: where a call's direction is written. Values without a translation stay as they are."""

    unmapped: Literal["reject", "keep", "empty"] = "keep"


def columns_of(where: Mapping[str, list[str] | Condition]) -> tuple[str, ...]:
    """The columns that conditions read."""
    compared = (condition.compared for condition in where.values() if isinstance(condition, Condition))
    return (*where, *(name for names in compared for name in names))


def text_of(value: Scalar) -> str:
    """A value of the mapping as the text of a cell."""
    return str(value).lower() if isinstance(value, bool) else str(value)
