"""How many agents a queue needs for its target, and what one agent more or less would change."""

from dataclasses import dataclass
from math import ceil

from reports.stats.erlang import QueueState, Traffic, queue_state

# A share of people is not taken for more because of the last digit of a float.
_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a queue shall reach: this share of callers answered within so many seconds, and no higher occupancy."""

    share: float = 0.8
    seconds: float = 20
    max_occupancy: float = 0.9

    def is_met(self, state: QueueState) -> bool:
        """Whether a queue reaches the target. Without calls, every queue does."""
        return (
            not state.endless
            and state.service_level >= self.share
            and (state.occupancy is None or state.occupancy <= self.max_occupancy)
        )


def agents_needed(traffic: Traffic, target: Target) -> int:
    """The fewest agents with whom the queue meets its target. The shares of the target lie between 0 and 1."""

    def is_enough(agents: int) -> bool:
        return target.is_met(queue_state(traffic, agents, target.seconds))

    if is_enough(0):
        return 0
    too_few, enough, step = 0, ceil(traffic.load) + 1, ceil(traffic.load**0.5)
    while not is_enough(enough):
        too_few, enough, step = enough, enough + step, 2 * step
    while enough - too_few > 1:
        middle = max((too_few + enough) // 2, enough - step)
        too_few, enough = (too_few, middle) if is_enough(middle) else (middle, enough)
        step *= 2
    return enough


def agents_to_schedule(agents: int, shrinkage: float) -> int:
    """The agents to plan, if this share of their paid time goes to breaks, training, holidays and illness."""
    return ceil(agents / (1 - shrinkage) - _ROUNDING)


def with_neighbours(traffic: Traffic, agents: int, threshold_seconds: float) -> list[QueueState]:
    """The queue with one agent less, with these agents, and with one more."""
    numbers = range(max(agents - 1, 0), agents + 2)
    return [queue_state(traffic, number, threshold_seconds) for number in numbers]
