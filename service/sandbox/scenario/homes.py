"""The homes that leads live in, which the floor sells for: the attribute of leads that the demo reports by."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import orjson

ATTRIBUTE, TITLE = "home", "Home"
# What the list that leads were bought with is called, in their attributes.
_LIST = {"list": "spring"}


@dataclass(frozen=True, slots=True)
class Home:
    """A kind of home. name: null where the lead did not say. weight: how usual it is. appeal: beside the average."""

    name: str | None
    weight: float
    appeal: float


# Who owns a roof buys solar panels: what the demo has to find in this attribute.
HOMES = (
    Home("Detached house", 34, 1.2),
    Home("Terraced house", 28, 1.0),
    Home("Apartment", 22, 0.55),
    Home("Farm", 6, 1.5),
    Home(None, 10, 0.9),
)


def names() -> list[str]:
    """The values that reports show, in their order."""
    return [home.name for home in HOMES if home.name]


def attributes_of_leads() -> list[str | None]:
    """The attributes of a lead as JSON: for each home, first of a lead that called itself, then of one from a list."""
    return [orjson.dumps(dict(known)).decode() if known else None for known in _known()]


def _known() -> Iterator[dict[str, str]]:
    for home, listed in product(HOMES, ({}, _LIST)):
        yield listed | ({ATTRIBUTE: home.name} if home.name else {})
