"""Sources with leads that wait too long for their first call, judged by one number: the share called within an hour.

A source stands out if its share is significantly below that of all leads: the two intervals do not touch. A slow
source with few leads is not enough. The chart of lead response ranks its sources by the same share.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import polars as pl

from reports.measures.metric import Metric
from reports.model.language import digits, translate
from reports.model.lists import join_first
from reports.query.report import Report
from reports.render import formatting

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
        return ResponseVerdict(translate("No lead in this period can be measured yet."), ())
    slow_sources = _slow_sources(report, total)
    if not slow_sources:
        answer = translate("No source is clearly slower than average.")
        return ResponseVerdict(answer, (_total_sentence(report, total),))
    worst, *others = slow_sources
    reasons = [_comparison_sentence(report, worst, total), _total_sentence(report, total)]
    if others:
        names = join_first([_name(report, row) for row in others], _MAX_NAMES)
        reasons.insert(1, translate("Also clearly slower than average: {names}.", names=names))
    headline = translate("Leads from {name} wait too long for their first call.", name=_name(report, worst))
    return ResponseVerdict(headline, tuple(reasons))


def _slow_sources(report: Report, total: dict[str, Any]) -> list[dict[str, Any]]:
    """The sources with a significantly low share called within an hour; the lowest first."""
    is_slow = pl.col(f"{SHARE}_ci_high") < total[f"{SHARE}_ci_low"]
    return report.groups.filter(is_slow).sort(SHARE, "source").to_dicts()


def _comparison_sentence(report: Report, row: dict[str, Any], total: dict[str, Any]) -> str:
    """The share of a source against that of all leads; no other number, which might point the other way."""
    share, of_all = share_phrases(report, row, total)
    return translate(
        "{share} are called within an hour, against {overall} of all leads (significant). {waiting} of {leads} still"
        " wait.",
        share=share,
        overall=of_all,
        waiting=digits(row[_OPEN]),
        leads=digits(row[_ALL]),
    )


def _total_sentence(report: Report, total: dict[str, Any]) -> str:
    """All leads: the share called within an hour, the median wait, and how many still wait."""
    median = _metric(report, _MEDIAN)
    waited, doubt = total[_MEDIAN], formatting.half_width(*(total[f"{_MEDIAN}_ci_{end}"] for end in ("low", "high")))
    shown = {
        "share": share_phrases(report, total, total)[0],
        "waiting": digits(total[_OPEN]),
        "leads": digits(total[_ALL]),
    }
    if waited is None:
        return translate(
            "All leads: {share} called within an hour, fewer than half called so far, {waiting} of {leads} still"
            " waiting.",
            **shown,
        )
    wait = formatting.value(waited, median, report.request.currency, doubt)
    return translate(
        "All leads: {share} called within an hour, median wait {wait}, {waiting} of {leads} still waiting.",
        wait=wait,
        **shown,
    )


def share_phrases(report: Report, first: Row, second: Row) -> tuple[str, str]:
    """The shares called within an hour with their intervals, different where they differ: 12% (8-17%)."""
    metric = _metric(report, SHARE)
    ends = [(row[f"{SHARE}_ci_low"], row[f"{SHARE}_ci_high"]) for row in (first, second)]
    doubts = formatting.half_width(*ends[0]), formatting.half_width(*ends[1])
    shown = formatting.apart((first[SHARE], second[SHARE]), metric, report.request.currency, doubts)
    edges = _between(*ends)
    phrases = [
        f"{share} ({formatting.interval(*pair, metric, edges)})" for share, pair in zip(shown, ends, strict=True)
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
    return row[dimension.name] or dimension.missing_label
