"""Receipts: the result of each item, sent only after the item is durable."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["created", "updated", "unchanged", "rejected"]
STATUSES: tuple[Status, ...] = ("created", "updated", "unchanged", "rejected")


@dataclass(frozen=True, slots=True)
class Receipt:
    """The result of the item at one place of a request.

    superseded_fields: fields with a sent value that was not stored, because a newer (or equal and greater) one is
    known.
    problem: the problem document of a rejected item.
    """

    index: int
    external_id: str | None
    status: Status
    superseded_fields: tuple[str, ...] = ()
    problem: dict[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        """The receipt as a JSON document."""
        answer: dict[str, Any] = {"index": self.index, "external_id": self.external_id, "status": self.status}
        if self.superseded_fields:
            answer["outranked"] = list(self.superseded_fields)
        if self.problem is not None:
            answer["problem"] = self.problem
        return answer


def summary(receipts: list[Receipt]) -> dict[str, Any]:
    """The response to an array of items: counts by status, then every receipt in the order of the items."""
    counts = Counter(receipt.status for receipt in receipts)
    return {status: counts[status] for status in STATUSES} | {"receipts": [r.document() for r in receipts]}
