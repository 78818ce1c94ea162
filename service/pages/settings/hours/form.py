"""A calendar as its form shows it: the hours of each weekday as text, and a row for each day with other hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from reports.model.calendars import WEEKDAYS
from reports.model.language import marked, translate
from service.pages.settings import typed

DAY_NAMES = (
    marked("Monday"),
    marked("Tuesday"),
    marked("Wednesday"),
    marked("Thursday"),
    marked("Friday"),
    marked("Saturday"),
    marked("Sunday"),
)
_SHORT: dict[str, str] = dict(
    zip(
        WEEKDAYS,
        (
            marked("Mon"),
            marked("Tue"),
            marked("Wed"),
            marked("Thu"),
            marked("Fri"),
            marked("Sat"),
            marked("Sun"),
        ),
        strict=True,
    )
)
# More days than a form has room for.
_MOST_ROWS = 1_000


@dataclass(frozen=True)
class HolidayRow:
    """A day with other hours than its weekday, as it is typed."""

    on: str
    name: str
    hours: str

    @property
    def document(self) -> dict[str, Any]:
        """The day as the API takes it."""
        return {"on": self.on, "hours": typed.hours(self.hours), **({"name": self.name} if self.name else {})}


@dataclass
class CalendarForm:
    """What a person typed. hours: those of each weekday."""

    team: str
    zone: str
    hours: dict[str, str]
    holidays: list[HolidayRow]

    @property
    def document(self) -> dict[str, Any]:
        """The calendar as the API takes it."""
        week = {weekday: typed.hours(text) for weekday, text in self.hours.items()}
        return {"zone": self.zone, "hours": week, "holidays": [row.document for row in self.holidays]}


def new_form(team: str, zone: str) -> CalendarForm:
    """The form of a new calendar, with the usual hours."""
    working_days = WEEKDAYS[:5]
    week = {weekday: "09:00-17:00" if weekday in working_days else "" for weekday in WEEKDAYS}
    return CalendarForm(team, zone, week, [])


def form_of(stored: Mapping[str, Any], team: str) -> CalendarForm:
    """The form of a stored calendar."""
    holidays = [HolidayRow(day["on"], day["name"] or "", ", ".join(day["hours"])) for day in stored["holidays"]]
    week = {weekday: ", ".join(stored["hours"][weekday]) for weekday in WEEKDAYS}
    return CalendarForm(team, stored["zone"], week, holidays)


def form_of_fields(fields: Mapping[str, str]) -> CalendarForm:
    """The form as it was sent. A row without a day is a row that was removed or never filled in."""
    rows = [
        HolidayRow(*(fields.get(f"{name}_{place}", "").strip() for name in ("on", "name", "hours")))
        for place in range(_MOST_ROWS)
        if fields.get(f"on_{place}", "").strip() and f"remove_{place}" not in fields
    ]
    week = {weekday: fields.get(weekday, "").strip() for weekday in WEEKDAYS}
    return CalendarForm(fields.get("team", "").strip(), fields.get("zone", "").strip(), week, rows)


def hours_in_words(week: Mapping[str, list[str]]) -> str:
    """The hours of a week in one line: Mon-Fri 09:00-17:00; Sat 10:00-12:00."""
    runs = groupby(WEEKDAYS, key=lambda weekday: ", ".join(week.get(weekday, [])))
    return "; ".join(f"{_days(list(weekdays))} {pieces}" for pieces, weekdays in runs if pieces)


def _days(weekdays: list[str]) -> str:
    first, last = translate(_SHORT[weekdays[0]]), translate(_SHORT[weekdays[-1]])
    return first if first == last else f"{first}-{last}"
