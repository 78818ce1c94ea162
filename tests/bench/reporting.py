"""Reports over ledgers of growing size: the budgets of docs/performance.md, all in one run."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import asyncpg

from tests.bench.asking import Floor, ask_apart
from tests.bench.engines import time_duckdb, time_postgresql
from tests.bench.floor_names import ALL, Names, read_names
from tests.bench.lines import Line, at_least, within
from tests.bench.resolved import write_resolved
from tests.bench.running import measure_service
from tests.bench.syncing import make_store, measure_syncs, run_command, sync
from tests.serving import Service

Say = Callable[[str], Any]

_DAYS = 365
# Of `outbound`: its first answer with the start of the process, and the next in it.
_FIRST_SECONDS, _AGAIN_SECONDS = 1.5, 1.0
_OF_DUCKDB, _TIMES_POSTGRESQL = 0.5, 20.0


def measure_sizes(home: Path, url: str, port: str, sizes: list[int], say: Say) -> Iterator[Line]:
    """The lines about ledgers of these sizes, from the smallest to the largest."""
    run_command(home, "migrate")
    seconds: dict[int, dict[str, float]] = {size: {} for size in sorted(sizes)}
    for attempts, quiet in seconds.items():
        yield from _measure_size(home, url, port, attempts, quiet, say)
    yield from _growth(seconds)


def _measure_size(home: Path, url: str, port: str, attempts: int, quiet: dict[str, float], say: Say) -> Iterator[Line]:
    """The lines about a ledger of this size. quiet: receives the seconds of each question in the running service."""
    size, code = f"{attempts / 1e6:g} M", f"of-{attempts}"
    account = asyncio.run(_account(url, code))
    if account is None:
        yield from _simulate(Floor(home, url, code, 0), attempts, size, say)
        account = asyncio.run(_account(url, code))
    assert account is not None
    floor = Floor(home, url, code, account)
    # An earlier run may have left changes, and an older version no store.
    sync(floor)
    yield from make_store(floor, size, say)
    yield from measure_syncs(floor, size, say)
    names = asyncio.run(read_names(url, account))
    yield from _ten_numbers(floor, names, size, say)
    service = Service({"HOME": str(home), "PORT": port}, home)
    service.start()
    try:
        yield from measure_service(service, floor, names, size, quiet, say)
    finally:
        service.stop()


def _simulate(floor: Floor, attempts: int, size: str, say: Say) -> Iterator[Line]:
    say(f"{size}: simulating ...")
    took = run_command(
        floor.home, "simulate", "--attempts", str(attempts), "--days", str(_DAYS), "--account", floor.code
    )
    yield Line(f"{size}: simulate", f"{took:,.0f} s", f"{attempts / took:,.0f} attempts/s")
    say(f"{size}: first sync ...")
    yield Line(f"{size}: first sync", f"{sync(floor):,.0f} s")


async def _account(url: str, code: str) -> int | None:
    connection: asyncpg.Connection[Any] = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT account_id FROM accounts WHERE code = $1", code)
    finally:
        await connection.close()


def _ten_numbers(floor: Floor, names: Names, size: str, say: Say) -> Iterator[Line]:
    """The first question in a new process, and the same numbers in other engines."""
    question = names.questions[ALL]
    with tempfile.TemporaryDirectory(prefix="calltally-bench-") as folder:
        say(f"{size}: resolving rows for other engines ...")
        write_resolved(floor, question, Path(folder))
        duckdb = time_duckdb(Path(folder), say)
        postgresql = asyncio.run(time_postgresql(floor.url, Path(folder), say))
    say(f"{size}: {ALL} ...")
    ours = ask_apart(floor, question)
    again, note = ours["again"], "both do the same numbers, without intervals"
    alone, memory = f"{ours['first']:.2f} s without the start of Python", f"{ours['private']:,.0f} MB private"
    yield within(f"{size}: {ALL}, in a new process", ours["process"], _FIRST_SECONDS, "s", alone)
    yield within(f"{size}: {ALL}, again in it", again, _AGAIN_SECONDS, "s", memory)
    yield Line(f"{size}: the same numbers in DuckDB", f"{duckdb:.2f} s", note)
    yield within(f"{size}: ours against DuckDB", again / duckdb, _OF_DUCKDB, "x its time")
    yield Line(f"{size}: the same numbers in PostgreSQL", f"{postgresql:.2f} s", note)
    yield at_least(f"{size}: PostgreSQL against ours", postgresql / again, _TIMES_POSTGRESQL, "x our time")


def _growth(seconds: dict[int, dict[str, float]]) -> Iterator[Line]:
    """How the time of each question grows from each size to the next."""
    for small, large in pairwise(seconds):
        for name, before in seconds[small].items():
            what = f"{small / 1e6:g} M to {large / 1e6:g} M: {name}"
            yield within(what, seconds[large][name] / before, large / small, "x")
