"""Deals that do what deals do: skip stages, come back, change currency and lead, fall asleep, end twice."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.metrics.floor import FIRST, LAST, Floor

Row = dict[str, Any]

PATHS = (
    "contacted qualified",
    "contacted qualified opportunity proposal won",
    "qualified won",
    "qualified opportunity lost",
    "contacted lost",
    "won",
    "won won",
    "lost",
    "qualified lost opportunity won",
    "qualified won lost",
    "qualified won proposal",
    "proposal lost lost won won",
    "opportunity",
)
# In hours, from one move to the next; none of it is many moves at one moment.
STEPS = (0, 0, 1, 5.5, 13, 30, 24 * 29, 24 * 31, 24 * 200)


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """Ninety deals of the leads there are, most of which end in the four days, and appointments of some."""
    random = Random(f"deals of {len(calls)}")
    yield "stage_changes", [move for n in range(90) for move in _deal(random, floor, calls, n)]
    yield "appointments", [_appointment(random, floor, n) for n in range(25)]


def _deal(random: Random, floor: Floor, calls: Sequence[Row], number: int) -> Iterable[Row]:
    path = random.choice(PATHS).split()
    steps = [timedelta(hours=random.choice(STEPS)) for _ in path]
    at = _end(random, calls) - sum(steps, timedelta())
    lead = random.choice([*floor.leads, *(f"inquiry-{n}" for n in range(60))])
    for place, (stage, step) in enumerate(zip(path, steps, strict=True)):
        at += step
        currency = random.choice(["USD", "USD", "JPY", "KWD", "EUR", None])
        yield {
            "external_id": f"move-{number}-{random.randrange(10)}-{place}",
            "opportunity": f"deal-{number}",
            "lead": random.choice([lead, lead, lead, lead, None, random.choice(floor.leads)]),
            "stage": stage,
            "changed_at": at,
            "amount": currency and random.choice([None, _money(random), _money(random)]),
            "gross_profit": currency and random.choice([None, _money(random)]),
            "currency": currency,
            "observed_at": at,
        }


def _end(random: Random, calls: Sequence[Row]) -> datetime:
    """When a deal stops moving: often at the very moment of a call, and sometimes on the edge of the days."""
    any_time = FIRST + timedelta(seconds=random.randrange(4 * 86_400))
    return random.choice([any_time, any_time, random.choice(calls)["dialed_at"], FIRST, LAST])


def _money(random: Random) -> Decimal:
    whole = Decimal(random.choice([1_200, 17_500, 42_000, random.randrange(100, 90_000)]))
    return random.choice([whole, whole, whole + Decimal("0.01"), whole + Decimal("0.3333"), -whole, Decimal(0)])


def _appointment(random: Random, floor: Floor, number: int) -> Row:
    set_at = floor_moment(random)
    return {
        "external_id": f"visit-{number}",
        "lead": random.choice(floor.leads),
        "set_at": set_at,
        "scheduled_at": set_at + timedelta(days=3),
        "status": "set",
        "status_at": set_at,
        "observed_at": set_at,
    }


def floor_moment(random: Random) -> datetime:
    """A moment of the days, or shortly before them."""
    return FIRST + timedelta(minutes=random.randrange(-600, 4 * 1_440))
