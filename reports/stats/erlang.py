"""Queues of callers: how many wait, for how long, and how many give up, with so many agents (Erlang C and Erlang A).

Calls arrive at random at a steady rate, and the lengths of calls are exponential. Erlang C assumes that every caller
waits for an agent. Erlang A gives callers an exponential patience (Palm; Mandelbaum and Zeltyn 2005, section 4). Both
start from Erlang B, as a recursion that no number of agents overflows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import exp, expm1, inf, log, tanh
from typing import cast

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

# The likelihood of a wait is 0 for every purpose where it lies this far below its peak, as a logarithm.
_NEGLIGIBLE = 45.0
# An integral is cut into panels, and each is half as long as the one after it.
_PANELS, _NODES = 24, 24


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """The calls of a queue: how many come in a second, how long an agent works on one, and how long callers wait.

    patience: the mean time after which a caller hangs up, in seconds; without an end for Erlang C.
    """

    calls_per_second: float
    handle_seconds: float
    patience_seconds: float = inf

    @property
    def load(self) -> float:
        """The agents who would be busy all the time, if no call waited or was lost (erlangs)."""
        return self.calls_per_second * self.handle_seconds


@dataclass(frozen=True, kw_only=True)
class QueueState:
    """How a queue runs in the long term.

    - wait_probability: the share of callers who do not get an agent at once
    - service_level: answered within the threshold / (answered + hung up after the threshold)
    - asa_seconds: the average wait of answered callers; None if none is answered
    - occupancy: the share of their time that agents work on calls; None without agents
    - abandoned: the share of callers who hang up
    - endless: the queue grows without end, as calls come in faster than agents can answer them
    """

    agents: int
    wait_probability: float
    service_level: float
    asa_seconds: float | None
    occupancy: float | None
    abandoned: float
    endless: bool = False


def queue_state(traffic: Traffic, agents: int, threshold_seconds: float) -> QueueState:
    """The queue with this many agents; the service level is that of the threshold."""
    if traffic.load == 0:
        idle = 0.0 if agents else None
        return QueueState(
            agents=agents, wait_probability=0, service_level=1, asa_seconds=0, occupancy=idle, abandoned=0
        )
    if agents == 0 or (traffic.patience_seconds == inf and agents <= traffic.load):
        return _without_answers(traffic, agents)
    return _running(traffic, agents, threshold_seconds)


def blocking(agents: int, load: float) -> float:
    """Erlang B: the probability that all agents are busy, if no caller waits. `load` in erlangs."""
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
        if blocked == 0:  # too small for a float, and for more agents smaller still
            break
    return blocked


def _without_answers(traffic: Traffic, agents: int) -> QueueState:
    """No caller is answered in a foreseeable time: all hang up, or the queue grows."""
    patient = traffic.patience_seconds == inf
    return QueueState(
        agents=agents,
        wait_probability=1,
        service_level=0,
        asa_seconds=None,
        occupancy=1 if agents else None,
        abandoned=0 if patient else 1,
        endless=patient,
    )


def _running(traffic: Traffic, agents: int, threshold: float) -> QueueState:
    arrivals, answers = traffic.calls_per_second, agents / traffic.handle_seconds
    waits = _offered_waits(traffic, answers)
    blocked = blocking(agents - 1, traffic.load)
    odds = log(arrivals * waits.tail(0)) + waits.peak + (log(blocked) if blocked else -inf)
    waiting = (1 + tanh(odds / 2)) / 2
    late = waiting * waits.tail(threshold) / waits.tail(0)
    pace = answers / arrivals
    answered = (1 - waiting) * (1 - blocked) + waiting * pace
    in_time = (1 - waiting) * (1 - blocked) + waiting * (
        waits.density(threshold) / (arrivals * waits.tail(0)) + pace * (1 - waits.tail(threshold) / waits.tail(0))
    )
    overdue = late * exp(-threshold / traffic.patience_seconds)
    waited = waiting * max(answers * waits.first_moment() / waits.tail(0) - 1, 0) / arrivals
    return QueueState(
        agents=agents,
        wait_probability=waiting,
        service_level=max(in_time, 0.0) / (max(in_time, 0.0) + overdue),
        asa_seconds=waited / answered,
        occupancy=min(traffic.load * answered / agents, 1.0),
        abandoned=0.0 if traffic.patience_seconds == inf else max(1 - answered, 0.0),
    )


@dataclass(frozen=True, kw_only=True)
class _OfferedWaits:
    """The density of the wait a caller without an end of patience would have, up to a factor exp(-peak).

    density(t), its integral tail(t) from t on, and the integral of t * density from 0 on.
    """

    peak: float
    density: Callable[[float], float]
    tail: Callable[[float], float]
    first_moment: Callable[[], float]


def _offered_waits(traffic: Traffic, answers: float) -> _OfferedWaits:
    if traffic.patience_seconds == inf:
        spare = answers - traffic.calls_per_second
        return _OfferedWaits(
            peak=0,
            density=lambda time: exp(-spare * time),
            tail=lambda time: exp(-spare * time) / spare,
            first_moment=lambda: 1 / spare**2,
        )
    return _impatient_waits(traffic.calls_per_second, answers, traffic.patience_seconds)


def _impatient_waits(arrivals: float, answers: float, patience: float) -> _OfferedWaits:
    """Erlang A: the density is exp(arrivals * patience * (1 - exp(-t / patience)) - answers * t)."""

    def exponent(time: Numbers) -> Numbers:
        return -arrivals * patience * np.expm1(-time / patience) - answers * time

    def scalar(time: float) -> float:
        return -arrivals * patience * expm1(-time / patience) - answers * time

    top = max(patience * log(arrivals / answers), 0.0)
    peak = scalar(top)
    low, high = _support(lambda time: scalar(time) - peak, top, 1 / answers)

    @cache
    def integral(start: float, power: int) -> float:
        nodes, weights = _panels(max(low, start), high)
        return float(np.sum(weights * nodes**power * np.exp(exponent(nodes) - peak)))

    return _OfferedWaits(
        peak=peak,
        density=lambda time: exp(scalar(time) - peak),
        tail=lambda time: integral(time, 0) if time < high else 0.0,
        first_moment=lambda: integral(0.0, 1),
    )


def _support(height: Callable[[float], float], top: float, step: float) -> tuple[float, float]:
    """The times between which a density with one peak counts; `height` is its logarithm less that of the peak."""
    while height(top + step) > -_NEGLIGIBLE:
        step *= 2
    high = _crossing(height, top + step, top)
    low = _crossing(height, 0.0, top) if height(0.0) < -_NEGLIGIBLE else 0.0
    return low, high


def _crossing(height: Callable[[float], float], outside: float, inside: float) -> float:
    """A time just outside of the support, by bisection."""
    for _ in range(30):
        middle = (outside + inside) / 2
        outside, inside = (outside, middle) if height(middle) > -_NEGLIGIBLE else (middle, inside)
    return outside


def _panels(low: float, high: float) -> tuple[Numbers, Numbers]:
    """The nodes and weights of Gauss and Legendre on panels between two times."""
    nodes, weights = _gauss_legendre()
    edges = low + (high - low) * np.concatenate([[0.0], 0.5 ** np.arange(_PANELS - 1, -1, -1.0)])
    half = np.diff(edges)[:, np.newaxis] / 2
    return (edges[:-1, np.newaxis] + half * (1 + nodes)).ravel(), (half * weights).ravel()


@cache
def _gauss_legendre() -> tuple[Numbers, Numbers]:
    return cast("tuple[Numbers, Numbers]", np.polynomial.legendre.leggauss(_NODES))
