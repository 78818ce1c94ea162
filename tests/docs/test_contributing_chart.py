"""The chart that docs/extending.md adds as an example works as it stands there: words, specification and picture."""

import re
from pathlib import Path
from typing import Any

from reports.charting import picture, specification
from reports.query.run import run_report
from reports.store.copies import Copies
from reports.store.ledger import Ledger
from tests.conftest import Owner
from tests.metrics.floor import FIRST, LAST, Floor

GUIDE = (Path(__file__).parents[2] / "docs" / "extending.md").read_text()


async def test_the_example_is_a_chart_of_a_report(owner: Owner, account: int) -> None:
    await Floor(seed=12).write(owner, account, attempts=300)
    section = GUIDE.partition("## Adding a chart")[2].partition("\n## ")[0]
    example = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert example
    scope: dict[str, Any] = {}
    exec(example[1], scope)
    chart = scope["CHART"]
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        window = {"from": [FIRST.isoformat()], "to": [LAST.isoformat()]}
        report = await run_report(Ledger(owner, account), Copies(), None, {**chart.parameters, **window})
    total = report.total["attempts"][0]
    assert chart.summarise(report) == f"{report.groups.height} teams made {total} attempts."
    [values] = specification(chart, report)["datasets"].values()
    assert sum(bar["attempts"] for bar in values) == total
    assert b"Attempts of every team" in picture(chart, report, "svg", "light")
