"""Spans: which days share a file. Each of the last days has a file of its own; older days share that of their week.

A day that still changes is written again often, and costs little. Days at rest are in few files, which are opened fast.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

_WEEK = timedelta(days=7)


@dataclass(frozen=True, order=True)
class Span:
    """The days of one file, both ends included."""

    first: date
    last: date

    @cached_property
    def days(self) -> set[date]:
        """All days of the span."""
        return days_between(self.first, self.last)

    def overlaps(self, other: "Span") -> bool:
        """Whether the spans have a day in common."""
        return self.first <= other.last and other.first <= self.last


def days_between(first: date, last: date) -> set[date]:
    """The days from one to another, both included."""
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}


@dataclass(frozen=True)
class Spans:
    """The spans at a moment. known: those of files that are there, which are never divided."""

    moment: datetime
    known: Collection[Span] = ()

    def of(self, days: Iterable[date]) -> dict[date, Span]:
        """The span of each of some days."""
        return {day: self._of(day) for day in days}

    @property
    def aged(self) -> list[date]:
        """The days whose files should become part of their week's."""
        return [span.first for span in self.known if self._of(span.first) != span]

    def _of(self, day: date) -> Span:
        return self._of_weeks.get(_monday(day), Span(day, day)) if day >= self._recent else _week(day)

    @property
    def _recent(self) -> date:
        """The first day that has a file of its own."""
        return _monday(self.moment.date()) - _WEEK

    @cached_property
    def _of_weeks(self) -> Mapping[date, Span]:
        """The files of whole weeks. A moment may lie before that at which they were written."""
        return {span.first: span for span in self.known if span.first != span.last}


def _week(day: date) -> Span:
    return Span(_monday(day), _monday(day) + _WEEK - timedelta(days=1))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
