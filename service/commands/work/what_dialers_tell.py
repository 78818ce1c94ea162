"""What each dialer tells of a call, and which metrics therefore cannot be told: counted over an example floor.

No list says which metric needs which fact. A floor with every kind of call is counted as a dialer tells it, without the
values that the dialer cannot know. The metrics that then have no number are the ones that the dialer costs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, get_args
from zoneinfo import ZoneInfo

import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.measures.metric import Metric
from reports.measures.ranges import CANNOT_TELL
from reports.model.codes import TABLES, Codes, read_codes
from reports.model.types import CODES
from reports.model.windows import Window
from reports.query.engine import compile_numbers, reduce_chunk
from reports.query.plan import plan_scans
from reports.query.request import ReportRequest
from reports.rules.call_outcomes import CURRENT_ATTEMPT
from reports.rules.calls import resolve_calls
from service.dialers import CallFact, Dialer, InboundFact, dialers
from service.hooks.call_settings import DEFAULT_PERSON_AFTER_MS

FACTS: tuple[CallFact, ...] = get_args(CallFact)
INBOUND_FACTS: tuple[InboundFact, ...] = get_args(InboundFact)
_TITLES: dict[CallFact, str] = {
    "ringing": "ringing",
    "answer": "answer",
    "person": "person or machine",
    "hold": "hold",
    "transfer": "each agent's part",
    "drop": "dropped calls",
    "disposition": "disposition",
    "lead": "CRM lead",
}
_INBOUND_TITLES: dict[InboundFact, str] = {
    "queue": "queue",
    "wait": "waiting time",
    "menu": "voice menu",
    "offers": "each offer to an agent",
    "callback": "callback chosen",
    "transfer": "transfer",
    "escalation": "escalation",
    "wrap": "after-call work",
}
_HEAD = """\
## What each dialer tells

| dialer | {titles} |
|---|{line}|
{rows}

A dialer tells some of it only where its own part below says so. The phone number finds a lead that the dialer does not
name. Any other dialer tells what its mapping assigns.

What a dialer cannot tell makes numbers uncertain: a report then says "not enough data", with the range in which the
number lies. The table counts an example floor with every kind of call as each dialer would tell it. Where nothing says
who answered, the setting of the hook decides: an answered call counts as one with a person after 20 seconds of talk,
unless you choose otherwise (`calltally hook change ID --answered-means unknown`).

| dialer | reads "not enough data" | with `--answered-means unknown` | has no value |
|---|---|---|---|
{costs}

Every dialer tells when a call came in and whether an agent answered it. Of the rest, the reports on service have this:

| dialer | {inbound_titles} |
|---|{inbound_line}|
{inbound_rows}

Without a waiting time, a wait lasts from the arrival of the call to its answer or end. Aircall tells of its menu only
that the caller hung up there. No vendor tells who took over an escalated call: send it with `POST /v1/inbound-calls`.
"""

Call = dict[str, Any]
_FIRST = datetime(2026, 3, 2, 15, tzinfo=UTC)
_TALKED: Call = {"network_result": "answered", "handled": "agent", "agent": "ada", "ring_ms": 8_000, "hold_ms": 4_000}
_SHARES = '[{"agent": "ada", "talk_ms": 30000, "hold_ms": 0}, {"agent": "bo", "talk_ms": 65000, "hold_ms": 0}]'
_MEANINGS = [
    {"code": "SOLD", "result": "sale", "party": "right_party"},
    {"code": "APPT", "result": "appointment", "party": "right_party"},
    {"code": "NO", "result": "not_interested", "party": "right_party"},
]
# A floor with every kind of call: talks with people, messages, no answers, and a person for whom no agent was free.
_CALLS: list[Call] = [
    {**_TALKED, "answered_by": "human", "talk_ms": 95_000, "disposition": "SOLD", "shares": _SHARES},
    {**_TALKED, "answered_by": "human", "talk_ms": 80_000, "disposition": "APPT"},
    {**_TALKED, "answered_by": "human", "talk_ms": 40_000, "disposition": "NO"},
    {**_TALKED, "answered_by": "human", "talk_ms": 15_000, "disposition": "NO"},
    {**_TALKED, "answered_by": "machine", "talk_ms": 25_000},
    {**_TALKED, "answered_by": "machine", "talk_ms": 6_000},
    {"network_result": "answered", "answered_by": "human", "handled": "abandoned_by_us", "ring_ms": 9_000},
    {"network_result": "cancelled", "ring_ms": 20_000, "agent": "ada"},
    {"network_result": "no_answer", "ring_ms": 30_000, "agent": "bo"},
    {"network_result": "busy"},
]


def _without(*names: str) -> Callable[[Call], Call]:
    return lambda call: {name: value for name, value in call.items() if name not in names}


def _without_drop(call: Call) -> Call:
    return _without("handled")(call) if call.get("handled") == "abandoned_by_us" else call


# A call without what a dialer does not tell of it.
_FORGET: dict[CallFact, Callable[[Call], Call]] = {
    "ringing": _without("ring_ms", "rang_at"),
    "answer": _without("network_result", "answered_at"),
    "person": _without("answered_by"),
    "hold": _without("hold_ms"),
    "transfer": _without("shares"),
    "drop": _without_drop,
    "disposition": _without("disposition"),
    # The number finds it.
    "lead": lambda call: call,
}


def overview() -> str:
    """The part of docs/dialers.md about all dialers."""
    facts = [_row(dialer.title, ("yes" if fact in dialer.tells else "-" for fact in FACTS)) for dialer in _vendors()]
    costs = [_row(dialer.title, _costs(dialer)) for dialer in _vendors()]
    return _HEAD.format(
        titles=_titles(_TITLES),
        line=_line(FACTS),
        rows="\n".join(facts),
        costs="\n".join(costs),
        inbound_titles=_titles(_INBOUND_TITLES),
        inbound_line=_line(INBOUND_FACTS),
        inbound_rows="\n".join(
            _row(dialer.title, ("yes" if fact in dialer.tells_inbound else "-" for fact in INBOUND_FACTS))
            for dialer in _vendors()
        ),
    )


def _titles(titles: Mapping[Any, str]) -> str:
    return " | ".join(titles.values())


def _line(facts: Sequence[str]) -> str:
    return "---|" * (len(facts) - 1) + "---"


def _vendors() -> Iterator[Dialer]:
    yield from dialers().values()


def _row(title: str, cells: Iterator[str]) -> str:
    return f"| {title} | {' | '.join(cells)} |"


def _costs(dialer: Dialer) -> Iterator[str]:
    missing: tuple[CallFact, ...] = tuple(fact for fact in FACTS if fact not in dialer.tells)
    by_talk, unknown = (_lost(missing, milliseconds) for milliseconds in (DEFAULT_PERSON_AFTER_MS, None))
    yield _names(by_talk[0])
    yield _names(unknown[0])
    yield _names(by_talk[1])


def _names(metrics: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in metrics) or "-"


def _lost(missing: tuple[CallFact, ...], person_after_ms: int | None) -> tuple[list[str], list[str]]:
    """The metrics that cannot be told without some facts, and those that have no value then."""
    whole, rest = _numbers((), None), _numbers(missing, person_after_ms)
    uncertain = [name for name, number in rest.items() if number == CANNOT_TELL]
    none = [name for name, number in rest.items() if number is None and whole[name] is not None]
    return uncertain, none


@cache
def _numbers(missing: tuple[CallFact, ...], person_after_ms: int | None) -> dict[str, float | str | None]:
    """Every metric of calls on the example floor, as told without some facts."""
    calls = _CALLS
    for fact in missing:
        calls = [_FORGET[fact](call) for call in calls]
    request = _request()
    rows = [_complete(number, call, person_after_ms) for number, call in enumerate(calls)]
    attempts = pl.DataFrame(rows, schema=CURRENT_ATTEMPT).lazy()
    scans = plan_scans(request, _codes())
    partial = [(scan, [reduce_chunk(scan, {"attempts": resolve_calls(attempts, scan.context)})]) for scan in scans]
    [total] = compile_numbers(request, partial).total.to_dicts()
    return {metric.name: total.get(metric.column("reason")) or total[metric.name] for metric in request.metrics}


def _complete(number: int, call: Call, person_after_ms: int | None) -> Call:
    began = _FIRST + timedelta(minutes=number)
    ended = began + timedelta(milliseconds=call.get("talk_ms", 0) + 30_000)
    names = {"dialer": "d", "external_id": str(number), "lead": str(number), "campaign": "spring"}
    return {**names, "dialed_at": began, "ended_at": ended, "person_after_ms": person_after_ms, **call}


def _request() -> ReportRequest:
    return ReportRequest(
        preset=None,
        metrics=_metrics(),
        by=(),
        window=Window(_FIRST - timedelta(hours=15), _FIRST + timedelta(hours=9), ZoneInfo("UTC")),
        filters={},
        as_of=None,
        until=_FIRST + timedelta(days=1),
        account_zone=ZoneInfo("UTC"),
    )


@cache
def _metrics() -> tuple[Metric, ...]:
    """The metrics that are counted from attempts alone."""
    metrics = (definition.metric for definition in catalogue().values())
    return tuple(
        metric
        for metric in metrics
        if metric.frame is not None and [source.name for source in metric.frame.inputs] == ["attempts"]
    )


def _codes() -> Codes:
    tables = {name: pl.DataFrame(schema=schema) for name, schema in TABLES.items()}
    return read_codes(tables | {"disposition_codes": pl.DataFrame(_MEANINGS, schema=CODES["disposition_codes"])})
