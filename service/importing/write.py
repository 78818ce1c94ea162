"""Writing chunks to the ledger: staged by COPY, merged set by set, with the run's progress in the same transaction."""

import io
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import asyncpg

from service.accounts.accounts import Account
from service.config import SetupError
from service.importing.assignments import assign_rows
from service.importing.former_ids import keep_former_ids
from service.importing.prepare import PreparedChunk
from service.importing.run_record import Counts, Run, advance
from service.importing.staging import StagedFact
from service.ingest.capture import (
    LockedAccount,
    empty_erased_calls,
    lead_changes,
    lock_account,
    reattribute_calls,
    register_codes,
    rematch_calls,
    remove_erased_rows,
)
from service.ingest.receipts import superseded_fields
from service.platform.db import Connection, Pool, acquire
from sql.facts import ASSIGNMENTS, ATTEMPTS, DISPOSITIONS, EVALUATION_SCORES, TRACKING_NUMBERS, Fact
from sql.merge import stage_name, statements

_NUMBERS_STAGE = stage_name(TRACKING_NUMBERS)
# Facts with rows of their own for a part of an item, and the name of that part.
_INSIDE = {DISPOSITIONS: "disposition", EVALUATION_SCORES: "scores"}
_TRIES = 5
# Errors after which the ledger asks for a retry, and locks that others held for too long.
_RETRIED = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.LockNotAvailableError)

# Values that the forms should have refused, but did not.
_REFUSED = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)


@dataclass
class MergeResult:
    """What the rows of one fact changed in the ledger, by their places. superseded: the fields of older values."""

    created: set[int]
    changed: set[int] = field(default_factory=set[int])
    superseded: dict[int, set[str]] = field(default_factory=lambda: defaultdict[int, set[str]](set))


@dataclass(frozen=True)
class WriteResult:
    """The result of a chunk. superseded: the fields with a value older than the ledger's, by the line of their row."""

    counts: Counts
    superseded: Mapping[int, Sequence[str]] = field(default_factory=dict[int, Sequence[str]])


@dataclass(frozen=True)
class Writer:
    """Writes the chunks of one run in order.

    main_facts: the facts that decide whether a row created, updated or changed nothing.
    """

    pool: Pool
    account: Account
    run: Run
    main_facts: Collection[Fact]

    async def write(
        self,
        prepared: PreparedChunk,
        previous: Awaitable[object] | None,
        before_commit: Callable[[PreparedChunk], None],
    ) -> WriteResult:
        """Store one chunk: staged at once, merged after the chunk before it, retried if the ledger asks for it.

        previous: the write of the chunk before; before_commit: work to do before this chunk is committed.
        """
        merged: dict[Fact, MergeResult] = {}
        if prepared.assignments:
            prepared, merged[ASSIGNMENTS] = await self._assign(prepared, previous)
        for tries_left in reversed(range(_TRIES)):
            try:
                async with acquire(self.pool) as connection:
                    async with connection.transaction():
                        written, codes = await self._store(connection, prepared, previous, before_commit, merged)
                    self.account.remember(codes)
                    return written
            except _RETRIED:
                if not tries_left:
                    raise SetupError(
                        "Other processes are locking this part of the ledger; run the same command again to continue"
                    ) from None
            except _REFUSED:
                lines = prepared.chunk.lines
                raise SetupError(
                    f"The ledger cannot store a value in lines {lines[0]:,} to {lines[-1]:,}; run the same command"
                    " with --chunk 1 to continue and find the line"
                ) from None
        raise AssertionError

    async def _assign(
        self, prepared: PreparedChunk, previous: Awaitable[object] | None
    ) -> tuple[PreparedChunk, MergeResult]:
        """Store the assignments of a chunk, and add those to its rejected rows that another holder excludes."""
        if previous is not None:
            await previous
        assigned = await assign_rows(self.pool, self.account, prepared.assignments)
        rejected = sorted([*prepared.rejected, *assigned.rejected], key=lambda row: row.place)
        return replace(prepared, rejected=rejected), MergeResult(assigned.created, assigned.changed)

    async def _store(
        self,
        connection: Connection,
        prepared: PreparedChunk,
        previous: Awaitable[object] | None,
        before_commit: Callable[[PreparedChunk], None],
        assigned: dict[Fact, MergeResult],
    ) -> tuple[WriteResult, dict[str, set[str]]]:
        locked = await lock_account(connection, self.account.account_id, [staged.fact for staged in prepared.staged])
        for staged in prepared.staged:
            await copy_rows(connection, staged, known=stage_name(staged.fact) in locked.existing_stages)
        if previous is not None:
            await previous
        facts = {staged.fact for staged in prepared.staged}
        if ATTEMPTS in facts:
            has_dispositions = DISPOSITIONS in facts
            former = prepared.former_ids
            await keep_former_ids(connection, self.account.account_id, former, has_dispositions=has_dispositions)
        codes = await register_codes(connection, self.account, prepared.codes)
        merged = assigned | {
            staged.fact: await _merge(connection, self.account.account_id, staged, locked) for staged in prepared.staged
        }
        written = _write_result(prepared, merged, self.main_facts)
        chunk = prepared.chunk
        before_commit(prepared)
        await advance(connection, self.account.account_id, self.run, chunk.start, chunk.end, written.counts)
        return written, codes


async def copy_rows(connection: Connection, staged: StagedFact, *, known: bool) -> None:
    """Copy the rows of one fact to its stage. known: whether this connection has the stage already."""
    if not known:
        await connection.execute(statements(staged.fact).stage)
    await connection.copy_to_table(
        stage_name(staged.fact),
        source=io.BytesIO(staged.copy),
        columns=staged.columns,
        schema_name="pg_temp",
        format="csv",
    )


async def _merge(connection: Connection, account_id: int, staged: StagedFact, locked: LockedAccount) -> MergeResult:
    queries = statements(staged.fact)
    await remove_erased_rows(connection, account_id, staged.fact, locked)
    if queries.mention:
        await connection.execute(queries.mention, account_id)
    changes = await lead_changes(connection, account_id, staged.fact)
    merged = MergeResult(set(staged.places))
    for number in range(staged.rounds):
        known = [row["idx"] for row in await connection.fetch(_insert(staged.fact), account_id, number)]
        if known:
            await connection.execute(queries.lock, account_id, known)
            for row in await connection.fetch(queries.merge, account_id, known):
                _record(merged, row, row["idx"] % staged.step)
    await rematch_calls(connection, account_id, changes)
    if staged.fact is TRACKING_NUMBERS:
        await reattribute_calls(connection, account_id, await _staged_numbers(connection))
    await empty_erased_calls(connection, account_id, staged.fact, locked)
    return merged


async def _staged_numbers(connection: Connection) -> list[str]:
    return [row["number"] for row in await connection.fetch(f"SELECT DISTINCT number FROM {_NUMBERS_STAGE}")]  # noqa: S608  a name of our own


@cache
def _insert(fact: Fact) -> str:
    """The insert of one round, returning the places of rows with a known key.

    NOT IN is hashed however few rows the planner expects in an unknown stage; a join may not be.
    """
    key = ", ".join(fact.key)
    return f"""
        WITH created AS ({statements(fact).insert})
        SELECT i.idx
        FROM {stage_name(fact)} i
        WHERE i.round = $2 AND ({key}) NOT IN (SELECT {key} FROM created)"""  # noqa: S608  names of our own


def _record(merged: MergeResult, row: asyncpg.Record, place: int) -> None:
    if not row["revealed"]:
        merged.created.discard(place)
    if row["changed"]:
        merged.changed.add(place)
    if row["outranked"]:
        merged.superseded[place].update(lost.field for lost in superseded_fields(row["outranked"]))


def _write_result(
    prepared: PreparedChunk, merged: dict[Fact, MergeResult], main_facts: Collection[Fact]
) -> WriteResult:
    """A row counts as created with its main fact, and as updated when any of its rows changed something."""
    calls = [result for fact, result in merged.items() if fact in main_facts]
    created = set[int]().union(*(result.created for result in calls))
    changed = set[int]().union(*(result.created | result.changed for result in merged.values())) - created
    unchanged = prepared.accepted - len(created) - len(changed)
    counts = Counts(len(created), len(changed), unchanged, len(prepared.rejected))
    return WriteResult(counts, _superseded(prepared, merged))


def _superseded(prepared: PreparedChunk, merged: dict[Fact, MergeResult]) -> dict[int, list[str]]:
    """The fields of each row that the ledger did not take; a part with rows of its own is one of them."""
    fields: dict[int, set[str]] = defaultdict(set)
    for fact, result in merged.items():
        for place, names in result.superseded.items():
            fields[place] |= {_INSIDE[fact]} if fact in _INSIDE else names
    return {prepared.chunk.lines[place]: sorted(names) for place, names in sorted(fields.items())}
