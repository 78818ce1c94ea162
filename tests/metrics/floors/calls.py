"""What was said of the calls: changed minds, goals taken back and reached again, and outcomes of calls nobody sent."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

Row = dict[str, Any]

CODES = ("sale-0", "sale-1", "SOLD", "appointment-0", "qualified-2", "none-0", "NIX", "unheard-of", "not_interested-1")
# Soon after the call, at the same moment as another, days later, and before it was dialed by another clock.
DELAYS = [timedelta(minutes=2), timedelta(minutes=6), timedelta(hours=30), timedelta(days=2), timedelta(seconds=-5)]


def rows(floor: Any, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """The dispositions of the calls, the current ones among them."""
    random = Random(f"said of {len(calls)} calls on {floor.leads[0]}")
    dispositions = [
        row for call in [*calls, {**calls[0], "external_id": "unsent"}] for row in _dispositions(call, random)
    ]
    by_key = {
        (row["dialer"], row["attempt"], row["set_at"], row["code"]): row | {"listed": row["code"]}
        for row in dispositions
    }
    yield "dispositions", list(by_key.values())


def _dispositions(call: Row, random: Random) -> Iterator[Row]:
    call_key = {"dialer": call["dialer"], "attempt": call["external_id"], "observed_at": call["observed_at"]}
    if call["disposition"]:
        set_at = call["disposition_set_at"] or call["dialed_at"] + DELAYS[1]
        yield {**call_key, "code": call["disposition"], "set_at": set_at, "agent": call["disposition_agent"]}
    for _ in range(random.choice([0, 0, 0, 1, 1, 2, 3])):
        yield {**call_key, "code": random.choice(CODES), "set_at": call["dialed_at"] + random.choice(DELAYS)}
