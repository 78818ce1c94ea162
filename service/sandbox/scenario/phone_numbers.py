"""Phone numbers without a subscriber.

A small floor calls only numbers reserved for fiction: 555-0100 to 555-0179 in area codes of North America, and the
British ranges for drama. 555-0180 to 555-0199 and the first hundred of a British range are the floor's own caller IDs.

A large floor calls millions of leads, and fiction has too few numbers. In the same area codes three exchanges have no
subscribers: 958 and 959 belong to the companies' own tests, and 555 has only directory enquiries at 555-1212. Customers
of a large floor get lines 2000 to 9999 of the three: about ten million numbers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

import polars as pl

from service.ingest.phone import Number, read_number
from service.sandbox.scenario.rng import look_up

# Groups of zones by hours from UTC in winter; each team calls the people of one clock.
EAST, MIDDLE, WEST, BRITAIN = range(4)
CLOCKS = range(4)
_OFFSETS = {-3: EAST, -3.5: EAST, -4: EAST, -5: EAST, -6: MIDDLE, -7: WEST, -8: WEST, 0: BRITAIN}
_WINTER = datetime(2026, 1, 15, 12, tzinfo=UTC)

_AREAS = range(201, 1000)
_EXCHANGES = ("555", "958", "959")
_DRAMA = ("20 7946", "113 496", "117 496", "121 496", "131 496", "141 496", "151 496", "161 496")
_EACH_CLOCK = 72  # places of each clock that a small floor calls, as many as Britain's drama ranges have


@dataclass(frozen=True)
class NumberPool:
    """The numbers a floor calls.

    places: `prefix`, `clock`, and the `country`, `region` and `zones` that capture reads from such a number.
    lines: the numbers of each prefix. strides: coprime to the number of places and of lines, so that people who come
    one after the other do not live in neighbouring places.
    """

    places: pl.DataFrame
    lines: range
    strides: tuple[int, int]

    def place(self, person: pl.Expr) -> pl.Expr:
        """The row of `places` that a person's number is in."""
        return person * self.strides[0] % self.places.height

    def number(self, person: pl.Expr) -> pl.Expr:
        """The number of a person, E.164: their own as long as there are free ones."""
        line = person // self.places.height * self.strides[1] % len(self.lines) + self.lines.start
        digits = line.cast(pl.String).str.zfill(len(str(self.lines[-1])))
        return look_up(self.places["prefix"], self.place(person)) + digits


@cache
def many_numbers() -> NumberPool:
    """The numbers of a large floor, in the United States and Canada."""
    prefixes = (f"+1{area}{exchange}" for area in _AREAS for exchange in _EXCHANGES)
    return NumberPool(_frame(_places(prefixes, "2000")), range(2_000, 10_000), (7_919, 4_099))


@cache
def fiction_numbers() -> NumberPool:
    """The numbers of a small floor: as many places on the clock of New York as on those of Chicago and of London."""
    america = _places((f"+1{area}55501" for area in _AREAS), "00")
    britain = _places((f"+44{drama.replace(' ', '')}0{digit}" for drama in _DRAMA for digit in range(1, 10)), "00")
    east, middle = ([place for place in america if place[1] == clock] for clock in (EAST, MIDDLE))
    chosen = [*islice(east, _EACH_CLOCK), *islice(middle, _EACH_CLOCK), *islice(britain, _EACH_CLOCK)]
    return NumberPool(_frame(chosen), range(80), (7_919, 37))


_Place = tuple[str, int, str | None, str | None, str]


def _frame(places: list[_Place]) -> pl.DataFrame:
    return pl.DataFrame(places, schema=("prefix", "clock", "country", "region", "zones"), orient="row")


def _places(prefixes: Iterable[str], line: str) -> list[_Place]:
    """The places of these prefixes that lie on one of the clocks."""
    return [
        (prefix, clock, number.country, number.region, "{" + ",".join(number.zones or ()) + "}")
        for prefix in prefixes
        for number in [read_number(prefix + line, "US")]
        for clock in [_clock(number)]
        if clock is not None
    ]


def _clock(number: Number) -> int | None:
    """The clock of a number; None where the floor calls no such clock, or the number belongs to no single place."""
    if number.country not in {"US", "CA", "GB"} or not number.zones or len(number.zones) > 2:
        return None
    offset = _WINTER.astimezone(ZoneInfo(number.zones[0])).utcoffset()
    return None if offset is None else _OFFSETS.get(offset.total_seconds() / 3600)
