"""Account plans: when teams work, and the target values of metrics.

Saved like the rest of the configuration: a new version replaces the old one, which stays in history.
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
from service.ingest.quantities import Seconds
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
        raise PydanticCustomError("hours_order", "must end after they start; hours after 24:00 belong to the next day")
    return value


_PIECE_SCHEMA = WithJsonSchema(
    {"type": "string", "pattern": _HOURS_PATTERN, "description": "Start and end on one day's clock: 09:00-17:00."}
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
    """A day with different hours than its weekday: none, or the hours listed."""

    on: Day
    name: Text | None = None
    hours: Hours = Field([], description="Without any, the day is closed.")


def _distinct_days(holidays: list[Holiday]) -> list[Holiday]:
    days: set[date] = set()
    for place, holiday in enumerate(holidays):
        if holiday.on in days:
            raise PydanticCustomError("day_twice", "is a day that is already listed", {"field": place})
        days.add(holiday.on)
    return sorted(holidays, key=lambda holiday: holiday.on)


class Calendar(Item):
    """When a team works: business hours and business days follow this calendar.

    The team `default` covers every team without a calendar. Without it, those teams work from Monday to Friday,
    09:00-17:00, in the account's zone. Hours end on the day they start: a night shift is two entries, `22:00-24:00`
    and `00:00-06:00` on the next day.
    """

    zone: Zone = Field(description="The time zone of the hours.")
    hours: Week
    holidays: Annotated[list[Holiday], AfterValidator(_distinct_days)] = Field([])


def calendar_of(team: str) -> Resource:
    """The resource that captures a team's calendar."""

    def observe(calendar: Calendar, _sender: Sender) -> Iterator[Observation]:
        yield CALENDARS, {"team": team, **calendar.model_dump()}

    return Resource("calendars", Calendar, CALENDARS, observe, identity="team")


# Targets -------------------------------------------------------------------------------------------------------------

_LARGEST = 10**15
# The ledger stores it as -infinity: the first day of a target without a start.
_ALWAYS = date.min


def _level(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("level_type", "must be a number, or null to withdraw the target")
    if not abs(value) <= _LARGEST:
        raise PydanticCustomError("level_range", "must be a number up to 1,000,000,000,000,000")
    level = Decimal(str(value))
    if level != round(level, 6):
        raise PydanticCustomError("level_scale", "must have at most six decimals")
    return level


_LEVEL_SCHEMA = WithJsonSchema(
    {
        "type": "number",
        "minimum": -_LARGEST,
        "maximum": _LARGEST,
        "description": "In the unit of the metric, with at most six decimals: 25% is 0.25, two minutes are 120.",
    }
)
Level = TypeAliasType("Level", Annotated[Decimal, PlainValidator(_level), _LEVEL_SCHEMA])

SCOPES = ("agent", "team", "campaign", "source", "tracking_number", "queue")


class Target(Item):
    """The value a metric should reach: for the whole account, or one agent, team, campaign, source, number or queue.

    The metric says whether to reach the value from above or from below. A metric with a band, such as occupancy, may
    have another band than its usual one. The target of service_level may set another answer time than 20 seconds: 90%
    within 30 seconds. If several targets of one metric cover the same day and scope, the one that started last counts.
    """

    value: Level | None = Field(description="Null withdraws the target.")
    upper: Level | None = Field(
        None, description="The upper end of a band, whose lower end is the value; for metrics with a band."
    )
    within_seconds: Seconds | None = Field(
        None,
        description="For service_level: how soon a call should be answered, for the account or for one queue. All modes"
        " of the service level use it.",
        examples=[30],
    )
    agent: Code | None = None
    team: Code | None = None
    campaign: Code | None = None
    source: Code | None = None
    tracking_number: Code | None = Field(None, description="In E.164, or as it is written in the account's country.")
    queue: Code | None = Field(None, examples=["service"])
    from_on: Day | None = Field(None, description="Its first day; without it, the target has no start.")
    to_on: Day | None = Field(None, description="Its last day; without it, until further notice.")

    @property
    def scope(self) -> tuple[str, str]:
        """The target's dimension and code; both are empty for the whole account."""
        codes = ((name, getattr(self, name)) for name in SCOPES)
        return next(((name, code) for name, code in codes if code is not None), ("", ""))

    @model_validator(mode="after")
    def has_one_scope(self) -> Self:
        """Two scopes would mean their overlap, which no number measures."""
        scopes = [name for name in SCOPES if getattr(self, name) is not None]
        if len(scopes) > 1:
            raise PydanticCustomError("scopes", "cannot be sent with {other}", {"field": scopes[1], "other": scopes[0]})
        return self

    @model_validator(mode="after")
    def is_a_band(self) -> Self:
        """A band has two ends, the lower one first."""
        if self.upper is not None and (self.value is None or self.upper < self.value):
            raise PydanticCustomError("band_order", "must not be below value", {"field": "upper"})
        return self

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """A target lasts at least one day."""
        if self.from_on and self.to_on and self.to_on < self.from_on:
            raise PydanticCustomError("ends_before_start", "is before from_on", {"field": "to_on"})
        return self


@dataclass(frozen=True)
class TargetKey:
    """The values that identify a target when it is saved again."""

    metric: str
    dimension: str
    code: str
    from_on: date


def key_of(metric: str, target: Target, region: str) -> TargetKey:
    """The key of a target; region: the country of a tracking number without its country code."""
    dimension, code = target.scope
    if dimension == "tracking_number":
        code = read_number(code, region).line
    return TargetKey(metric, dimension, code, target.from_on or _ALWAYS)


def target_of(key: TargetKey) -> Resource:
    """The resource that captures one target."""

    def observe(target: Target, _sender: Sender) -> Iterator[Observation]:
        levels = {"value": target.value, "upper": target.upper, "within_ms": target.within_seconds}
        yield TARGETS, {**asdict(key), "to_on": target.to_on, **levels}

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
    """A page of targets, in the order in which they were first saved."""

    items: list[TargetDocument]
    next: Annotated[int | None, Field(description="The `after` of the page that follows; null on the last.")]


def target_document(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the targets table as a JSON document."""
    dimension, code, within_ms = row.pop("dimension"), row.pop("code"), row.pop("within_ms")
    row["within_seconds"] = None if within_ms is None else within_ms / 1000
    return {**row, **dict.fromkeys(SCOPES), **({dimension: code} if dimension else {})}
