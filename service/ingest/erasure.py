"""Erasing a person: their number and all that was said of them, from every version; what is counted stays as it was.

A person is everyone with one number, as in the reports. In place of a number stands a token, one for each number, so
that whoever shared it still does and every number of every report stays the same. See docs/decisions/0014-erasure.md.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import uuid4

import asyncpg
import orjson
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from reports.model.times import FIRST_MOMENT
from service.errors import Fault, InvalidItem
from service.ingest.fields import Code, Item, PhoneNumber
from service.ingest.phone import common_digits, is_number, read_number
from service.platform.db import Connection
from sql import load

_SQL = load("erasures")
# A number that more leads have stands for nobody, and what is erased does not come back.
_MOST_LEADS = 100


class Person(Item):
    """Whom to erase: by their number, or by a lead of theirs. Say one of the two."""

    phone_number: PhoneNumber = Field(None, examples=["+14155550123"])
    lead: Code | None = Field(None, examples=["lead-77"])

    @model_validator(mode="after")
    def is_said_once(self) -> Self:
        """Two ways of saying it might mean two people."""
        if (self.phone_number is None) == (self.lead is None):
            raise PydanticCustomError("one_of_two", "say phone_number or lead, one of the two")
        return self


class ErasureDocument(TypedDict):
    """A person was erased: when, and of how many things something had to go."""

    id: int
    recorded_at: datetime
    key_prefix: Annotated[
        str | None, Field(description="Which key asked for it; null where the owner of the ledger did.")
    ]
    leads: int
    attempts: int
    inbound_calls: int
    dispositions: Annotated[int, Field(description="Those that had a note.")]
    rejected_items: int
    deliveries: Annotated[int, Field(description="Those of dialers that told of the person; they were emptied.")]


class ErasureReceiptDocument(ErasureDocument):
    """What a wish to be erased came to."""

    status: Annotated[
        Literal["created", "unchanged"],
        Field(description="unchanged: nothing more was found than what had been erased before, which is told again."),
    ]


class ErasuresDocument(TypedDict):
    """A page of erasures, the oldest first."""

    items: list[ErasureDocument]
    next: Annotated[int | None, Field(description="The `after` of the page that follows; null on the last.")]


@dataclass(frozen=True)
class Erasure:
    """What became of one wish to be erased. again: nothing more was found than what had been erased before."""

    row: asyncpg.Record
    again: bool


@dataclass(frozen=True)
class _Traces:
    """Where a person is known: their leads, the numbers these ever had, and tokens that stand for these already."""

    leads: tuple[str, ...]
    numbers: tuple[str, ...]
    tokens: tuple[str, ...] = ()

    @property
    def endings(self) -> list[str]:
        """Patterns of texts that may hold one of the numbers: cheap, and nearly always enough."""
        return [f"%{number[-2:]}%" for number in self.numbers]

    @property
    def digits(self) -> list[str]:
        """Patterns of texts that hold one of the numbers, once all but letters and digits is gone."""
        return [f"%{common_digits(number)}%" for number in self.numbers]


@dataclass
class _Found:
    """The things of which some version tells of the person, by their keys."""

    leads: set[str]
    attempts: set[tuple[str, str]]
    inbound: set[tuple[str, str]]
    notes: set[tuple[str, str]]
    deliveries: set[int]

    def add(self, other: Self) -> None:
        """Take in what else was found."""
        self.leads |= other.leads
        self.attempts |= other.attempts
        self.inbound |= other.inbound
        self.notes |= other.notes
        self.deliveries |= other.deliveries


@dataclass(frozen=True)
class _Since:
    """From when on things are looked at: the transaction that wrote them, the moment a delivery was received."""

    xid: str = "0"
    received_at: datetime = FIRST_MOMENT


async def erase(
    connection: Connection, account_id: int, person: Person, region: str, key_prefix: str | None = None
) -> Erasure:
    """Erase a person within the caller's transaction. Raises InvalidItem for what is no person of this account.

    region: the country of a number written without its code. Looking everywhere takes seconds where there are millions
    of calls, so it is done at leisure first; then nobody may write, and only what has changed meanwhile is looked at.
    """
    number = await _check(connection, account_id, person, region)
    [seen] = await connection.fetch(_SQL["seen"])
    traces = await _trace(connection, account_id, number, person.lead)
    found = await _find(connection, account_id, traces, _Since())
    await connection.execute(_SQL["enter"], account_id)
    before, traces = traces, await _trace(connection, account_id, number, person.lead)
    found.add(await _find(connection, account_id, traces, _Since(**seen) if traces == before else _Since()))
    traces = await _add_called(connection, account_id, traces, found)
    return await _erase(connection, account_id, traces, found, (number, person.lead, key_prefix))


async def _check(connection: Connection, account_id: int, person: Person, region: str) -> str | None:
    number = None if person.phone_number is None else read_number(person.phone_number, region).number
    if number is not None and not is_number(number):
        raise InvalidItem(faults=(Fault("/phone_number", "is not a phone number"),))
    [known] = await connection.fetch(_SQL["known"], account_id, number, person.lead)
    if known["is_ours"]:
        raise InvalidItem(faults=(Fault("/phone_number", "is a tracking number of this account"),))
    if person.lead is not None and not known["has_lead"]:
        raise InvalidItem(faults=(Fault("/lead", "is not known"),))
    return number


async def _trace(connection: Connection, account_id: int, number: str | None, lead: str | None) -> _Traces:
    known = number if lead is None else await connection.fetchval(_SQL["number_of"], account_id, lead)
    begun = _Traces((), (known,) if known is not None and is_number(known) else ())
    found = await connection.fetch(_SQL["leads_of"], account_id, known, lead, begun.endings, begun.digits)
    leads = _column(found)
    if len(leads) > _MOST_LEADS:
        where = "/lead" if number is None else "/phone_number"
        raise InvalidItem(faults=(Fault(where, f"stands for {len(leads):,} leads, which are not one person"),))
    had = _column(await connection.fetch(_SQL["numbers_of"], account_id, leads))
    numbers = tuple(dict.fromkeys((*begun.numbers, *had)))
    tokens = {row["token"] for row in await connection.fetch(_SQL["tokens_of"], account_id, numbers)}
    return _Traces(leads, numbers, tuple(sorted(tokens)))


async def _find(connection: Connection, account_id: int, traces: _Traces, since: _Since) -> _Found:
    """Every thing that tells of them, among those changed since."""
    numbers, how = traces.numbers + traces.tokens, (traces.endings, traces.digits, since.xid)
    leads = await connection.fetch(_SQL["find_leads"], account_id, numbers, *how)
    attempts = await connection.fetch(_SQL["find_attempts"], account_id, numbers, traces.leads, *how)
    inbound = await connection.fetch(_SQL["find_inbound"], account_id, numbers, traces.leads, *how)
    notes = await connection.fetch(_SQL["find_notes"], account_id, *how)
    sent = await connection.fetch(_SQL["find_deliveries"], account_id, *how[:2], since.received_at)
    calls = [{(*row,) for row in told} for told in (attempts, inbound, notes)]
    return _Found(set(_column(leads)), calls[0], calls[1], calls[2], {row["id"] for row in sent})


async def _add_called(connection: Connection, account_id: int, traces: _Traces, found: _Found) -> _Traces:
    """Theirs are also the leads whose number the dialer alone knows, with all the calls to them."""
    how = (traces.numbers + traces.tokens, traces.endings, traces.digits)
    called = _column(await connection.fetch(_SQL["leads_called"], account_id, *_pairs(found.attempts), *how))
    found.attempts |= {(*row,) for row in await connection.fetch(_SQL["calls_to"], account_id, called)}
    found.inbound |= {(*row,) for row in await connection.fetch(_SQL["calls_from"], account_id, called)}
    return replace(traces, leads=tuple(sorted({*traces.leads, *called})))


async def _erase(
    connection: Connection,
    account_id: int,
    traces: _Traces,
    found: _Found,
    asked: tuple[str | None, str | None, str | None],
) -> Erasure:
    number, lead, key_prefix = asked
    numbers = await _tokens(connection, account_id, "tokens_of", traces.numbers)
    for spelling in await _spellings(connection, account_id, traces, found):
        numbers.setdefault(spelling, numbers[traces.numbers[0]])
    leads = await _tokens(connection, account_id, "tokens_of_leads", traces.leads)
    counts = await _take_out(connection, account_id, traces, found, (*_arrays(numbers), *_arrays(leads)))
    if not any(counts) and (earlier := await connection.fetchrow(_SQL["earlier"], account_id, number, lead)):
        return Erasure(earlier, again=True)
    [row] = await connection.fetch(_SQL["record"], account_id, key_prefix, *counts)
    await connection.execute(_SQL["remember_numbers"], account_id, *_arrays(numbers), row["id"])
    await connection.execute(_SQL["remember_leads"], account_id, *_arrays(leads), row["id"])
    return Erasure(row, again=False)


async def _tokens(connection: Connection, account_id: int, query: str, names: Sequence[str]) -> dict[str, str]:
    """What stands in place of each: the token it has, or a new one."""
    known: dict[str, str] = {row[0]: row[1] for row in await connection.fetch(_SQL[query], account_id, names)}
    return {name: known.get(name) or f"erased-{uuid4()}" for name in names}


async def _spellings(connection: Connection, account_id: int, traces: _Traces, found: _Found) -> tuple[str, ...]:
    how = (traces.endings, traces.digits)
    query = _SQL["spellings_in"]
    calls = (*_pairs(found.attempts), *_pairs(found.inbound))
    return _column(await connection.fetch(query, account_id, found.leads, *calls, *how))


async def _take_out(
    connection: Connection,
    account_id: int,
    traces: _Traces,
    found: _Found,
    tokens: tuple[list[str], list[str], list[str], list[str]],
) -> tuple[int, ...]:
    """Take them out of everything that was found; answers of how many things of each kind."""
    digits = (traces.endings, traces.digits)
    calls, notes = _pairs(found.attempts), _pairs(found.attempts | found.notes)
    told = _pairs(found.attempts | found.inbound)
    leads = await connection.fetchval(
        _SQL["erase_leads"], account_id, sorted(found.leads.union(traces.leads)), *tokens, *digits
    )
    attempts = await connection.fetchval(_SQL["erase_attempts"], account_id, *calls, *tokens, *digits)
    inbound = await connection.fetchval(_SQL["erase_inbound"], account_id, *_pairs(found.inbound), *tokens, *digits)
    dispositions = await connection.fetchval(_SQL["erase_notes"], account_id, *notes, traces.leads, *digits)
    rejected = await connection.fetchval(
        _SQL["erase_rejected"], account_id, told[1], traces.leads, _as_json(traces.leads), *digits
    )
    deliveries = await connection.fetchval(_SQL["erase_deliveries"], account_id, sorted(found.deliveries), *told)
    return leads, attempts, inbound, dispositions, rejected, deliveries


def _column(rows: Iterable[asyncpg.Record]) -> tuple[str, ...]:
    return tuple(row[0] for row in rows)


def _pairs(keys: set[tuple[str, str]]) -> tuple[list[str], list[str]]:
    ordered = sorted(keys)
    return [first for first, _ in ordered], [second for _, second in ordered]


def _arrays(tokens: dict[str, str]) -> tuple[list[str], list[str]]:
    return list(tokens), list(tokens.values())


def _as_json(codes: Iterable[str]) -> list[bytes]:
    """Codes as they stand in an item that was sent: other programs write letters as escapes."""
    return [written for code in codes for written in {orjson.dumps(code), json.dumps(code).encode()}]
