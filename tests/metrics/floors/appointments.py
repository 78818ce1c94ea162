"""Appointments with and without a call, a lead, an agent, a time or an outcome, due and not, put off and cancelled."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from random import Random

from reports.model.vocabulary import APPOINTMENT_STATUSES
from tests.metrics.floor import LAST, Floor, Row


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """One for every eighth call, or for a call nobody has heard of, or for none."""
    random = Random(len(calls))
    yield "appointments", [_appointment(random, floor, call, n) for n, call in enumerate(calls[::8])]


def _appointment(random: Random, floor: Floor, call: Row, number: int) -> Row:
    set_at = call["dialed_at"] + timedelta(minutes=random.choice([5, 5, 60, 1_500]))
    attempt = random.choice([call["external_id"], call["external_id"], "never dialed", None])
    days = timedelta(days=random.choice([0, 1, 2, 40]), minutes=random.randrange(600))
    return {
        "external_id": f"meeting-{number}",
        "lead": random.choice([call["lead"], *random.sample(floor.leads, 2), "lead nobody told of", None]),
        "dialer": attempt and call["dialer"],
        "attempt": attempt,
        "agent": random.choice([None, None, "ada.x", "bo", "gus"]),
        "set_at": set_at,
        # Some when the report is asked, which may be a later day.
        "scheduled_at": random.choice([set_at + days, set_at + days, LAST - timedelta(hours=1), None]),
        "status": random.choice([*APPOINTMENT_STATUSES, *APPOINTMENT_STATUSES, "held", None]),
        "observed_at": set_at,
    }
