"""One attempt's life as a page tells it: what was told, in order, what is believed of it, and what refers to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from service.pages.column_labels import masked, reads, title

Row = Mapping[str, Any]

# What says when and how a version was told, and not what.
_ABOUT = ("dialer", "external_id", "to_zones", "observed_at", "recorded_at", "superseded_at", "set_at", "code")
_NUMBERS = ("to_number", "from_number")


@dataclass(frozen=True)
class Change:
    """A field that a version tells anew; before: what was believed until then."""

    title: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Version:
    """What was learned at a moment, and what was new in it. observed: when whoever told it knew."""

    learned: str
    observed: str
    changes: list[Change]


@dataclass(frozen=True)
class Eyes:
    """Whoever looks: on which clock, and whether they may see phone numbers whole. ours: numbers of the account."""

    zone: ZoneInfo
    whole: bool
    ours: frozenset[str] = frozenset()

    def see(self, column: str, value: Any) -> str:
        """A value as they may see it."""
        if column in _NUMBERS:
            return masked(value, whole=self.whole or value in self.ours)
        if column == "recording":
            return "-" if value is None else str(value.get("uri", "-"))
        if column == "participants":
            return ", ".join(f"{one['agent']} ({one['role']})" for one in value or ()) or "-"
        return reads(column, value, self.zone)


def versions(rows: Sequence[Row], eyes: Eyes) -> list[Version]:
    """What was told in order, each time what was new."""
    told = list[Version]()
    before: Row = {}
    for row in rows:
        at = {name: eyes.see("recorded_at", row[name]) for name in ("recorded_at", "observed_at")}
        told.append(Version(at["recorded_at"], at["observed_at"], list(_changes(before, row, eyes))))
        before = row
    return told


def believed_at(rows: Iterable[Row], moment: datetime) -> Row | None:
    """The version that was believed at a moment."""
    for row in rows:
        if row["recorded_at"] <= moment and (row["superseded_at"] is None or row["superseded_at"] > moment):
            return row
    return None


def learned(rows: Sequence[Row], believed: Row) -> dict[str, datetime]:
    """Since when what is believed of each field has been known."""
    known: dict[str, datetime] = {}
    past = [row for row in rows if row["recorded_at"] <= believed["recorded_at"]]
    for name in believed:
        known[name] = believed["recorded_at"]
        for row in reversed(past):
            if row[name] != believed[name]:
                break
            known[name] = row["recorded_at"]
    return known


def fields(believed: Row, eyes: Eyes) -> list[tuple[str, str]]:
    """Everything that is believed, field by field, without what nobody told."""
    names = [name for name in believed if name not in _ABOUT and believed[name] is not None]
    return [(title(name), eyes.see(name, believed[name])) for name in names]


def told_apart(rows: Iterable[Row]) -> list[list[Row]]:
    """The versions of several dispositions, each by itself."""
    apart: dict[tuple[datetime, str], list[Row]] = {}
    for row in rows:
        apart.setdefault((row["set_at"], row["code"]), []).append(row)
    return list(apart.values())


def is_erased(rows: Iterable[Row], lead: Row | None) -> bool:
    """Whether the person who was called has been erased."""
    numbers = (row[name] or "" for row in rows for name in _NUMBERS)
    return bool(lead and lead["erased"]) or any(number.startswith("erased-") for number in numbers)


def _changes(before: Row, row: Row, eyes: Eyes) -> Iterator[Change]:
    for name, value in row.items():
        if name in _ABOUT or value == before.get(name):
            continue
        was = eyes.see(name, before[name]) if before.get(name) is not None else None
        yield Change(title(name), was, eyes.see(name, value))
