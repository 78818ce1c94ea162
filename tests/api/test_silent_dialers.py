"""Dialers that fell silent: told after two hours or a day, by what was known at the same time a week ago."""

from datetime import UTC, datetime, timedelta

import pytest

from sql import load
from sql.facts import ATTEMPTS
from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.conftest import Owner

__all__ = ["caller", "client", "new_caller", "service"]

_VERSION = ", ".join(ATTEMPTS.versioned)
_HOUR, _WEEK = timedelta(hours=1), timedelta(days=7)


async def dial(caller: Caller, dialer: str, calls: int, ago: timedelta) -> None:
    """Calls of a dialer, a second apart, that had been dialed by so long ago."""
    last = datetime.now(UTC) - ago
    times = [(last - timedelta(seconds=n)).isoformat() for n in range(calls)]
    posted = [{"dialer": dialer, "external_id": time, "campaign": "spring", "dialed_at": time} for time in times]
    assert (await caller.post("attempts", posted))["created"] == calls


async def know_at_once(owner: Owner, caller: Caller) -> None:
    """As if each call had been told of a minute after it was dialed."""
    await owner.execute(
        "UPDATE attempts SET recorded_at = dialed_at + interval '1 minute' WHERE account_id = $1", caller.account_id
    )


async def silent(caller: Caller) -> list[tuple[str, int, int]]:
    dialers = (await caller.get("to-do"))["silent_dialers"]
    return [(entry["dialer"], entry["hours"], entry["attempts_a_week_ago"]) for entry in dialers]


async def test_whoever_spoke_at_this_time_a_week_ago_and_says_nothing_now_is_silent(
    caller: Caller, owner: Owner
) -> None:
    for dialer in ("two-hours", "a-day", "speaks", "few"):
        await dial(caller, dialer, 9 if dialer == "few" else 12, _WEEK + _HOUR)
    await dial(caller, "two-hours", 1, 3 * _HOUR)
    await dial(caller, "a-day", 1, 30 * _HOUR)
    await dial(caller, "a-day", 3, _WEEK + 20 * _HOUR)
    await dial(caller, "speaks", 1, _HOUR)
    assert await silent(caller) == [], "what was told only now was not known a week ago"
    await know_at_once(owner, caller)
    assert await silent(caller) == [("a-day", 24, 15), ("two-hours", 2, 12)]
    [day, hours] = (await caller.get("to-do"))["silent_dialers"]
    now = datetime.now(UTC)
    assert 30 * _HOUR <= now - datetime.fromisoformat(day["last_heard_at"]) < 31 * _HOUR
    assert 3 * _HOUR <= now - datetime.fromisoformat(hours["last_heard_at"]) < 4 * _HOUR


async def test_a_call_of_which_more_was_told_since_was_known_nevertheless(caller: Caller, owner: Owner) -> None:
    await dial(caller, "mended", 10, _WEEK + _HOUR)
    await know_at_once(owner, caller)
    await owner.execute("UPDATE attempts SET talk_ms = 1000 WHERE account_id = $1", caller.account_id)
    history = f"INSERT INTO attempts_history ({_VERSION}, superseded_at) SELECT {_VERSION}, now()"
    moved = (
        f"{history} FROM attempts WHERE account_id = $1",
        "UPDATE attempts SET recorded_at = now() WHERE account_id = $1",
    )
    for statement in moved:
        await owner.execute(statement, caller.account_id)
    assert await silent(caller) == [("mended", 24, 10)]


async def test_nobody_hears_of_the_dialers_of_another_account(
    caller: Caller, new_caller: NewCaller, owner: Owner
) -> None:
    await dial(caller, "ours", 10, _WEEK + _HOUR)
    await know_at_once(owner, caller)
    assert await silent(await new_caller()) == []


@pytest.mark.parametrize("name", ["attempts_by_dialed_at", "attempts_pkey"])
async def test_no_more_is_read_than_a_week_of_an_index(name: str, caller: Caller, owner: Owner) -> None:
    """With few rows a scan of all is cheaper; what would be used where there are many is told without one."""
    async with owner.transaction():
        await owner.execute("SET LOCAL enable_seqscan = off")
        now = datetime.now(UTC)
        plan = await owner.fetch("EXPLAIN " + load("attention")["silent_dialers"], caller.account_id, now, 10)
    text = "\n".join(row[0] for row in plan)
    assert name in text
    assert "Seq Scan" not in text
