"""Running costs that do not divide: over days and teams, in coins and less, in currencies with and without rates."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.metrics.floor import FIRST, Floor, Row

AMOUNTS = ("100", "0.01", "0.07", "1", "33.33", "7.0001", "0", "1234.56", "9999.99")


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """Thirty costs around the four days, of a day or many."""
    del floor
    random = Random(f"running costs of {len(calls)}")
    yield "running_costs", [_cost(random, number) for number in range(30)]


def _cost(random: Random, number: int) -> Row:
    from_on = date(2026, 3, 27) + timedelta(days=random.choice([-30, -4, -1, 0, 0, 1, 2, 3, 4]))
    return {
        "external_id": f"cost-{number}",
        "team": random.choice(["north", "south", "nobody's", None, None, None]),
        "overhead": random.choice([None, False, True]),
        "from_on": from_on,
        "to_on": from_on + timedelta(days=random.choice([0, 0, 1, 2, 6, 33])),
        "amount": Decimal(random.choice(AMOUNTS)),
        "currency": random.choice(["USD", "USD", "EUR", "JPY", "KWD", "CHF"]),
        "observed_at": FIRST,
    }
