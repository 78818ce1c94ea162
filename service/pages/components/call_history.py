"""The history of one call: its versions in order, the fields as known, and what each version changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reports.model.language import marked, translate
from reports.model.local_dates import clock_words
from service.pages.components.column_labels import column_label, display_value, mask_phone_number

Row = Mapping[str, Any]

# Columns that identify a version or say when it was recorded; the history does not list them as fields.
_VERSION_COLUMNS = (
    "dialer",
    "external_id",
    "to_zones",
    "from_zones",
    "observed_at",
    "recorded_at",
    "superseded_at",
    "set_at",
    "listed",
    "code",
)
_PHONE_NUMBERS = ("to_number", "from_number")
_LEAD_BY = {"sender": marked("the sender"), "number": marked("the phone number")}


@dataclass(frozen=True)
class Change:
    """One field that a version changed; before: its value until then, if it had one."""

    title: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Version:
    """One version of a row: when the ledger recorded it, when the sender knew it, and the fields it changed."""

    recorded: str
    observed: str
    changes: list[Change]


@dataclass(frozen=True)
class Viewer:
    """The reader of a page: the time zone, and whether the key may see whole phone numbers.

    own_numbers: the account's tracking numbers, which everybody may see. labels: those of columns that have another
    one on this page.
    """

    zone: ZoneInfo
    sees_phone_numbers: bool
    own_numbers: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict[str, str])

    def label(self, column: str) -> str:
        """The label of a column on this page."""
        return translate(self.labels[column]) if column in self.labels else column_label(column)

    def display(self, column: str, value: Any) -> str:
        """A value as this reader may see it."""
        if column in _PHONE_NUMBERS:
            return mask_phone_number(value, whole=self.sees_phone_numbers or value in self.own_numbers)
        if value is not None and (text := self._text_of_list(column, value)):
            return text
        return display_value(column, value, self.zone)

    def _text_of_list(self, column: str, value: Any) -> str | None:
        """A value that is more than a number or a word."""
        match column:
            case "recording":
                return str(value.get("uri", "-"))
            case "participants" | "segments" | "offers":
                return ", ".join(map(self._part, value))
            case "shares":
                return ", ".join(f"{share['agent']} {self._talk(share)}" for share in value)
            case "outcomes":
                return ", ".join(outcome["code"] for outcome in value) or translate("none, withdrawn")
            case "lead_by":
                return translate(_LEAD_BY[value])
            case _:
                return None

    def _part(self, part: Row) -> str:
        """An agent's part in a call, a wait in a queue, or an offer to an agent."""
        about = [part["role"]] if "role" in part else [part["state"]] if "state" in part else []
        if begun_at := part.get("from_at") or part.get("queued_at"):
            time = clock_words(datetime.fromisoformat(begun_at).astimezone(self.zone), seconds=True)
            about.append(translate("from {time}", time=time))
        about += [part["outcome"]] if part.get("outcome") else [translate("answered")] if part.get("answered") else []
        name = part["queue"] if "queue" in part else part["agent"]
        return f"{name} ({', '.join(about)})" if about else name

    def _talk(self, share: Row) -> str:
        return display_value("talk_ms", share.get("talk_ms"), self.zone)


def list_versions(rows: Sequence[Row], viewer: Viewer) -> list[Version]:
    """The versions in the order they were recorded, each with its changes."""
    versions = list[Version]()
    before: Row = {}
    for row in rows:
        times = {name: viewer.display("recorded_at", row[name]) for name in ("recorded_at", "observed_at")}
        versions.append(Version(times["recorded_at"], times["observed_at"], list(_changes(before, row, viewer))))
        before = row
    return versions


def version_at(rows: Iterable[Row], moment: datetime) -> Row | None:
    """The version that was current at a moment."""
    for row in rows:
        if row["recorded_at"] <= moment and (row["superseded_at"] is None or row["superseded_at"] > moment):
            return row
    return None


def known_since(rows: Sequence[Row], current: Row) -> dict[str, datetime]:
    """When the present value of each field was first recorded."""
    since: dict[str, datetime] = {}
    earlier = [row for row in rows if row["recorded_at"] <= current["recorded_at"]]
    for name in current:
        since[name] = current["recorded_at"]
        for row in reversed(earlier):
            if row[name] != current[name]:
                break
            since[name] = row["recorded_at"]
    return since


def known_fields(current: Row, viewer: Viewer) -> list[tuple[str, str]]:
    """The fields of a version that have a value, each with its label."""
    names = [name for name in current if name not in _VERSION_COLUMNS and current[name] is not None]
    return [(viewer.label(name), viewer.display(name, current[name])) for name in names]


def group_by_disposition(rows: Iterable[Row]) -> list[list[Row]]:
    """The versions of several dispositions, one list for each disposition."""
    dispositions: dict[tuple[datetime, str], list[Row]] = {}
    for row in rows:
        dispositions.setdefault((row["set_at"], row["listed"]), []).append(row)
    return list(dispositions.values())


def is_erased(rows: Iterable[Row], lead: Row | None) -> bool:
    """Whether the called person has been erased."""
    numbers = (row[name] or "" for row in rows for name in _PHONE_NUMBERS)
    return bool(lead and lead["erased"]) or any(number.startswith("erased-") for number in numbers)


def _changes(before: Row, row: Row, viewer: Viewer) -> Iterator[Change]:
    for name, value in row.items():
        if (name in _VERSION_COLUMNS and name != "code") or value == before.get(name):
            continue
        was = viewer.display(name, before[name]) if before.get(name) is not None else None
        yield Change(viewer.label(name), was, viewer.display(name, value))
