"""Employments: gaps of a day and of none, two at once, moves, and agents of two names."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from random import Random

from tests.metrics.floor import FIRST, Floor, Row

AGENTS = ("ada", "ada.l", "bo", "cy", "di", "eve", "fay", "gus", *(f"agent-{n}" for n in range(30)))


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """A few employments of each agent, most of them around the days of the calls."""
    del floor
    random = Random(f"staff of {len(calls)}")
    yield "staff", [row for agent in AGENTS for row in _employments(random, agent)]


def _employments(random: Random, agent: str) -> Iterator[Row]:
    first = date(2026, 3, 27) - timedelta(days=random.choice([400, 20, 2, 0, -1]))
    for number in range(random.randrange(5)):
        last = first + timedelta(days=random.choice([0, 0, 1, 2, 20, 400]))
        yield {
            "external_id": f"{agent}-{number}",
            "agent": agent,
            "team": random.choice(["north", "south", "west", None]),
            "manager": random.choice([None, "di"]),
            "joined_on": first,
            "left_on": random.choice([last, last, last, None]),
            "voluntary": random.choice([None, False, True, True]),
            "observed_at": FIRST,
        }
        first = last + timedelta(days=random.choice([-1, 0, 1, 1, 2, 3]))
