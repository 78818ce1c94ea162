"""The attributes of leads that an account reports by, as it declares them.

Saved like the rest of the configuration: a new version replaces the old one, which stays in history.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, PlainValidator, StringConstraints, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType, TypedDict, override

from reports.model.lead_attributes import OTHER, UNKNOWN, USUAL_FEWEST
from service.ingest.configuration import Configured
from service.ingest.fields import LARGEST_NUMBER, Code, Item
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import LEAD_ATTRIBUTES

# A threshold of one would withhold nothing.
LEAST_FEWEST, MOST_FEWEST = 2, 1_000_000
MOST_VALUES, MOST_BANDS = 200, 50
_LONGEST_NAME = 100

AttributeName = TypeAliasType(
    "AttributeName",
    Annotated[
        str,
        StringConstraints(min_length=1, max_length=_LONGEST_NAME, strict=True, pattern=r"^[^\s,:/][^,:/\n]*$"),
        Field(description="The name of an attribute, as leads have it; without comma, colon and slash."),
    ],
)


def _end(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_NUMBER:
        raise PydanticCustomError("band_type", "must be a number up to 9,007,199,254,740,992")
    return value


_END_SCHEMA = WithJsonSchema({"type": "number", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER})
BandEnd = TypeAliasType("BandEnd", Annotated[float, PlainValidator(_end), _END_SCHEMA])


def _distinct(values: list[str]) -> list[str]:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise PydanticCustomError("value_twice", "is a value that is already listed", {"field": place})
        if value in {OTHER, UNKNOWN}:
            raise PydanticCustomError(
                "value_reserved", "stands for leads with another value, or with none", {"field": place}
            )
    return values


def _rising(bands: list[float]) -> list[float]:
    for place, (low, high) in enumerate(pairwise(bands), start=1):
        if high <= low:
            raise PydanticCustomError("band_order", "must be above the band before", {"field": place})
    return bands


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not LEAST_FEWEST <= value <= MOST_FEWEST:
        raise PydanticCustomError("fewest_type", "must be a whole number from 2 to 1,000,000")
    return value


_FEWEST_SCHEMA = WithJsonSchema({"type": "integer", "minimum": LEAST_FEWEST, "maximum": MOST_FEWEST})
FewestLeads = TypeAliasType("FewestLeads", Annotated[int, PlainValidator(_whole), _FEWEST_SCHEMA])


class LeadAttribute(Item):
    """An attribute of leads to report by, such as industry, company size or age band.

    Reports take its value from the `attributes` of each lead, and never infer it. With `values`, a lead with any other
    value counts as `other`. With `bands`, its value is a number, and a lead with a text counts as `other`. Without
    both, any text is a value. Leads without the attribute are unknown. As a dimension and as a filter its name is
    `attribute:` and its name.
    """

    title: Code | None = Field(None, description="Its heading in reports; without it, its name.", examples=["Industry"])
    values: Annotated[list[Code], AfterValidator(_distinct)] | None = Field(
        None, min_length=1, max_length=MOST_VALUES, description="The values that reports show, in this order."
    )
    bands: Annotated[list[BandEnd], AfterValidator(_rising)] | None = Field(
        None,
        min_length=1,
        max_length=MOST_BANDS,
        description="The lower end of each band but the lowest, in order: 18, 65 makes under 18, 18 to under 65, and"
        " 65 or more.",
    )
    fewest_leads: FewestLeads = Field(
        USUAL_FEWEST,
        description="Numbers about fewer leads of a value are withheld, and others with them, so that no total gives"
        " them away.",
    )

    @model_validator(mode="after")
    def has_values_or_bands(self) -> Self:
        """A value is a text or a number, not both."""
        if self.values is not None and self.bands is not None:
            raise PydanticCustomError("values_and_bands", "cannot be sent with values", {"field": "bands"})
        return self


def attribute_of(name: str, *, reported: bool = True) -> Resource:
    """The resource that captures the declaration of an attribute, or with `reported` false its withdrawal."""

    def observe(item: LeadAttribute, _sender: Sender) -> Iterator[Observation]:
        yield (
            LEAD_ATTRIBUTES,
            {
                "name": name,
                "title": item.title,
                "allowed": item.values,
                "bands": item.bands,
                "fewest_leads": item.fewest_leads,
                "reported": reported,
            },
        )

    return Resource("lead-attributes", LeadAttribute, LEAD_ATTRIBUTES, observe, identity="name")


class _ConfiguredAttribute(Configured):
    @override
    def resource(self, key: str, **extra_columns: Any) -> Resource:
        return attribute_of(key, reported=extra_columns["reported"])


LEAD_ATTRIBUTE = _ConfiguredAttribute(
    "lead-attributes",
    LeadAttribute,
    LEAD_ATTRIBUTES,
    key="name",
    added={"reported": True},
    renamed={"allowed": "values"},
)


class LeadAttributeDocument(LeadAttribute):
    """An attribute of leads to report by."""

    name: AttributeName
    recorded_at: datetime


class UnlistedDocument(TypedDict):
    """A value that leads have and reports count as `other`."""

    value: str
    leads: int


class LeadAttributeDetails(LeadAttributeDocument):
    """An attribute of leads to report by, with the values that are not listed."""

    unlisted: list[UnlistedDocument] = Field(
        description="Values that are not listed, or are no numbers, and that at least `fewest_leads` leads have; those"
        " of most leads first, at most 100."
    )
