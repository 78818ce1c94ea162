"""Chunks into the ledger: staged by COPY, merged set by set, and the run's progress in the same transaction."""

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache

import asyncpg

from service.accounts.accounts import Account
from service.config import SetupError
from service.importing.prepare import Prepared
from service.importing.run_record import Counts, Run, advance
from service.importing.staging import Staged
from service.ingest.capture import Entered, keep_erased, lock_account, register_codes
from service.platform.db import Connection, Pool, acquire
from sql.facts import Fact
from sql.merge import stage_name, statements

_TRIES = 5
# What the ledger asks to be tried again, and what others held for too long.
_AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.LockNotAvailableError)

# What the forms should have refused, but did not.
_REFUSED = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)


@dataclass
class Merged:
    """What the rows of one fact did to the ledger, by their places."""

    created: set[int]
    changed: set[int] = field(default_factory=set[int])
    outranked: set[int] = field(default_factory=set[int])


@dataclass(frozen=True)
class Written:
    """What became of a chunk. outranked: rows with a value that is not the one kept."""

    counts: Counts
    outranked: int


@dataclass(frozen=True)
class Writer:
    """Writes the chunks of one run in their order.

    own: the fact that decides whether a row created, updated or changed nothing.
    """

    pool: Pool
    account: Account
    run: Run
    own: Fact

    async def write(
        self, prepared: Prepared, turn: Awaitable[object] | None, before_commit: Callable[[], None]
    ) -> Written:
        """Store one chunk: staged at once, merged when its turn has come, tried again when the ledger asks for it.

        turn: the writing of the chunk before; before_commit: what else has to be done before this chunk is in.
        """
        for tries_left in reversed(range(_TRIES)):
            try:
                async with acquire(self.pool) as connection:
                    async with connection.transaction():
                        written, codes = await self._store(connection, prepared, turn, before_commit)
                    self.account.remember(codes)
                    return written
            except _AGAIN:
                if not tries_left:
                    raise SetupError(
                        "Others hold up this part of the ledger; the same command goes on from there"
                    ) from None
            except _REFUSED:
                lines = prepared.chunk.lines
                raise SetupError(
                    f"The ledger cannot hold a value in lines {lines[0]:,} to {lines[-1]:,}; the same command with"
                    " --chunk 1 goes on from there and names the line"
                ) from None
        raise AssertionError

    async def _store(
        self,
        connection: Connection,
        prepared: Prepared,
        turn: Awaitable[object] | None,
        before_commit: Callable[[], None],
    ) -> tuple[Written, dict[str, set[str]]]:
        entered = await lock_account(connection, self.account.account_id, [staged.fact for staged in prepared.staged])
        for staged in prepared.staged:
            await _copy(connection, staged, known=stage_name(staged.fact) in entered.stages)
        if turn is not None:
            await turn
        codes = await register_codes(connection, self.account, prepared.codes)
        merged = {
            staged.fact: await _merge(connection, self.account.account_id, staged, entered)
            for staged in prepared.staged
        }
        written = _written(prepared, merged, self.own)
        chunk = prepared.chunk
        before_commit()
        await advance(connection, self.account.account_id, self.run, chunk.start, chunk.end, written.counts)
        return written, codes


async def _copy(connection: Connection, staged: Staged, *, known: bool) -> None:
    if not known:
        await connection.execute(statements(staged.fact).stage)
    await connection.copy_to_table(
        stage_name(staged.fact),
        source=io.BytesIO(staged.copy),
        columns=staged.columns,
        schema_name="pg_temp",
        format="csv",
    )


async def _merge(connection: Connection, account_id: int, staged: Staged, entered: Entered) -> Merged:
    say = statements(staged.fact)
    await keep_erased(connection, account_id, staged.fact, entered)
    if say.mention:
        await connection.execute(say.mention, account_id)
    merged = Merged(set(staged.places))
    for number in range(staged.rounds):
        known = [row["idx"] for row in await connection.fetch(_insert(staged.fact), account_id, number)]
        if known:
            await connection.execute(say.lock, account_id, known)
            for row in await connection.fetch(say.merge, account_id, known):
                _note(merged, row)
    return merged


@cache
def _insert(fact: Fact) -> str:
    """The insert of one round, answering the places whose key the ledger knows already.

    NOT IN is hashed however few rows the planner expects of a stage it knows nothing of; a join may not be.
    """
    key = ", ".join(fact.key)
    return f"""
        WITH created AS ({statements(fact).insert})
        SELECT i.idx
        FROM {stage_name(fact)} i
        WHERE i.round = $2 AND ({key}) NOT IN (SELECT {key} FROM created)"""  # noqa: S608  names of our own


def _note(merged: Merged, row: asyncpg.Record) -> None:
    place: int = row["idx"]
    if not row["revealed"]:
        merged.created.discard(place)
    if row["changed"]:
        merged.changed.add(place)
    if row["outranked"]:
        merged.outranked.add(place)


def _written(prepared: Prepared, merged: dict[Fact, Merged], own: Fact) -> Written:
    """A row is created with its own fact, and updated when anything it says changed something."""
    if own not in merged:
        return Written(Counts(rejected=len(prepared.refusals)), 0)
    created = merged[own].created
    changed = set[int]().union(*(told.created | told.changed for told in merged.values())) - created
    unchanged = prepared.accepted - len(created) - len(changed)
    return Written(Counts(len(created), len(changed), unchanged, len(prepared.refusals)), len(merged[own].outranked))
