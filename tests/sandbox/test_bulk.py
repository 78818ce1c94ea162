"""The bulk driver: as many calls as the plan says, stored as capture would have stored them."""

import json
import re
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner, Result

from reports.query.run import run_report
from reports.store.copies import Copies
from reports.store.ledger import Ledger
from service.__main__ import commands
from service.accounts.accounts import Accounts
from service.config import SetupError
from service.ingest.capture import Capture
from service.ingest.parsing import read_item
from service.ingest.phone import read_number
from service.ingest.resources import (
    Resource,
    Sender,
    agent_states,
    appointments,
    attempts,
    customers,
    follow_ups,
    leads,
    running_costs,
    schedules,
    spend,
    staff,
    stage_changes,
)
from service.platform.db import Pool
from service.sandbox.bulk.copying import Written, write
from service.sandbox.scenario.plan import Plan
from sql.facts import ATTEMPTS, FACTS
from sql.merge import statements
from tests.conftest import Owner, make_account
from tests.ledger import broken_histories, written

PLAN = Plan(attempts=20_000, until=datetime(2026, 3, 20, 18, 30, tzinfo=UTC), days=30)
SET = {"sources", "campaigns", "agents", "disposition_codes", "calendars", "tracking_numbers"}


async def quiet(url: str, account: int, plan: Plan) -> Written:
    return await write(url, account, plan, lambda _: None)


@pytest.fixture(scope="module")
async def floor(ledger_url: str) -> AsyncGenerator[tuple[int, Written]]:
    """The account of a floor that is only looked at, and what was written."""
    owner = await asyncpg.connect(ledger_url)
    account = await make_account(owner)
    yield account, await quiet(ledger_url, account, PLAN)
    await owner.close()


async def test_there_are_exactly_so_many_attempts_and_every_row_is_counted(
    owner: Owner, floor: tuple[int, Written]
) -> None:
    account, result = floor
    tables = {f"{fact.table}{kind}" for fact in FACTS for kind in ("", "_history")}
    counts = {
        name: await owner.fetchval(f"SELECT count(*) FROM {name} WHERE account_id = $1", account) for name in tables
    }
    assert {name: count for name, count in counts.items() if count} == result.rows
    assert result.rows["attempts"] == PLAN.attempts
    assert {*SET, "leads", "appointments", "follow_ups", "stage_changes", "spend", "agent_states"} < set(result.rows)
    assert {"inbound_calls", "cases", "schedules", "staff", "running_costs", "customers"} < set(result.rows)
    assert result.rows["leads"] == pytest.approx(PLAN.attempts / 4, rel=0.25)
    assert result.rows["attempts_history"] == pytest.approx(PLAN.attempts / 100, rel=0.5)


async def test_what_an_attempt_says_of_its_disposition_is_the_latest_one(
    owner: Owner, floor: tuple[int, Written]
) -> None:
    latest = """
        SELECT count(*), count(*) FILTER (
            WHERE (a.disposition, a.disposition_set_at, a.disposition_agent, a.callback_at)
                IS DISTINCT FROM (d.code, d.set_at, d.agent, d.callback_at)
        )
        FROM attempts a
        LEFT JOIN (
            SELECT DISTINCT ON (dialer, attempt) dialer, attempt, code, set_at, agent, callback_at
            FROM dispositions WHERE account_id = $1
            ORDER BY dialer, attempt, set_at DESC, code DESC
        ) d ON d.dialer = a.dialer AND d.attempt = a.external_id
        WHERE a.account_id = $1"""
    assert [tuple(row) for row in await owner.fetch(latest, floor[0])] == [(PLAN.attempts, 0)]
    several = "SELECT dialer, attempt FROM dispositions WHERE account_id = $1 GROUP BY 1, 2 HAVING count(*) > 1"
    assert await owner.fetch(several, floor[0])


async def test_attributing_every_number_again_changes_nothing(owner: Owner, floor: tuple[int, Written]) -> None:
    numbers = await owner.fetch("SELECT DISTINCT from_number FROM attempts WHERE account_id = $1", floor[0])
    assert len(numbers) > 100
    own = [number for (number,) in numbers]
    assert await owner.fetchval(statements(ATTEMPTS).reattribute, floor[0], own) == 0
    called = [row[0] for row in await owner.fetch("SELECT to_number FROM attempts WHERE account_id = $1", floor[0])]
    assert await owner.fetchval(statements(ATTEMPTS).rematch, floor[0], called) == 0
    kinds = "SELECT DISTINCT attributed_by::text FROM attempts WHERE account_id = $1"
    assert {kind for (kind,) in await owner.fetch(kinds, floor[0])} == {"sender", "tracking_number", None}


async def test_every_number_is_nobodys_and_lies_where_capture_says(owner: Owner, floor: tuple[int, Written]) -> None:
    called = """
        SELECT DISTINCT to_number, to_country, to_region, to_zones FROM attempts WHERE account_id = $1
        UNION SELECT phone_number, phone_country, phone_region, phone_zones FROM leads
        WHERE account_id = $1 AND phone_number IS NOT NULL"""
    numbers = [tuple(row) for row in await owner.fetch(called, floor[0])]
    assert len(numbers) > 1_000
    for number, country, region, zones in numbers:
        assert re.fullmatch(r"\+1[2-9]\d\d(555|958|959)[2-9]\d{3}", number)
        assert read_number(number, "US") == (number, country, region, zones)
    shown = "SELECT from_number FROM attempts WHERE account_id = $1 UNION SELECT number FROM tracking_numbers"
    assert all(re.fullmatch(r"\+1[2-9]\d\d55501[89]\d", number) for (number,) in await owner.fetch(shown, floor[0]))
    shared = "SELECT FROM leads WHERE account_id = $1 GROUP BY phone_number HAVING count(*) > 1"
    assert await owner.fetch(shared, floor[0])


async def test_everything_happens_in_order_and_nothing_after_the_end(owner: Owner, floor: tuple[int, Written]) -> None:
    disorder = """
        SELECT count(*) FROM attempts a LEFT JOIN leads l USING (account_id)
        WHERE a.account_id = $1 AND l.external_id = a.lead AND NOT (
            l.received_at <= a.dialed_at
            AND l.phone_number = a.to_number
            AND a.dialed_at <= COALESCE(a.answered_at, a.dialed_at)
            AND COALESCE(a.answered_at, a.dialed_at) <= COALESCE(a.agent_joined_at, a.answered_at, a.dialed_at)
            AND COALESCE(a.agent_joined_at, a.answered_at, a.dialed_at) <= COALESCE(a.ended_at, 'infinity')
            AND COALESCE(a.ended_at, a.dialed_at) <= a.observed_at
            AND a.observed_at <= a.recorded_at
            AND COALESCE(a.disposition_set_at, '-infinity') <= a.recorded_at
        )"""
    assert await owner.fetchval(disorder, floor[0]) == 0
    for fact in FACTS:
        late = f"SELECT count(*) FROM {fact.table}_versions WHERE account_id = $1 AND recorded_at > $2"
        assert await owner.fetchval(late, floor[0], PLAN.until) == 0, fact.table
    first = await owner.fetchval("SELECT min(dialed_at) FROM attempts WHERE account_id = $1", floor[0])
    assert PLAN.until - timedelta(days=PLAN.days) < first < PLAN.until - timedelta(days=PLAN.days - 3)
    assert await broken_histories(owner, floor[0]) == []


async def test_earlier_versions_belong_to_rows_that_are_there(owner: Owner, floor: tuple[int, Written]) -> None:
    for table, key in (("attempts", "dialer, external_id"), ("leads", "external_id")):
        lost = f"""
            SELECT count(*), count(t.id) FILTER (WHERE t.id = h.id AND t.changed_xid > h.changed_xid)
            FROM {table}_history h LEFT JOIN {table} t USING (account_id, {key}) WHERE account_id = $1"""
        [(every, matched)] = await owner.fetch(lost, floor[0])
        assert every == matched > 0, table
        assert await owner.fetchval(
            f"SELECT count(DISTINCT id) = count(*) FROM {table} WHERE account_id = $1", floor[0]
        )


def again(row: asyncpg.Record) -> dict[str, Any]:
    """A stored row as it would be sent: durations in seconds, without the columns that the ledger derives."""
    item = {name: value for name, value in row.items() if value is not None and name not in DERIVED}
    for name in ("source", "lead", "talk_ms", "hold_ms") if "said_source" in row else ():
        item[name] = item.pop(f"said_{name}", None)
    item = {name: value for name, value in item.items() if value is not None}
    if "lead_matching" in item:
        item["match_lead"] = item.pop("lead_matching")
    if "attributes" in item:
        item["attributes"] = json.loads(item["attributes"])
    if "disposition" in item:
        names = {"code": "disposition", "set_at": "disposition_set_at", "agent": "disposition_agent"}
        item["disposition"] = {name: item.pop(column, None) for name, column in names.items()}
        item["disposition"]["callback_at"] = item.pop("callback_at", None)
    for name in [name for name in item if name.endswith("_ms")]:
        item[f"{name.removesuffix('_ms')}_seconds"] = item.pop(name) / 1000
    return _wire(item)


def _wire(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _wire(inner) for name, inner in value.items() if inner is not None}
    return value.isoformat() if isinstance(value, date) else float(value) if isinstance(value, Decimal) else value


DERIVED = {
    *("account_id", "id", "recorded_at", "changed_xid", "stamps", "tracking_number", "attributed_by", "lead_by"),
    *("to_country", "to_region", "to_zones", "phone_country", "phone_region", "phone_zones"),
}


@pytest.mark.parametrize(
    "resource",
    [
        module.RESOURCE
        for module in (
            *(leads, attempts, appointments, follow_ups, stage_changes, spend, agent_states),
            *(schedules, staff, running_costs, customers),
        )
    ],
    ids=lambda resource: resource.path,
)
async def test_whatever_is_sent_once_more_is_known(
    owner: Owner, pool: Pool, floor: tuple[int, Written], resource: Resource
) -> None:
    account = floor[0]
    stored = await owner.fetch(f"SELECT * FROM {resource.fact.table} WHERE account_id = $1 ORDER BY 2, 3", account)
    accounts = Accounts(pool)
    sender = Sender.of(await accounts.get(account))
    items = [again(row) for row in stored[:: len(stored) // 400 + 1]]
    entries = [read_item(resource, place, item, sender) for place, item in enumerate(items)]
    capture = Capture(pool, accounts)
    receipts = await capture.store_entries(account, entries)
    assert {receipt.status for receipt in receipts} == {"unchanged"}, receipts[:3]
    # Rows that were copied remember the first observation they meet. Whatever is known writes nothing.
    before = await written(owner, account)
    assert {receipt.status for receipt in await capture.store_entries(account, entries)} == {"unchanged"}
    assert await written(owner, account) == before


async def test_the_same_plan_is_the_same_floor_and_another_seed_another_one(ledger_url: str, owner: Owner) -> None:
    plan = Plan(attempts=600, until=PLAN.until, days=14)
    first, same, other = [await make_account(owner) for _ in range(3)]
    for account, seed in ((first, 1), (same, 1), (other, 2)):
        await quiet(ledger_url, account, Plan(plan.attempts, plan.until, plan.days, seed))
    for fact in FACTS:
        for table in (fact.table, f"{fact.table}_history"):
            columns = await owner.fetchval(
                "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0"
                " AND attname NOT IN ('account_id', 'id', 'changed_xid')",
                table,
            )
            rows = f"SELECT {columns} FROM {table} WHERE account_id ="
            assert not await owner.fetch(f"{rows} $1 EXCEPT {rows} $2", first, same), table
    called = "SELECT dialed_at, to_number FROM attempts WHERE account_id ="
    assert len(await owner.fetch(f"{called} $1 EXCEPT {called} $2", first, other)) > plan.attempts / 2


@pytest.mark.parametrize("count", [1, 7, 1_234])
async def test_small_floors_are_exact_too(ledger_url: str, account: int, count: int) -> None:
    until = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)  # a Sunday has just ended: nobody called on the last two days
    made = await quiet(ledger_url, account, Plan(count, until, 7))
    assert made.rows["attempts"] == count


async def test_the_numbers_of_a_floor_are_those_of_a_floor(owner: Owner, floor: tuple[int, Written]) -> None:
    window = {"from": ["2026-02-19T00:00:00Z"], "to": ["2026-03-20T18:30:00Z"]}

    async def totals(report: str, **more: list[str]) -> dict[str, Any]:
        async with owner.transaction(isolation="repeatable_read", readonly=True):
            made = await run_report(Ledger(owner, floor[0]), Copies(), report, window | more)
        return {metric.name: made.total[0, metric.name] for metric in made.request.metrics}

    headline = await totals("outbound")
    assert [name for name, value in headline.items() if value is None] == []
    calls = await totals("calls")
    assert 0.2 < calls["answer_rate"] < 0.45
    assert 0.1 < calls["human_rate"] < 0.25
    assert 0.003 < calls["conv_per_attempt"] < 0.05
    assert 60 < calls["median_talk_time"] < 180
    assert 0.4 < (await totals("follow-up"))["callback_kept"] < 0.8
    then = await totals("calls", as_of=["2026-03-10T00:00:00Z"])
    assert 0 < then["attempts"] < calls["attempts"]


def simulate(url: str, *options: str) -> Result:
    return CliRunner(env={"CALLTALLY_DATABASE_URL": url}).invoke(commands, ["simulate", *options])


def test_the_command_makes_the_account_tells_what_it_wrote_and_fills_no_account_twice(fresh_ledger: str) -> None:
    done = simulate(fresh_ledger, "--attempts", "300", "--days", "10", "--until", "2026-03-20")
    assert done.exit_code == 0, done.output
    assert re.search(r"^  attempts +300$", done.output, re.MULTILINE)
    assert "calltally report outbound --by agent --account simulated" in done.output
    again = simulate(fresh_ledger, "--attempts", "300")
    assert isinstance(again.exception, SetupError)
    assert "This account is in use" in str(again.exception)


def test_a_day_to_come_cannot_be_simulated() -> None:
    refused = CliRunner().invoke(commands, ["simulate", "--attempts", "1", "--until", "2999-01-01"])
    assert refused.exit_code == 2
    assert "in the future" in refused.output
