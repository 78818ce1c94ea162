"""The sync of changed rows, and the resolved store made from a lake that exists."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg

from tests.bench.asking import Floor
from tests.bench.lines import Line, within
from tests.bench.memory import Peak

# Changed rows, and the seconds that their sync may take.
CHANGED = {1_000: 0.5, 100_000: 3.0}
_STORE_SECONDS, _STORE_MB = 90.0, 1_500.0

# The rows of the last days change, as they do on a floor at work.
_CHANGE = """
    UPDATE attempts SET talk_ms = coalesce(talk_ms, 0) + 1, changed_xid = pg_current_xact_id()
    WHERE (account_id, dialer, external_id) IN (
        SELECT account_id, dialer, external_id FROM attempts
        WHERE account_id = $1 ORDER BY dialed_at DESC NULLS LAST LIMIT $2
    )
"""


def run_command(home: Path, *arguments: str) -> float:
    """The seconds of a command of calltally, its start included."""
    begun = time.perf_counter()
    command = [sys.executable, "-P", "-m", "service", *arguments]
    ran = subprocess.run(command, env=_environment(home), capture_output=True, check=False, text=True)
    assert ran.returncode == 0, ran.stderr
    return time.perf_counter() - begun


def _environment(home: Path) -> dict[str, str]:
    return os.environ | {"CALLTALLY_HOME": str(home)}


def sync(floor: Floor) -> float:
    """The seconds of a sync of the account, the start of the command included."""
    return run_command(floor.home, "sync", "--account", floor.code)


def measure_syncs(floor: Floor, size: str, say: Callable[[str], Any]) -> Iterator[Line]:
    """A line for each number of changed rows: the time beyond that of a sync with nothing to do."""
    start = min(sync(floor), sync(floor))
    for rows, budget in CHANGED.items():
        say(f"{size}: sync of {rows:,} changed rows ...")
        asyncio.run(_change(floor, rows))
        whole = sync(floor)
        note = f"the command {whole:.1f} s, {start:.1f} s with nothing to do"
        yield within(f"{size}: sync of {rows:,} changed rows", max(whole - start, 0), budget, "s", note)


async def _change(floor: Floor, rows: int) -> None:
    connection: asyncpg.Connection[Any] = await asyncpg.connect(floor.url)
    try:
        await connection.execute(_CHANGE, floor.account_id, rows)
    finally:
        await connection.close()


def make_store(floor: Floor, size: str, say: Callable[[str], Any]) -> Iterator[Line]:
    """The lines about a store that is deleted and made again from the lake."""
    cache = floor.home / "cache"
    if not cache.exists():
        yield Line(f"{size}: store made from the lake", "no store", "a sync leaves no folder `cache`")
        return
    say(f"{size}: making the store again ...")
    shutil.rmtree(cache)
    begun = time.perf_counter()
    command = [sys.executable, "-P", "-m", "service", "sync", "--account", floor.code]
    with subprocess.Popen(command, env=_environment(floor.home), stdout=subprocess.DEVNULL) as process:
        with Peak(process.pid) as peak:
            assert process.wait() == 0, "the sync failed"
        seconds = time.perf_counter() - begun
    assert cache.exists(), "the sync made no store"
    yield within(f"{size}: store made from the lake", seconds, _STORE_SECONDS, "s", "with the start of the command")
    yield within(f"{size}: most private memory of that", peak.mb, _STORE_MB, "MB")
