"""The fragments of the live board, each as HTML: today's counters, the state of every agent, the last attempts."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import asyncpg

from reports.model.codes import Codes
from reports.model.language import current_language, marked, translate
from reports.model.shown_names import shown_names
from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.render.cell_text import possible_ends
from reports.render.possible_counts import count_words
from reports.rules.resolve_calls import outcome_label, resolve_few
from reports.store.ledger import Ledger
from service.accounts.limits import Limits
from service.pages.components.layout import render
from service.pages.components.live.fragment import Fragment, day_of_board, display_elapsed
from service.pages.components.live.queues import queues_fragment
from service.pages.components.numbers import Number, report_context
from service.pages.components.view import account_zone, cached_text
from service.pages.filtering.filters import PageRequest
from service.platform.db import account_transaction
from service.web.services import RequestContext
from sql import load

PATH = "/live"
# The counters by metric, with their titles on the board.
COUNTERS = {
    "attempts": marked("Calls"),
    "answer_rate": marked("Answered"),
    "human_rate": marked("People reached"),
    "contacts": marked("Right contacts"),
    "conversations": marked("Conversations"),
    "appointments": marked("Appointments"),
    "sales": marked("Sales"),
    "rpc_rate": marked("Right-contact rate"),
}
# These rates show the number of their calls, with the rate below it.
_SHOWN_AS_COUNT = ("answer_rate", "human_rate")
# An agent without news for so long, who did not go offline, is marked as silent.
SILENT = timedelta(hours=2)
_LAST_ATTEMPTS = 20
# The clocks of dialers may be a little fast.
_CLOCK_SLACK = timedelta(minutes=5)
_STATES = ("talking", "holding", "wrapping", "dialing", "waiting", "paused", "offline")
_SQL = load("live")


@dataclass(frozen=True)
class AgentStatus:
    """The state of an agent, since when, and until when if that is known. silent: without news for too long."""

    agent: str
    name: str
    team: str | None
    state: str
    reason: str | None
    from_at: datetime
    to_at: datetime | None
    silent: bool


@dataclass(frozen=True)
class CounterCard:
    """A counter as it is shown: title, figure, the note below it, and the link to its rows."""

    title: str
    figure: str
    note: str
    rows_link: str | None


async def counters_html(context: RequestContext, as_of: datetime | None = None) -> str:
    """The counters of today, or of the day of a moment as of then, from the report of that day."""
    parameters = {
        "metrics": [",".join(COUNTERS)],
        **day_of_board(await account_zone(context), as_of or datetime.now(UTC)),
        **({"as_of": [as_of.isoformat()]} if as_of else {}),
    }
    row_links = "rows" in context.access.scopes
    render_report = partial(_render_counters, parameters, row_links=row_links)
    return await cached_text(context, f"board {row_links}", parameters, render_report)


async def floor_fragments(context: RequestContext) -> dict[str, Fragment]:
    """The present state of the agents, and the last attempts."""
    zone, now = await account_zone(context), datetime.now(UTC)
    midnight = datetime.combine(now.astimezone(zone).date(), datetime.min.time(), zone)
    account = context.access.account_id
    async with account_transaction(context.pool, account, readonly=True) as connection:
        states = await connection.fetch(_SQL["agent_states"], account, midnight, now + _CLOCK_SLACK)
        codes = await Ledger(connection, account).codes(None)
        own = context.limits.agents(codes)
        spellings = None if own is None else codes.spellings("agent", own)
        until = now + _CLOCK_SLACK
        attempts = await connection.fetch(_SQL["last_attempts"], account, until, _LAST_ATTEMPTS, spellings)
    agents = [status for status in agent_statuses(states, codes, now) if own is None or status.agent in own]
    calls = await asyncio.to_thread(_resolved_calls, attempts, codes)
    variables = {
        "zone": zone,
        "now": now,
        "row_links": "rows" in context.access.scopes,
        "display_elapsed": display_elapsed,
    }
    agents_html = render("live_agents.html", agents=agents, states=_count_states(agents), **variables)
    return {
        "agents": Fragment(agents_html, (midnight, *agents)),
        "attempts": Fragment(render("live_attempts.html", calls=calls, **variables), str(calls)),
    }


def agent_statuses(states: Iterable[asyncpg.Record], codes: Codes, now: datetime) -> list[AgentStatus]:
    """The status of every agent: those on a call first, silent ones last.

    If two codes were merged into one agent, the latest state counts.
    """
    names = shown_names(codes.names)["agent"]
    reads = dict(zip(codes.agents["code"], codes.agents["reads"], strict=True))
    latest = {reads.get(row["agent"], row["agent"]): row for row in sorted(states, key=lambda row: row["from_at"])}
    agents = [
        AgentStatus(
            agent,
            names.get(agent, agent),
            *(row[part] for part in ("team", "state", "reason", "from_at", "to_at")),
            silent=_is_silent(row, now),
        )
        for agent, row in latest.items()
    ]
    return sorted(agents, key=lambda agent: (agent.silent, _STATES.index(agent.state), agent.from_at, agent.agent))


def _is_silent(row: asyncpg.Record, now: datetime) -> bool:
    return row["state"] != "offline" and now - (row["to_at"] or row["from_at"]) > SILENT


def _count_states(agents: list[AgentStatus]) -> list[tuple[str, int]]:
    """How many agents are in each state; silent agents are counted apart."""
    count = Counter(agent.state for agent in agents if not agent.silent)
    silent = sum(agent.silent for agent in agents)
    return [(state, count[state]) for state in _STATES if count[state]] + (
        [(marked("no data"), silent)] if silent else []
    )


def _resolved_calls(attempts: list[asyncpg.Record], codes: Codes) -> list[dict[str, Any]]:
    """The attempts as they count so far, the latest first, with the names that people know."""
    resolved = resolve_few(map(dict, attempts), codes)
    calls = [resolved[row["dialer"], row["external_id"]] for row in attempts]
    names = shown_names(codes.names)
    return [
        call
        | {"outcome": outcome_label(call)}
        | {name: of_codes.get(call[name], call[name]) for name, of_codes in names.items()}
        for call in calls
    ]


def _render_counters(parameters: Parameters, report: Report, *, row_links: bool) -> str:
    context = report_context(report, PageRequest(PATH, {}))
    report_link = PageRequest("/v1/reports", parameters).link(as_of=report.as_of.isoformat())
    cards = [_counter_card(number, row_links=row_links) for number in context["numbers"]]
    return render("live_counters.html", cards=cards, report_link=report_link, **context)


def _counter_card(number: Number, *, row_links: bool) -> CounterCard:
    name, link = number.metric.name, number.rows_link if row_links else None
    if name in _SHOWN_AS_COUNT:
        figure, note = _count_figure(number), _rate_note(number)
    else:
        figure, note = number.value, number.details[0] if number.details else ""
    return CounterCard(COUNTERS[name], figure, note, link)


def _count_figure(number: Number) -> str:
    """The calls of a rate; where more calls may count, up to how many."""
    known, high = number.cell["numerator"] or 0, number.cell.get("range_high")
    return count_words(int(known), round((high or 0) * (number.cell["denominator"] or 0)))


def _rate_note(number: Number) -> str:
    cell = number.cell
    if cell["value"] is None and cell.get("reason") is None:
        return ""
    ends = "" if cell["value"] is None else possible_ends(number.metric, cell)
    if ends:
        return translate("{value} of calls, range {ends}", value=number.value, ends=ends)
    return translate("{value} of calls", value=number.value)


class Boards:
    """The boards that one process is making or has just made: one for all viewers of the same part of an account."""

    def __init__(self, lasts: float) -> None:
        self._lasts = lasts
        self._boards: dict[tuple[int, bool, Limits, str], tuple[float, asyncio.Task[dict[str, Fragment]]]] = {}

    async def make(self, context: RequestContext) -> dict[str, Fragment]:
        """The fragments of the board, by name: those another viewer got a moment ago, or new ones."""
        key = (context.access.account_id, "rows" in context.access.scopes, context.limits, current_language().code)
        now = time.monotonic()
        self._boards = {known: board for known, board in self._boards.items() if self._is_current(*board, now)}
        if key not in self._boards:
            making = asyncio.create_task(_make(context))
            making.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._boards[key] = now, making
        return await asyncio.shield(self._boards[key][1])

    def _is_current(self, begun: float, making: "asyncio.Task[dict[str, Fragment]]", now: float) -> bool:
        """Whether a board is still being made, however long that takes, or was made just now."""
        if not making.done():
            return True
        return now - begun <= self._lasts and not making.cancelled() and making.exception() is None


async def _make(context: RequestContext) -> dict[str, Fragment]:
    counters = await counters_html(context)
    queues = await queues_fragment(context)
    return {"counters": Fragment(counters, counters), "queues": queues, **await floor_fragments(context)}
