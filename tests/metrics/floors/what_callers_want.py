"""Cases of callers: resolved, opened again, closed and escalated in any order, with and without known calls."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from json import dumps
from random import Random

from tests.metrics.floor import FIRST, LAST, Floor, Row


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """A hundred and fifty cases, from the day before the calls to their last day."""
    random = Random(f"cases of {len(calls)}")
    yield "cases", [_case(random, floor, number) for number in range(150)]


def _case(random: Random, floor: Floor, number: int) -> Row:
    opened_at = FIRST + timedelta(seconds=random.randrange(-86_400, int((LAST - FIRST).total_seconds())))
    later = [opened_at + timedelta(minutes=minutes) for minutes in (0, 7, 900, 9_000)]
    came = [
        {"dialer": random.choice(["main", "other"]), "external_id": f"came-{random.randrange(400)}"} for _ in range(3)
    ]
    listed = [*came, {"dialer": "main", "external_id": f"call-{random.randrange(30)}"}]
    return {
        "external_id": f"case-{number}",
        "opened_at": random.choice([None, *[opened_at] * 15]),
        "lead": random.choice([None, *floor.leads]),
        "agent": random.choice([None, "ada", "ada.l", "bo", "gus"]),
        "queue": random.choice([None, "billing", "sales"]),
        "topic": random.choice([None, "invoice", "price"]),
        "source": random.choice([None, None, "web", "www"]),
        "campaign": random.choice([None, "spring", "SPRING", "autumn"]),
        "resolved_at": random.choice([None, *later]),
        "reopened_at": random.choice([None, None, None, *later]),
        "closed_at": random.choice([None, None, *later]),
        "escalated_at": random.choice([None, None, None, None, *later]),
        "escalated_to": random.choice([None, "tier-2"]),
        "calls": random.choice([None, "[]", dumps(listed[:1]), dumps(listed[:2]), dumps(listed[2:])]),
        "test": random.choice([None, None, None, None, False, True]),
        "observed_at": opened_at,
    }
