"""Inbound calls of which anything may be unsaid, from a few callers who call again, and attempts to call them back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from json import dumps
from random import Random
from typing import Any

from reports.model.vocabulary import INBOUND_OUTCOMES, WAIT_OUTCOMES
from tests.metrics.floor import FIRST, LAST, NUMBERS, Floor, Row

CALLERS = [f"+1415555{3_000 + n}" for n in range(120)]
AGENTS = ["ada", "ada.l", "bo", "cy", "gus", "unheard-of"]
QUEUES, TOPICS, MENUS = ["billing", "sales"], ["invoice", "price"], ["1 > 2", "3"]
# In seconds, on the edges of the times that are asked about.
WAITS = [0, 0.0004, 1, 4.999, 5, 19.999, 20, 20.001, 59.999, 60, 60.001, 400]


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """Four hundred calls from the week before the days to the day after them, some a year earlier, and calls back."""
    yield "inbound_calls", calls_in(floor, calls)
    yield "targets", [_target(*target) for target in _TARGETS]
    random = Random(f"calls back of {len(calls)}")
    yield "attempts", [_call_back(random, floor, number) for number in range(60)]


# The answer times that count in the window are 5 seconds, and for billing one minute.
_ALWAYS = date.min
_TARGETS: list[tuple[str, str, date, date | None, int | None]] = [
    ("", "", _ALWAYS, None, 1_000),
    ("", "", date(2026, 3, 1), None, 5_000),
    ("", "", date(2027, 1, 1), None, 60_000),
    ("queue", "billing", date(2026, 3, 2), None, 60_000),
    ("queue", "sales", date(2026, 3, 2), date(2026, 3, 20), 400_000),
    ("queue", "sales", date(2026, 3, 1), None, None),
]


def _target(dimension: str, code: str, from_on: date, to_on: date | None, within_ms: int | None) -> Row:
    starts = {"metric": "service_level", "dimension": dimension, "code": code, "from_on": from_on, "to_on": to_on}
    return {**starts, "value": 0.8, "within_ms": within_ms}


def calls_in(floor: Floor, calls: Sequence[Row]) -> list[Row]:
    """The calls that come in, the same at each time."""
    random = Random(f"callers of {len(calls)}")
    arrived = [_arrival(random) for _ in range(400)]
    callers = [_call(random, floor, number, at) for number, at in enumerate(arrived)]
    return [_in_menu(call) if random.random() < 0.1 else call for call in callers]


def _arrival(random: Random) -> datetime | None:
    moment = FIRST + timedelta(seconds=random.randrange(-7 * 86_400, 5 * 86_400), microseconds=random.randrange(10**6))
    if random.random() < 0.2:
        moment = moment.replace(minute=0, second=0, microsecond=0)
    return random.choice([None, moment - timedelta(days=364), moment - timedelta(days=367), *[moment] * 30])


def _call(random: Random, floor: Floor, number: int, arrived_at: datetime | None) -> Row:
    def maybe(values: Iterable[Any], share: float = 0.5) -> Any:
        return random.choice(list(values)) if random.random() < share else None

    at = arrived_at or FIRST
    waited = timedelta(seconds=random.choice(WAITS))
    ended_at = maybe([at + waited, at + waited + timedelta(seconds=random.randrange(300))], 0.8)
    called = random.choice([*[(caller, "US") for caller in CALLERS], *[("anonymous", None), (None, None)] * 10])
    return {
        "dialer": random.choice(["main", "other"]),
        "external_id": f"came-{number}",
        "arrived_at": arrived_at,
        "from_number": called[0],
        "from_country": called[1],
        "from_region": maybe(["California"]),
        "contact": maybe(["c-1", "c-2"], 0.3),
        "campaign": maybe(["spring", "SPRING", "summer"], 0.6),
        "agent": maybe(AGENTS),
        "disposition_agent": maybe(["bo", "ada2"], 0.2),
        "lead": maybe(floor.leads, 0.4),
        "source": maybe(["web", "www", "x"], 0.4),
        "tracking_number": maybe(NUMBERS, 0.4),
        "menu_path": maybe(MENUS),
        "menu_ms": maybe([0, 2_500], 0.4),
        "topic": maybe(TOPICS, 0.6),
        "said_case": maybe([f"case-{case}" for case in range(150)], 0.4),
        "queue": maybe(QUEUES, 0.5),
        "queued_at": maybe([at, at + timedelta(seconds=3)], 0.4),
        "queue_ms": maybe([int(1000 * wait) for wait in WAITS], 0.4),
        "answered_at": maybe([at + waited], 0.4),
        "ended_at": ended_at,
        "callback_chosen_at": maybe([at + waited], 0.1),
        "escalated_at": maybe([at + timedelta(minutes=5)], 0.1),
        "escalated_to": maybe(["tier-2"], 0.2),
        "talk_ms": maybe([0, 1, 45_000, 180_000], 0.4),
        "hold_ms": maybe([0, 9_000], 0.3),
        "wrap_ms": maybe([0, 30_000], 0.3),
        "outcome": maybe([*INBOUND_OUTCOMES, "answered", "answered", "abandoned"], 0.7),
        "transferred": maybe([True, False], 0.2),
        "shares": maybe(_shares(random), 0.2),
        "segments": maybe([_segments(random, at), "[]"], 0.3),
        "offers": maybe([_offers(random, at), "[]"], 0.4),
        "participants": _PARTICIPANTS[number % len(_PARTICIPANTS)],
        "test": random.choice([None, None, None, None, False, True]),
        "spam": random.choice([None] * 12 + [False, True]),
        "observed_at": at,
    }


_LEFT = {"agent": "gus", "state": "left"}
_PARTICIPANTS = [
    None if parts is None else dumps(parts)
    for parts in (None, None, [], [_LEFT], [_LEFT, {"agent": "ada.l"}, {"agent": "bo"}], [{"agent": "cy"}])
]


def _in_menu(call: Row) -> Row:
    """The same call, of a caller who hung up in the voice menu."""
    nowhere = dict.fromkeys(("queue", "queued_at", "queue_ms", "segments", "offers", "answered_at"))
    return {**call, **nowhere, "outcome": "abandoned", "menu_ms": 4_000}


def _shares(random: Random) -> list[str]:
    bo = {"agent": "bo", "talk_ms": 60_000, "hold_ms": random.choice([None, 0, 2_000])}
    return ["[]", dumps([bo]), dumps([{"agent": "ada.l", "talk_ms": 30_000}, bo, {"agent": "cy", "talk_ms": None}])]


def _segments(random: Random, at: datetime) -> str:
    segments: list[Row] = []
    moment = at + timedelta(seconds=random.choice([0, 3]))
    for queue in random.choice([["billing"], ["billing", "sales"], ["sales", "billing", "sales"]]):
        wait = random.choice(WAITS)
        left_at = moment + timedelta(seconds=wait)
        fields = {
            "queue": queue,
            "queued_at": _text(moment),
            "left_at": random.choice([None, _text(left_at), _text(left_at)]),
            "wait_seconds": random.choice([None, None, wait]),
            "agent": random.choice([None, *AGENTS]),
            "outcome": random.choice([None, *WAIT_OUTCOMES]),
        }
        segments.append({name: value for name, value in fields.items() if value is not None})
        moment = left_at + timedelta(seconds=random.choice([0, 30]))
    return dumps(segments)


def _offers(random: Random, at: datetime) -> str:
    offers: list[Row] = []
    moment = at
    for agent in random.sample(AGENTS, random.choice([1, 2, 3])):
        ends = moment + timedelta(seconds=random.choice([4, 15]))
        fields = {
            "agent": agent,
            "from_at": _text(moment),
            "to_at": random.choice([None, _text(ends)]),
            "answered": random.choice([None, False, True]),
        }
        offers.append({name: value for name, value in fields.items() if value is not None})
        moment = ends
    return dumps(offers)


def _call_back(random: Random, floor: Floor, number: int) -> Row:
    dialed_at = FIRST + timedelta(seconds=random.randrange(int((LAST - FIRST).total_seconds()) + 90_000))
    to_number = random.choice([*CALLERS, None])
    return {
        "dialer": "main",
        "external_id": f"back-{number}",
        "dialed_at": dialed_at,
        "to_number": to_number,
        "to_country": "US" if to_number else None,
        "lead": random.choice([None, None, *floor.leads[:8]]),
        "network_result": random.choice([None, "answered", "no_answer", "cancelled", "blocked"]),
        "test": random.choice([None, None, None, True]),
        "spam": random.choice([None, None, None, True]),
        "observed_at": dialed_at,
    }


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
