"""Every question that the API admits has an answer with sense, or a fault that names its parameter.

The floor is small and nasty: silent axes, contradicting ones, merged codes, texts that break programs. In `make proof`
every dimension meets every other one as its strata, with all metrics that allow both; in `make test` a few of each.
"""

from collections.abc import Iterator
from itertools import cycle
from typing import Any, NamedTuple

import asyncpg
import orjson
import pytest

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from reports.charts import charts
from reports.query.request import BENCHMARKS, CURVES
from reports.render.export import FORMATS
from reports.rules.attribution_models import MODELS
from reports.rules.calls import GOALS
from tests.api.conftest import Caller, NewCaller, client, new_caller, service
from tests.conftest import make_account
from tests.make import attempt
from tests.metrics.facts import WHOLE
from tests.metrics.floor import Floor
from tests.proof import PROVING

__all__ = ["client", "new_caller", "service"]

_TEXTS = {"json", "csv"}
# One dimension for each type of value: text, a date, a time, a fixed set.
_TYPES = ("campaign", "day", "hour", "result")
_EMPTY = {"from": "2020-01-01", "to": "2020-01-02"}
_FUTURE = {"from": "2099-01-01", "to": "2099-01-08"}
_COMPARISONS = ("none", "previous", "week", "month", "year", "2019-12-01")
# Metrics of one question.
_AT_ONCE = 10


class Answered(NamedTuple):
    """A request and its answer."""

    path: str
    parameters: dict[str, Any]
    status: int
    content: bytes

    @property
    def makes_sense(self) -> bool:
        """Whether this is a report, or a problem with the names of its parameters."""
        if self.status == 200:
            return bool(self.content) and (self.parameters["format"] not in _TEXTS or b"NaN" not in self.content)
        return self.status == 422 and all(error["pointer"] for error in orjson.loads(self.content)["errors"])


@pytest.fixture(scope="module")
async def floor(ledger_url: str) -> int:
    """The account of a floor with every kind of fact."""
    owner = await asyncpg.connect(ledger_url, server_settings={"timezone": "UTC"})
    account = await make_account(owner)
    await Floor(seed=7).write(owner, account, attempts=150)
    await owner.close()
    return account


@pytest.fixture
async def manager(floor: int, new_caller: NewCaller) -> Caller:
    """A manager of the floor."""
    return await new_caller(floor)


async def ask(caller: Caller, path: str, parameters: dict[str, Any]) -> Answered:
    answer = await caller.send("GET", path, params=parameters)
    return Answered(path, parameters, answer.status_code, answer.content)


def able(*names: str) -> list[str]:
    """All metrics that allow these dimensions, those of one kind of fact side by side."""
    metrics = [entry.metric for entry in catalogue().values() if set(names) <= set(entry.metric.dimensions)]
    return [metric.name for metric in sorted(metrics, key=lambda metric: metric.frame.name if metric.frame else "")]


def turns(names: list[str], turn: int) -> list[str]:
    """A few of the metrics, others at every turn; all of them in `make proof`."""
    first = turn * _AT_ONCE % max(len(names), 1)
    return names if PROVING else (names[first:] + names[:first])[:_AT_ONCE]


def strata_of(number: int) -> list[str]:
    """Strata of two types for the dimension of this number, and another dimension."""
    names = list(DIMENSIONS)
    return [_TYPES[number % 4], _TYPES[(number + 1) % 4], names[(5 * number + 3) % len(names)]]


def questions() -> Iterator[dict[str, Any]]:
    """Every dimension with strata of every type. The metrics, comparisons and formats take turns."""
    options = {"compare": _COMPARISONS, "format": FORMATS, "goal": GOALS, "model": MODELS, "curves": CURVES}
    turning = {name: cycle(values) for name, values in {**options, "benchmarks": (*BENCHMARKS, "none")}.items()}
    for number, by in enumerate(DIMENSIONS):
        for turn, stratum in enumerate(DIMENSIONS if PROVING else strata_of(number)):
            metrics = turns(able(by, stratum) or able(by), 3 * number + turn)
            window = _EMPTY if (number + turn) % 7 == 6 else WHOLE
            chosen = {name: next(values) for name, values in turning.items()}
            yield {"metrics": ",".join(metrics), "by": by, "stratify": stratum, **window, **chosen}


async def test_every_dimension_with_all_strata_comparisons_and_formats(manager: Caller) -> None:
    answers = [await ask(manager, "reports", parameters) for parameters in questions()]
    assert not [answer for answer in answers if not answer.makes_sense]


async def test_every_picture_of_every_window(manager: Caller) -> None:
    """Also of windows with nothing in them, and of windows in the future."""
    senseless: list[Answered] = []
    await manager.client.post("/sign-in", data={"key": manager.key})
    for chart in charts():
        for form, window in (("svg", _FUTURE), ("png", _EMPTY), ("svg", WHOLE)):
            answer = await manager.client.get(f"/charts/{chart}", params={**window, "format": form})
            if answer.status_code != 200:
                senseless.append(Answered(chart, {**window}, answer.status_code, answer.content))
    assert not senseless


async def test_thousands_of_unknown_names_are_one_fault(manager: Caller) -> None:
    names = ",".join(f"attemps{number}" for number in range(3_000))
    answered = await ask(manager, "reports", {"metrics": names, "by": "agnt"})
    messages = {error["pointer"]: error["message"] for error in orjson.loads(answered.content)["errors"]}
    assert messages["metrics"] == f"names 3,000 values; there are only {len(catalogue())}"
    assert messages["by"] == "'agnt' is not a dimension; did you mean agent?"


async def test_codes_with_any_characters_are_drawn_and_written(new_caller: NewCaller) -> None:
    """Control characters, line separators and half characters end no process and spoil no file."""
    caller = await new_caller()
    odd = [f"a{character}b" for character in ("\x01", "\x1b", "\x7f", "\u2028", "\ufffe", "\U0001f525", "</script>")]
    call = {"network_result": "answered", "answered_by": "human", "handled": "agent", "talk_seconds": 90}
    items = [attempt(f"call-{code}", agent=code, campaign=code, source=code, **call) for code in odd]
    assert (await caller.post("attempts", items))["rejected"] == 0
    await caller.client.post("/sign-in", data={"key": caller.key})
    day = {"from": "2026-03-02", "to": "2026-03-03"}
    for chart in charts():
        answer = await caller.client.get(f"/charts/{chart}", params={**day, "format": "png"})
        assert answer.status_code == 200, chart
    for format_ in FORMATS:
        answer = await caller.send("GET", "reports/calls", params={**day, "by": "agent", "format": format_})
        assert answer.status_code == 200, format_
