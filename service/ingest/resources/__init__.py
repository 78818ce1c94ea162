"""What can be captured: one file per resource, with its form and the ledger rows it writes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from service.accounts.accounts import Account
from service.ingest.fields import Item
from service.ingest.phone import Number, read_number
from sql.facts import Fact

Row = dict[str, Any]
Observation = tuple[Fact, Row]


@dataclass(frozen=True)
class Sender:
    """What the ledger knows about an item's sender, and so what the item may leave out.

    regions: each campaign with the country of its numbers written without a country code.
    received_at: when a dialer's delivery came; it decides between two states of a call at the same moment.
    observed_at: when a file knew its rows, for rows that do not state it.
    """

    dialer: str
    region: str
    regions: dict[str, str]
    now: datetime
    received_at: datetime | None = None
    observed_at: datetime | None = None

    @classmethod
    def of(cls, account: Account, dialer: str | None = None) -> Self:
        """The sender of an item that comes in now, with what the item may leave out."""
        return cls(dialer or "default", account.region, account.regions, datetime.now(UTC))

    def observed(self, stated: datetime | None, *mentioned: datetime | None) -> datetime | None:
        """When an item was known: the time it states, else its file's, else the newest time it mentions."""
        return stated or self.observed_at or newest(*mentioned)

    def number(self, text: str | None, campaign: str | None = None) -> Number | None:
        """A number in its one spelling, read as a number of the campaign's country."""
        return None if text is None else read_number(text, self.regions.get(campaign or "", self.region))


@dataclass(frozen=True)
class Resource:
    """A resource that clients post.

    path: its place under /v1, and its name in receipts and rejected items.
    form: the model of one item.
    fact: the table with the item's own row, which decides created, updated or unchanged.
    observe: turns one valid item into rows of one or more facts.
    identity: the field that receipts return as external_id.
    """

    path: str
    form: type[Item]
    fact: Fact
    observe: Callable[[Any, Sender], Iterable[Observation]]
    identity: str = "external_id"


def newest(*moments: datetime | None) -> datetime | None:
    """The newest of some moments; None without any."""
    return max((moment for moment in moments if moment is not None), default=None)
