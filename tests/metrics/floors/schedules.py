"""Agents' plans: shifts with breaks, plans changed into others, and plans of two names of one agent at once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from reports.model.vocabulary import PLANNED_ACTIVITIES
from tests.metrics.floor import FIRST, LAST, Floor, Row

LOGINS = ("ada", "ada.l", "bo", "cy", "unheard-of")


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """Plans of most days, from the day before the calls to the day after them."""
    del floor
    random = Random(f"plans of {len(calls)}")
    yield "schedules", [plan for login in LOGINS for plan in _plans(random, login)]


def _plans(random: Random, login: str) -> Iterator[Row]:
    now = FIRST - timedelta(days=1, minutes=random.randrange(600))
    while now < LAST + timedelta(hours=12):
        end = now + timedelta(minutes=random.choice([15, 45, 60, 240, 700]), seconds=random.choice([0, 0, 7]))
        yield _plan(login, now, end, random)
        now = end + timedelta(minutes=random.choice([-10, 0, 0, 30, 500, 2_000]))


def _plan(login: str, from_at: datetime, to_at: datetime, random: Random) -> Row:
    return {
        "agent": login,
        "from_at": from_at,
        "activity": random.choice(["work", "work", *PLANNED_ACTIVITIES]),
        "to_at": random.choice([to_at] * 9 + [from_at]),
        "observed_at": FIRST,
    }
