"""Reports over ledgers of growing size: the lake, the lake with unsynced rows, DuckDB on its files, plain SQL.

Every question runs in a separate process, so that the peak memory is that of the question alone. The second run in the
same process gives the time of a warm worker. A repeated question costs the service only a check for changes; the
benchmark measures it over HTTP.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import duckdb
import httpx

from reports.query.call_sync import open_copies
from reports.query.parameters import Parameters
from reports.query.run import run_report
from reports.store.lake import Lake
from reports.store.ledger import Ledger

Line = tuple[str, str, str]
Question = tuple[str | None, dict[str, list[str]]]

HEADLINES = "attempts,dial_efficiency,conv_per_conversation,appointment_set_rate,avg_talk_time"
UNSYNCED = 50_000
CHANGED = 100_000

# The same five numbers in plain SQL, without the rules of reports/rules/call_outcomes.py.
PLAIN_SQL = """
    SELECT a.agent, coalesce(a.source, l.source) AS source, count(*),
        count(*) FILTER (WHERE a.answered_by = 'human'),
        count(*) FILTER (WHERE a.answered_by = 'human' AND a.handled = 'agent' AND a.talk_ms >= 60000),
        count(*) FILTER (WHERE a.disposition = 'SALE'),
        count(*) FILTER (WHERE a.disposition = 'APPT'),
        avg(a.talk_ms)
    FROM {attempts} a LEFT JOIN {leads} l ON {joined}
    WHERE a.dialed_at >= TIMESTAMPTZ '{start}' AND a.dialed_at < TIMESTAMPTZ '{end}' {narrowed}
    GROUP BY 1, 2 ORDER BY 1, 2
"""


def measure_reports(home: Path, url: str, attempts: int, say: Callable[[str], Any]) -> list[Line]:
    """The lines about a ledger of this size."""
    size = f"{attempts / 1e6:g} M attempts"
    say(f"{size}: simulating ...")
    begun = time.perf_counter()
    _run(home, "simulate", "--attempts", str(attempts), "--account", account_of(attempts))
    lines = [(f"{size}: simulate", *_rate(attempts, begun))]
    say(f"{size}: first sync ...")
    begun = time.perf_counter()
    _run(home, "sync", "--account", account_of(attempts))
    lines.append((f"{size}: first sync", *_rate(attempts, begun)))
    lines += asyncio.run(_questions(home, url, attempts, size, say))
    return lines


async def _questions(home: Path, url: str, attempts: int, size: str, say: Callable[[str], Any]) -> list[Line]:
    connection = await asyncpg.connect(url)
    account = await connection.fetchval("SELECT account_id FROM accounts WHERE code = $1", account_of(attempts))
    campaign = await connection.fetchval(
        "SELECT campaign FROM attempts WHERE account_id = $1 AND campaign IS NOT NULL ORDER BY dialed_at LIMIT 1",
        account,
    )
    last = await connection.fetchval("SELECT max(dialed_at) FROM attempts WHERE account_id = $1", account)
    lines: list[Line] = []
    for name, question in questions(last, campaign).items():
        say(f"{size}: {name} ...")
        lines.append((f"{size}: {name}", *_figures(_apart(home, url, account, question))))
    start, end = last - timedelta(days=365), last + timedelta(days=1)
    say(f"{size}: DuckDB and plain SQL ...")
    lines.append((f"{size}: five numbers, DuckDB on the same files", *_figures(_duckdb(home, account, start, end))))
    lines.append(
        (f"{size}: five numbers, plain SQL on the ledger", *_figures(await _sql(connection, account, start, end)))
    )
    say(f"{size}: unsynced rows ...")
    await _change(connection, account, UNSYNCED)
    five = questions(last, campaign)["five numbers, agent x source, all days"]
    lines.append((f"{size}: the same with {UNSYNCED:,} unsynced rows", *_figures(_apart(home, url, account, five))))
    await _change(connection, account, CHANGED)
    begun = time.perf_counter()
    _run(home, "sync", "--account", account_of(attempts))
    lines.append(
        (f"{size}: sync of {CHANGED:,} rows of the last days", f"{time.perf_counter() - begun:.1f} s", "with start")
    )
    await connection.close()
    return lines


def questions(last: datetime, campaign: str) -> dict[str, Question]:
    """The questions by name."""
    days = {"from": [f"{last - timedelta(days=365):%Y-%m-%d}"], "to": [f"{last + timedelta(days=1):%Y-%m-%d}"]}
    month = {"from": [f"{last - timedelta(days=30):%Y-%m-%d}"], "to": [f"{last:%Y-%m-%d}"]}
    today = {"from": [f"{last:%Y-%m-%d}"], "to": [f"{last + timedelta(days=1):%Y-%m-%d}"]}
    return {
        "five numbers, agent x source, all days": (None, {"metrics": [HEADLINES], "by": ["agent,source"], **days}),
        "outbound, agent x source, all days": ("outbound", {"by": ["agent,source"], **days}),
        "one campaign, 30 days, five numbers by agent": (
            None,
            {"metrics": [HEADLINES], "by": ["agent"], "campaign": [campaign], **month},
        ),
        "agents today, five numbers": (None, {"metrics": [HEADLINES], "by": ["agent"], **today}),
        "outbound by agent, 7 days": (
            "outbound",
            {"by": ["agent"], "from": [f"{last - timedelta(days=7):%Y-%m-%d}"], "to": [f"{last:%Y-%m-%d}"]},
        ),
    }


def _apart(home: Path, url: str, account: int, question: Question) -> Mapping[str, float]:
    """Ask a question twice in a separate process; returns the seconds of both runs and the peak memory in MB."""
    arguments = json.dumps([str(home / "lake"), url, account, *question])
    ran = subprocess.run([sys.executable, "-m", __name__, arguments], capture_output=True, check=True, text=True)
    return json.loads(ran.stdout)


async def _ask(root: str, url: str, account: int, preset: str | None, parameters: Parameters) -> dict[str, float]:
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    seconds: list[float] = []
    for _ in range(2):
        begun = time.perf_counter()
        copies = open_copies(Lake(root, Path(root).parent / "cache"), account)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            with Ledger(connection, account) as ledger:
                await run_report(ledger, copies, preset, parameters)
        seconds.append(time.perf_counter() - begun)
    await connection.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"first": seconds[0], "again": seconds[1], "peak": peak}


def _duckdb(home: Path, account: int, start: datetime, end: datetime) -> dict[str, float]:
    copies = Lake(str(home / "lake")).open_all(account)
    files = {name: [uri.removeprefix("file://") for uri in copies[name].file_uris()] for name in ("attempts", "leads")}
    current = {name: [file for file in uris if "superseded=false" in file] for name, uris in files.items()}
    statement = PLAIN_SQL.format(
        attempts=f"read_parquet({current['attempts']}, hive_partitioning = false)",
        leads=f"read_parquet({current['leads']}, hive_partitioning = false)",
        joined="l.lead = a.lead",
        start=start.isoformat(),
        end=end.isoformat(),
        narrowed="",
    )
    return _twice(lambda: duckdb.execute(statement).fetchall())


async def _sql(connection: "asyncpg.Connection[Any]", account: int, start: datetime, end: datetime) -> dict[str, float]:
    statement = PLAIN_SQL.format(
        attempts="attempts",
        leads="leads",
        joined="l.account_id = a.account_id AND l.external_id = a.lead",
        start=start.isoformat(),
        end=end.isoformat(),
        narrowed=f"AND a.account_id = {account}",
    )
    seconds: list[float] = []
    for _ in range(2):
        begun = time.perf_counter()
        await connection.fetch(statement)
        seconds.append(time.perf_counter() - begun)
    return {"first": seconds[0], "again": seconds[1]}


async def _change(connection: "asyncpg.Connection[Any]", account: int, rows: int) -> None:
    """Change the latest attempts, as many as `rows`."""
    await connection.execute(
        """
        UPDATE attempts SET talk_ms = coalesce(talk_ms, 0) + 1, changed_xid = pg_current_xact_id()
        WHERE account_id = $1 AND dialed_at >= (
            SELECT min(dialed_at) FROM (
                SELECT dialed_at FROM attempts WHERE account_id = $1 ORDER BY dialed_at DESC NULLS LAST LIMIT $2
            ) latest
        )""",
        account,
        rows,
    )


def repeated(address: str, key: str, attempts: int) -> list[Line]:
    """The lines about a question over HTTP, first and repeated."""
    now = datetime.now(UTC)
    parameters = {"by": "agent,source", "from": f"{now - timedelta(days=90):%Y-%m-%d}", "to": f"{now:%Y-%m-%d}"}
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=600) as client:
        measured = _twice(lambda: client.get("/v1/reports/outbound", params=parameters).raise_for_status())
    return [(f"{attempts / 1e6:g} M attempts: outbound over HTTP", *_figures(measured))]


def _twice(work: Callable[[], object]) -> dict[str, float]:
    seconds: list[float] = []
    for _ in range(2):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return {"first": seconds[0], "again": seconds[1]}


def _figures(measured: Mapping[str, float]) -> tuple[str, str]:
    peak = f"; at most {measured['peak']:,.0f} MB" if "peak" in measured else ""
    return f"{measured['first'] * 1000:,.0f} ms", f"again {measured['again'] * 1000:,.0f} ms{peak}"


def _rate(attempts: int, begun: float) -> tuple[str, str]:
    seconds = time.perf_counter() - begun
    return f"{seconds:,.0f} s", f"{attempts / seconds:,.0f} attempts/s, everything else included"


def account_of(attempts: int) -> str:
    """The account with so many attempts."""
    return f"of-{attempts}"


def _run(home: Path, *arguments: str) -> None:
    environment = os.environ | {"CALLTALLY_HOME": str(home)}
    subprocess.run(
        [sys.executable, "-P", "-m", "service", *arguments], env=environment, capture_output=True, check=True
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_ask(*json.loads(sys.argv[1])))))
