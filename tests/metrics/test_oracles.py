"""Every metric against its oracle: SQL by another route, over a floor where everything that can be odd is."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import orjson
import pytest
from scipy import stats

from reports.answer import answer
from reports.catalogue import catalogue
from reports.metric import CELL
from reports.report import Report
from tests.conftest import Owner, make_account
from tests.metrics.floor import AFTER, FIRST, LAST, LEARNED, NUMBERS, Floor
from tests.metrics.oracle import FOLDER, Group, Numbers, consult, groups, oracle

WHOLE = {"from": [FIRST.isoformat()], "to": [LAST.isoformat()]}


def asked(**said: str) -> dict[str, list[str]]:
    """Parameters: a name ends in an underscore where Python has the word."""
    return {**WHOLE, **{name.rstrip("_"): value.split("|") for name, value in said.items()}}


CASES = {
    "total": asked(),
    "agent": asked(by="agent"),
    "agent and source": asked(by="agent,source"),
    "team and campaign": asked(by="team,campaign"),
    "tracking number": asked(by="tracking_number"),
    "day, short by an hour": asked(by="day", tz="Europe/Berlin", from_="2026-03-28", to="2026-03-31"),
    "hour, from a quarter to": asked(by="hour", tz="Asia/Kathmandu", from_="2026-03-28", to="2026-03-29"),
    "hour over the change": asked(by="hour,team", tz="Europe/Berlin", from_="2026-03-29", to="2026-03-30"),
    "campaign as once spelled": asked(by="agent", campaign="SPRING|summer"),
    "one source or none": asked(by="source", source="w||news, print"),
    "one agent, one number": asked(by="day", agent="ada2", tracking_number=NUMBERS[0], tz="America/New_York"),
    "a team": asked(by="campaign", team="north"),
    "nothing at all": asked(by="agent", from_="2025-01-01", to="2025-01-02"),
    "before anything was learned": asked(by="agent", as_of="2026-04-01T07:59:59Z"),
    "as of the first": asked(by="agent,source", as_of=LEARNED[0].isoformat()),
    "just before the second": asked(by="source", as_of=(LEARNED[1] - timedelta(microseconds=1)).isoformat()),
    "as of the second": asked(by="campaign", as_of=LEARNED[1].isoformat(), campaign="spring"),
    "after everything": asked(by="agent,day", as_of=AFTER.isoformat()),
}


@dataclass(frozen=True)
class World:
    """One generated account, and a connection past row-level security."""

    owner: Owner
    account: int


@pytest.fixture(scope="module")
async def world(ledger_url: str) -> AsyncGenerator[World]:
    owner = await asyncpg.connect(ledger_url, server_settings={"timezone": "UTC"})
    account = await make_account(owner)
    await Floor(seed=20260328).write(owner, account)
    await Floor(seed=1).write(owner, await make_account(owner), attempts=50)  # somebody else's
    yield World(owner, account)
    await owner.close()


async def asking(world: World, parameters: dict[str, list[str]]) -> Report:
    async with world.owner.transaction(isolation="repeatable_read", readonly=True):
        return await answer(world.owner, world.account, None, {"metrics": [",".join(catalogue())], **parameters})


@pytest.mark.parametrize("case", CASES)
async def test_every_metric_says_what_its_oracle_says(world: World, case: str) -> None:
    report = await asking(world, CASES[case])
    async with oracle(world.owner, world.account, report.ask):
        keys = [tuple(orjson.loads(orjson.dumps(_key(row, report)))) for row in report.groups.iter_rows(named=True)]
        if report.ask.by:
            assert set(keys) == await groups(world.owner)
            assert len(set(keys)) == len(keys)
        for metric in catalogue():
            told = await consult(world.owner, metric)
            for key, row in zip(keys, report.groups.iter_rows(named=True), strict=True):
                _agree(cell(row, metric), told.get(key), (metric, key))
            everything = await consult(world.owner, metric, total=True)
            _agree(cell(report.total.row(0, named=True), metric), everything.get(()), (metric, "total"))


def _key(row: dict[str, Any], report: Report) -> Group:
    """The group as the oracle spells it: instants as Postgres writes them in UTC."""
    values = [row[dimension.name] for dimension in report.ask.by]
    return tuple(
        f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00" if isinstance(value, datetime) else value for value in values
    )


def cell(row: dict[str, Any], metric: str) -> Numbers:
    return {part: row[metric if part == "value" else f"{metric}_{part}"] for part in CELL}


def _agree(ours: Numbers, told: Numbers | None, where: object) -> None:
    """The same numerator and denominator exactly, the same value and interval to the last digits of a float."""
    told = told or {}
    if ours["denominator"] is not None:
        assert ours["denominator"] == (told.get("denominator") or 0), where
    if ours["numerator"] is not None:
        assert ours["numerator"] == pytest.approx(float(told.get("numerator") or 0), abs=1e-9), where
    expected = told.get("value")
    if expected is None:
        assert ours["value"] in (None, 0), where
        return
    assert ours["value"] == pytest.approx(float(expected), rel=1e-12), where
    _interval_agrees(ours, told, where)


def _interval_agrees(ours: Numbers, told: Numbers, where: object) -> None:
    if ours["ci_low"] is None or ours["ci_high"] is None:
        return
    if "spread" in told:
        reach = stats.t.ppf(0.975, told["denominator"] - 1) * float(told["spread"]) / told["denominator"] ** 0.5
        assert ours["ci_high"] - ours["value"] == pytest.approx(reach, rel=2e-3), where
        assert ours["ci_low"] == pytest.approx(max(ours["value"] - reach, 0), rel=2e-3, abs=1e-9 + 2e-3 * reach), where
    elif ours["numerator"] is not None:
        expected = stats.binomtest(int(ours["numerator"]), ours["denominator"]).proportion_ci(method="wilson")
        assert (ours["ci_low"], ours["ci_high"]) == pytest.approx((expected.low, expected.high), abs=1e-9), where
    assert ours["ci_low"] <= ours["value"] <= ours["ci_high"], where


async def test_what_is_set_aside_is_counted(world: World) -> None:
    report = await asking(world, CASES["campaign as once spelled"])
    tests = await _tests(world, report)
    async with oracle(world.owner, world.account, report.ask):
        told = await world.owner.fetchrow("""
            SELECT
                count(*) AS counted,
                count(*) FILTER (WHERE is_open) AS open,
                count(*) FILTER (WHERE result = 'unmapped') AS unmapped,
                count(*) FILTER (WHERE NOT is_open AND NOT disposed) AS undisposed,
                count(*) FILTER (WHERE source IS NULL) AS unattributed
            FROM told""")
    assert told is not None
    assert {"counted": report.counted, **report.excluded} == {**dict(told), "test": tests}
    assert min(report.excluded.values()) > 0


async def _tests(world: World, report: Report) -> int:
    async with oracle(world.owner, world.account, report.ask):
        query = "SELECT count(*) FROM pg_temp.told() WHERE is_test AND campaign = ANY ($1)"
        return await world.owner.fetchval(query, list(report.ask.filters["campaign"]))


def test_every_metric_has_an_oracle_and_every_oracle_a_metric() -> None:
    assert {path.stem for path in FOLDER.glob("[!_]*.sql")} == set(catalogue())
