"""Agents' states, told as badly as they come: overlapping, open, empty, of two names of one agent, over every edge."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from reports.model.vocabulary import AGENT_STATES
from tests.metrics.floor import FIRST, LAST, Floor, Row

LOGINS = ("ada", "ada.l", "bo", "cy", "gus", "unheard-of")


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """A few hundred intervals, from the day before the calls to the day after them."""
    del floor
    random = Random(len(calls))
    yield "agent_states", [state for login in LOGINS for state in _shift(random, login)]


def _shift(random: Random, login: str) -> Iterator[Row]:
    now = FIRST - timedelta(days=1, hours=random.random())
    while now < LAST + timedelta(hours=12):
        end = now + random.choice(
            [_minutes(random, 4), _minutes(random, 90), _minutes(random, 600), timedelta(hours=1)]
        )
        yield {
            "agent": login,
            "from_at": now,
            "state": random.choice([*AGENT_STATES, None]),
            "reason": random.choice([None, None, "lunch"]),
            # Never ended, ended as it began, ended when the next one began, or long after that.
            "to_at": random.choice([None, now, *[end] * 6, end + _minutes(random, 300)]),
            "observed_at": now,
        }
        now = _full_hour(end) if random.random() < 0.2 else end + random.choice([timedelta(), _minutes(random, 60)])


def _minutes(random: Random, most: int) -> timedelta:
    return timedelta(microseconds=1 + random.randrange(most * 60_000_000))


def _full_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
