"""Single calls on the quality page, for keys that may see rows: disputes, best calls, and calls shared for coaching."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import polars as pl

from reports.facts.disputes import open_first
from reports.facts.evaluations import best_first
from reports.model.language import digits, marked, percent, translate
from reports.model.local_dates import full_words
from reports.query.drill_through import MOST_ROWS, Rows
from reports.render import formatting
from reports.store.ledger import Ledger
from service.accounts.roles import SHARES_CALLS
from service.pages.components.call_links import KnownCalls, call_link, known_calls, openable
from service.pages.components.layout import render
from service.pages.components.view import PageView, account_zone
from service.pages.filtering.filters import PageRequest
from service.platform.db import account_transaction
from sql import load

Row: TypeAlias = Mapping[str, Any]

_MAX_DISPUTES, _MAX_CALLS, _MAX_SHARED = 50, 20, 50
_SQL = load("coaching")
# What each status of a dispute means for the score.
RULINGS = {
    "open": marked("open"),
    "rejected": marked("rejected: the score stands"),
    "corrected": marked("accepted: points corrected"),
    "voided": marked("accepted: evaluation voided"),
}


@dataclass(frozen=True)
class EvaluatedCall:
    """One evaluation as people read it.

    call_link, share_link: the page of its call, and the form that shares it. recording: its address, if it is known.
    """

    row: Row
    score: str
    evaluated_at: str
    disputed_at: str
    call_link: str | None
    share_link: str | None
    recording: str | None

    @property
    def recording_link(self) -> str | None:
        """The address of the recording, if a browser can open it."""
        return openable(self.recording)


@dataclass(frozen=True)
class SharedCall:
    """One shared call as people read it. link: the page of the call, if it has one. recording: its address."""

    row: Row
    shared_at: str
    link: str | None
    recording: str | None

    @property
    def recording_link(self) -> str | None:
        """The address of the recording, if a browser can open it."""
        return openable(self.recording)


async def disputes_html(view: PageView) -> str:
    """The disputes of the evaluations in the period, those without a decision first."""
    if not view.sees_rows:
        return render("rows_hidden.html")
    rows = await _rows(view, "disputes", open_first(), MOST_ROWS)
    counts = Counter(rows.items["dispute"].to_list())
    shown = rows.items.head(_MAX_DISPUTES).to_dicts()
    return render(
        "disputes.html",
        rows=rows,
        disputes=list(_evaluated(rows, shown, await _known_calls(view, shown))),
        statuses=[(translate(words), counts[status]) for status, words in RULINGS.items() if counts[status]],
        rulings=RULINGS,
        all_rows_link=_all_rows_link(view, rows, "disputes"),
    )


async def best_calls_html(view: PageView) -> str:
    """The calls with the highest scores in the period, with their recordings."""
    if not view.sees_rows:
        return render("rows_hidden.html")
    rows = await _rows(view, "qa_score", best_first(), _MAX_CALLS)
    shown = rows.items.to_dicts()
    return render(
        "best_calls.html",
        rows=rows,
        calls=list(_evaluated(rows, shown, await _known_calls(view, shown))),
        may_share=_may_share(view),
        all_rows_link=_all_rows_link(view, rows, "qa_score"),
    )


async def shared_calls_html(view: PageView) -> str:
    """The calls that are shared now, with notes and recordings; of the teams that the page is filtered by."""
    if not view.sees_rows:
        return render("rows_hidden.html")
    account, limits = view.context.access.account_id, view.context.limits
    async with account_transaction(view.context.pool, account, readonly=True) as connection:
        codes = await Ledger(connection, account).codes(None)
        agents, own_teams = limits.agents(codes), limits.own_teams(codes)
        teams = list(limits.narrow(view.parameters, codes).get("team", ())) or sorted(own_teams or ())
        fetched = await connection.fetch(_SQL["shared_calls"], account, teams, _MAX_SHARED)
    rows = [
        dict(row)
        for row in fetched
        if agents is None or (teams and row["agent"] and codes.reading("agent", row["agent"]) in agents)
    ]
    zone, known = await account_zone(view.context), await _known_calls(view, rows)
    return render(
        "shared_calls.html",
        calls=[_shared_call(row, known, zone) for row in rows],
        teams=teams,
        may_share=_may_share(view),
        form_token=view.session.form_token,
    )


def _shared_call(row: Row, known: KnownCalls, zone: ZoneInfo) -> SharedCall:
    call = known.find("either", row["dialer"], row["call"])
    link, recording = (call_link(call, tz=zone.key), call["recording"]) if call else (None, None)
    return SharedCall(row, _moment(row["shared_at"], zone), link, recording)


def _may_share(view: PageView) -> bool:
    return not view.context.access.scopes.isdisjoint(SHARES_CALLS)


async def _rows(view: PageView, metric: str, order: Sequence[pl.Expr], most: int) -> Rows:
    parameters = {"metric": [metric], **view.parameters, "limit": [str(most)]}
    return await view.context.reports.drill_through(parameters, order=order)


def _evaluated(rows: Rows, shown: Iterable[Row], calls: KnownCalls) -> Iterator[EvaluatedCall]:
    zone, tz = rows.request.window.zone, rows.request.window.zone_name
    for row in shown:
        call = calls.find("either", row["dialer"], row["call"])
        ids = urlencode({"dialer": row["dialer"], "external_id": row["call"]})
        yield EvaluatedCall(
            row,
            score=_score(row),
            evaluated_at=_moment(row["evaluated_at"], zone),
            disputed_at=_moment(row.get("dispute_at"), zone),
            call_link=call_link(call, tz=tz) if call else None,
            share_link=f"/coaching/share?{ids}" if call else None,
            recording=call["recording"] if call else None,
        )


def _score(row: Row) -> str:
    """The points given, of the most points."""
    return percent(digits(100 * row["earned"] / row["possible"])) if row["possible"] else formatting.NOTHING


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return formatting.NOTHING if at is None else full_words(at.astimezone(zone))


async def _known_calls(view: PageView, rows: Iterable[Row]) -> KnownCalls:
    return await known_calls(view.context, ((row["dialer"], row["call"]) for row in rows))


def _all_rows_link(view: PageView, rows: Rows, metric: str) -> str:
    as_of = rows.request.until.isoformat()
    return PageRequest("/look/rows", {"metric": [metric], **view.parameters, "as_of": [as_of]}).link()
