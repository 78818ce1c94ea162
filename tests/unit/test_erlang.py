"""Queues of callers: published values, a birth-and-death process solved by scipy, and laws for any traffic."""

from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special

from reports.stats.erlang import QueueState, Traffic, blocking, queue_state

HALF_HOUR = Traffic(calls_per_second=100 / 1800, handle_seconds=180)
# Garnett, Mandelbaum and Reiman (2002), table 1: 48 calls a minute, a minute each, two minutes of patience, 50 agents.
GARNETT = Traffic(calls_per_second=0.8, handle_seconds=60, patience_seconds=120)

traffics = st.builds(
    Traffic,
    calls_per_second=st.floats(1e-4, 0.5),
    handle_seconds=st.floats(5, 600),
    patience_seconds=st.floats(5, 3_000) | st.just(inf),
)
thresholds = st.floats(0, 300)


@pytest.mark.parametrize(
    ("agents", "service_level", "waits", "asa"),
    [(13, 0.795595, 0.285270, 17.116), (14, 0.888350, 0.174132, 7.836)],
)
def test_a_hundred_calls_in_half_an_hour_have_the_published_service_level(
    agents: int, service_level: float, waits: float, asa: float
) -> None:
    state = queue_state(HALF_HOUR, agents, 20)
    assert state.service_level == pytest.approx(service_level, abs=5e-7)
    assert state.wait_probability == pytest.approx(waits, abs=5e-7)
    assert state.asa_seconds == pytest.approx(asa, abs=5e-4)
    assert state.occupancy == pytest.approx(10 / agents)


def test_erlang_b_has_the_published_blocking() -> None:
    """Tables of Erlang B give 1% for 4.461 erlangs on 10 lines, and for 84.06 erlangs on 100 lines."""
    assert blocking(10, 4.461) == pytest.approx(0.01, abs=1e-5)
    assert blocking(100, 84.06) == pytest.approx(0.01, abs=1e-5)


def test_impatient_callers_give_the_published_numbers_of_erlang_a() -> None:
    state, patient = queue_state(GARNETT, 50, 20), queue_state(Traffic(calls_per_second=0.8, handle_seconds=60), 50, 20)
    assert round(100 * state.abandoned, 1) == 3.1
    assert round(120 * state.abandoned, 1) == 3.7  # the average wait of all callers, in seconds
    assert round(100 * (state.occupancy or 0)) == 93
    assert round(patient.asa_seconds or 0, 1) == 20.8
    assert patient.occupancy == pytest.approx(0.96)


def waiting_callers(traffic: Traffic, agents: int, threshold: float) -> QueueState:
    """Erlang A by another route: the number of callers in the queue, and the time until the ones ahead are gone."""
    most = int(traffic.load + 12 * (traffic.load**0.5 + 4) * (1 + traffic.patience_seconds / traffic.handle_seconds))
    numbers = np.arange(1, agents + most)
    leaving = np.minimum(numbers, agents) / traffic.handle_seconds
    leaving += np.maximum(numbers - agents, 0) / traffic.patience_seconds
    logarithms = np.concatenate([[0.0], np.cumsum(np.log(traffic.calls_per_second / leaving))])
    shares = np.exp(logarithms - special.logsumexp(logarithms))
    waiting = shares[agents:]
    ahead = np.arange(len(waiting))
    busy = agents / traffic.handle_seconds

    # The caller with k callers ahead gets an agent after k + 1 of them and of the busy agents have left. The times
    # between are exponential with rates busy, busy + 1 / patience and so on, and their sum is a beta variable on a log
    # scale.
    def has_agent(time: float) -> float:
        share = -np.expm1(-time / traffic.patience_seconds)
        return float(waiting @ special.betainc(ahead + 1, busy * traffic.patience_seconds, share))

    def stays(time: float) -> float:
        return float(np.exp(-time / traffic.patience_seconds))

    def area(height: Callable[[float], float], end: float) -> float:
        return float(integrate.quad(height, 0, end, limit=500, epsabs=1e-12)[0])

    working = float(np.minimum(np.arange(len(shares)), agents) @ shares)
    answered = working / traffic.load
    late = waiting.sum() - has_agent(threshold)
    soon = area(lambda time: stays(time) * has_agent(time), threshold) / traffic.patience_seconds
    in_time = 1 - waiting.sum() + stays(threshold) * has_agent(threshold) + soon
    waited = area(
        lambda time: (1 - time / traffic.patience_seconds) * stays(time) * (waiting.sum() - has_agent(time)),
        40 * traffic.patience_seconds,
    )
    return QueueState(
        agents=agents,
        wait_probability=float(waiting.sum()),
        service_level=float(in_time / (in_time + stays(threshold) * late)),
        asa_seconds=waited / answered,
        occupancy=working / agents,
        abandoned=1 - answered,
    )


@pytest.mark.parametrize(
    ("calls", "handle", "patience", "agents"),
    [(48, 60, 120, 50), (48, 60, 120, 40), (20, 180, 30, 62), (3, 300, 600, 12), (600, 200, 90, 2_000), (1, 60, 10, 1)],
)
def test_erlang_a_equals_the_birth_and_death_process(calls: int, handle: float, patience: float, agents: int) -> None:
    traffic = Traffic(calls_per_second=calls / 60, handle_seconds=handle, patience_seconds=patience)
    for threshold in (0, 5, 20, 60):
        state, expected = queue_state(traffic, agents, threshold), waiting_callers(traffic, agents, threshold)
        for name in ("wait_probability", "service_level", "asa_seconds", "occupancy", "abandoned"):
            assert getattr(state, name) == pytest.approx(getattr(expected, name), rel=1e-7, abs=1e-10), name


@given(traffic=traffics, agents=st.integers(0, 400), threshold=thresholds)
def test_one_more_agent_never_makes_a_queue_worse(traffic: Traffic, agents: int, threshold: float) -> None:
    before, after = queue_state(traffic, agents, threshold), queue_state(traffic, agents + 1, threshold)
    assert after.service_level >= before.service_level - 1e-9
    assert after.wait_probability <= before.wait_probability + 1e-9
    assert after.abandoned <= before.abandoned + 1e-9
    assert before.endless or not after.endless
    if before.asa_seconds is not None and before.abandoned < 1e-3:
        assert after.asa_seconds is not None
        assert after.asa_seconds <= before.asa_seconds + 1e-6
    if before.occupancy is not None and after.occupancy is not None:
        assert after.occupancy <= before.occupancy + 1e-9


@given(traffic=traffics, agents=st.integers(0, 400), threshold=thresholds, later=thresholds)
def test_shares_are_shares_and_a_later_threshold_is_easier(
    traffic: Traffic, agents: int, threshold: float, later: float
) -> None:
    state, easier = queue_state(traffic, agents, threshold), queue_state(traffic, agents, threshold + later)
    for share in (state.wait_probability, state.service_level, state.abandoned, state.occupancy or 0):
        assert 0 <= share <= 1
    assert state.asa_seconds is None or state.asa_seconds >= 0
    assert easier.service_level >= state.service_level - 1e-9
    assert state.endless == (traffic.patience_seconds == inf and agents <= traffic.load)


@given(agents=st.integers(1, 300), use=st.floats(0.05, 0.98), handle=st.floats(5, 600), threshold=thresholds)
def test_callers_of_endless_patience_make_erlang_c_of_erlang_a(
    agents: int, use: float, handle: float, threshold: float
) -> None:
    calls = use * agents / handle
    patient = queue_state(Traffic(calls_per_second=calls, handle_seconds=handle), agents, threshold)
    nearly = queue_state(
        Traffic(calls_per_second=calls, handle_seconds=handle, patience_seconds=1e12), agents, threshold
    )
    assert nearly.service_level == pytest.approx(patient.service_level, abs=1e-7)
    assert nearly.wait_probability == pytest.approx(patient.wait_probability, abs=1e-7)
    assert nearly.asa_seconds == pytest.approx(patient.asa_seconds, rel=1e-5, abs=1e-6)


@given(traffic=traffics, agents=st.integers(1, 200), threshold=thresholds)
@settings(max_examples=50)
def test_calls_answered_and_given_up_add_up_to_the_work_of_the_agents(
    traffic: Traffic, agents: int, threshold: float
) -> None:
    state = queue_state(traffic, agents, threshold)
    if not state.endless:
        assert agents * (state.occupancy or 0) == pytest.approx(traffic.load * (1 - state.abandoned), rel=1e-6)


def test_a_queue_with_agents_up_to_the_load_grows_without_end() -> None:
    for agents in range(11):
        state = queue_state(HALF_HOUR, agents, 20)
        assert state.endless
        assert (state.service_level, state.wait_probability, state.asa_seconds) == (0, 1, None)
    assert not queue_state(HALF_HOUR, 11, 20).endless


def test_impatient_callers_keep_any_queue_finite() -> None:
    nobody = queue_state(GARNETT, 0, 20)
    assert (nobody.abandoned, nobody.service_level, nobody.occupancy, nobody.endless) == (1, 0, None, False)
    overrun = queue_state(GARNETT, 1, 20)
    assert overrun.abandoned == pytest.approx(47 / 48)
    assert not overrun.endless


def test_without_calls_nobody_waits() -> None:
    quiet = Traffic(calls_per_second=0, handle_seconds=180)
    assert queue_state(quiet, 0, 20) == QueueState(
        agents=0, wait_probability=0, service_level=1, asa_seconds=0, occupancy=None, abandoned=0
    )
    assert queue_state(quiet, 3, 20).occupancy == 0


@pytest.mark.parametrize("patience", [inf, 60])
def test_thousands_of_agents_are_computed_without_overflow(patience: float) -> None:
    """The square-root rule of Halfin and Whitt: with load + b * sqrt(load) agents, P(wait) goes to a known limit."""
    load, spare = 40_000, 0.5
    traffic = Traffic(calls_per_second=load / 240, handle_seconds=240, patience_seconds=patience)
    state = queue_state(traffic, int(load + spare * load**0.5), 20)
    if patience == inf:
        density, below = np.exp(-(spare**2) / 2) / np.sqrt(2 * np.pi), special.ndtr(spare)
        assert state.wait_probability == pytest.approx(1 / (1 + spare * below / density), rel=5e-3)
    assert 0.9 < state.service_level <= 1
    assert queue_state(traffic, load - 2_000, 20).endless == (patience == inf)
