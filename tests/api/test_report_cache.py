"""A report asked for again is the one that was kept, exactly as long as nothing that it was made of has changed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from reports.model.codes import TABLES as CODES
from reports.model.tables import TABLES
from reports.query.run import run_report
from reports.store.copies import Copies
from reports.store.ledger import Ledger
from service.reporting.report_cache import CachedReport, ReportCache, State, good_until, is_good, state_of
from sql import load
from tests.api.conftest import Caller, NewCaller
from tests.conftest import Owner
from tests.ledger import holding
from tests.make import MAKERS, at, attempt, attempts, disposition

PARAMETERS = {"metrics": "attempts,marketing_cost", "from": "2026-03-02", "to": "2026-03-03"}
LINE = "tracking-numbers/+14155550100"


async def report(caller: Caller, **also: Any) -> dict[str, Any]:
    return await caller.get("reports", **PARAMETERS, **also)


async def moment(caller: Caller, **also: Any) -> datetime:
    """When the answer was made: one that is given again was made when it was given first."""
    return datetime.fromisoformat((await report(caller, **also))["watermark"])


@pytest.fixture
async def manager(caller: Caller) -> Caller:
    """An account with one of everything."""
    for path, make in MAKERS.items():
        await caller.post(path, make(), 201)
    await caller.put("campaigns/spring", {"name": "Spring"})
    await caller.put(LINE, {"name": "Hotline"})
    return caller


# Given again ---------------------------------------------------------------------------------------------------------


async def test_the_same_question_has_the_same_answer(manager: Caller) -> None:
    first = await report(manager)
    assert await report(manager) == first
    assert await report(manager, goal="appointment") != first
    assert await report(manager) == first


async def test_each_form_is_kept_by_itself(manager: Caller) -> None:
    first = [await manager.send("GET", "reports", params=PARAMETERS | {"format": form}) for form in ("csv", "xlsx")]
    again = [await manager.send("GET", "reports", params=PARAMETERS | {"format": form}) for form in ("csv", "xlsx")]
    for name in ("etag", "content-type", "content-disposition"):
        assert [response.headers[name] for response in again] == [response.headers[name] for response in first]
    assert [response.content for response in again] == [response.content for response in first]
    assert first[0].content != first[1].content


async def test_what_says_nothing_new_changes_nothing(manager: Caller) -> None:
    made = await moment(manager)
    assert (await manager.post("attempts", attempt()))["status"] == "unchanged"
    assert await moment(manager) == made


async def test_a_report_of_the_past_is_given_again_too(manager: Caller, owner: Owner) -> None:
    past = (await owner.fetchval("SELECT now()")).isoformat()
    made = await moment(manager, as_of=past)
    assert await moment(manager, as_of=past) == made
    assert await moment(manager) != made


async def test_a_question_that_cannot_be_answered_is_asked_anew(manager: Caller) -> None:
    parameters = PARAMETERS | {"campaign": "autumn"}
    assert (await manager.get("reports", 400, **parameters))["errors"][0]["pointer"] == "campaign"
    await manager.put("campaigns/autumn", {})
    assert (await manager.get("reports", **parameters))["total"]["attempts"]["value"] == 0


async def test_accounts_with_the_same_question_have_answers_of_their_own(
    manager: Caller, new_caller: NewCaller
) -> None:
    other = await new_caller()
    assert (await report(manager))["total"]["attempts"]["value"] == 1
    assert (await report(other))["total"]["attempts"]["value"] == 0
    made = await moment(manager)
    await other.post("attempts", attempts(3))
    assert (await report(other))["total"]["attempts"]["value"] == 3
    assert await moment(manager) == made


# Made anew -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MAKERS)
async def test_anything_new_shows(path: str, manager: Caller) -> None:
    made = await moment(manager)
    new = {"code": "OTHER"} if path == "dispositions" else {"from_at": at(30), "to_at": at(40)}
    identity = "item" if path == "form-items" else "external_id"
    named = {} if path in {"dispositions", "agent-states", "schedules"} else {identity: "another"}
    # Another code for the same moment corrects a disposition.
    await manager.post(path, MAKERS[path](**(named or new)), 200 if path == "dispositions" else 201)
    assert await moment(manager) > made


CONFIGURED: dict[str, dict[str, Any]] = {
    "campaigns/spring": {"zone": "America/New_York"},
    "agents/ada": {"team": "north"},
    "sources/web": {"name": "The web"},
    "disposition-codes/SALE": {"result": "sale"},
    LINE: {"name": "Another"},
    "calendars/north": {"zone": "Europe/Berlin", "hours": {"monday": ["09:00-17:00"]}},
    "targets/attempts": {"value": 12},
}


@pytest.mark.parametrize("path", CONFIGURED)
async def test_whatever_is_configured_shows(path: str, manager: Caller) -> None:
    made = await moment(manager)
    await manager.put(path, CONFIGURED[path])
    assert (made_after := await moment(manager)) > made
    assert await moment(manager) == made_after


async def test_a_number_that_is_assigned_shows_in_the_calls_it_is_credited_with(manager: Caller) -> None:
    await manager.post("attempts", attempt("shown", from_number="+14155550100"))
    made = await moment(manager)
    await manager.post(f"{LINE}/assignments", {"from_at": at(-60), "source": "radio"}, 201)
    assert (assigned := await moment(manager)) > made
    await manager.delete(f"{LINE}/assignments/{at(-60)}")
    assert await moment(manager) > assigned


async def test_an_erasure_makes_every_answer_anew(manager: Caller) -> None:
    await manager.post("attempts", attempt("to-somebody", to_number="+14155550123"))
    made = await moment(manager)
    await manager.post("erasures", {"phone_number": "+14155550123"})
    assert await moment(manager) > made


async def test_an_account_that_moves_to_another_zone_is_reported_there(manager: Caller, owner: Owner) -> None:
    assert (await report(manager))["zone"] == "UTC"
    await owner.execute("UPDATE accounts SET zone = 'Asia/Kathmandu' WHERE account_id = $1", manager.account_id)
    assert (await report(manager))["zone"] == "Asia/Kathmandu"


@pytest.fixture
async def late(ledger_url: str) -> AsyncIterator[Owner]:
    """Somebody who has begun to write and takes their time."""
    connection = await asyncpg.connect(ledger_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize("newer", [False, True])
async def test_who_commits_late_is_in_the_next_report(manager: Caller, late: Owner, *, newer: bool) -> None:
    """Also when transactions that began later have committed long before, and are in the answer that is kept."""
    async with late.transaction():
        await late.execute("SELECT pg_current_xact_id()")
        if newer:
            await manager.post("attempts", attempts(2, "newer"))
        before = await report(manager)
        await late.execute(
            "INSERT INTO attempts (account_id, dialer, external_id, campaign, dialed_at, observed_at)"
            " VALUES ($1, 'default', 'late', 'spring', $2, $2)",
            manager.account_id,
            datetime.fromisoformat(at()),
        )
        assert await report(manager) == before
    after = await report(manager)
    assert after["total"]["attempts"]["value"] == before["total"]["attempts"]["value"] + 1


async def test_everything_that_reports_read_is_looked_at() -> None:
    for table in {*TABLES, *CODES} - {"teams"}:  # teams are named by staff and running costs
        assert f" FROM {table} WHERE account_id = $1" in load("state")["has_changed"]


# Age -----------------------------------------------------------------------------------------------------------------


async def test_a_report_of_now_is_given_again_for_a_minute_and_others_for_a_day(owner: Owner, account: int) -> None:
    """In another zone than most of us are in, and on its clock."""
    parameters: dict[str, list[str]] = {"metrics": ["attempts"], "tz": ["Asia/Kathmandu"]}
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        with Ledger(owner, account) as ledger:
            now = await run_report(ledger, Copies(), None, parameters)
            past = (now.watermark - timedelta(days=30)).isoformat()
            then = await run_report(ledger, Copies(), None, parameters | {"as_of": [past]})
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert good_until(replace(now, watermark=noon), timedelta(seconds=90)) == noon + timedelta(seconds=150)
    # There midnight is at 18:15 UTC.
    assert good_until(replace(then, watermark=noon), timedelta(0)) == datetime(2026, 3, 2, 18, 15, tzinfo=UTC)
    late = datetime(2026, 3, 2, 18, 14, 30, tzinfo=UTC)
    assert good_until(replace(now, watermark=late), timedelta(0)) == datetime(2026, 3, 2, 18, 15, tzinfo=UTC)


async def test_an_answer_that_is_too_old_is_none(owner: Owner, account: int) -> None:
    async with owner.transaction(readonly=True):
        state = await state_of(owner, account)
        now = state.owner.account.taken_at
        assert await is_good(owner, account, _answer(state, good_until=now + timedelta(microseconds=1)))
        assert not await is_good(owner, account, _answer(state, good_until=now))


async def test_an_answer_from_another_ledger_is_none(owner: Owner, account: int) -> None:
    async with owner.transaction(readonly=True):
        state = await state_of(owner, account)
        other = replace(state, owner=replace(state.owner, ledger_id="restored"))
        assert not await is_good(owner, account, _answer(other, good_until=datetime.max.replace(tzinfo=UTC)))


def _answer(state: State, content: bytes = b"", **fields: Any) -> CachedReport:
    return CachedReport(content, {}, state, **fields)


# Tags ----------------------------------------------------------------------------------------------------------------


async def test_who_has_the_answer_already_is_told_so(manager: Caller) -> None:
    first = await manager.send("GET", "reports", params=PARAMETERS)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for headers_sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await manager.send("GET", "reports", params=PARAMETERS, headers={"If-None-Match": headers_sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await manager.send("GET", "reports", params=PARAMETERS, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, first.content)
    await manager.post("dispositions", disposition(code="NEW"))
    fresh = await manager.send("GET", "reports", params=PARAMETERS, headers={"If-None-Match": tag})
    assert fresh.status_code == 200
    assert fresh.headers["etag"] != tag


# Many at once --------------------------------------------------------------------------------------------------------


async def test_what_many_ask_at_once_is_made_once(manager: Caller) -> None:
    made = await asyncio.gather(*(moment(manager) for _ in range(6)))
    assert len(set(made)) == 1


async def test_an_answer_is_made_to_the_end_when_who_asked_first_has_gone(
    manager: Caller, ledger_url: str, owner: Owner
) -> None:
    async with holding(ledger_url, "LOCK TABLE attempts") as waiters:
        first = asyncio.create_task(report(manager))
        await waiters.arrive()
        first.cancel()
        gone_at = await owner.fetchval("SELECT clock_timestamp()")
        second = asyncio.create_task(report(manager))
    assert datetime.fromisoformat((await second)["watermark"]) < gone_at


async def test_who_asks_while_it_is_made_is_told_what_was_written_since(manager: Caller, ledger_url: str) -> None:
    async with holding(ledger_url, "LOCK TABLE spend") as waiters:
        first = asyncio.create_task(report(manager))
        await waiters.arrive()
        await manager.post("attempts", attempt("since"))
        second = asyncio.create_task(report(manager))
        third = asyncio.create_task(report(manager))
    assert (await first)["total"]["attempts"]["value"] == 1
    assert (await second)["total"]["attempts"]["value"] == 2
    assert await third == await second


# Room ----------------------------------------------------------------------------------------------------------------


async def test_the_least_used_answers_make_room(owner: Owner, account: int) -> None:
    state, made = await state_of(owner, account), list[str]()
    answers = ReportCache(most_bytes=10)

    async def ask(name: str, size: int) -> None:
        async def make() -> CachedReport:
            made.append(name)
            return _answer(state, b"x" * size, good_until=datetime.max.replace(tzinfo=UTC))

        async def good(_: CachedReport) -> bool:
            return True

        await answers.get_or_compute(name, good, make)

    for name, size in (
        ("a", 4),
        ("b", 4),
        ("a", 4),
        ("c", 4),
        ("a", 4),
        ("b", 4),
        ("huge", 11),
        ("huge", 11),
        ("b", 4),
    ):
        await ask(name, size)
    assert made == ["a", "b", "c", "b", "huge", "huge"]
