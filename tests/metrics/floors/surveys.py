"""Surveys, evaluations and shared calls: of calls, of cases, of nothing; late, twice, off the scale, by several."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from random import Random

from reports.model.vocabulary import DISPUTES, SURVEY_KINDS
from tests.metrics.floor import Floor, Row
from tests.metrics.floors.waiting_callers import calls_in

# The most points of each item, so that their shares are short decimals.
_FORM = {
    "greeting": {"section": "courtesy", "weight": 1, "max_points": 5, "auto_fail": False, "script": False},
    "verify": {"section": "process", "weight": 2, "max_points": 1, "auto_fail": True, "script": True},
    "offer": {"section": "content", "weight": 1.5, "max_points": 10, "auto_fail": False, "script": True},
    "close": {"section": None, "weight": 0.25, "max_points": 2, "auto_fail": None, "script": None},
}
_VERSIONS = (("sales", "1"), ("sales", "2"), ("service", "1"))


def rows(floor: Floor, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    """A survey for every third call, an evaluation for every sixth, some of calls that came in, and some together."""
    random = Random(f"quality of {len(calls)}")
    came_in = [call | {"dialed_at": call["arrived_at"]} for call in calls_in(floor, calls) if call["arrived_at"]]
    surveyed = [*calls[::3], *came_in[::2]]
    yield "surveys", [_survey(random, floor, call, number) for number, call in enumerate(surveyed)]
    yield (
        "form_items",
        [
            {"form": form, "form_version": version, "item": item, **fields, "observed_at": calls[0]["dialed_at"]}
            for form, version in _VERSIONS
            for item, fields in _FORM.items()
            if (version, item) != ("2", "close")
        ],
    )
    evaluations = [*_alone(random, [*calls, *came_in[::2]]), *_together(random, calls)]
    yield "evaluations", evaluations
    yield "evaluation_scores", [score for evaluation in evaluations for score in _scores(random, evaluation)]
    coaching = Random(f"coaching of {len(calls)}")
    yield "shared_calls", [_shared(coaching, call, number) for number, call in enumerate(calls[3::8])]


def _shared(random: Random, call: Row, number: int) -> Row:
    shared_at = call["dialed_at"] + timedelta(minutes=random.randrange(3_000))
    return {
        "external_id": f"coaching-{number}",
        "dialer": call["dialer"],
        "call": random.choice([call["external_id"], call["external_id"], "never dialed"]),
        "team": random.choice(["north", "south", None]),
        "manager": random.choice(["quinn", "rae"]),
        "shared_at": shared_at,
        "withdrawn_at": random.choice([None, None, shared_at + timedelta(hours=random.randrange(90))]),
        "observed_at": shared_at,
    }


def _survey(random: Random, floor: Floor, call: Row, number: int) -> Row:
    asked_at = call["dialed_at"] + timedelta(minutes=random.choice([5, 60, 3_000]))
    answered_at = random.choice([asked_at, asked_at + timedelta(hours=random.randrange(90)), None])
    about = random.choice([call["external_id"], call["external_id"], "never dialed", None])
    return {
        "external_id": f"survey-{number}",
        "kind": random.choice([*SURVEY_KINDS, "csat", "nps"]),
        "scale": random.choice([None, None, None, "1-5", "0-10", "1-10", "1-7"]),
        "asked_at": random.choice([asked_at, asked_at, asked_at, None]) if answered_at else asked_at,
        "delivered": random.choice([None, None, None, True, False]),
        "answered_at": answered_at,
        "score": random.choice([0, 1, 2, 3, 4, 4, 5, 5, 6, 7, 8, 9, 9, 10, 4.5]) if answered_at else None,
        "dialer": about and call["dialer"],
        "call": about,
        "case_id": random.choice([None, None, None, "case-1"]),
        "lead": random.choice([None, None, call["lead"], *floor.leads[:2], "lead nobody told of"]),
        "agent": random.choice([None, None, "ada.x", "bo", "gus"]),
        "queue": random.choice([None, "service", "sales"]),
        "observed_at": asked_at,
    }


def _alone(random: Random, calls: Sequence[Row]) -> Iterator[Row]:
    for number, call in enumerate(calls[1::6]):
        yield _evaluation(random, call, f"evaluation-{number}", random.choice(_VERSIONS))


def _together(random: Random, calls: Sequence[Row]) -> Iterator[Row]:
    """Calls that several evaluators score by one form, often in a session."""
    for number, call in enumerate(calls[2::20]):
        form = random.choice(_VERSIONS)
        session = random.choice([None, "march", "april"])
        for place in range(random.choice([2, 2, 3])):
            evaluation = _evaluation(random, call, f"shared-{number}-{place}", form)
            yield evaluation | {"dialer": call["dialer"], "call": call["external_id"], "session": session}


def _evaluation(random: Random, call: Row, external_id: str, form: tuple[str, str]) -> Row:
    about = random.choice([call["external_id"], call["external_id"], "never dialed", None])
    evaluated_at = call["dialed_at"] + timedelta(minutes=random.randrange(1_500))
    dispute = random.choice([None, None, None, *DISPUTES])
    return {
        "external_id": external_id,
        "form": form[0],
        "form_version": form[1] if form[1] != "1" else random.choice(["1", None]),
        "evaluated_at": evaluated_at,
        "evaluator": random.choice(["quinn", "rae", "sol"]),
        "dialer": about and call["dialer"],
        "call": about,
        "case_id": random.choice([None, None, "case-1"]),
        "agent": random.choice([None, None, "ada.x", "bo", "gus"]),
        "queue": random.choice([None, "service", "sales"]),
        "session": random.choice([None, None, None, None, "march"]),
        "auto_failed": random.choice([None, None, None, None, False, True]),
        "dispute": dispute,
        "dispute_at": dispute and evaluated_at + timedelta(hours=random.randrange(40)),
        "observed_at": evaluated_at,
    }


def _scores(random: Random, evaluation: Row) -> Iterator[Row]:
    """Points for most items, sometimes more than there are, and for an item that no form has."""
    most = {item: int(fields["max_points"]) for item, fields in _FORM.items()} | {"mood": 3}
    for item in random.sample(sorted(most), random.choice([0, 3, 4, 5])):
        absent = random.random() < 0.1
        yield {
            "evaluation": evaluation["external_id"],
            "item": item,
            "evaluated_at": evaluation["evaluated_at"],
            "not_applicable": absent if random.random() < 0.5 else absent or None,
            "points": None if absent else random.choice([most[item], random.randrange(most[item] + 2)]),
            "observed_at": evaluation["observed_at"],
        }
