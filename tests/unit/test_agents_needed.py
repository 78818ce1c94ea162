"""How many agents a queue needs: the published example, every fewer number of agents as a witness, and laws."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.stats.agents_needed import Target, agents_needed, agents_to_schedule, with_neighbours
from reports.stats.erlang import Traffic, queue_state

HALF_HOUR = Traffic(calls_per_second=100 / 1800, handle_seconds=180)

traffics = st.builds(
    Traffic,
    calls_per_second=st.just(0.0) | st.floats(1e-9, 0.4),
    handle_seconds=st.floats(5, 600),
    patience_seconds=st.floats(5, 3_000) | st.just(inf),
)
targets = st.builds(Target, share=st.floats(0.01, 0.999), seconds=st.floats(0, 300), max_occupancy=st.floats(0.1, 1.0))


def test_the_published_example_needs_fourteen_agents() -> None:
    assert agents_needed(HALF_HOUR, Target(share=0.8, seconds=20)) == 14
    fewer, enough, more = with_neighbours(HALF_HOUR, 14, 20)
    assert [state.agents for state in (fewer, enough, more)] == [13, 14, 15]
    assert fewer.service_level < 0.8 < enough.service_level < more.service_level


@given(traffic=traffics, target=targets)
def test_the_agents_needed_are_enough_and_none_fewer_would_be(traffic: Traffic, target: Target) -> None:
    agents = agents_needed(traffic, target)
    assert target.is_met(queue_state(traffic, agents, target.seconds))
    assert agents == 0 or not target.is_met(queue_state(traffic, agents - 1, target.seconds))


def test_a_ceiling_of_occupancy_needs_more_agents_than_the_service_level() -> None:
    # 1,000 erlangs: the service level alone would keep agents busy 99% of their time.
    large = Traffic(calls_per_second=1000 / 180, handle_seconds=180)
    assert agents_needed(large, Target(max_occupancy=1)) < 1030
    assert agents_needed(large, Target(max_occupancy=0.85)) == 1177  # 1000 / 0.85, rounded up


def test_no_calls_need_no_agents() -> None:
    assert agents_needed(Traffic(calls_per_second=0, handle_seconds=180), Target()) == 0
    assert [state.agents for state in with_neighbours(Traffic(calls_per_second=0, handle_seconds=180), 0, 20)] == [0, 1]


def test_impatient_callers_never_need_more_agents_than_patient_ones() -> None:
    for patience in (5, 60, 600):
        impatient = Traffic(calls_per_second=100 / 1800, handle_seconds=180, patience_seconds=patience)
        assert agents_needed(impatient, Target()) <= 14


@pytest.mark.parametrize(("shrinkage", "scheduled"), [(0, 14), (0.3, 20), (0.29, 20), (0.31, 21), (0.5, 28)])
def test_shrinkage_is_the_share_of_paid_time_away_from_calls(shrinkage: float, scheduled: int) -> None:
    """14 of 20 agents are there at 30%: floats alone would say 21."""
    assert agents_to_schedule(14, shrinkage) == scheduled
