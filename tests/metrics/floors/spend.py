"""Costs that do not divide: over days, leads and agents, in coins and less; and exchange rates with gaps."""

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
    yield "exchange_rates", list(_rates(Random(f"rates of {len(calls)}")))


def _rates(random: Random) -> Iterable[Row]:
    """Rates of some days: euros in both directions, yen only through euros, and dinars with rates withdrawn."""
    pairs = {
        ("EUR", "USD"): "1.0834",
        ("USD", "EUR"): "0.9171",
        ("EUR", "JPY"): "163.25",
        ("KWD", "USD"): "3.2571234567",
    }
    for (base, quote), usual in pairs.items():
        for day in range(80):
            if random.random() < (0.03 if day < 60 else 0.25):
                drift = Decimal(1) + Decimal(random.randrange(-300, 300)) / 10_000
                rate = None if base == "KWD" and random.random() < 0.2 else round(Decimal(usual) * drift, 10)
                yield {"base": base, "quote": quote, "rate_on": date(2026, 1, 22) + timedelta(days=day), "rate": rate}


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
        "currency": random.choice(["USD", "USD", "EUR", "JPY", "KWD", "CHF"]),
        "observed_at": FIRST,
    }
