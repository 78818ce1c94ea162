"""Leads that nobody has called yet, or only once, at the moments at which numbers change."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from tests.metrics.floor import Floor

Row = dict[str, Any]

# On the edges of the times that are asked about, in seconds.
AFTER = (
    -1,
    0,
    0.000001,
    40,
    299.999,
    300,
    300.000999,
    300.001,
    3_600,
    3_600.001,
    7_000,
    40_000,
    86_400,
    86_400.001,
    9e4,
)


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """A hundred and eighty more leads, and a first call to most of them; a second to some."""
    random = Random(f"leads of {len(calls)}")
    leads = [floor.lead(f"inquiry-{n}") for n in range(180)]
    yield "leads", leads
    known = [lead for lead in leads if lead["received_at"]]
    called = [lead for lead in known if random.random() < 0.6]
    again = [lead for lead in called if random.random() < 0.4]
    yield "attempts", [_call(random, n, lead, calls) for n, lead in enumerate([*called, *again])]


def _call(random: Random, number: int, lead: Row, calls: Sequence[Row]) -> Row:
    """A call like one of the others, to this lead."""
    dialed_at = lead["received_at"] + timedelta(seconds=random.choice(AFTER))
    moved = dict.fromkeys(("answered_at", "agent_joined_at", "ended_at", "disposition_set_at", "callback_at"))
    fields = {"external_id": f"inquired-{number}", "lead": lead["external_id"], "dialed_at": dialed_at}
    return random.choice(calls) | moved | fields | {"observed_at": dialed_at}
