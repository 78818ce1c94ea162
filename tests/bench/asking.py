"""A question in a process of its own, so that its start and its memory are those of the question alone.

`python -m tests.bench.asking` reads one JSON array with the arguments of `_ask`, and prints JSON.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.query.run import run_report
from reports.query.stored.call_sync import open_copies
from reports.render.export import write
from reports.store.copies import Copies
from reports.store.lake import Lake
from reports.store.ledger import Ledger
from tests.bench.memory import private_mb

REPEATS = 3

# A preset or None, and the parameters of a report.
Question = tuple[str | None, Parameters]


@dataclass(frozen=True)
class Floor:
    """A simulated account. home: the folder of its ledger. url: the owner's URL of the ledger."""

    home: Path
    url: str
    code: str
    account_id: int


def copies_of(home: Path, account_id: int) -> Copies:
    """The copies of an account's rows that reports read."""
    return open_copies(Lake(str(home / "lake"), home / "cache"), account_id)


@asynccontextmanager
async def open_ledger(url: str, account_id: int) -> AsyncGenerator[Ledger]:
    """The ledger of an account in one snapshot."""
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            with Ledger(connection, account_id) as ledger:
                yield ledger
    finally:
        await connection.close()


async def report_of(floor: Floor, question: Question, *, with_copies: bool = True) -> Report:
    """The report of a question, made once."""
    copies = copies_of(floor.home, floor.account_id) if with_copies else Copies()
    async with open_ledger(floor.url, floor.account_id) as ledger:
        return await run_report(ledger, copies, *question)


def ask_apart(floor: Floor, question: Question) -> dict[str, float]:
    """Ask in a new process, and again in it.

    process: seconds of the first answer with the start of the process. first, again: seconds of the answer alone; again
    is the best of REPEATS. private: the private memory in MB of the process at its end.
    """
    begun = time.perf_counter()
    answered = _run(floor, question, 1, with_copies=True)
    process = time.perf_counter() - begun
    again = _run(floor, question, 1 + REPEATS, with_copies=True)
    return {
        "process": process,
        "first": answered["seconds"][0],
        "again": min(again["seconds"][1:]),
        "private": again["private"],
    }


def without_copies(floor: Floor, question: Question) -> dict[str, Any]:
    """The report of a question as JSON, from the rows of the ledger alone, made in a new process."""
    return _run(floor, question, 1, with_copies=False)["report"]


def _run(floor: Floor, question: Question, times: int, *, with_copies: bool) -> dict[str, Any]:
    where = [str(floor.home), floor.url, floor.code, floor.account_id]
    arguments = json.dumps([where, *question, times, with_copies])
    ran = subprocess.run([sys.executable, "-m", __name__, arguments], capture_output=True, check=True, text=True)
    return json.loads(ran.stdout)


async def _ask(
    where: list[Any], preset: str | None, parameters: Parameters, times: int, with_copies: bool
) -> dict[str, Any]:
    floor = Floor(Path(where[0]), *where[1:])
    seconds: list[float] = []
    report: Report | None = None
    for _ in range(times):
        begun = time.perf_counter()
        report = await report_of(floor, (preset, parameters), with_copies=with_copies)
        seconds.append(time.perf_counter() - begun)
    private = private_mb(psutil.Process())
    shown = None if with_copies or report is None else json.loads(write(report, "json"))
    return {"seconds": seconds, "private": private, "report": shown}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_ask(*json.loads(sys.argv[1])))))
