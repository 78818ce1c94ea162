"""When the teams of a generated floor work: through the night, over a summer-time change, and not on a holiday."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from tests.metrics.floor import Floor

Row = dict[str, Any]

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED = {"on": "2026-03-30", "name": "A day off", "hours": []}
SHORT = {"on": "2026-03-28", "name": "Inventory", "hours": ["10:00-10:30", "11:00-12:00"]}


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """Two teams have hours of their own; everybody else has those of the account."""
    del floor, calls
    night = _calendar("north", "Europe/Berlin", ["00:00-02:30", "22:00-24:00"], 7, CLOSED)
    split = _calendar("south", "America/New_York", ["08:00-12:30", "13:00-19:15"], 6, SHORT)
    yield "calendars", [night, split, _calendar("default", "Asia/Kathmandu", ["09:00-17:00"], 7, SHORT, CLOSED)]


def _calendar(team: str, zone: str, hours: list[str], days: int, *holidays: dict[str, Any]) -> Row:
    week = {day: hours if number < days else [] for number, day in enumerate(WEEK)}
    return {"team": team, "zone": zone, "hours": json.dumps(week), "holidays": json.dumps(holidays)}
