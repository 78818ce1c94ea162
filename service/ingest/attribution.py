"""Tracking number assignments: assign a number, correct an assignment, and attribute the number's calls again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from service.accounts.accounts import Account
from service.errors import AlreadyRetired, ChangedMeanwhile, Fault, InvalidParameter, NotFound
from service.ingest.capture import lock_account, reattribute_calls, store
from service.ingest.configuration import ASSIGNMENT, TRACKING_NUMBER, Assignment
from service.ingest.number_timeline import Span, afterwards, assigned, mark, unassigned
from service.ingest.parsing import Entry
from service.ingest.phone import read_number
from service.ingest.receipts import Receipt
from service.platform.db import Connection, Pool, acquire
from sql import load
from sql.facts import ASSIGNMENTS, TRACKING_NUMBERS

_QUERIES = load("configuration")
# More numbers than any account advertises.
MOST_NUMBERS = 10_000
_E164 = re.compile(r"\+[0-9]{2,15}").fullmatch
_UNKNOWN = (
    "The account has no such tracking number, so nothing was assigned. If the number is right, register it, or send the"
    " request again with create=true."
)


@dataclass(frozen=True)
class Assigned:
    """The outcome of an assignment. afterwards: who has the number after an assignment with an end, in a sentence."""

    receipt: Receipt
    afterwards: str | None


@dataclass(frozen=True)
class OwnNumber:
    """A tracking number with its holders over time. recorded_at: when its name or retirement changed last."""

    number: str
    name: str | None
    retired_at: datetime | None
    recorded_at: datetime
    spans: list[Span]

    @property
    def mark(self) -> str:
        """What a page remembers of the number as it was shown."""
        return mark(self.name, self.retired_at, self.spans)

    def holder_at(self, moment: datetime) -> Span | None:
        """Who has the number at a moment."""
        if self.retired_at and self.retired_at <= moment:
            return None
        held = (span for span in self.spans if span.from_at <= moment)
        return next((span for span in held if span.to_at is None or span.to_at > moment), None)


async def assign(
    pool: Pool,
    account: Account,
    number: str,
    assignment: Assignment,
    *,
    create: bool = False,
    seen: str | None = None,
) -> Assigned:
    """Assign a tracking number from a time on; an assignment with the same start is corrected.

    An open-ended earlier assignment ends at that time, and resumes after an assignment with an end. create: register an
    unknown number; without it NotFound is raised. seen: the mark of the number as a person saw it. Raises
    AlreadyAssigned if another holder has the number in the same period, AlreadyRetired past its retirement, and
    ChangedMeanwhile. The number's calls are attributed again in the same transaction.
    """
    new = Span.of(assignment)
    async with acquire(pool) as connection, connection.transaction():
        await lock_account(connection, account.account_id, (ASSIGNMENTS,))
        await _check_seen(connection, account, number, seen)
        retired_at = await _check_number(connection, account, number, new, create=create)
        before = await _spans(connection, account, number)
        after = assigned(before, new)
        receipt = await _replace(connection, account, number, before, after, new)
        return Assigned(receipt, afterwards(after, new, retired_at))


def own_number(account: Account, text: str) -> str:
    """A tracking number in its one spelling, without an extension. Raises InvalidParameter."""
    number = read_number(text, account.region).line
    if not _E164(number):
        raise InvalidParameter(faults=(Fault("number", "must be a phone number, such as +14155550123"),))
    return number


async def change_number(
    pool: Pool, account: Account, number: str, *, name: str | None, retired_at: datetime | None, seen: str | None = None
) -> None:
    """Name a number; retire it from a moment on, or use it again if there is none. Its calls are attributed again.

    seen: the mark of the number as a person saw it. Raises NotFound and ChangedMeanwhile.
    """
    async with acquire(pool) as connection, connection.transaction():
        await lock_account(connection, account.account_id, (TRACKING_NUMBERS,))
        await _check_seen(connection, account, number, seen)
        known = await connection.fetchrow(_QUERIES["own_number"], account.account_id, number)
        if known is None:
            raise NotFound("The account has no such tracking number.")
        row = {"number": number, "name": name, "confirmed": True, "retired_at": retired_at}
        entry = Entry(0, TRACKING_NUMBER.resource(number), number, ((TRACKING_NUMBERS, row),))
        await store(connection, account, [entry])


async def unassign(pool: Pool, account: Account, number: str, from_at: datetime, *, seen: str | None = None) -> None:
    """Remove an assignment made in error; calls are attributed as if it had never existed.

    seen: the mark of the number as a person saw it. Raises NotFound and ChangedMeanwhile.
    """
    async with acquire(pool) as connection, connection.transaction():
        await lock_account(connection, account.account_id, (ASSIGNMENTS,))
        await _check_seen(connection, account, number, seen)
        before = await _spans(connection, account, number)
        if all(span.from_at != from_at for span in before):
            raise NotFound("No assignment of this number starts at that time.", (Fault("from_at", "is not known"),))
        await _replace(connection, account, number, before, unassigned(before, from_at))


async def list_own_numbers(connection: Connection, account_id: int) -> list[OwnNumber]:
    """The account's numbers with their holders, in order, in a transaction of the account."""
    rows = await connection.fetch(_QUERIES["list_tracking_numbers"], account_id, None, None, "", MOST_NUMBERS)
    return [
        OwnNumber(
            row["number"],
            row["name"],
            row["retired_at"],
            row["recorded_at"],
            [_span(held) for held in row["assignments"]],
        )
        for row in rows
    ]


def _span(held: Mapping[str, Any]) -> Span:
    """A span from the JSON of a list."""
    from_at, to_at = datetime.fromisoformat(held["from_at"]), held["to_at"]
    end = datetime.fromisoformat(to_at) if to_at else None
    return Span(from_at, end, held["campaign"], held["source"], held["agent"])


async def read_own_number(connection: Connection, account_id: int, number: str) -> OwnNumber | None:
    """One of the account's numbers with its holders, in a transaction of the account."""
    row = await connection.fetchrow(_QUERIES["own_number"], account_id, number)
    if row is None:
        return None
    spans = [Span(**dict(span)) for span in await connection.fetch(_QUERIES["assignments_of"], account_id, number)]
    return OwnNumber(number, row["name"], row["retired_at"], row["recorded_at"], spans)


async def _check_seen(connection: Connection, account: Account, number: str, seen: str | None) -> None:
    """Refuse a change of a number that is no longer as a person saw it. Raises ChangedMeanwhile."""
    if seen is None:
        return
    known = await read_own_number(connection, account.account_id, number)
    if seen != (known.mark if known else ""):
        raise ChangedMeanwhile


async def _check_number(
    connection: Connection, account: Account, number: str, new: Span, *, create: bool
) -> datetime | None:
    """When the number retires, if it does. Raises NotFound or AlreadyRetired."""
    row = await connection.fetchrow(_QUERIES["own_number"], account.account_id, number)
    if row is None and not create:
        raise NotFound(_UNKNOWN, (Fault("number", "is not known"),))
    if row is None:
        await connection.execute(_QUERIES["mention_tracking_number"], account.account_id, number)
        return None
    retired_at: datetime | None = row["retired_at"]
    if retired_at and (new.to_at is None or new.to_at > retired_at):
        raise AlreadyRetired(
            f"The number was retired at {retired_at:%Y-%m-%d %H:%M} UTC. End the assignment by then, or put the number"
            " without retired_at to use it again."
        )
    return retired_at


async def _spans(connection: Connection, account: Account, number: str) -> list[Span]:
    rows = await connection.fetch(_QUERIES["assignments_of"], account.account_id, number)
    return [Span(**dict(row)) for row in rows]


async def _replace(
    connection: Connection,
    account: Account,
    number: str,
    before: Sequence[Span],
    after: Sequence[Span],
    new: Span | None = None,
) -> Receipt:
    """Store what changed between two states of a number; returns the receipt of the new span.

    Spans are dropped and shortened before others grow: at no moment do two have the number.
    """
    old = {span.from_at: span for span in before}
    for from_at in old.keys() - {span.from_at for span in after}:
        await connection.execute(_QUERIES["drop_assignment"], account.account_id, number, from_at)
    changed = sorted((span for span in after if old.get(span.from_at) != span), key=lambda span: _grows(old, span))
    receipts = {span: await _store(connection, account, number, span) for span in changed}
    await reattribute_calls(connection, account.account_id, [number])
    return receipts[new] if new in receipts else Receipt(0, number, "unchanged")


def _grows(old: dict[datetime, Span], span: Span) -> bool:
    """Whether a span is new or ends later than before."""
    before = old.get(span.from_at)
    return before is None or span.to_at is None or (before.to_at is not None and span.to_at > before.to_at)


async def _store(connection: Connection, account: Account, number: str, span: Span) -> Receipt:
    row = asdict(span) | {"number": number}
    receipts, _ = await store(
        connection, account, [Entry(0, ASSIGNMENT.resource(number), number, ((ASSIGNMENTS, row),))]
    )
    return receipts[0]
