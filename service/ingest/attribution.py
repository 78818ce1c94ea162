"""Tracking number assignments: assign a number, correct an assignment, and attribute the number's calls again."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from service.accounts.accounts import Account
from service.errors import AlreadyRetired, Fault, InvalidParameter, NotFound
from service.ingest.capture import lock_account, reattribute_calls, store
from service.ingest.configuration import ASSIGNMENT, TRACKING_NUMBER, Assignment
from service.ingest.number_timeline import Span, afterwards, assigned, unassigned
from service.ingest.parsing import Entry
from service.ingest.phone import read_number
from service.ingest.receipts import Receipt
from service.platform.db import Connection, Pool, acquire
from sql import load
from sql.facts import ASSIGNMENTS, TRACKING_NUMBERS

_QUERIES = load("configuration")
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


async def assign(
    pool: Pool, account: Account, number: str, assignment: Assignment, *, create: bool = False
) -> Assigned:
    """Assign a tracking number from a time on; an assignment with the same start is corrected.

    An open-ended earlier assignment ends at that time, and resumes after an assignment with an end. create: register an
    unknown number; without it NotFound is raised. Raises AlreadyAssigned if another holder has the number in the same
    period, and AlreadyRetired past its retirement. The number's calls are attributed again in the same transaction.
    """
    new = Span.of(assignment)
    async with acquire(pool) as connection, connection.transaction():
        await lock_account(connection, account.account_id, (ASSIGNMENTS,))
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


async def retire(pool: Pool, account: Account, number: str, retired_at: datetime | None) -> None:
    """Retire a number from a moment on, or use it again if there is none; its calls are attributed again.

    Raises NotFound.
    """
    async with acquire(pool) as connection, connection.transaction():
        await lock_account(connection, account.account_id, (TRACKING_NUMBERS,))
        known = await connection.fetchrow(_QUERIES["own_number"], account.account_id, number)
        if known is None:
            raise NotFound("The account has no such tracking number.")
        row = {"number": number, "name": known["name"], "confirmed": known["confirmed"], "retired_at": retired_at}
        entry = Entry(0, TRACKING_NUMBER.resource(number), number, ((TRACKING_NUMBERS, row),))
        await store(connection, account, [entry])


async def unassign(pool: Pool, account: Account, number: str, from_at: datetime) -> None:
    """Remove an assignment made in error; calls are attributed as if it had never existed. Raises NotFound."""
    async with acquire(pool) as connection, connection.transaction():
        await lock_account(connection, account.account_id, (ASSIGNMENTS,))
        before = await _spans(connection, account, number)
        if all(span.from_at != from_at for span in before):
            raise NotFound("No assignment of this number starts at that time.", (Fault("from_at", "is not known"),))
        await _replace(connection, account, number, before, unassigned(before, from_at))


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
