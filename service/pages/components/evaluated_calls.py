"""Single evaluations on a page, for keys that may see rows: disputes, and the best calls with their recordings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import polars as pl

from reports.facts.disputes import open_first
from reports.facts.evaluations import best_first
from reports.query.drill_through import MOST_ROWS, Rows
from reports.render import formatting
from service.pages.components.column_labels import display_value
from service.pages.components.filters import PageRequest
from service.pages.components.layout import render
from service.pages.components.view import PageView
from service.platform.db import account_transaction
from sql import load

_MAX_DISPUTES, _MAX_CALLS = 50, 20
_SQL = load("life")
# What each status of a dispute means for the score.
RULINGS = {
    "open": "open",
    "rejected": "rejected: the score stands",
    "corrected": "accepted: points corrected",
    "voided": "accepted: evaluation voided",
}


@dataclass(frozen=True)
class EvaluatedCall:
    """One evaluation as people read it. call_link: the page of its call. recording: its address, if it is known."""

    row: Mapping[str, Any]
    score: str
    evaluated_at: str
    disputed_at: str
    call_link: str | None
    recording: str | None

    @property
    def recording_link(self) -> str | None:
        """The address of the recording, if a browser can open it."""
        return self.recording if self.recording and self.recording.startswith(("https://", "http://")) else None


async def disputes_html(view: PageView) -> str:
    """The disputes of the evaluations in the period, those without a decision first."""
    if not view.sees_rows:
        return render("rows_hidden.html")
    rows = await _rows(view, "disputes", open_first(), MOST_ROWS)
    counts = Counter(rows.items["dispute"].to_list())
    return render(
        "disputes.html",
        rows=rows,
        disputes=list(_evaluated(rows, {}))[:_MAX_DISPUTES],
        statuses=[(words, counts[status]) for status, words in RULINGS.items() if counts[status]],
        rulings=RULINGS,
        all_rows_link=_all_rows_link(view, rows, "disputes"),
    )


async def best_calls_html(view: PageView) -> str:
    """The calls with the highest scores in the period, with their recordings."""
    if not view.sees_rows:
        return render("rows_hidden.html")
    rows = await _rows(view, "qa_score", best_first(), _MAX_CALLS)
    recordings = await _recordings(view, rows.items.iter_rows(named=True))
    return render(
        "best_calls.html",
        rows=rows,
        calls=list(_evaluated(rows, recordings)),
        all_rows_link=_all_rows_link(view, rows, "qa_score"),
    )


async def _rows(view: PageView, metric: str, order: Sequence[pl.Expr], most: int) -> Rows:
    parameters = {"metric": [metric], **view.parameters, "limit": [str(most)]}
    return await view.context.reports.drill_through(parameters, order=order)


def _evaluated(rows: Rows, recordings: Mapping[tuple[str, str], str]) -> Iterator[EvaluatedCall]:
    zone, tz = rows.request.window.zone, rows.request.window.zone_name
    for row in rows.items.iter_rows(named=True):
        call = (row["dialer"], row["call"]) if row["call"] is not None else None
        link = (
            f"/attempt?{urlencode({'dialer': row['dialer'], 'external_id': row['call'], 'tz': tz})}" if call else None
        )
        disputed_at = _moment("dispute_at", row.get("dispute_at"), zone)
        evaluated_at = _moment("evaluated_at", row["evaluated_at"], zone)
        recording = recordings.get(call) if call else None
        yield EvaluatedCall(row, _score(row), evaluated_at, disputed_at, link, recording)


def _moment(column: str, value: Any, zone: ZoneInfo) -> str:
    return display_value(column, value, zone).removesuffix(":00")


def _score(row: Mapping[str, Any]) -> str:
    """The points given, of the most points."""
    if not row["possible"]:
        return formatting.NOTHING
    return f"{100 * row['earned'] / row['possible']:.0f} %"


async def _recordings(view: PageView, rows: Iterable[Mapping[str, Any]]) -> Mapping[tuple[str, str], str]:
    """The addresses of the recordings of these calls, by dialer and id; erased ones are gone."""
    calls = [(row["dialer"], row["call"]) for row in rows if row["dialer"] is not None and row["call"] is not None]
    account = view.context.access.account_id
    async with account_transaction(view.context.pool, account, readonly=True) as connection:
        known = await connection.fetch(
            _SQL["recordings"], account, [dialer for dialer, _ in calls], [call for _, call in calls]
        )
    return {(row["dialer"], row["external_id"]): row["uri"] for row in known if row["uri"]}


def _all_rows_link(view: PageView, rows: Rows, metric: str) -> str:
    as_of = rows.request.until.isoformat()
    return PageRequest("/look/rows", {"metric": [metric], **view.parameters, "as_of": [as_of]}).link()
