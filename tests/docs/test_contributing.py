"""The metric that CONTRIBUTING adds as an example works as it stands there, and agrees with its oracle."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from reports.query.run import compute
from reports.query.request import read_request
from reports.query.snapshot import Snapshot
from reports.store.ledger import Ledger
from reports.store.copies import Copies
from reports.query.parameters import ParameterParser
from tests.conftest import Owner
from tests.metrics.floor import FIRST, LAST, Floor
from tests.metrics.oracle import oracle

GUIDE = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text()


def block(language: str) -> str:
    """The first block of code in a language of the section on metrics."""
    section = GUIDE.partition("## Adding a metric")[2].partition("\n## ")[0]
    match = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert match
    return match[1]


async def test_the_example_is_a_metric_and_its_oracle_agrees(owner: Owner, account: int) -> None:
    await Floor(seed=12).write(owner, account, attempts=300)
    scope: dict[str, Any] = {}
    exec(block("python"), scope)
    metric = scope["METRIC"]
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        ledger = Ledger(owner, account)
        known = await ledger.state()
        codes = await ledger.codes(None)
        parameters = {"metrics": ["attempts"], "by": ["agent"], "from": [FIRST.isoformat()], "to": [LAST.isoformat()]}
        ask = replace(read_request(None, ParameterParser(parameters), known.account, codes, None), metrics=(metric,))
        numbers = await compute(Snapshot(ledger, known, None, Copies()), ask, codes)
    async with oracle(owner, account, ask) as asks:
        await asks.load(metric)
        expected = {row["grp"]: (row["numerator"], row["denominator"]) for row in await owner.fetch(block("sql"))}
    parts = numbers.groups.select("agent", "machine_rate_numerator", "machine_rate_denominator").iter_rows()
    ours = {f'["{agent}"]' if agent else "[null]": tuple(counts) for agent, *counts in parts}
    assert {group: counts for group, counts in ours.items() if counts[1]} == expected
    assert sum(machines for machines, _ in expected.values()) > 5
