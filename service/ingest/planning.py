"""What an account plans: when its teams work, and the numbers it aims at.

Put like the rest of the configuration: what is put replaces what was there, and the version before stays in history.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType, TypedDict

from reports.model.calendars import WEEKDAYS, read_hours
from service.ingest.fields import Code, Day, Item, Text, Zone
from service.ingest.phone import read_number
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import CALENDARS, TARGETS

# Calendars -----------------------------------------------------------------------------------------------------------

_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
_HOURS_PATTERN = rf"^{_CLOCK}-({_CLOCK}|24:00)$"


def _piece(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(_HOURS_PATTERN, value):
        raise PydanticCustomError(
            "hours_form", "must be written like 09:00-17:00, on one day's clock from 00:00 to 24:00"
        )
    if value[6:] <= value[:5]:
        raise PydanticCustomError(
            "hours_order", "must end after they start; what goes on after 24:00 belongs to the next day"
        )
    return value


_PIECE_SCHEMA = WithJsonSchema(
    {"type": "string", "pattern": _HOURS_PATTERN, "description": "From and to on the clock of one day: 09:00-17:00."}
)
Piece = TypeAliasType("Piece", Annotated[str, PlainValidator(_piece), _PIECE_SCHEMA])


def _in_order(pieces: list[str]) -> list[str]:
    hours = read_hours(pieces)
    if any(closes > opens for (_, closes), (opens, _) in pairwise(hours)):
        raise PydanticCustomError("hours_overlap", "must not overlap each other")
    return sorted(pieces)


Hours = TypeAliasType("Hours", Annotated[list[Piece], AfterValidator(_in_order)])


class Week(Item):
    """The hours of each weekday; a day left out is closed."""

    monday: Hours = Field([])
    tuesday: Hours = Field([])
    wednesday: Hours = Field([])
    thursday: Hours = Field([])
    friday: Hours = Field([])
    saturday: Hours = Field([])
    sunday: Hours = Field([])

    @model_validator(mode="after")
    def opens(self) -> Self:
        """A team that never works would never be late."""
        if not any(getattr(self, weekday) for weekday in WEEKDAYS):
            raise PydanticCustomError("never_open", "must have hours on at least one day")
        return self


class Holiday(Item):
    """A day with other hours than its weekday's: none, or those given."""

    on: Day
    name: Text | None = None
    hours: Hours = Field([], description="Without any, the day is closed.")


def _each_day_once(holidays: list[Holiday]) -> list[Holiday]:
    seen: set[date] = set()
    for place, holiday in enumerate(holidays):
        if holiday.on in seen:
            raise PydanticCustomError("day_twice", "is a day that is listed before", {"field": place})
        seen.add(holiday.on)
    return sorted(holidays, key=lambda holiday: holiday.on)


class Calendar(Item):
    """When a team works: business hours and business days are counted by it.

    The team `default` stands for every team that has no calendar. Without that one they work from Monday to Friday,
    09:00-17:00, in the account's zone. Hours end on the day they start: a night shift is two pieces, `22:00-24:00` and
    `00:00-06:00` on the next day.
    """

    zone: Zone = Field(description="The zone of the clock that the hours are read on.")
    hours: Week
    holidays: Annotated[list[Holiday], AfterValidator(_each_day_once)] = Field([])


def calendar_of(team: str) -> Resource:
    """The resource that captures what is put as the calendar of a team."""

    def observe(calendar: Calendar, _sender: Sender) -> Iterator[Observation]:
        yield CALENDARS, {"team": team, **calendar.model_dump()}

    return Resource("calendars", Calendar, CALENDARS, observe, identity="team")


# Targets -------------------------------------------------------------------------------------------------------------

_LARGEST = 10**12
# What the ledger keeps as -infinity: the first day of a target that has always been one.
_ALWAYS = date.min


def _level(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("level_type", "must be a number, or null to withdraw the target")
    if not abs(value) < _LARGEST:
        raise PydanticCustomError("level_range", "must be a number below 1,000,000,000,000")
    level = Decimal(str(value))
    if level != round(level, 6):
        raise PydanticCustomError("level_scale", "must have at most six decimals")
    return level


_LEVEL_SCHEMA = WithJsonSchema(
    {
        "type": "number",
        "exclusiveMinimum": -_LARGEST,
        "exclusiveMaximum": _LARGEST,
        "description": "In the unit of the metric, with at most six decimals: 25 % is 0.25, two minutes are 120.",
    }
)
Level = TypeAliasType("Level", Annotated[Decimal, PlainValidator(_level), _LEVEL_SCHEMA])

SCOPES = ("agent", "team", "campaign", "source", "tracking_number")


class Target(Item):
    """The value a metric should reach: of the whole account, or of one agent, team, campaign, source or number.

    Whether it should be reached from above or from below is said by the metric. Of the targets of one metric for the
    same thing, that counts on a day which started last and has not ended.
    """

    value: Level | None = Field(description="Null withdraws the target.")
    agent: Code | None = None
    team: Code | None = None
    campaign: Code | None = None
    source: Code | None = None
    tracking_number: Code | None = Field(None, description="In E.164, or as it is written in the account's country.")
    from_on: Day | None = Field(None, description="Its first day; without it, it has always been one.")
    to_on: Day | None = Field(None, description="Its last day; without it, until further notice.")

    @property
    def scope(self) -> tuple[str, str]:
        """What it is for: a dimension and one of its codes, both empty for the whole account."""
        said = ((name, getattr(self, name)) for name in SCOPES)
        return next(((name, code) for name, code in said if code is not None), ("", ""))

    @model_validator(mode="after")
    def is_for_one_thing(self) -> Self:
        """Two of them would be a target of what they have in common, which no number stands for."""
        said = [name for name in SCOPES if getattr(self, name) is not None]
        if len(said) > 1:
            raise PydanticCustomError("scopes", "cannot be said beside {other}", {"field": said[1], "other": said[0]})
        return self

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """A target has at least one day."""
        if self.from_on and self.to_on and self.to_on < self.from_on:
            raise PydanticCustomError("ends_before_start", "is before from_on", {"field": "to_on"})
        return self


@dataclass(frozen=True)
class TargetKey:
    """What makes a target the same target when it is put again."""

    metric: str
    dimension: str
    code: str
    from_on: date


def key_of(metric: str, target: Target, region: str) -> TargetKey:
    """The key of a target; region: the country of a tracking number written without one."""
    dimension, code = target.scope
    if dimension == "tracking_number":
        code = read_number(code, region).number
    return TargetKey(metric, dimension, code, target.from_on or _ALWAYS)


def target_of(key: TargetKey) -> Resource:
    """The resource that captures what is put as one target."""

    def observe(target: Target, _sender: Sender) -> Iterator[Observation]:
        yield TARGETS, {**asdict(key), "to_on": target.to_on, "value": target.value}

    return Resource("targets", Target, TARGETS, observe, identity="metric")


# Answers -------------------------------------------------------------------------------------------------------------


class CalendarDocument(Calendar):
    """When a team works."""

    team: Code
    recorded_at: datetime


class TargetDocument(Target):
    """The value a metric should reach."""

    id: int
    metric: Code
    recorded_at: datetime


class TargetsDocument(TypedDict):
    """A page of targets, in the order in which they were first put."""

    items: list[TargetDocument]
    next: Annotated[int | None, Field(description="The `after` of the page that follows; null on the last.")]


def shown_target(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the targets as it is answered."""
    dimension, code = row.pop("dimension"), row.pop("code")
    return {**row, **dict.fromkeys(SCOPES), **({dimension: code} if dimension else {})}
