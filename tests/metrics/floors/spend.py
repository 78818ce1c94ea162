"""Costs that do not divide: over days, leads and agents, in cents and less, some of them for nothing at all."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.metrics.floor import FIRST, NUMBERS, Floor

Row = dict[str, Any]

AMOUNTS = ("100", "0.01", "0.07", "1", "33.33", "7.0001", "0.0003", "0", "1234.56", "9999.99")


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """Forty costs around the four days, of a day or many."""
    del floor
    random = Random(f"costs of {len(calls)}")
    yield "spend", [_cost(random, n) for n in range(40)]


def _cost(random: Random, number: int) -> Row:
    from_on = date(2026, 3, 27) + timedelta(days=random.choice([-30, -4, -1, 0, 0, 1, 2, 3, 4]))
    return {
        "external_id": f"bill-{number}",
        "source": random.choice(["web", "web", "www", "radio", "fair", "x", "=cmd()", None]),
        "campaign": random.choice([None, None, None, "spring", "SPRING", "autumn", "unheard-of"]),
        "tracking_number": random.choice([None, None, None, *NUMBERS[:2]]),
        "from_on": from_on,
        "to_on": from_on + timedelta(days=random.choice([0, 0, 1, 2, 6, 33])),
        "amount": Decimal(random.choice(AMOUNTS)),
        "currency": random.choice(["USD", "USD", "USD", "EUR"]),
        "observed_at": FIRST,
    }
