"""Days worked through by hand: the facts and the arithmetic stand in the files beside this one."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reports.catalogue.catalogue import catalogue
from reports.query.run import run_report
from reports.render.json_document import document
from reports.rules.attribution_models import MODELS
from reports.store.copies import Copies
from reports.store.ledger import Ledger
from tests.conftest import Owner, make_account
from tests.metrics.floor import copy_rows

FOLDER = Path(__file__).parent
SCENARIOS = sorted(path.parent.name for path in FOLDER.glob("*/expected.toml"))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

# What a row needs beside what the story tells.
STAMPED = (
    *("attempts", "dispositions", "leads", "appointments", "follow_ups", "stage_changes", "spend", "agent_states"),
    *("inbound_calls", "cases"),
    *("schedules", "staff", "running_costs", "customers"),
    *("surveys", "form_items", "evaluations", "evaluation_scores", "shared_calls"),
)
USUAL: dict[str, dict[str, Any]] = {table: {"observed_at": LONG_AGO} for table in STAMPED}


def read(scenario: str, name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / scenario / f"{name}.toml").read_text())


async def write_facts(owner: Owner, facts: dict[str, Any]) -> int:
    """An account with these facts; what every one of some rows has in common may be said once."""
    account = await make_account(owner)
    await owner.execute("UPDATE accounts SET zone = $2 WHERE account_id = $1", account, facts.pop("zone"))
    for table, items in facts.items():
        usual = {"account_id": account, "recorded_at": LONG_AGO, **USUAL.get(table.removesuffix("_history"), {})}
        items_with_defaults = [item.get("every", {}) | row for item in items for row in item.get("rows", [item])]
        rows = [alike_row for row in items_with_defaults for alike_row in _repeated(row)]
        await copy_rows(owner, table, [usual | row for row in rows])
    return account


def _repeated(row: dict[str, Any]) -> list[dict[str, Any]]:
    """A row that says `times` stands for so many alike, numbered at the end of their key."""
    if "times" not in row:
        return [row]
    alike = {name: value for name, value in row.items() if name != "times"}
    return [alike | {"external_id": f"{row['external_id']}-{number}"} for number in range(row["times"])]


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_a_day_worked_by_hand_comes_out_as_worked(owner: Owner, scenario: str) -> None:
    account = await write_facts(owner, read(scenario, "facts"))
    for expected in read(scenario, "expected")["reports"]:
        parameters = {"metrics": ",".join(expected["total"])} | expected["ask"]
        async with owner.transaction(isolation="repeatable_read", readonly=True):
            report = await run_report(
                Ledger(owner, account), Copies(), None, {name: [value] for name, value in parameters.items()}
            )
        answer = document(report)
        assert {reason: answer["excluded"][reason] for reason in expected["excluded"]} == expected["excluded"]
        _agree(answer["total"], expected["total"])
        assert [group["group"] for group in answer["groups"]] == [
            _group(row, answer["by"]) for row in expected["groups"]
        ]
        for group, row in zip(answer["groups"], expected["groups"], strict=True):
            _agree(group["cells"], {name: value for name, value in row.items() if name not in answer["by"]})


def _group(row: dict[str, Any], by: list[str]) -> dict[str, str | None]:
    return {name: row[name] or None for name in by}


def _agree(cells: dict[str, Any], expected: dict[str, Any]) -> None:
    """A whole number is a count; 3/12 is a rate; a table names parts of the cell, "" standing for null."""
    for metric, worked in expected.items():
        cell = cells[metric]
        match worked:
            case int():
                assert (cell["value"], cell["numerator"], cell["denominator"]) == (worked, worked, None), metric
            case str():
                numerator, denominator = map(int, worked.split("/"))
                assert (cell["numerator"], cell["denominator"]) == (numerator, denominator), metric
                value = None if denominator == 0 else pytest.approx(numerator / denominator)
                assert cell["value"] == value, metric
            case _:
                for part, value in worked.items():
                    assert cell[part] == (None if value == "" else pytest.approx(value, abs=1e-9)), (metric, part)


@pytest.mark.parametrize(
    ("day", "hours", "offsets"),
    [
        ("2026-03-29", 23, ["01:00+01:00", "03:00+02:00"]),
        ("2026-10-25", 25, ["02:00+02:00", "02:00+01:00"]),
        ("2026-06-01", 24, ["00:00+02:00", "23:00+02:00"]),
    ],
)
async def test_a_call_an_hour_makes_as_many_calls_as_the_day_has_hours(
    owner: Owner, day: str, hours: int, offsets: list[str]
) -> None:
    start = datetime.fromisoformat(f"{day}T00:30:00Z") - timedelta(days=1)
    calls = [{"external_id": f"{n}", "dialed_at": start + timedelta(hours=n)} for n in range(72)]
    rows = [{"dialer": "main", "network_result": "busy", **call} for call in calls]
    account = await write_facts(owner, {"zone": "Europe/Berlin", "attempts": rows})
    next_day = str((datetime.fromisoformat(day) + timedelta(days=1)).date())
    parameters = {"metrics": ["attempts"], "by": ["hour"], "from": [day], "to": [next_day]}
    answer = document(await run_report(Ledger(owner, account), Copies(), None, parameters))
    assert answer["total"]["attempts"]["value"] == hours
    labels = [str(group["group"]["hour"]) for group in answer["groups"]]
    assert len(labels) == hours
    assert {f"{day}T{offset[:5]}:00{offset[5:]}" for offset in offsets} <= set(labels)
    by_day = document(await run_report(Ledger(owner, account), Copies(), None, {**parameters, "by": ["day"]}))
    assert [(group["group"]["day"], group["cells"]["attempts"]["value"]) for group in by_day["groups"]] == [
        (day, hours)
    ]


def test_every_metric_is_worked_by_hand_somewhere() -> None:
    reports = [report for scenario in SCENARIOS for report in read(scenario, "expected")["reports"]]
    worked = {metric for report in reports for metric in report["total"]}
    models = [f"_{model}" for model in MODELS]
    names = {
        name if name in catalogue() else next(name.removesuffix(m) for m in models if name.endswith(m))
        for name in worked
    }
    assert names == set(catalogue())
