"""Phone numbers of nobody, as many as a large floor calls.

Numbers for fiction (555-0100 to 555-0199 in every area code of North America) are too few for millions of leads. In
the same area codes no subscriber has ever had a number in the exchanges 958 and 959, which belong to the companies'
own tests, nor elsewhere in 555 but for directory enquiries at 555-1212. Customers get lines 2000 to 9999 of the three;
the floor's own caller IDs are numbers for fiction. About ten million people can be told apart; then numbers are used
again.
"""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import polars as pl

from service.phone import Number, read_number
from service.sandbox.scenario.rng import look_up

EXCHANGES = ("555", "958", "959")
LINES = range(2_000, 10_000)

# The clock of the east, of the middle and of the west, by hours from UTC in winter.
EAST, MIDDLE, WEST = range(3)
_CLOCKS = {-3: EAST, -3.5: EAST, -4: EAST, -5: EAST, -6: MIDDLE, -7: WEST, -8: WEST}
_WINTER = datetime(2026, 1, 15, 12, tzinfo=UTC)
# Coprime to how many places and lines there are, so that neighbours are not called one after the other.
_STRIDE, _LINE_STRIDE = 7_919, 4_099


@cache
def places() -> pl.DataFrame:
    """Every exchange customers are in: `prefix`, `clock`, and where capture says a number of it is."""
    rows = [
        (prefix, clock, number.country, number.region, "{" + ",".join(number.zones or ()) + "}")
        for area in range(201, 1000)
        for exchange in EXCHANGES
        for prefix in [f"+1{area}{exchange}"]
        for number in [read_number(f"{prefix}{LINES[0]}", "US")]
        for clock in [_clock(number)]
        if clock is not None
    ]
    return pl.DataFrame(rows, schema=("prefix", "clock", "country", "region", "zones"), orient="row")


def _clock(number: Number) -> int | None:
    """Which clock a number goes by; None where that is none of ours, or the number is in no one place."""
    if number.country not in {"US", "CA"} or not number.zones or len(number.zones) > 2:
        return None
    offset = _WINTER.astimezone(ZoneInfo(number.zones[0])).utcoffset()
    return None if offset is None else _CLOCKS.get(offset.total_seconds() / 3600)


def place(person: pl.Expr) -> pl.Expr:
    """Where the number of a person is, as a row of `places`."""
    return person * _STRIDE % places().height


def number(person: pl.Expr) -> pl.Expr:
    """The number of a person, E.164; people have one each until there are no more."""
    line = person // places().height * _LINE_STRIDE % len(LINES) + LINES.start
    return look_up(places()["prefix"], place(person)) + line.cast(pl.String)
