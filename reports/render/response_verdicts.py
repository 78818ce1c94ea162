"""Sources with leads that wait too long for their first call, judged by one number: the share called within an hour.

A source stands out if its share is below that of all leads by more than chance: the two intervals do not touch. A slow
source with few leads is not enough. The chart of lead response ranks its sources by the same share.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import polars as pl

from reports.measures.metric import Metric
from reports.query.report import Report
from reports.render import formatting
from reports.render.lists import join_first

SHARE = "called_within_1_hour"
_MEDIAN, _OPEN, _ALL = "lead_response_time", "open_leads", "leads"
_MAX_NAMES = 5

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class ResponseVerdict:
    """The verdict on a report of lead response by source: one sentence, and its reasons."""

    headline: str
    reasons: tuple[str, ...]


def response_verdict(report: Report) -> ResponseVerdict:
    """The verdict on a report that has the metrics of the chart `lead-response`."""
    total = report.total.row(0, named=True)
    if total[SHARE] is None:
        return ResponseVerdict("Of these leads none could be waited for.", ())
    slow_sources = _slow_sources(report, total)
    if not slow_sources:
        answer = "No source stands out: none is behind all leads together by more than chance."
        return ResponseVerdict(answer, (_total_sentence(report, total),))
    worst, *others = slow_sources
    reasons = [_comparison_sentence(report, worst, total), _total_sentence(report, total)]
    if others:
        names = join_first([_name(report, row) for row in others], _MAX_NAMES)
        reasons.insert(1, f"Behind all leads by more than chance, too: {names}.")
    return ResponseVerdict(f"Leads from {_name(report, worst)} wait too long for their first call.", tuple(reasons))


def _slow_sources(report: Report, total: dict[str, Any]) -> list[dict[str, Any]]:
    """The sources with a low share called within an hour, by more than chance; the lowest first."""
    is_slow = pl.col(f"{SHARE}_ci_high") < total[f"{SHARE}_ci_low"]
    return report.groups.filter(is_slow).sort(SHARE, "source").to_dicts()


def _comparison_sentence(report: Report, row: dict[str, Any], total: dict[str, Any]) -> str:
    """The share of a source against that of all leads; no other number, which might point the other way."""
    share, of_all = share_phrases(report, row, total)
    return (
        f"{share} of them are called within an hour, where of all leads it is {of_all}: that is more than chance."
        f" {row[_OPEN]:,} of {row[_ALL]:,} still wait."
    )


def _total_sentence(report: Report, total: dict[str, Any]) -> str:
    median = _metric(report, _MEDIAN)
    waited, doubt = total[_MEDIAN], formatting.half_width(*(total[f"{_MEDIAN}_ci_{end}"] for end in ("low", "high")))
    half = (
        "have not been called so far"
        if waited is None
        else f"wait {formatting.value(waited, median, report.request.currency, doubt)} or longer"
    )
    return (
        f"Of all leads {share_phrases(report, total, total)[0]} are called within an hour; half of them {half}, and"
        f" {total[_OPEN]:,} of {total[_ALL]:,} still wait."
    )


def share_phrases(report: Report, first: Row, second: Row) -> tuple[str, str]:
    """The shares called within an hour with their intervals, different where they differ: 12 % (8-17 %)."""
    metric = _metric(report, SHARE)
    ends = [(row[f"{SHARE}_ci_low"], row[f"{SHARE}_ci_high"]) for row in (first, second)]
    doubts = formatting.half_width(*ends[0]), formatting.half_width(*ends[1])
    shown = formatting.apart((first[SHARE], second[SHARE]), metric, report.request.currency, doubts)
    edges = _between(*ends)
    phrases = [
        f"{share} ({formatting.interval(*pair, metric, edges)} %)" for share, pair in zip(shown, ends, strict=True)
    ]
    return phrases[0], phrases[1]


def _between(*ends: tuple[float, float]) -> list[float]:
    """The middle between two intervals that do not touch, so that they do not touch as people read them either."""
    (_, high), (low, _) = sorted(ends)
    return [(high + low) / 2] if high < low else []


def _metric(report: Report, name: str) -> Metric:
    return next(metric for metric in report.request.metrics if metric.name == name)


def _name(report: Report, row: dict[str, Any]) -> str:
    [dimension] = report.request.by
    return row[dimension.name] or dimension.missing
