"""The attributes of leads that an account reports by: industry, company size, age band.

Leads carry attributes as they were sent. An account declares which of them are dimensions of reports, with a list of
values, with bands of a number, or with any text. Nothing is inferred: a lead without the attribute has no value.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from reports.model.types import Schema

# The columns of a declaration in the ledger: the allowed values and the bands are JSON, or null.
SCHEMA: Schema = {
    "name": pl.String,
    "title": pl.String,
    "allowed": pl.String,
    "bands": pl.String,
    "fewest_leads": pl.Int64,
}
# The columns of the values that leads have, as they were sent.
VALUES: Schema = {"lead": pl.String, "value": pl.String}

# The value of leads with a value that the account does not list, or with a text in place of a number.
OTHER = "other"
# The text for leads without the attribute.
UNKNOWN = "unknown"
USUAL_FEWEST = 10
# The names of their dimensions start with it.
PREFIX = "attribute:"


@dataclass(frozen=True, kw_only=True)
class LeadAttribute:
    """One attribute that an account reports by.

    values: the values that reports show. bands: the lower ends of its bands, in order. Without both, any text counts.
    fewest_leads: numbers about fewer leads of a value are withheld.
    """

    name: str
    title: str
    values: tuple[str, ...] = ()
    bands: tuple[float, ...] = ()
    fewest_leads: int = USUAL_FEWEST

    @property
    def dimension(self) -> str:
        """Its name as a dimension of reports."""
        return f"{PREFIX}{self.name}"

    @property
    def labels(self) -> tuple[str, ...]:
        """The values of the dimension in their order; empty if any text counts.

        >>> LeadAttribute(name="age", title="Age", bands=(18, 65)).labels
        ('under 18', '18 to under 65', '65 or more', 'other')
        """
        shown = self.values or tuple(_labels_of(self.bands))
        return (*shown, OTHER) if shown else ()

    def label(self, sent: pl.Expr) -> pl.Expr:
        """The value of the dimension for a value as it was sent; null without one."""
        text = sent.str.strip_chars()
        present = pl.when(text != "").then(text)
        if self.bands:
            return pl.when(present.is_not_null()).then(self._band(text))
        if not self.values:
            return present
        kind = pl.Enum(self.labels)
        listed = text.replace_strict(self.values, self.values, default=OTHER, return_dtype=kind)
        return pl.when(present.is_not_null()).then(listed)

    def _band(self, text: pl.Expr) -> pl.Expr:
        number = text.cast(pl.Float64, strict=False)
        passed = pl.sum_horizontal((number >= start).cast(pl.Int32) for start in self.bands)
        names = dict(enumerate(self.labels))
        band = passed.replace_strict(names, return_dtype=pl.Enum(self.labels))
        return pl.when(number.is_finite()).then(band).otherwise(pl.lit(OTHER, dtype=pl.Enum(self.labels)))


def is_attribute(dimension: str) -> bool:
    """Whether a dimension is an attribute of leads."""
    return dimension.startswith(PREFIX)


def read_attributes(table: pl.DataFrame) -> Mapping[str, LeadAttribute]:
    """The attributes that an account reports by, by the name of their dimension. table: with the columns of SCHEMA."""
    attributes = [
        LeadAttribute(
            name=row["name"],
            title=row["title"] or row["name"],
            values=tuple(json.loads(row["allowed"] or "null") or ()),
            bands=tuple(json.loads(row["bands"] or "null") or ()),
            fewest_leads=row["fewest_leads"],
        )
        for row in table.sort("name").iter_rows(named=True)
    ]
    return {attribute.dimension: attribute for attribute in attributes}


def _labels_of(bands: Iterable[float]) -> Iterator[str]:
    ends = [_plain(number) for number in bands]
    if ends:
        yield f"under {ends[0]}"
        yield from (f"{low} to under {high}" for low, high in pairwise(ends))
        yield f"{ends[-1]} or more"


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number}"
