"""Receipts: the result of each item, sent only after the item is durable."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Status = Literal["created", "updated", "unchanged", "rejected"]
STATUSES: tuple[Status, ...] = ("created", "updated", "unchanged", "rejected")


@dataclass(frozen=True, slots=True)
class SupersededField:
    """A sent value that was not stored, because a newer one is known, or one that replaced it in the same moment.

    known_at: the time of the observation with the stored value; for a start or an end, the stored value itself.
    """

    field: str
    known_at: datetime | None

    def document(self) -> dict[str, Any]:
        """The field as a part of a receipt."""
        known_at = self.known_at and self.known_at.isoformat().replace("+00:00", "Z")
        return {"field": self.field, "known_at": known_at}


def superseded_fields(lost: Iterable[str]) -> tuple[SupersededField, ...]:
    """Superseded fields from the texts of the merge: the name of a field and a moment, which may be missing.

    >>> superseded_fields(["agent 2026-03-02 09:00:00+00"])
    (SupersededField(field='agent', known_at=datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.timezone.utc)),)
    """
    parts = (text.partition(" ") for text in lost)
    return tuple(SupersededField(name, _moment(moment)) for name, _, moment in parts)


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text[:1].isdigit() else None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The result of the item at one place of a request.

    superseded: the fields with a sent value that was not stored.
    problem: the problem document of a rejected item.
    """

    index: int
    external_id: str | None
    status: Status
    superseded: tuple[SupersededField, ...] = ()
    problem: dict[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        """The receipt as a JSON document."""
        answer: dict[str, Any] = {"index": self.index, "external_id": self.external_id, "status": self.status}
        if self.superseded:
            answer["outranked"] = [lost.field for lost in self.superseded]
            answer["superseded"] = [lost.document() for lost in self.superseded]
        if self.problem is not None:
            answer["problem"] = self.problem
        return answer


def summary(receipts: list[Receipt]) -> dict[str, Any]:
    """The response to an array of items: counts by status, then every receipt in the order of the items."""
    counts = Counter(receipt.status for receipt in receipts)
    return {status: counts[status] for status in STATUSES} | {"receipts": [r.document() for r in receipts]}
