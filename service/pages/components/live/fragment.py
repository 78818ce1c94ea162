"""What the fragments of the live board share: their form, the report of the day, and how long something lasts."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from reports.query.parameters import Parameters
from reports.render import formatting


@dataclass(frozen=True)
class Fragment:
    """One fragment of the board as HTML; version: differs from the last one if there is news."""

    html: str
    version: Hashable


def day_of_board(zone: ZoneInfo, at: datetime) -> Parameters:
    """The window of a report of one whole day of the account."""
    day = at.astimezone(zone).date()
    return {"from": [f"{day}"], "to": [f"{day + timedelta(days=1)}"], "tz": [zone.key]}


def display_elapsed(seconds: float) -> str:
    """Elapsed time, with seconds while they matter.

    >>> display_elapsed(42), display_elapsed(125), display_elapsed(11_300)
    ('42 s', '2 m 05 s', '3 h 08 m')
    """
    return formatting.duration(seconds, step=1)
