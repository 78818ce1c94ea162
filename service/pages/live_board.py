"""What the live board shows: today's counters, what agents are doing, and the last attempts, each as HTML."""

import asyncio
import time
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from reports.model.codes import Codes
from reports.query.report import Report
from reports.render import formatting
from reports.rules.resolve_calls import outcome_label, resolve_few
from reports.store.ledger import Ledger
from service.pages.filters import PageRequest
from service.pages.layout import render
from service.pages.numbers import Number, told_of
from service.platform.db import account_transaction
from service.web.services import RequestContext
from sql import load

PATH = "/live"
# What is counted, as it is called on the board; of the rates named first the calls are shown, with the rate below.
COUNTERS = {
    "attempts": "Attempts",
    "answer_rate": "Answered",
    "human_rate": "Persons",
    "contacts": "Right parties",
    "conversations": "Conversations",
    "appointments": "Appointments",
    "sales": "Sales",
    "rpc_rate": "Right-party rate",
}
_COUNTED = {"answer_rate": "of the calls that went out", "human_rate": "of the calls that went out"}
# An agent of whom nothing was told for so long, and who did not go offline, is marked.
SILENT = timedelta(hours=2)
_LAST_ATTEMPTS = 20
# Clocks of dialers go ahead a little.
_SLACK = timedelta(minutes=5)
_STATES = ("talking", "holding", "wrapping", "dialing", "waiting", "paused", "offline")
_SQL = load("live")


@dataclass(frozen=True)
class Part:
    """One part of the board as HTML, and what tells whether there is news in it."""

    html: str
    news: Hashable


@dataclass(frozen=True)
class Doing:
    """What an agent does: since when, and until when if that is told. silent: since when nothing was told of them."""

    agent: str
    team: str | None
    state: str
    reason: str | None
    from_at: datetime
    to_at: datetime | None
    silent: bool


@dataclass(frozen=True)
class Card:
    """A counter as it is shown: how it is called, the figure, what stands below, and where its rows are."""

    title: str
    figure: str
    below: str
    rows: str | None


async def counters(context: RequestContext, as_of: datetime | None = None) -> str:
    """The counters of today, or of the day of a moment as of then, from the report of that day."""
    zone = await zone_of(context)
    day = (as_of or datetime.now(UTC)).astimezone(zone).date()
    question = {
        "metrics": [",".join(COUNTERS)],
        "from": [f"{day}"],
        "to": [f"{day + timedelta(days=1)}"],
        "tz": [zone.key],
        **({"as_of": [as_of.isoformat()]} if as_of else {}),
    }
    doors = "rows" in context.access.scopes
    kept = await context.reports.cached_report(None, question, f"board {doors}", partial(_counted, question, doors))
    return kept.content.decode()


async def floor(context: RequestContext) -> dict[str, Part]:
    """What agents are doing now, and the last attempts."""
    zone, now = await zone_of(context), datetime.now(UTC)
    midnight = datetime.combine(now.astimezone(zone).date(), datetime.min.time(), zone)
    account = context.access.account_id
    async with account_transaction(context.pool, account, readonly=True) as connection:
        states = await connection.fetch(_SQL["agent_states"], account, midnight, now + _SLACK)
        attempts = await connection.fetch(_SQL["last_attempts"], account, now + _SLACK, _LAST_ATTEMPTS)
        codes = await Ledger(connection, account).codes(None)
    doing = whats_doing(states, codes, now)
    calls = await asyncio.to_thread(_calls, attempts, codes)
    told = {"zone": zone, "now": now, "doors": "rows" in context.access.scopes, "lasted": lasted}
    return {
        "agents": Part(render("live_agents.html", doing=doing, states=_totals(doing), **told), (midnight, *doing)),
        "attempts": Part(render("live_attempts.html", calls=calls, **told), str(calls)),
    }


async def zone_of(context: RequestContext) -> ZoneInfo:
    """The account's zone, by whose clock a day is today."""
    return ZoneInfo((await context.accounts.get(context.access.account_id)).zone)


def whats_doing(states: Iterable[asyncpg.Record], codes: Codes, now: datetime) -> list[Doing]:
    """What agents are doing, those on a call first, silent ones last; of two codes of one agent what was told last."""
    reads = dict(zip(codes.agents["code"], codes.agents["reads"], strict=True))
    latest = {reads.get(row["agent"], row["agent"]): row for row in sorted(states, key=lambda row: row["from_at"])}
    doing = [
        Doing(agent, row["team"], row["state"], row["reason"], row["from_at"], row["to_at"], _is_silent(row, now))
        for agent, row in latest.items()
    ]
    return sorted(doing, key=lambda one: (one.silent, _STATES.index(one.state), one.from_at, one.agent))


def lasted(seconds: float) -> str:
    """How long something has lasted, to the second while that matters.

    >>> lasted(42), lasted(125), lasted(11_300)
    ('42 s', '2 m 05 s', '3 h 08 m')
    """
    return f"{seconds:.0f} s" if seconds < 59.5 else formatting.duration(seconds, spaced=True)


def _is_silent(row: asyncpg.Record, now: datetime) -> bool:
    return row["state"] != "offline" and now - (row["to_at"] or row["from_at"]) > SILENT


def _totals(doing: list[Doing]) -> list[tuple[str, int]]:
    """How many agents are in each state; those that are silent may be anywhere."""
    count = Counter(one.state for one in doing if not one.silent)
    silent = sum(one.silent for one in doing)
    return [(state, count[state]) for state in _STATES if count[state]] + ([("silent", silent)] if silent else [])


def _calls(attempts: list[asyncpg.Record], codes: Codes) -> list[dict[str, Any]]:
    """The attempts as they count so far, the latest first."""
    settled = resolve_few(map(dict, attempts), codes)
    calls = [settled[row["dialer"], row["external_id"]] for row in attempts]
    return [call | {"words": outcome_label(call)} for call in calls]


def _counted(question: dict[str, list[str]], doors: bool, report: Report) -> tuple[bytes, dict[str, str]]:  # noqa: FBT001
    told = told_of(report, PageRequest(PATH, {}))
    same = PageRequest("/v1/reports", question).here(as_of=report.as_of.isoformat())
    cards = [_card(number, doors=doors) for number in told["numbers"]]
    return render("live_counters.html", cards=cards, same=same, **told).encode(), {}


def _card(number: Number, *, doors: bool) -> Card:
    name, rows = number.metric.name, number.rows if doors else None
    if name in _COUNTED:
        figure = f"{number.said['numerator'] or 0:,.0f}"
        below = "" if number.said["value"] is None else f"{number.value} {_COUNTED[name]}"
    else:
        figure, below = number.value, number.below[0] if number.below else ""
    return Card(COUNTERS[name], figure, below, rows)


class Boards:
    """The boards that one process is making or has just made: one for all who look at the same one."""

    def __init__(self, lasts: float) -> None:
        self._lasts = lasts
        self._made: dict[tuple[int, bool], tuple[float, asyncio.Task[dict[str, Part]]]] = {}

    async def make(self, context: RequestContext) -> dict[str, Part]:
        """The parts of the board, by name: as somebody else got them a moment ago, or made anew."""
        key, now = (context.access.account_id, "rows" in context.access.scopes), time.monotonic()
        self._made = {known: made for known, made in self._made.items() if self._is_of_use(*made, now)}
        if key not in self._made:
            making = asyncio.create_task(_make(context))
            making.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._made[key] = now, making
        return await asyncio.shield(self._made[key][1])

    def _is_of_use(self, begun: float, making: "asyncio.Task[dict[str, Part]]", now: float) -> bool:
        """Whether a board is still being made, however long that takes, or was made just now."""
        if not making.done():
            return True
        return now - begun <= self._lasts and not making.cancelled() and making.exception() is None


async def _make(context: RequestContext) -> dict[str, Part]:
    counted = await counters(context)
    return {"counters": Part(counted, counted), **await floor(context)}
