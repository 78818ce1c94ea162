"""Erasure: removes a person's number, and everything sent about them, from every version of every row.

A person is everyone with one number, as in reports, whatever its spelling. An extension makes another person of the
line: the line's erasure leaves its extensions, and an extension's leaves the line and the others. Texts that tell the
line's number go with the line, even where an extension follows. A token replaces each number, so shared numbers stay
shared and every count in every report stays the same. See docs/decisions/0014-erasure.md and 0031.
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
from service.ingest.erased_calls import empty_erased
from service.ingest.erased_comments import erase_comments
from service.ingest.fields import Code, Item, PhoneNumber
from service.ingest.phone import ending_of, is_number, line_of, read_number, written_forms
from service.platform.db import Connection
from sql import load

_SQL = load("erasures")
# A number that more leads share is no single person's, and an erasure cannot be undone.
_MOST_LEADS = 100


class Person(Item):
    """The person to erase, named by phone number or by one of their leads. Send one of the two."""

    phone_number: PhoneNumber = Field(None, examples=["+14155550123"])
    lead: Code | None = Field(None, examples=["lead-77"])

    @model_validator(mode="after")
    def is_named_once(self) -> Self:
        """A number and a lead might name two different people."""
        if (self.phone_number is None) == (self.lead is None):
            raise PydanticCustomError("one_of_two", "send either phone_number or lead")
        return self


class ErasureDocument(TypedDict):
    """A record that a person was erased: when, and how many rows of each kind lost data."""

    id: int
    recorded_at: datetime
    key_prefix: Annotated[str | None, Field(description="The key that requested it; null if the ledger's owner did.")]
    leads: int
    attempts: int
    inbound_calls: int
    dispositions: Annotated[int, Field(description="Dispositions with a note.")]
    rejected_items: int
    deliveries: Annotated[
        int, Field(description="Dialer deliveries that mentioned the person; their content was removed.")
    ]
    agents: Annotated[int, Field(description="Agents with the number in their code, which another code replaced.")]
    customers: Annotated[int, Field(description="Contracts of customers that lost the reason for their end.")]
    comments: Annotated[
        int, Field(description="Surveys, evaluations and shared calls that lost their comment or note.")
    ]


class ErasureReceiptDocument(ErasureDocument):
    """The result of an erasure request."""

    status: Annotated[
        Literal["created", "unchanged"],
        Field(description="unchanged: an earlier request had erased everything; its counts are returned again."),
    ]


class ErasuresDocument(TypedDict):
    """A page of erasures, the oldest first."""

    items: list[ErasureDocument]
    next: Annotated[int | None, Field(description="The `after` of the page that follows; null on the last.")]


@dataclass(frozen=True)
class Erasure:
    """The result of an erasure request. already_erased: nothing was left to erase since an earlier request."""

    row: asyncpg.Record
    already_erased: bool


@dataclass(frozen=True)
class _Traces:
    """Where a person is known: their leads, all numbers of those leads, and tokens that already replace numbers."""

    leads: tuple[str, ...]
    numbers: tuple[str, ...]
    tokens: tuple[str, ...] = ()

    @property
    def endings(self) -> list[str]:
        """Patterns for texts that may contain one of the numbers: cheap, and nearly always enough."""
        return sorted({f"%{ending_of(number)}%" for number in self.numbers})

    @property
    def digits(self) -> list[str]:
        """Patterns for texts that contain one of the numbers, after removal of all but letters and digits."""
        return [f"%{form}%" for number in self.numbers for form in written_forms(number)]


@dataclass
class _Matches:
    """The rows with a version that mentions the person, by key."""

    leads: set[str]
    attempts: set[tuple[str, str]]
    inbound_calls: set[tuple[str, str]]
    notes: set[tuple[str, str]]
    deliveries: set[int]

    def add(self, other: Self) -> None:
        """Add the matches of another search."""
        self.leads |= other.leads
        self.attempts |= other.attempts
        self.inbound_calls |= other.inbound_calls
        self.notes |= other.notes
        self.deliveries |= other.deliveries


@dataclass(frozen=True)
class _ChangedSince:
    """The start of a search: the transaction that wrote a row, and the time a delivery was received."""

    xid: str = "0"
    received_at: datetime = FIRST_MOMENT


async def erase(
    connection: Connection, account_id: int, person: Person, region: str, key_prefix: str | None = None
) -> Erasure:
    """Erase a person in the caller's transaction. Raises InvalidItem if the account knows no such person.

    region: the country of a number without its country code. A full search takes seconds where there are millions of
    calls, so it runs before the lock. Then writers wait, and only rows changed in the meantime are searched again.
    """
    number = await _check(connection, account_id, person, region)
    [snapshot] = await connection.fetch(_SQL["seen"])
    traces = await _trace(connection, account_id, number, person.lead)
    matches = await _find(connection, account_id, traces, _ChangedSince())
    await connection.execute(_SQL["enter"], account_id)
    traces_before_lock, traces = traces, await _trace(connection, account_id, number, person.lead)
    since = _ChangedSince(**snapshot) if traces == traces_before_lock else _ChangedSince()
    matches.add(await _find(connection, account_id, traces, since))
    traces = await _add_called(connection, account_id, traces, matches)
    return await _erase(connection, account_id, traces, matches, (number, person.lead, key_prefix))


async def _check(connection: Connection, account_id: int, person: Person, region: str) -> str | None:
    number = None if person.phone_number is None else read_number(person.phone_number, region).number
    if number is not None and not is_number(number):
        raise InvalidItem(faults=(Fault("/phone_number", "is not a phone number"),))
    line = None if number is None else line_of(number)
    [known] = await connection.fetch(_SQL["known"], account_id, line, person.lead)
    if known["is_ours"]:
        raise InvalidItem(faults=(Fault("/phone_number", "is a tracking number of this account"),))
    if person.lead is not None and not known["has_lead"]:
        raise InvalidItem(faults=(Fault("/lead", "is not known"),))
    return number


async def _trace(connection: Connection, account_id: int, number: str | None, lead: str | None) -> _Traces:
    known = number if lead is None else await connection.fetchval(_SQL["number_of"], account_id, lead)
    start = _Traces((), (known,) if known is not None and is_number(known) else ())
    lead_rows = await connection.fetch(_SQL["leads_of"], account_id, known, lead, start.endings, start.digits)
    leads = _column(lead_rows)
    if len(leads) > _MOST_LEADS:
        where = "/lead" if number is None else "/phone_number"
        raise InvalidItem(faults=(Fault(where, f"belongs to {len(leads):,} leads, which are not one person"),))
    lead_numbers = _column(await connection.fetch(_SQL["numbers_of"], account_id, leads))
    numbers = tuple(dict.fromkeys((*start.numbers, *lead_numbers)))
    tokens = {row["token"] for row in await connection.fetch(_SQL["tokens_of"], account_id, numbers)}
    return _Traces(leads, numbers, tuple(sorted(tokens)))


async def _find(connection: Connection, account_id: int, traces: _Traces, since: _ChangedSince) -> _Matches:
    """Every row that mentions the person, among the rows changed since."""
    numbers, patterns = traces.numbers + traces.tokens, (traces.endings, traces.digits, since.xid)
    leads = await connection.fetch(_SQL["find_leads"], account_id, numbers, *patterns)
    attempts = await connection.fetch(_SQL["find_attempts"], account_id, numbers, traces.leads, *patterns)
    inbound = await connection.fetch(_SQL["find_inbound"], account_id, numbers, traces.leads, *patterns)
    notes = await connection.fetch(_SQL["find_notes"], account_id, *patterns)
    deliveries = await connection.fetch(_SQL["find_deliveries"], account_id, *patterns[:2], since.received_at)
    call_keys = [{(*row,) for row in rows} for rows in (attempts, inbound, notes)]
    return _Matches(set(_column(leads)), call_keys[0], call_keys[1], call_keys[2], {row["id"] for row in deliveries})


async def _add_called(connection: Connection, account_id: int, traces: _Traces, matches: _Matches) -> _Traces:
    """Add leads with a number that only the dialer knows, and all calls to and from them."""
    patterns = (traces.numbers + traces.tokens, traces.endings, traces.digits)
    called = _column(await connection.fetch(_SQL["leads_called"], account_id, *_pairs(matches.attempts), *patterns))
    matches.attempts |= {(*row,) for row in await connection.fetch(_SQL["calls_to"], account_id, called)}
    matches.inbound_calls |= {(*row,) for row in await connection.fetch(_SQL["calls_from"], account_id, called)}
    return replace(traces, leads=tuple(sorted({*traces.leads, *called})))


async def _erase(
    connection: Connection,
    account_id: int,
    traces: _Traces,
    matches: _Matches,
    request: tuple[str | None, str | None, str | None],
) -> Erasure:
    number, lead, key_prefix = request
    numbers = await _tokens(connection, account_id, "tokens_of", traces.numbers)
    for spelling in await _spellings(connection, account_id, traces, matches):
        numbers.setdefault(spelling, numbers[traces.numbers[0]])
    leads = await _tokens(connection, account_id, "tokens_of_leads", traces.leads)
    counts = await _remove_person(connection, account_id, traces, matches, (*_arrays(numbers), *_arrays(leads)))
    if not any(counts) and (earlier := await connection.fetchrow(_SQL["earlier"], account_id, number, lead)):
        return Erasure(earlier, already_erased=True)
    [row] = await connection.fetch(_SQL["record"], account_id, key_prefix, *counts)
    await connection.execute(_SQL["remember_numbers"], account_id, *_arrays(numbers), row["id"])
    await connection.execute(_SQL["remember_leads"], account_id, *_arrays(leads), row["id"])
    return Erasure(row, already_erased=False)


async def _rename_agents(connection: Connection, account_id: int, traces: _Traces) -> int:
    """Replace the codes of agents that tell one of the numbers; each stays apart from the others. Returns how many."""
    codes = _column(await connection.fetch(_SQL["agents_named"], account_id, traces.endings, traces.digits))
    if codes:
        tokens = [f"erased-{uuid4()}" for _ in codes]
        await connection.execute(_SQL["rename_agents"], account_id, codes, tokens)
    return len(codes)


async def _tokens(connection: Connection, account_id: int, query: str, names: Sequence[str]) -> dict[str, str]:
    """The token that replaces each name: its existing token, or a new one."""
    known: dict[str, str] = {row[0]: row[1] for row in await connection.fetch(_SQL[query], account_id, names)}
    return {name: known.get(name) or f"erased-{uuid4()}" for name in names}


async def _spellings(connection: Connection, account_id: int, traces: _Traces, matches: _Matches) -> tuple[str, ...]:
    patterns = (traces.endings, traces.digits)
    query = _SQL["spellings_in"]
    calls = (*_pairs(matches.attempts), *_pairs(matches.inbound_calls))
    return _column(await connection.fetch(query, account_id, matches.leads, *calls, *patterns))


async def _remove_person(
    connection: Connection,
    account_id: int,
    traces: _Traces,
    matches: _Matches,
    tokens: tuple[list[str], list[str], list[str], list[str]],
) -> tuple[int, ...]:
    """Remove the person from every matching row; returns the number of rows of each kind."""
    digits = (traces.endings, traces.digits)
    calls, notes = _pairs(matches.attempts), _pairs(matches.attempts | matches.notes)
    all_calls = _pairs(matches.attempts | matches.inbound_calls)
    leads = await connection.fetchval(
        _SQL["erase_leads"], account_id, sorted(matches.leads.union(traces.leads)), *tokens, *digits
    )
    attempts = await connection.fetchval(_SQL["erase_attempts"], account_id, *calls, *tokens, *digits)
    inbound = await connection.fetchval(
        _SQL["erase_inbound"], account_id, *_pairs(matches.inbound_calls), *tokens, *digits
    )
    dispositions = await connection.fetchval(_SQL["erase_notes"], account_id, *notes, traces.leads, *digits)
    rejected = await connection.fetchval(
        _SQL["erase_rejected"], account_id, all_calls[1], traces.leads, _as_json(traces.leads), *digits
    )
    deliveries = await connection.fetchval(_SQL["erase_deliveries"], account_id, sorted(matches.deliveries), *all_calls)
    comments = await erase_comments(connection, account_id, all_calls, traces.leads, digits)
    await empty_erased(connection, account_id, matches.attempts | matches.inbound_calls, traces.leads)
    agents = await _rename_agents(connection, account_id, traces)
    customers = await connection.fetchval(_SQL["erase_customers"], account_id, traces.leads, *digits)
    return leads, attempts, inbound, dispositions, rejected, deliveries, agents, customers, comments


def _column(rows: Iterable[asyncpg.Record]) -> tuple[str, ...]:
    return tuple(row[0] for row in rows)


def _pairs(keys: set[tuple[str, str]]) -> tuple[list[str], list[str]]:
    ordered = sorted(keys)
    return [first for first, _ in ordered], [second for _, second in ordered]


def _arrays(tokens: dict[str, str]) -> tuple[list[str], list[str]]:
    return list(tokens), list(tokens.values())


def _as_json(codes: Iterable[str]) -> list[bytes]:
    """Codes as they appear in a sent item; some programs write letters as escapes."""
    return [written for code in codes for written in {orjson.dumps(code), json.dumps(code).encode()}]
