"""The model of a simulated floor: its hours, its random numbers, its phone numbers, and how its calls are divided."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.sandbox.rows.dividing import divide, draw_block
from service.sandbox.rows.outcomes import GOES_ON, INDEXES, OUTCOMES, SETTLES, UNANSWERED
from service.sandbox.rows.schedule import states
from service.sandbox.scenario.codes import CODES
from service.sandbox.scenario.phone_numbers import fiction_numbers, many_numbers
from service.sandbox.scenario.plan import SMALL_BELOW, Plan
from service.sandbox.scenario.rng import Rng
from service.sandbox.scenario.scenario import Scenario, opening

# Over the end of summer time in the United States.
PLAN = Plan(attempts=120_000, until=datetime(2026, 11, 6, 17, 0, tzinfo=UTC), days=21)
LARGE = Scenario(PLAN)
SMALL = Scenario(Plan(attempts=6_000, until=PLAN.until, days=PLAN.days))
TEAMS = LARGE.fixtures.teams

lines = st.integers(0, len(TEAMS) - 1)
moments = st.integers(LARGE.starts_at, PLAN.ends_at)


def level(at: int, line: int) -> float:
    return pl.select(LARGE.calling.level(pl.lit(at), pl.lit(line))).item()


def moment(of: float) -> int:
    return pl.select(LARGE.calling.moment(pl.lit(of))).item()


@given(moments, moments, lines)
def test_the_later_it_is_the_more_hours_have_passed(at: int, other: int, line: int) -> None:
    early, late = sorted((at, other))
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


def test_random_numbers_are_even_and_each_name_has_its_own() -> None:
    drawn = pl.select(key=pl.int_range(40_000)).select(
        first=Rng(1).fraction("one"),
        two=Rng(1).fraction("two"),
        other=Rng(2).fraction("one"),
        again=Rng(1).fraction("one"),
    )
    assert drawn["first"].equals(drawn["again"])
    for name in ("first", "two", "other"):
        tenths = (drawn[name] * 10).floor().value_counts()["count"].to_list()
        assert len(tenths) == 10
        assert 3_700 < min(tenths) <= max(tenths) < 4_300
    assert abs(drawn.select(pl.corr("first", "two")).item()) < 0.02
    assert abs(drawn.select(pl.corr("first", "other")).item()) < 0.02


def test_a_choice_by_group_draws_by_the_weights_of_the_group() -> None:
    rows = pl.select(key=pl.int_range(30_000)).with_columns(group=pl.col("key") % 3)
    weights = [[1.0], [3.0, 1.0], [1.0, 0.0, 1.0]]
    counts = (
        rows.with_columns(drawn=Rng(1).choice_by("pick", weights, pl.col("group"))).group_by("group", "drawn").len()
    )
    shares = {(group, drawn): count / 10_000 for group, drawn, count in counts.iter_rows()}
    assert shares == {
        (0, 0): 1.0,
        (1, 0): pytest.approx(0.75, abs=0.02),
        (1, 1): pytest.approx(0.25, abs=0.02),
        (2, 0): pytest.approx(0.5, abs=0.02),
        (2, 2): pytest.approx(0.5, abs=0.02),
    }
    same = rows.select(
        by=Rng(1).choice_by("pick", [weights[1]] * 3, pl.col("group")), plain=Rng(1).choice("pick", weights[1])
    )
    assert (same["by"] == same["plain"]).all()


def test_every_outcome_has_a_code_that_means_the_same() -> None:
    meanings = {code.code: code.meaning for code in CODES}
    for outcome in OUTCOMES:
        meaning = meanings.get(outcome.code, {})
        assert meaning.get("network_result", outcome.network) == outcome.network, outcome.name
        assert meaning.get("answered_by", outcome.answered_by) == outcome.answered_by, outcome.name
        assert meaning.get("handled", outcome.handled) == outcome.handled, outcome.name
        assert outcome.mistaken is None or outcome.mistaken in meanings, outcome.name
    assert {*UNANSWERED, *GOES_ON, *SETTLES} < set(INDEXES)


def test_people_have_numbers_of_their_own_as_long_as_there_are_free_ones() -> None:
    small = fiction_numbers().places.height * len(fiction_numbers().lines)
    assert small > SMALL_BELOW * 0.8
    for pool, count in ((many_numbers(), 3_000_000), (fiction_numbers(), small)):
        numbers = pl.select(person=pl.int_range(count)).select(number=pool.number(pl.col("person")))["number"]
        assert numbers.n_unique() == count


def test_caller_ids_are_numbers_of_no_customer() -> None:
    pool = SMALL.fixtures.numbers
    people = pl.select(person=pl.int_range(pool.places.height * len(pool.lines)))
    customers = set(people.select(number=pool.number(pl.col("person")))["number"])
    assert not customers & {caller.number for caller in SMALL.fixtures.caller_ids}
    assert all(int(caller.number[-4:]) not in LARGE.fixtures.numbers.lines for caller in LARGE.fixtures.caller_ids)


@pytest.mark.parametrize("scenario", [LARGE, SMALL], ids=["large", "small"])
def test_agents_work_in_the_hours_of_their_team_and_on_sundays_nobody_does(scenario: Scenario) -> None:
    sunday = next(index for index, day in enumerate(PLAN.dates) if day.weekday() == 6)
    assert states(scenario, range(sunday, sunday + 1)).is_empty()
    assert states(scenario, range(0)).is_empty()
    monday = states(scenario, range(sunday + 1, sunday + 2))
    ends = monday.filter(pl.col("state") == "offline")
    assert 0.8 < ends.height / len(scenario.fixtures.agents) <= 1
    assert ends["to_at"].null_count() == ends.height
    assert monday.filter(pl.col("state") != "offline").select((pl.col("to_at") > pl.col("from_at")).all()).item()
    hours = monday.group_by("agent").agg((pl.max("from_at") - pl.min("from_at")) / 3_600_000)["from_at"]
    assert hours.is_between(9.8, 10).all()


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 150_000), st.integers(0, 5))
def test_the_calls_of_all_blocks_are_those_asked_for(attempts: int, seed: int) -> None:
    scenario = Scenario(Plan(attempts, PLAN.until, 21, seed))
    blocks = divide(scenario)
    assert [block.first_attempt for block in blocks] == [
        sum(block.attempts for block in blocks[:index]) for index in range(len(blocks))
    ]
    assert sum(block.attempts for block in blocks) == attempts
    assert [day for block in blocks for day in block.days] == list(range(21))
    leads, calls = draw_block(scenario, blocks[-1])
    assert calls.height == blocks[-1].attempts
    assert leads.height <= blocks[-1].room
    assert set(calls["lead_row"]) <= set(leads["row"])
