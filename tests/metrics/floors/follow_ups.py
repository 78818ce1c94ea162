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
    told = Random(len(calls))
    silent, spoken = range(40), range(60)
    yield (
        "leads",
        [
            *(_lead(told, f"silent-{n}") for n in silent),
            *(_lead(told, f"spoken-{n}") for n in spoken),
        ],
    )
    dials = [dial for n in silent for dial in _silent(told, f"silent-{n}")]
    dials += [dial for n in spoken for dial in _spoken(told, f"spoken-{n}")]
    promises = [dial for call in calls[::30] for dial in _promised(told, call)]
    yield "attempts", [*dials, *promises]
    yield "follow_ups", list(_follow_ups(told, floor, [*dials, *promises]))


def _lead(told: Random, external_id: str) -> Row:
    return {
        "external_id": external_id,
        "source": told.choice(["web", "www", None]),
        "campaign": told.choice(["spring", "autumn", None]),
        "owner": told.choice(["ada.l", "bo", None]),
        "closed_at": told.choice([None, None, _moment(told, 10), LAST + timedelta(hours=told.randrange(60))]),
        "test": told.choice([None, None, None, None, True]),
        "observed_at": FIRST,
    }


def _silent(told: Random, lead: str) -> Iterator[Row]:
    """Calls that reach nobody, most of them days before the last."""
    last = _moment(told, 3)
    for n in range(told.choice([1, 2, 5, 6, 7, 9])):
        at = last - timedelta(days=n * told.choice([0, 1, 4]), minutes=n)
        result = told.choice(["no_answer", "busy", "rejected", "invalid_number", "cancelled", "blocked"])
        said = {"disposition": "do_not_call-1"} if told.random() < 0.02 else {}
        yield _dial(told, f"{lead}-{n}", lead, at) | {"network_result": result} | said


def _spoken(told: Random, lead: str) -> Iterator[Row]:
    """Somebody is spoken with, and sometimes called again: soon, or just before or after the days are over."""
    at = _moment(told, 1)
    said = {"answered_by": "human", "handled": "agent", "talk_ms": 70_000}
    yield _dial(told, f"{lead}-0", lead, at) | said | {"disposition": f"{told.choice(RESULTS)}-{told.randrange(3)}"}
    for n in range(1, told.choice([1, 1, 2, 3])):
        yield _dial(told, f"{lead}-{n}", lead, _about(told, at)) | {
            "network_result": told.choice(["busy", "cancelled"])
        }


def _promised(told: Random, call: Row) -> Iterator[Row]:
    """A call that promises another, which may promise one again, or ask for none any more."""
    said = {"handled": "agent", "campaign": call["campaign"]}
    at, lead = (
        call["dialed_at"],
        call["lead"] if told.random() < 0.7 else f"lead {call['external_id']} is heard of here",
    )
    for n in range(told.choice([1, 2, 3])):
        due = at + told.choice([timedelta(minutes=20), timedelta(hours=5), timedelta(days=1)])
        ends = told.choice(["callback_requested-0", "callback_requested-1", None, "do_not_call-0", "interested-2"])
        yield (
            _dial(told, f"{call['external_id']}-{n}", told.choice([lead, lead, lead, lead, None]), at)
            | said
            | {
                "disposition": ends,
                "disposition_set_at": told.choice([None, at + timedelta(minutes=2), due, due + A_MOMENT]),
                "callback_at": told.choice([due, due, due, None]),
            }
        )
        at = due + told.choice(OFF)


def _dial(told: Random, external_id: str, lead: str | None, at: datetime) -> Row:
    return {
        "dialer": told.choice(["main", "other"]),
        "external_id": external_id,
        "lead": lead,
        "dialed_at": at,
        "agent": told.choice(["ada", "ada.x", "bo", "cy", None]),
        "campaign": told.choice(["spring", "SPRING", "summer", None]),
        "source": told.choice(["web", "fair", None, None]),
        "tracking_number": told.choice([*NUMBERS, None]),
        "test": told.choice([None, None, None, None, None, True]),
        "observed_at": at,
    }


def _follow_ups(told: Random, floor: Floor, dials: Sequence[Row]) -> Iterator[Row]:
    for number, dial in enumerate(dials):
        at = dial["dialed_at"]
        due = told.choice([dial.get("callback_at"), at + timedelta(minutes=told.randrange(3_000)), None])
        yield {
            "external_id": f"task-{number}",
            "lead": told.choice([dial["lead"], dial["lead"], dial["lead"], told.choice(floor.leads), None]),
            "agent": told.choice([None, "ada.l", "gus"]),
            "channel": told.choice(["call", "call", "call", "email", "other", None]),
            "due_at": due,
            "done_at": told.choice([None, None, _about(told, at), due and due + told.choice(OFF)]),
            "automated": told.choice([None, None, False, True]),
            "observed_at": at,
        }


def _moment(told: Random, days: int) -> datetime:
    """A moment of the last of some days before the calls end."""
    return LAST - timedelta(seconds=told.randrange(days * 86_400), microseconds=told.randrange(10**6))


def _about(told: Random, at: datetime) -> datetime:
    """Some time after a moment; often near midnight of one of the next days, somewhere in the world."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=told.randrange(1, 7))
    return told.choice(
        [at + timedelta(hours=told.randrange(1, 90)), *[midnight + timedelta(hours=told.randrange(-6, 6))] * 2]
    )
