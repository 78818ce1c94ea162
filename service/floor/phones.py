"""Phone numbers that ring nowhere: only ranges set aside for film, radio and books.

North America keeps 555-0100 to 555-0199 of every area code free for fiction; the British regulator publishes ranges
"for use in TV and radio drama". Customers and the floor's own caller IDs take different parts of them.
"""

from __future__ import annotations

from itertools import product
from random import Random

_NEW_YORK, _CHICAGO, _DENVER = "America/New_York", "America/Chicago", "America/Denver"
_PHOENIX, _LOS_ANGELES, _LONDON = "America/Phoenix", "America/Los_Angeles", "Europe/London"

# Area codes that lie in one zone only.
_AREAS = (
    (_NEW_YORK, "201 203 207 212 215 216 231 248 301 305 313 315 404 407 410 412 513 603 617 703 704 716 802 813 919"),
    (_CHICAGO, "205 214 217 225 256 309 312 314 316 319 402 405 414 504 512 515 608 612 615 713 773 816"),
    (_DENVER, "303 307 406 505 720 801"),
    (_PHOENIX, "480 602"),
    (_LOS_ANGELES, "206 213 253 310 408 415 503 619 626 702 760 916"),
)
_DRAMA = ("+44207946", "+44113496", "+44117496", "+44121496", "+44131496", "+44141496", "+44151496", "+44161496")

_CUSTOMERS_US = range(100, 180)  # 555-0180 to 555-0199 are the floor's own
_CUSTOMERS_GB = range(100, 1000)


def _numbers_us() -> list[tuple[str, str]]:
    areas = [(area, zone) for zone, codes in _AREAS for area in codes.split()]
    return [(f"+1{area}5550{last}", zone) for (area, zone), last in product(areas, _CUSTOMERS_US)]


def _numbers_gb() -> list[tuple[str, str]]:
    return [(f"{area}0{last}", _LONDON) for area, last in product(_DRAMA, _CUSTOMERS_GB)]


class Directory:
    """Hands out customers' numbers with the zone they lie in, each once until all of a country are used."""

    def __init__(self, rng: Random) -> None:
        self._free = {"US": _numbers_us(), "GB": _numbers_gb()}
        self._given = {"US": 0, "GB": 0}
        for numbers in self._free.values():
            rng.shuffle(numbers)

    def next(self, region: str) -> tuple[str, str]:
        """A number of a country and its zone."""
        numbers, given = self._free[region], self._given[region]
        self._given[region] = given + 1
        return numbers[given % len(numbers)]
