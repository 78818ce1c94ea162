"""The rows that `outbound` counts, already resolved, as files for other engines; with our own cells of the same moment.

`python -m tests.bench.resolved` writes them in a process of its own. Its time counts for no engine.
"""

import asyncio
import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import polars as pl

from reports.facts.credits import goal_is
from reports.facts.leads import called, received
from reports.facts.open_contacts import due, followed
from reports.facts.opportunities import still_open, won
from reports.measures.frame import CurrentRows
from reports.query.engine import resolved_rows
from reports.query.plan import PartialResults, Scan, plan_scans
from reports.query.prepare import prepare_request
from reports.query.run import run_report
from reports.rules.call_populations import (
    agent_on_the_line,
    appointment,
    conversation,
    customer_talk_ms,
    goal,
    human_with_agent,
    valid,
)
from tests.bench.asking import Floor, Question, copies_of, open_ledger

OURS = "ours.parquet"
Columns = dict[str, pl.Expr]

_CALLS: Columns = {
    # Engines group by a number faster than by a text.
    "lead": pl.col("lead").cast(pl.Categorical).to_physical().cast(pl.Int64),
    "valid": valid(),
    "spoken": human_with_agent(),
    "conversation": conversation(),
    "sale": goal(),
    "appointment": appointment(),
    "talk_ms": pl.when(agent_on_the_line()).then(customer_talk_ms()).cast(pl.Int64),
}
_PROFIT: Columns = {"profit": pl.when(goal_is("deal")).then("converted_profit").cast(pl.Int64)}

# Each table: a metric that counts its rows, the test of the rows it needs, and its columns.
TABLES: dict[str, tuple[str, pl.Expr, Columns]] = {
    "calls": ("attempts", pl.lit(value=True), _CALLS),
    "leads": (
        "lead_response_time",
        received(),
        {"response_ms": pl.col("response_ms").cast(pl.Int64), "called": called()},
    ),
    "contacts": ("followup_coverage", pl.lit(value=True), {"due": due(), "followed": followed()}),
    "open_deals": ("open_opportunities", still_open(), {}),
    "year_deals": (
        "win_rate_365",
        pl.lit(value=True),
        {
            "won": won(),
            "amount": pl.col("converted_amount").cast(pl.Int64),
            "cycle_ms": pl.col("cycle_ms").cast(pl.Int64),
        },
    ),
    "won_deals": ("revenue_per_day", won(), {"amount_a_day": pl.col("amount_a_day").cast(pl.Int64)}),
    "costs": ("marketing_cost", pl.lit(value=True), {"cost": pl.col("converted_cost").cast(pl.Int64)}),
    "credits_lead_creation": ("attributed_gross_profit_lead_creation", pl.lit(value=True), _PROFIT),
    "credits_linear": ("attributed_gross_profit_linear", pl.lit(value=True), _PROFIT),
}


def write_resolved(floor: Floor, question: Question, folder: Path) -> None:
    """Write a file per table, and our own cells, into a folder."""
    where = [str(floor.home), floor.url, floor.code, floor.account_id]
    arguments = json.dumps([where, *question, str(folder)])
    subprocess.run([sys.executable, "-m", __name__, arguments], capture_output=True, check=True)


async def _write(floor: Floor, question: Question, folder: Path) -> None:
    copies = copies_of(floor.home, floor.account_id)
    async with open_ledger(floor.url, floor.account_id) as ledger:
        report = await run_report(ledger, copies, *question)
        report.groups.write_parquet(folder / OURS)
        prepared = await prepare_request(ledger, *question)
        snapshot = prepared.snapshot(copies)
        scans = plan_scans(prepared.request, prepared.codes)
        await snapshot.prepare(scans)
        for name, (metric, _, _) in TABLES.items():
            [scan] = [scan for scan in scans if metric in {counted.name for counted in scan.metrics}]
            await snapshot.read(scan, partial(_write_table, scan, name, folder))


def _write_table(scan: Scan, name: str, folder: Path, rows: CurrentRows) -> PartialResults:
    _, test, columns = TABLES[name]
    resolved = resolved_rows(scan, rows, scan.resolved_columns).filter(scan.frame.population).filter(test)
    keys = [pl.col(key.meta.output_name()).cast(pl.String).fill_null("") for key in scan.keys]
    resolved.with_columns(scan.keys).select(*keys, **columns).collect().write_parquet(folder / f"{name}.parquet")
    return {}


if __name__ == "__main__":
    place, preset, parameters, target = json.loads(sys.argv[1])
    asyncio.run(_write(Floor(Path(place[0]), *place[1:]), (preset, parameters), Path(target)))
