"""Conditions on the rows of a file: which values in other columns a rule or a skip applies to."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Self, TypeAlias

import polars as pl
from polars.exceptions import PolarsError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


def check_pattern(text: str) -> str:
    """A regular expression as Polars reads it. Raises ValueError if it is none."""
    try:
        re.compile(text)
        pl.Series([""]).str.contains(text)
    except (re.error, PolarsError):
        raise ValueError(f"{text} is not a regular expression") from None
    return text


Words = Annotated[list[str], Field(min_length=1)]
Pattern = Annotated[str, AfterValidator(check_pattern)]


class Condition(BaseModel):
    """What a column must say: the value must meet every key that is set. An empty cell meets only the negations."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    one_of: Words | None = None
    none_of: Words | None = None
    matches: Pattern | None = None
    matches_not: Pattern | None = None
    same_as: str | None = None
    differs_from: str | None = None
    empty: bool | None = None

    @model_validator(mode="after")
    def asks_something(self) -> Self:
        """A condition without keys would be met by every row."""
        if not self.model_fields_set:
            raise ValueError(f"set one of {', '.join(type(self).model_fields)}")
        return self

    @property
    def compared(self) -> tuple[str, ...]:
        """The other columns that it compares with."""
        return tuple(name for name in (self.same_as, self.differs_from) if name)


Conditions: TypeAlias = dict[str, list[str] | Condition]


def meets(cells: pl.DataFrame, where: Mapping[str, list[str] | Condition]) -> pl.Series:
    """Whether each row meets all conditions."""
    expressions = [_true(part) for name, condition in where.items() for part in _parts(name, condition)]
    return cells.select(pl.all_horizontal(pl.lit(value=True), *expressions).alias("met")).to_series()


def _parts(name: str, condition: list[str] | Condition) -> Iterator[pl.Expr]:
    """One expression for each key of a condition. An empty cell gives null, which the caller reads as not met."""
    if isinstance(condition, list):
        condition = Condition(one_of=condition)
    cell = pl.col(name).cast(pl.String)
    if condition.one_of is not None:
        yield cell.is_in(condition.one_of)
    if condition.none_of is not None:
        yield ~_true(cell.is_in(condition.none_of))
    if condition.matches is not None:
        yield cell.str.contains(condition.matches)
    if condition.matches_not is not None:
        yield ~_true(cell.str.contains(condition.matches_not))
    if condition.same_as is not None:
        yield cell == pl.col(condition.same_as).cast(pl.String)
    if condition.differs_from is not None:
        yield ~_true(cell == pl.col(condition.differs_from).cast(pl.String))
    if condition.empty is not None:
        yield cell.is_null() == condition.empty


def _true(expression: pl.Expr) -> pl.Expr:
    return expression.fill_null(value=False)
