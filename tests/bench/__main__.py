"""`make bench`: the service, its ledger and a plain insert side by side, in one run on one machine.

Everything stands on an embedded ledger of its own with every promise of durability kept. Read the ratios: the figures
themselves drift with the machine.
"""

import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import click
import orjson
import uvloop
from rich.console import Console

from service.platform.embedded_server import running_ledger
from tests.bench.floor import PEOPLE_SHARE, attempt
from tests.bench.importing import import_file
from tests.bench.lines import Line, show, within
from tests.bench.load import Load, Target, send
from tests.bench.reporting import measure_sizes
from tests.serving import Service

BATCH = 500
ROW_COLUMNS = ("dialer", "external_id", "campaign", "agent", "lead", "to_number", "dialed_at", "ended_at", "ring_ms")


@click.command
@click.option("--posts", default=20_000, help="Single posts, and requests to the empty handler.")
@click.option("--batches", default=120, help=f"Batches of {BATCH}.")
@click.option("--rows", default=3_000, help="Rows inserted one at a time.")
@click.option("--attempts", default=1_000_000, help="Attempts in the file that is imported.")
@click.option("--sizes", default="1", show_default=True, help="Millions of attempts of the ledgers; 1,10,30 for all.")
@click.option("--reports-only", is_flag=True, help="Leave out posts and imports.")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to make the ledgers in, or to find those of an earlier run; it stays, with the calls of the run.",
)
def bench(
    posts: int, batches: int, rows: int, attempts: int, sizes: str, home: Path | None, *, reports_only: bool
) -> None:
    """Measure and print a table."""
    lines: list[Line] = []
    try:
        if not reports_only:
            lines += taking_in(posts, batches, rows, attempts)
        lines.extend(reporting([round(float(size) * 1e6) for size in sizes.split(",")], home))
    finally:
        # A run takes long: what was measured before a failure is not lost.
        show(lines)


def taking_in(posts: int, batches: int, rows: int, attempts: int) -> list[Line]:
    """The lines about posts and imports."""
    console = Console(stderr=True)
    with ledger_home() as home, running_ledger(home) as owner_url:
        console.print("starting the service ...")
        service = Service({"HOME": str(home), "PORT": str(_free_port())}, home, "tests.bench.serving")
        service.start()
        service.stop()
        started = time.perf_counter()
        service.start()
        ready_seconds = time.perf_counter() - started
        lines = [within("service start on an existing ledger, to ready", ready_seconds, 2.0, "s")]
        try:
            key = service.run("key", "create")
            target = Target("127.0.0.1", int(service.settings["PORT"]), key)
            lines += uvloop.run(requests(target, owner_url, posts, batches, rows, console.print))
        finally:
            service.stop()
        console.print("importing ...")
        return lines + import_file(home, attempts)


def reporting(sizes: list[int], home: Path | None) -> Iterator[Line]:
    """The lines about reports over ledgers of so many attempts."""
    say = Console(stderr=True).print
    with nullcontext(home) if home else ledger_home() as folder, running_ledger(folder) as owner_url:
        yield from measure_sizes(folder.resolve(), owner_url, str(_free_port()), sizes, say)


async def requests(
    target: Target, owner_url: str, posts: int, batches: int, rows: int, say: Callable[[str], Any]
) -> list[Line]:
    """The lines about requests: each load once to warm up, then measured."""
    people = (posts + batches * BATCH) // PEOPLE_SHARE
    calls = (attempt(number, people) for number in range(10**9))
    alive = [target.get("/health/live")] * posts
    empty = [target.post("/empty", orjson.dumps(next(calls)))] * posts
    singles = [target.post("/v1/attempts", orjson.dumps(next(calls))) for _ in range(posts)]
    arrays = [orjson.dumps([next(calls) for _ in range(BATCH)]) for _ in range(batches)]
    await send(target, empty[: posts // 10])
    await send(target, [target.post("/v1/attempts", orjson.dumps(next(calls))) for _ in range(posts // 10)])
    say("an empty handler ...")
    lightest = await send(target, alive)
    nothing = await send(target, empty)
    say("single posts ...")
    single = await send(target, singles)
    say(f"batches of {BATCH} ...")
    batch = await send(target, [target.post("/v1/attempts", body) for body in arrays], connections=4)
    say("row at a time ...")
    plain = await row_at_a_time(owner_url, [next(calls) for _ in range(rows)])
    per_second = batch.rate * BATCH
    return [
        Line("GET /health/live, 64 connections", f"{lightest.rate:,.0f}/s"),
        Line("empty handler (reads the post, answers), 64 connections", f"{nothing.rate:,.0f}/s", _times(nothing)),
        Line(
            "durable single posts, 64 connections",
            f"{single.rate:,.0f}/s",
            f"{single.rate / nothing.rate:.2f} x empty; {_times(single)}",
        ),
        Line(
            f"durable batches of {BATCH}, 4 connections",
            f"{per_second:,.0f} attempts/s",
            f"{per_second / plain:.1f} x row at a time",
        ),
        Line("a plain row at a time through asyncpg", f"{plain:,.0f} rows/s"),
    ]


def _times(load: Load) -> str:
    return f"p50 {load.p50_ms:.1f} ms, p99 {load.p99_ms:.1f} ms"


async def row_at_a_time(owner_url: str, calls: list[dict[str, Any]]) -> float:
    """What most services do: one INSERT, one commit, for each call; no validation, no merge, no history."""
    marks = ", ".join(f"${place + 2}" for place in range(len(ROW_COLUMNS)))
    insert = f"INSERT INTO attempts (account_id, {', '.join(ROW_COLUMNS)}, observed_at) VALUES ($1, {marks}, $8)"
    connection = await asyncpg.connect(owner_url)
    try:
        account = await connection.fetchval("SELECT account_id FROM accounts WHERE code = 'default'")
        values = [[account, "plain", *_plain(call)] for call in calls]
        started = time.perf_counter()
        for row in values:
            await connection.execute(insert, *row)
        return len(values) / (time.perf_counter() - started)
    finally:
        await connection.close()


def _plain(call: dict[str, Any]) -> Iterator[Any]:
    for name in ROW_COLUMNS[1:-1]:
        yield datetime.fromisoformat(call[name]) if name.endswith("_at") else call[name]
    yield round(call["ring_seconds"] * 1000)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextmanager
def ledger_home() -> Iterator[Path]:
    """A folder for a ledger that is gone afterwards; every system user may enter it."""
    home = Path(tempfile.mkdtemp(prefix="calltally-bench-"))
    home.chmod(0o755)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    bench()
