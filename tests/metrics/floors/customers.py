"""Customers: contracts that follow each other with and without a day between, sales, and ends that lie ahead."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.metrics.floor import FIRST, Floor, Row

AMOUNTS = ("100", "0.01", "33.33", "250", "1234.56", "0", "7.07")


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """Sixty customers, most of them around the days of the calls."""
    random = Random(f"customers of {len(calls)}")
    yield "customers", [row for number in range(60) for row in _contracts(random, number, floor.leads)]


def _contracts(random: Random, number: int, leads: Sequence[str]) -> Iterator[Row]:
    first = date(2026, 3, 28) - timedelta(days=random.choice([700, 90, 30, 20, 2, 1, 0, -1, -2]))
    for contract in range(random.choice([1, 1, 1, 2, 3])):
        last = first + timedelta(days=random.choice([0, 1, 2, 28, 29, 60, 700]))
        value = Decimal(random.choice(AMOUNTS))
        yield {
            "external_id": f"contract-{number}-{contract}",
            "customer": random.choice([f"customer-{number}"] * 9 + [None]),
            "lead": random.choice([None, *leads]),
            "since_on": first,
            "until_on": random.choice([last, last, None]),
            "reason": random.choice([None, "too dear"]),
            "value": random.choice([value, value, value, None]),
            "gross_profit": random.choice([None, round(value / 3, 2), -value]),
            "value_per": random.choice(["month", "month", "sale", None]),
            "currency": random.choice(["USD", "USD", "EUR", "JPY", "KWD", "CHF"]),
            "observed_at": FIRST,
        }
        first = last + timedelta(days=random.choice([-3, 0, 1, 1, 2, 5]))
