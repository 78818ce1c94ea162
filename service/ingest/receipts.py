"""Receipts: what became of each item, told only after it is durable."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["created", "updated", "unchanged", "rejected"]
STATUSES: tuple[Status, ...] = ("created", "updated", "unchanged", "rejected")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the item at one place of a request.

    outranked: the fields whose sent value was not kept, because a newer (or equal and greater) one is known.
    problem: the problem document of a rejected item.
    """

    index: int
    external_id: str | None
    status: Status
    outranked: tuple[str, ...] = ()
    problem: dict[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        """The receipt as it is answered."""
        answer: dict[str, Any] = {"index": self.index, "external_id": self.external_id, "status": self.status}
        if self.outranked:
            answer["outranked"] = list(self.outranked)
        if self.problem is not None:
            answer["problem"] = self.problem
        return answer


def summary(receipts: list[Receipt]) -> dict[str, Any]:
    """The answer to an array: the counts, then every receipt in the order of the items."""
    counts = Counter(receipt.status for receipt in receipts)
    return {status: counts[status] for status in STATUSES} | {"receipts": [r.document() for r in receipts]}
