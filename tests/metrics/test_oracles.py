"""Every metric against its oracle: SQL by another route, over a floor where everything that can be odd is."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from scipy import stats

from reports.catalogue.catalogue import catalogue
from reports.facts.attempts import ATTEMPTS
from reports.measures.averages import Mean
from reports.measures.bounded_ratio import BoundedRatio
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio, Share
from reports.model.tables import TABLES
from reports.query.report import Report
from reports.query.small_cells import WITHHELD
from reports.store.lake import Lake
from tests.conftest import Owner, make_account
from tests.lake import report_of, synced
from tests.metrics.floor import AFTER, FIRST, LAST, LEARNED, NUMBERS, Floor
from tests.metrics.frames import kinds_of_fact
from tests.metrics.oracle import FOLDER, Group, Numbers, kind_of, oracle

WHOLE = {"from": [FIRST.isoformat()], "to": [LAST.isoformat()]}


def parameters_of(**parameters: str) -> dict[str, list[str]]:
    """Parameters: a name ends in an underscore where Python has the word."""
    return {**WHOLE, **{name.rstrip("_"): value.split("|") for name, value in parameters.items()}}


CASES = {
    "total": parameters_of(),
    "agent": parameters_of(by="agent"),
    "agent and source": parameters_of(by="agent,source"),
    "team and campaign": parameters_of(by="team,campaign"),
    "tracking number": parameters_of(by="tracking_number"),
    "day, short by an hour": parameters_of(by="day", tz="Europe/Berlin", from_="2026-03-28", to="2026-03-31"),
    "hour, from a quarter to": parameters_of(by="hour", tz="Asia/Kathmandu", from_="2026-03-28", to="2026-03-29"),
    "hour over the change": parameters_of(by="hour,team", tz="Europe/Berlin", from_="2026-03-29", to="2026-03-30"),
    "campaign as once spelled": parameters_of(by="agent", campaign="SPRING|summer"),
    "one source or none": parameters_of(by="source", source="w||news, print"),
    "one agent, one number": parameters_of(by="day", agent="ada2", tracking_number=NUMBERS[0], tz="America/New_York"),
    "a team": parameters_of(by="campaign", team="north"),
    "disposition of a team": parameters_of(by="team,disposition", disposition="sale-1|SOLD|none-1|", goal="any"),
    "result and network": parameters_of(by="result,network_result", answered_by="human|unknown", goal="appointment"),
    "answered by, in a period": parameters_of(by="period,answered_by", tz="America/New_York", goal="qualified"),
    "one period of two campaigns": parameters_of(by="campaign", period="2026-03-29", region="New York|Indiana"),
    "place": parameters_of(by="country,region", result="sale|none"),
    "hour where they are": parameters_of(by="callee_hour_of_week", country="US|", region="|New York"),
    "hour of the week here": parameters_of(by="hour_of_week,network_result", network_result="answered|busy"),
    "hour of the day, length of the talk": parameters_of(
        by="hour_of_day,talk_length", tz="Asia/Kathmandu", talk_length="2 to 5 min|"
    ),
    "how long they talked": parameters_of(by="talk_length", hour_of_day="02:00|03:00|09:00", tz="Europe/Berlin"),
    "nothing at all": parameters_of(by="agent", from_="2025-01-01", to="2025-01-02"),
    "before anything was learned": parameters_of(by="agent", as_of="2026-04-01T07:59:59Z"),
    "as of the first": parameters_of(by="agent,source", as_of=LEARNED[0].isoformat()),
    "just before the second": parameters_of(by="source", as_of=(LEARNED[1] - timedelta(microseconds=1)).isoformat()),
    "as of the second": parameters_of(by="campaign", as_of=LEARNED[1].isoformat(), campaign="spring"),
    "after everything": parameters_of(by="agent,day", as_of=AFTER.isoformat()),
}


# What every kind of fact can be asked.
WIDE = {
    "total": parameters_of(),
    "agent and source": parameters_of(by="agent,source"),
    "team": parameters_of(by="team", goal="any"),
    "campaign": parameters_of(by="campaign", goal="appointment"),
    "tracking number": parameters_of(by="tracking_number"),
    "day": parameters_of(by="day", tz="Europe/Berlin", from_="2026-03-28", to="2026-03-31"),
    "week and month": parameters_of(by="week,month", tz="Asia/Kathmandu"),
    "hour of the week over the change": parameters_of(
        by="hour_of_week", tz="Europe/Berlin", from_="2026-03-29", to="2026-03-30"
    ),
    "hour of the day over the change": parameters_of(
        by="hour_of_day", tz="Europe/Berlin", from_="2026-03-28", to="2026-03-30"
    ),
    "interval of the day over the change": parameters_of(
        by="half_hour_of_day,quarter_hour_of_day", tz="Europe/Berlin", from_="2026-03-28", to="2026-03-30"
    ),
    "one campaign, one agent or none": parameters_of(by="source", campaign="SPRING", agent="ada2|"),
    "queue and topic": parameters_of(by="queue,topic", queue="billing|"),
    "nothing at all": parameters_of(by="agent", from_="2025-01-01", to="2025-01-02"),
    "as of the first": parameters_of(by="agent,source", as_of=LEARNED[0].isoformat()),
    "as of the second": parameters_of(by="campaign", as_of=LEARNED[1].isoformat()),
    "a week later": parameters_of(by="source", tz="Europe/Berlin", from_="2026-04-03", to="2026-04-07"),
    "queue": parameters_of(by="queue,team", queue="service|"),
    "evaluator and form": parameters_of(by="evaluator,form,form_version"),
    "section and item": parameters_of(by="section,item", form="sales", evaluator="quinn|rae"),
    "scale": parameters_of(by="scale", tz="Asia/Kathmandu"),
    "a window that is not over": parameters_of(by="team", to="2026-05-20", as_of=LEARNED[2].isoformat()),
}


@dataclass(frozen=True)
class World:
    """One generated account, and a connection past row-level security."""

    owner: Owner
    account: int
    lake: Lake | None


@pytest.fixture(scope="module")
async def world(ledger_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    owner = await asyncpg.connect(ledger_url, server_settings={"timezone": "UTC"})
    account = await make_account(owner)
    await Floor(seed=20260328).write(owner, account)
    await Floor(seed=1).write(owner, await make_account(owner), attempts=50)  # somebody else's
    lake = Lake(str(tmp_path_factory.mktemp("lake")), tmp_path_factory.mktemp("cache"))
    await synced(owner, account, lake)
    for table in TABLES:
        # What changed since the lake was made, some of everything, comes from the ledger.
        await owner.execute(
            f"UPDATE {table} t SET changed_xid = pg_current_xact_id()"
            " WHERE account_id = $1 AND hashtext(t::text) % 3 = 0",
            account,
        )
    yield World(owner, account, lake)
    await owner.close()


# A question over attempts alone, and over everything: what all kinds of fact can be broken down by and narrowed to.
CALLS = ",".join(name for name, entry in catalogue().items() if entry.metric.frame is ATTEMPTS)
OTHERS = ",".join(name for name, entry in catalogue().items() if entry.metric.frame is not ATTEMPTS)


async def run(world: World, parameters: dict[str, list[str]]) -> Report:
    return await report_of(world.owner, world.account, world.lake, parameters)


async def agree(world: World, report: Report) -> None:
    """Every metric of a report says what its oracle says, in every group and in total."""
    keys = [_key(row, report) for row in report.groups.iter_rows(named=True)]
    assert len(set(keys)) == len(keys)
    async with oracle(world.owner, world.account, report.request) as asks:
        metrics = sorted(report.request.metrics, key=kind_of)
        # Without a breakdown there are no groups, only the total.
        for metric in metrics if report.request.by else ():
            expected = await asks.consult(metric)
            for key, row in zip(keys, report.groups.iter_rows(named=True), strict=True):
                if not row.get(metric.column(WITHHELD)):
                    _agree(cell(row, metric), expected.get(key), metric, key)
            if not metric.components and not report.request.attributes:
                assert await asks.groups(metric) <= set(keys)
        for metric in metrics:
            everything = await asks.consult(metric, total=True)
            total = report.total.row(0, named=True)
            if not total.get(metric.column(WITHHELD)):
                _agree(cell(total, metric), everything.get(()), metric, "total")


@pytest.mark.parametrize("case", CASES)
async def test_every_metric_of_calls_says_what_its_oracle_says(world: World, case: str) -> None:
    report = await run(world, {"metrics": [CALLS], **CASES[case]})
    await agree(world, report)


@pytest.mark.parametrize("case", WIDE)
async def test_every_other_metric_says_what_its_oracle_says(world: World, case: str) -> None:
    names = OTHERS.split(",") if OTHERS else []
    able = [
        name
        for name in names
        if set(WIDE[case].get("by", [""])[0].split(",")) - {""} <= set(catalogue()[name].metric.dimensions)
    ]
    assert able
    await agree(world, await run(world, {"metrics": able, **WIDE[case]}))


def _key(row: dict[str, Any], report: Report) -> Group:
    """The group as the oracle spells it: instants as Postgres writes them in UTC."""
    values = [row[dimension.name] for dimension in report.request.by]
    return tuple(
        f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00"
        if isinstance(value, datetime)
        else None
        if value is None
        else str(value)
        for value in values
    )


def cell(row: dict[str, Any], metric: Metric) -> Numbers:
    return {part: row[metric.column(part)] for part in metric.columns}


def _agree(ours: Numbers, stated: Numbers | None, metric: Metric, key: object) -> None:
    """The same parts exactly, the same value and interval to the last digits of a float."""
    stated, where = stated or {}, (metric.name, key)
    if "reason" in ours:
        assert ours["reason"] == stated.get("reason"), where
        if ours["reason"] is not None:
            assert ours["value"] is None, where
            ours = ours | {"value": None if stated["value"] is None else float(stated["value"])}
    for part in ("numerator", "denominator"):
        if ours[part] is not None:
            assert ours[part] == pytest.approx(float(stated.get(part) or 0), rel=1e-12, abs=1e-9), where
    expected = stated.get("value")
    if expected is None:
        assert ours["value"] in (None, 0), where
        return
    assert ours["value"] == pytest.approx(float(expected), rel=1e-9, abs=1e-12), where
    for part in set(stated) & set(ours) - {"value", "numerator", "denominator", "reason"}:
        stated_part = None if stated[part] is None else pytest.approx(float(stated[part]), rel=1e-9)
        assert ours[part] == stated_part, (*where, part)
    _interval_agrees(ours, stated, metric, where)


def _interval_agrees(ours: Numbers, stated: Numbers, metric: Metric, where: object) -> None:
    if ours["ci_low"] is None or ours["ci_high"] is None:
        return
    noise = abs(ours["value"]) * 1e-12
    assert ours["ci_low"] - noise <= ours["value"] <= ours["ci_high"] + noise, where
    match metric.measure:
        case Mean():
            reach = (
                stats.t.ppf(0.975, stated["denominator"] - 1) * float(stated["spread"]) / stated["denominator"] ** 0.5
            )
            low = ours["value"] - reach
            low = low if metric.measure.least is None else max(low, metric.measure.least)
            assert ours["ci_high"] - ours["value"] == pytest.approx(reach, rel=2e-3), where
            assert ours["ci_low"] == pytest.approx(low, rel=2e-3, abs=1e-9 + 2e-3 * reach), where
        case Ratio() if "range_low" in ours:
            _covers_the_range(ours, metric.measure, where)
        case Ratio() | Share():
            expected = stats.binomtest(int(ours["numerator"]), int(ours["denominator"])).proportion_ci(method="wilson")
            assert (ours["ci_low"], ours["ci_high"]) == pytest.approx((expected.low, expected.high), abs=1e-9), where
        case Count():
            count = ours["value"]
            low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0
            high = stats.chi2.ppf(0.975, 2 * ours.get("range_high", count) + 2) / 2
            assert (ours["ci_low"], ours["ci_high"]) == pytest.approx((low, high)), where
        case _:
            pass


def _covers_the_range(ours: Numbers, measure: Ratio, where: object) -> None:
    """The interval reaches at least as far as that of the number itself, and beyond the range."""
    assert ours["ci_low"] <= ours["range_low"] <= ours["range_high"] <= ours["ci_high"], where
    own = stats.binomtest(int(ours["numerator"]), int(ours["denominator"])).proportion_ci(method="wilson")
    if ours["range_low"] == ours["range_high"] and not isinstance(measure, BoundedRatio):
        assert (ours["ci_low"], ours["ci_high"]) == pytest.approx((own.low, own.high), abs=1e-9), where
    if not isinstance(measure, BoundedRatio):
        high = round(ours["range_high"] * ours["denominator"])
        most = stats.binomtest(high, int(ours["denominator"])).proportion_ci(method="wilson")
        assert (ours["ci_low"], ours["ci_high"]) == pytest.approx((own.low, most.high), abs=1e-9), where


async def test_what_is_set_aside_is_counted(world: World) -> None:
    metric = catalogue()["attempts"].metric
    report = await run(world, {"metrics": ["attempts"], **CASES["campaign as once spelled"]})
    async with oracle(world.owner, world.account, report.request) as asks:
        await asks.load(metric)
        expected = await world.owner.fetchrow("""
            SELECT
                count(*) AS counted,
                count(*) FILTER (WHERE is_open) AS open,
                count(*) FILTER (WHERE result = 'unmapped') AS unmapped,
                count(*) FILTER (WHERE NOT is_open AND NOT disposed) AS undisposed,
                count(*) FILTER (WHERE source IS NULL) AS unattributed,
                count(*) FILTER (WHERE person_assumed) AS person_assumed,
                count(*) FILTER (WHERE lead_by = 'number') AS lead_by_number,
                count(*) FILTER (WHERE lead IS NULL) AS no_lead
            FROM facts""")
        aside = await world.owner.fetchrow(
            "SELECT count(*) FILTER (WHERE NOT is_spam) AS test, count(*) FILTER (WHERE is_spam) AS spam"
            " FROM pg_temp.every_call($1, $2) WHERE is_test AND campaign = ANY ($3)",
            report.request.window.start,
            report.request.window.end,
            list(report.request.filters["campaign"]),
        )
    assert expected is not None
    assert aside is not None
    assert {"counted": report.counted["attempts"], **report.excluded} == {**dict(expected), **dict(aside)}
    assert min(report.excluded.values()) > 0


def test_every_metric_has_an_oracle_and_every_oracle_a_metric() -> None:
    assert {path.stem for path in FOLDER.glob("[!_]*.sql")} == set(catalogue())


def test_every_kind_of_fact_is_told_by_another_route() -> None:
    assert {path.stem.removeprefix("_") for path in FOLDER.glob("_*.sql")} - {"common"} == set(kinds_of_fact())
