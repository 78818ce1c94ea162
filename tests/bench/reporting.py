"""Reports over ledgers of growing size: the budgets of docs/performance.md, all in one run."""

import asyncio
import tempfile
from collections.abc import Callable
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


def measure_sizes(home: Path, url: str, port: str, sizes: list[int], say: Say) -> list[Line]:
    """The lines about ledgers of these sizes, from the smallest to the largest."""
    lines: list[Line] = []
    seconds: dict[int, dict[str, float]] = {}
    for attempts in sorted(sizes):
        more, seconds[attempts] = measure_size(home, url, port, attempts, say)
        lines += more
    return lines + _growth(seconds)


def measure_size(home: Path, url: str, port: str, attempts: int, say: Say) -> tuple[list[Line], dict[str, float]]:
    """The lines about a ledger of this size, and the seconds of each question in the running service."""
    size = f"{attempts / 1e6:g} M"
    floor, lines = _simulated(home, url, attempts, size, say)
    lines += make_store(floor, size, say)
    lines += measure_syncs(floor, size, say)
    names = asyncio.run(read_names(url, floor.account_id))
    lines += _ten_numbers(floor, names, size, say)
    service = Service({"HOME": str(home), "PORT": port}, home)
    service.start()
    try:
        more, seconds = measure_service(service, floor, names, size, say)
    finally:
        service.stop()
    return lines + more, seconds


def _simulated(home: Path, url: str, attempts: int, size: str, say: Say) -> tuple[Floor, list[Line]]:
    """The account of this size; simulated and synced, unless the home has it."""
    code = f"of-{attempts}"
    known = asyncio.run(_account(url, code))
    if known is not None:
        return Floor(home, url, code, known), []
    say(f"{size}: simulating ...")
    floor = Floor(home, url, code, 0)
    took = run_command(floor, "simulate", "--attempts", str(attempts), "--days", str(_DAYS), "--account", code)
    say(f"{size}: first sync ...")
    lines = [
        Line(f"{size}: simulate", f"{took:,.0f} s", f"{attempts / took:,.0f} attempts/s"),
        Line(f"{size}: first sync", f"{sync(floor):,.0f} s"),
    ]
    made = asyncio.run(_account(url, code))
    assert made is not None
    return Floor(home, url, code, made), lines


async def _account(url: str, code: str) -> int | None:
    connection: asyncpg.Connection[Any] = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT account_id FROM accounts WHERE code = $1", code)
    finally:
        await connection.close()


def _ten_numbers(floor: Floor, names: Names, size: str, say: Say) -> list[Line]:
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
    alone, memory = f"{ours['first']:.2f} s without the start of Python", f"{ours['uss']:,.0f} MB private"
    return [
        within(f"{size}: {ALL}, in a new process", ours["process"], _FIRST_SECONDS, "s", alone),
        within(f"{size}: {ALL}, again in it", again, _AGAIN_SECONDS, "s", memory),
        Line(f"{size}: the same numbers in DuckDB", f"{duckdb:.2f} s", note),
        within(f"{size}: ours against DuckDB", again / duckdb, _OF_DUCKDB, "x its time"),
        Line(f"{size}: the same numbers in PostgreSQL", f"{postgresql:.2f} s", note),
        at_least(f"{size}: PostgreSQL against ours", postgresql / again, _TIMES_POSTGRESQL, "x our time"),
    ]


def _growth(seconds: dict[int, dict[str, float]]) -> list[Line]:
    """How the time of each question grows from each size to the next."""
    sizes = sorted(seconds)
    return [
        within(
            f"{small / 1e6:g} M to {large / 1e6:g} M: {name}",
            seconds[large][name] / seconds[small][name],
            large / small,
            "x",
        )
        for small, large in pairwise(sizes)
        for name in seconds[small]
    ]
