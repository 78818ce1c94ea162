"""Promises kept to the second and broken by one, put off, withdrawn, written down twice; leads left open, given up."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from tests.metrics.floor import FIRST, LAST, NUMBERS, Floor, Row

MINUTES, A_MOMENT = timedelta(minutes=15), timedelta(microseconds=1)
# How a call back may lie to the time that was promised.
OFF = [
    *(sign * (MINUTES + off) for sign in (1, -1) for off in (timedelta(), A_MOMENT, -A_MOMENT)),
    *(timedelta(minutes=minutes) for minutes in (-200, -40, 0, 3, 30, 600)),
]
RESULTS = ("callback_requested", "interested", "none", "qualified", "sale", "appointment", "not_interested")


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """Leads of their own, whom nobody else calls, and what was promised to those that everybody calls."""
    random = Random(len(calls))
    silent, spoken = range(40), range(60)
    yield (
        "leads",
        [
            *(_lead(random, f"silent-{n}") for n in silent),
            *(_lead(random, f"spoken-{n}") for n in spoken),
        ],
    )
    dials = [dial for n in silent for dial in _silent(random, f"silent-{n}")]
    dials += [dial for n in spoken for dial in _spoken(random, f"spoken-{n}")]
    promises = [dial for call in calls[::30] for dial in _promised(random, call)]
    yield "attempts", [*dials, *promises]
    yield "follow_ups", list(_follow_ups(random, floor, [*dials, *promises]))


def _lead(random: Random, external_id: str) -> Row:
    return {
        "external_id": external_id,
        "source": random.choice(["web", "www", None]),
        "campaign": random.choice(["spring", "autumn", None]),
        "owner": random.choice(["ada.l", "bo", None]),
        "closed_at": random.choice([None, None, _moment(random, 10), LAST + timedelta(hours=random.randrange(60))]),
        "test": random.choice([None, None, None, None, True]),
        "observed_at": FIRST,
    }


def _silent(random: Random, lead: str) -> Iterator[Row]:
    """Calls that reach nobody, most of them days before the last."""
    last = _moment(random, 3)
    for n in range(random.choice([1, 2, 5, 6, 7, 9])):
        at = last - timedelta(days=n * random.choice([0, 1, 4]), minutes=n)
        result = random.choice(["no_answer", "busy", "rejected", "invalid_number", "cancelled", "blocked"])
        fields = {"disposition": "do_not_call-1"} if random.random() < 0.02 else {}
        yield _dial(random, f"{lead}-{n}", lead, at) | {"network_result": result} | fields


def _spoken(random: Random, lead: str) -> Iterator[Row]:
    """A lead is spoken with, and sometimes called again: soon, or just before or after the days are over."""
    at = _moment(random, 1)
    fields = {"answered_by": "human", "handled": "agent", "talk_ms": 70_000}
    yield (
        _dial(random, f"{lead}-0", lead, at)
        | fields
        | {"disposition": f"{random.choice(RESULTS)}-{random.randrange(3)}"}
    )
    for n in range(1, random.choice([1, 1, 2, 3])):
        yield _dial(random, f"{lead}-{n}", lead, _about(random, at)) | {
            "network_result": random.choice(["busy", "cancelled"])
        }


def _promised(random: Random, call: Row) -> Iterator[Row]:
    """A call that promises another, which may promise one again, or ask for none any more."""
    fields = {"handled": "agent", "campaign": call["campaign"]}
    at, lead = (
        call["dialed_at"],
        call["lead"] if random.random() < 0.7 else f"lead {call['external_id']} is heard of here",
    )
    for n in range(random.choice([1, 2, 3])):
        due = at + random.choice([timedelta(minutes=20), timedelta(hours=5), timedelta(days=1)])
        ends = random.choice(["callback_requested-0", "callback_requested-1", None, "do_not_call-0", "interested-2"])
        yield (
            _dial(random, f"{call['external_id']}-{n}", random.choice([lead, lead, lead, lead, None]), at)
            | fields
            | {
                "disposition": ends,
                "disposition_set_at": random.choice([None, at + timedelta(minutes=2), due, due + A_MOMENT]),
                "callback_at": random.choice([due, due, due, None]),
            }
        )
        at = due + random.choice(OFF)


def _dial(random: Random, external_id: str, lead: str | None, at: datetime) -> Row:
    return {
        "dialer": random.choice(["main", "other"]),
        "external_id": external_id,
        "lead": lead,
        "dialed_at": at,
        "agent": random.choice(["ada", "ada.x", "bo", "cy", None]),
        "campaign": random.choice(["spring", "SPRING", "summer", None]),
        "source": random.choice(["web", "fair", None, None]),
        "tracking_number": random.choice([*NUMBERS, None]),
        "test": random.choice([None, None, None, None, None, True]),
        "observed_at": at,
    }


def _follow_ups(random: Random, floor: Floor, dials: Sequence[Row]) -> Iterator[Row]:
    for number, dial in enumerate(dials):
        at = dial["dialed_at"]
        due = random.choice([dial.get("callback_at"), at + timedelta(minutes=random.randrange(3_000)), None])
        yield {
            "external_id": f"task-{number}",
            "lead": random.choice([dial["lead"], dial["lead"], dial["lead"], random.choice(floor.leads), None]),
            "agent": random.choice([None, "ada.l", "gus"]),
            "channel": random.choice(["call", "call", "call", "email", "other", None]),
            "due_at": due,
            "done_at": random.choice([None, None, _about(random, at), due and due + random.choice(OFF)]),
            "automated": random.choice([None, None, False, True]),
            "observed_at": at,
        }


def _moment(random: Random, days: int) -> datetime:
    """A moment of the last of some days before the calls end."""
    return LAST - timedelta(seconds=random.randrange(days * 86_400), microseconds=random.randrange(10**6))


def _about(random: Random, at: datetime) -> datetime:
    """Some time after a moment; often near midnight of one of the next days, somewhere in the world."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=random.randrange(1, 7))
    return random.choice(
        [at + timedelta(hours=random.randrange(1, 90)), *[midnight + timedelta(hours=random.randrange(-6, 6))] * 2]
    )
