"""What a simulated floor is drawn from: its hours, its luck, its numbers, and how its calls are divided."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.floor.cast import CODES
from service.sandbox.rows.dividing import divide, meet
from service.sandbox.rows.outcomes import GOES_ON, OUTCOMES, PLACES, SETTLES, UNANSWERED
from service.sandbox.rows.schedule import states
from service.sandbox.scenario import phone_numbers as numbers
from service.sandbox.scenario.fixtures import TEAMS
from service.sandbox.scenario.plan import Plan
from service.sandbox.scenario.rng import Luck
from service.sandbox.scenario.scenario import Floor, opening

# Over the end of summer time in the United States.
PLAN = Plan(attempts=120_000, until=datetime(2026, 11, 6, 17, 0, tzinfo=UTC), days=21)
FLOOR = Floor(PLAN)

lines = st.integers(0, len(TEAMS) - 1)
moments = st.integers(FLOOR.starts_at, PLAN.ends_at)


def level(at: int, line: int) -> float:
    return pl.select(FLOOR.calling.level(pl.lit(at), pl.lit(line))).item()


def moment(of: float) -> int:
    return pl.select(FLOOR.calling.moment(pl.lit(of))).item()


@given(moments, moments, lines)
def test_the_later_it_is_the_more_hours_have_passed(one: int, other: int, line: int) -> None:
    early, late = sorted((one, other))
    assert level(early, line) <= level(late, line)


@given(moments, lines, st.floats(0.001, 40))
def test_whatever_is_done_after_hours_of_work_is_done_in_hours_of_work(at: int, line: int, work: float) -> None:
    then = moment(level(at, line) + work)
    assert at < then
    assert level(then, line) == pytest.approx(level(at, line) + work, abs=1e-5)
    team = TEAMS[line]
    clock = datetime.fromtimestamp(then / 1000, UTC).astimezone(ZoneInfo(team.zone))
    hours = opening(team, clock.weekday())
    assert hours is not None
    assert hours[0] <= clock.hour + clock.minute / 60 <= hours[1]


def test_luck_is_even_and_each_name_has_its_own() -> None:
    drawn = pl.select(key=pl.int_range(40_000)).select(
        one=Luck(1).share("one"), two=Luck(1).share("two"), other=Luck(2).share("one"), again=Luck(1).share("one")
    )
    assert drawn["one"].equals(drawn["again"])
    for name in ("one", "two", "other"):
        tenths = (drawn[name] * 10).floor().value_counts()["count"].to_list()
        assert len(tenths) == 10
        assert 3_700 < min(tenths) <= max(tenths) < 4_300
    assert abs(drawn.select(pl.corr("one", "two")).item()) < 0.02
    assert abs(drawn.select(pl.corr("one", "other")).item()) < 0.02


def test_every_outcome_has_a_code_that_means_the_same() -> None:
    meanings = {code.code: code.meaning for code in CODES}
    for outcome in OUTCOMES:
        meaning = meanings.get(outcome.code, {})
        assert meaning.get("network_result", outcome.network) == outcome.network, outcome.name
        assert meaning.get("answered_by", outcome.answered_by) == outcome.answered_by, outcome.name
        assert meaning.get("handled", outcome.handled) == outcome.handled, outcome.name
        assert outcome.mistaken is None or outcome.mistaken in meanings, outcome.name
    assert {*UNANSWERED, *GOES_ON, *SETTLES} < set(PLACES)


def test_millions_of_people_have_numbers_of_their_own() -> None:
    people = pl.select(person=pl.int_range(3_000_000))
    assert people.select(numbers.number(pl.col("person")).n_unique()).item() == people.height


def test_agents_are_there_in_the_hours_of_their_team_and_on_sundays_nobody_is() -> None:
    sunday = next(place for place, day in enumerate(PLAN.dates) if day.weekday() == 6)
    assert states(FLOOR, range(sunday, sunday + 1)).is_empty()
    assert states(FLOOR, range(0)).is_empty()
    monday = states(FLOOR, range(sunday + 1, sunday + 2))
    ends = monday.filter(pl.col("state") == "offline")
    assert 0.8 < ends.height / PLAN.agents <= 1
    assert ends["to_at"].null_count() == ends.height
    assert monday.filter(pl.col("state") != "offline").select((pl.col("to_at") > pl.col("from_at")).all()).item()
    hours = monday.group_by("agent").agg((pl.max("from_at") - pl.min("from_at")) / 3_600_000)["from_at"]
    assert hours.is_between(9.8, 10).all()


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 150_000), st.integers(0, 5))
def test_the_calls_of_all_blocks_are_those_asked_for(attempts: int, seed: int) -> None:
    floor = Floor(Plan(attempts, PLAN.until, 21, seed))
    blocks = divide(floor)
    assert [block.first_attempt for block in blocks] == [
        sum(block.attempts for block in blocks[:place]) for place in range(len(blocks))
    ]
    assert sum(block.attempts for block in blocks) == attempts
    assert [day for block in blocks for day in block.days] == list(range(21))
    leads, calls = meet(floor, blocks[-1])
    assert calls.height == blocks[-1].attempts
    assert leads.height <= blocks[-1].room
    assert set(calls["lead_row"]) <= set(leads["row"])
