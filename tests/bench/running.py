"""A running service asked over HTTP: reports, pages, a floor at work, memory, and a code that changes its meaning."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from service.accounts.scopes import USUAL_SCOPES
from tests.bench import pages
from tests.bench.asking import REPEATS, Floor, Question, without_copies
from tests.bench.floor_names import ALL, MONTH, WEEK, Names
from tests.bench.lines import Line, within
from tests.bench.load import Target
from tests.bench.memory import Peak, family, private_mb, unique_mb
from tests.bench.writing import new_call, writing
from tests.serving import Service

BUDGETS = {ALL: 1.0, WEEK: 0.150, MONTH: 0.060}
RATE = 200
_REPEATED_SECONDS = 0.020
_WRITING_FACTOR = 1.5
_ANSWERS, _WORKER_MB = 20, 700.0
_FAST_AGAIN_SECONDS, _LONGEST_SECONDS = 30.0, 300.0
# A report is fast again when it takes at most this many times as long as before.
_AS_FAST = 2.0


@dataclass
class Asker:
    """One client of a service, over one connection."""

    client: httpx.Client
    names: Names
    numbers: "count[int]"

    def forget(self) -> None:
        """Post a call: with it, no cached report is good any more."""
        self.client.post("/v1/attempts", json=new_call(self.names, next(self.numbers))).raise_for_status()

    def seconds(self, question: Question) -> float:
        """How long an answer takes."""
        begun = time.perf_counter()
        self.answer(question)
        return time.perf_counter() - begun

    def best(self, question: Question) -> float:
        """The best of some answers, each counted anew."""
        return min(self._anew(question) for _ in range(REPEATS))

    def _anew(self, question: Question) -> float:
        self.forget()
        return self.seconds(question)

    def answer(self, question: Question) -> dict[str, Any]:
        """An answer of the API."""
        preset, parameters = question
        path = f"/v1/reports/{preset}" if preset else "/v1/reports"
        return self.client.get(path, params=dict(parameters)).raise_for_status().json()


def measure_service(
    service: Service, floor: Floor, names: Names, size: str, quiet: dict[str, float], say: Callable[[str], Any]
) -> Iterator[Line]:
    """The lines about a running service. quiet: receives the seconds of each question, while nothing else goes on."""
    scopes = [option for scope in (*USUAL_SCOPES, "admin") for option in ("--scope", scope)]
    key = service.run("key", "create", *scopes, "--account", floor.code)
    target = Target("127.0.0.1", int(service.settings["PORT"]), key)
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=service.url, headers=headers, timeout=3600) as client:
        asker = Asker(client, names, count())
        say(f"{size}: reports over HTTP ...")
        yield from _reports(asker, size, quiet)
        yield _repeated(asker, size)
        say(f"{size}: while {RATE} calls a second are written ...")
        yield from _while_writing(asker, target, size, quiet)
        say(f"{size}: {_ANSWERS} answers ...")
        yield _memory(asker, service, size)
        say(f"{size}: pages ...")
        with httpx.Client(base_url=service.url, timeout=3600) as browser:
            pages.sign_in(browser, key)
            yield from pages.look_at_all(browser, names, size, asker.forget)
        say(f"{size}: a disposition changes its meaning ...")
        yield from _change_of_meaning(asker, floor, size, quiet[ALL])


def _reports(asker: Asker, size: str, quiet: dict[str, float]) -> Iterator[Line]:
    for name, question in asker.names.questions.items():
        asker.seconds(question)
        quiet[name] = asker.best(question)
        yield within(f"{size}: {name}, over HTTP", quiet[name], BUDGETS[name], "s")


def _repeated(asker: Asker, size: str) -> Line:
    question = asker.names.questions[ALL]
    asker.seconds(question)
    again = min(asker.seconds(question) for _ in range(REPEATS))
    return within(f"{size}: the first repeated, nothing changed", again, _REPEATED_SECONDS, "s")


def _while_writing(asker: Asker, target: Target, size: str, quiet: dict[str, float]) -> Iterator[Line]:
    with writing(target, asker.names, RATE) as reached:
        busy = {name: asker.best(question) for name, question in asker.names.questions.items()}
    note = f"{reached['rate']:.0f} calls/s written"
    for name, seconds in busy.items():
        beside = f"{seconds / quiet[name]:.2f} x; {note}"
        yield within(f"{size}: {name}, while calls are written", seconds, _WRITING_FACTOR * quiet[name], "s", beside)


def _memory(asker: Asker, service: Service, size: str) -> Line:
    with Peak(service.process.pid) as peak:
        for _ in range(_ANSWERS):
            asker.forget()
            asker.seconds(asker.names.questions[ALL])
    workers = family(service.process.pid)
    after, unique = max(map(private_mb, workers)), max(map(unique_mb, workers))
    note = f"{after:,.0f} MB after the last; {unique:,.0f} MB with the pages of files that only it has read"
    return within(f"{size}: most private memory of a worker, {_ANSWERS} answers", peak.mb, _WORKER_MB, "MB", note)


def _change_of_meaning(asker: Asker, floor: Floor, size: str, usual: float) -> Iterator[Line]:
    """Change what the most used code means: the next answer must be right, and answers fast again before long."""
    path = f"/v1/disposition-codes/{asker.names.disposition}"
    stored = asker.client.get(path).raise_for_status().json()
    meaning = {name: stored[name] for name in ("network_result", "answered_by", "party", "handled", "next_step")}
    other = "appointment" if stored["result"] != "appointment" else "interested"
    before = asker.answer(asker.names.rested)
    asker.client.put(path, json={**meaning, "result": other}).raise_for_status()
    begun = time.perf_counter()
    try:
        at_once = asker.answer(asker.names.rested)
        first = time.perf_counter() - begun
        again = _fast_again(asker, usual, begun)
        fresh = without_copies(floor, asker.names.rested)
    finally:
        asker.client.put(path, json={**meaning, "result": stored["result"]}).raise_for_status()
    assert not same(at_once["groups"], before["groups"]), "the change changed no number"
    assert same(at_once["groups"], fresh["groups"]), "after the change, the answer differs from that of the ledger"
    note = "the first answer equals the ledger's own"
    yield Line(f"{size}: first answer after a code changed its meaning", f"{first:.1f} s", note)
    yield within(f"{size}: fast again after it", again, _FAST_AGAIN_SECONDS, "s", f"usually {usual:.2f} s")


def _fast_again(asker: Asker, usual: float, begun: float) -> float:
    """Seconds since the change until an answer is as fast as before; at most _LONGEST_SECONDS.

    Each question begins a day earlier, so that no answer is a cached one, and nothing is written meanwhile.
    """
    for earlier in count(1):
        fast = asker.seconds(asker.names.everything(earlier)) <= _AS_FAST * usual
        passed = time.perf_counter() - begun
        if fast or passed > _LONGEST_SECONDS:
            return passed if fast else math.inf
    return math.inf


def same(left: Any, right: Any) -> bool:
    """Whether two answers are equal, floats within a billionth; their links to rows name different moments."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left if key != "rows")
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, float | int):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
    return left == right
