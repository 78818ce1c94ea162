"""What a caller did before and after each call, against every other call of the same caller, looked at one by one."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from reports.facts.callers import CALLERS
from reports.model.codes import no_codes
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT
from reports.model.windows import Window
from reports.rules.inbound.outcomes import CURRENT_INBOUND_CALL

START = datetime(2026, 3, 2, tzinfo=UTC)
CONTEXT = ResolveContext(
    codes=no_codes(),
    window=Window(START, START + timedelta(days=5), ZoneInfo("UTC")),
    until=START + timedelta(days=6),
    account_zone=ZoneInfo("UTC"),
)
NO_ATTEMPTS = pl.LazyFrame(schema={"callee": pl.Int64, "lead": pl.String, "dialed_at": INSTANT})
Call = dict[str, Any]


def drawn(random: Random) -> list[Call]:
    """Four hundred calls of a hundred callers, who ask about few topics or none."""
    callers = [None, *(random.getrandbits(62) for _ in range(100))]
    return [
        {
            "dialer": random.choice("ab"),
            "external_id": str(number),
            "arrived_at": START + timedelta(hours=random.randrange(-400, 120)),
            "caller": random.choice(callers),
            "topic": random.choice([None, "invoice", "price"]),
            "outcome": random.choice(["answered", "abandoned", "missed"]),
            "queue": "help",
            "test": random.choice([None, None, True]),
        }
        for number in range(400)
    ]


def expected(call: Call, calls: list[Call]) -> tuple[bool, bool, bool]:
    """Whether a call is a caller's first in a year, a first contact, and never repeated within a week."""
    same = [other for other in calls if other["caller"] == call["caller"] and not other["test"]]
    before = [other for other in same if _place(other) < _place(call)]
    after = [other for other in same if _place(other) > _place(call)]
    handled = [other for other in before if other["outcome"] == "answered" and _alike(call, other)]
    return (
        not any(_days(call, other) <= 365 for other in before),
        call["outcome"] == "answered" and not any(_days(call, other) <= 7 for other in handled),
        not any(_days(call, other) <= 7 and _alike(call, other) for other in after),
    )


def _place(call: Call) -> tuple[Any, ...]:
    return call["arrived_at"], call["dialer"], call["external_id"]


def _days(call: Call, other: Call) -> float:
    return abs((call["arrived_at"] - other["arrived_at"]) / timedelta(days=1))


def _alike(call: Call, other: Call) -> bool:
    return None in (call["topic"], other["topic"]) or call["topic"] == other["topic"]


@pytest.mark.parametrize("seed", range(5))
def test_the_history_of_a_caller_is_that_of_all_calls_of_the_caller(seed: int) -> None:
    calls = drawn(Random(seed))
    current = pl.LazyFrame(
        [{name: call.get(name) for name in CURRENT_INBOUND_CALL} for call in calls], CURRENT_INBOUND_CALL
    )
    resolved = CALLERS.resolve({"caller_calls": current, "calls_back": NO_ATTEMPTS}, CONTEXT)
    rows = resolved.select("external_id", "first_time", "first_contact", "resolved").collect().rows()
    stated = {call_id: tuple(flags) for call_id, *flags in rows}
    known = [call for call in calls if call["caller"] is not None and not call["test"]]
    assert {call["external_id"]: expected(call, known) for call in known} == {
        call["external_id"]: stated[call["external_id"]] for call in known
    }
    unknown = [call["external_id"] for call in calls if call not in known]
    assert not any(stated[call_id][0] or stated[call_id][1] for call_id in unknown)
