"""Sources with leads that wait too long for their first call, judged by the share called within an hour.

A source stands out if its share is below that of all leads by more than chance: the two intervals do not touch. A slow
source with few leads is not enough.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from reports.query.report import Report
from reports.render import formatting
from reports.render.lists import join_first

_SHARE, _MEDIAN, _OPEN, _ALL = "called_within_1_hour", "lead_response_time", "open_leads", "leads"
_MAX_NAMES = 5


@dataclass(frozen=True)
class ResponseVerdict:
    """The verdict on a report of lead response by source: one sentence, and its reasons."""

    headline: str
    reasons: tuple[str, ...]


def response_verdict(report: Report) -> ResponseVerdict:
    """The verdict on a report that has the metrics of the chart `lead-response`."""
    total = report.total.row(0, named=True)
    if total[_SHARE] is None:
        return ResponseVerdict("Of these leads none could be waited for.", ())
    slow_sources = _slow_sources(report, total)
    if not slow_sources:
        answer = "No source stands out: the differences between them may well be chance."
        return ResponseVerdict(answer, (_total_sentence(report, total),))
    worst, *others = slow_sources
    reasons = [_comparison_sentence(report, worst, total), _total_sentence(report, total)]
    if others:
        names = join_first([_name(report, row) for row in others], _MAX_NAMES)
        reasons.insert(1, f"Behind all leads by more than chance, too: {names}.")
    return ResponseVerdict(f"Leads from {_name(report, worst)} wait too long for their first call.", tuple(reasons))


def _slow_sources(report: Report, total: dict[str, Any]) -> list[dict[str, Any]]:
    """The sources with a low share called within an hour, by more than chance; the lowest first."""
    is_slow = pl.col(f"{_SHARE}_ci_high") < total[f"{_SHARE}_ci_low"]
    return report.groups.filter(is_slow).sort(_SHARE, "source").to_dicts()


def _comparison_sentence(report: Report, row: dict[str, Any], total: dict[str, Any]) -> str:
    source, overall = (dict(_phrases(report, line)) for line in (row, total))
    return (
        f"{source[_SHARE]} of them ({source['between']}) are called within an hour, where of all leads it is"
        f" {overall[_SHARE]} ({overall['between']}): that is more than chance. Half of them {source[_MEDIAN]};"
        f" {row[_OPEN]:,} of {row[_ALL]:,} still wait."
    )


def _total_sentence(report: Report, total: dict[str, Any]) -> str:
    phrases = dict(_phrases(report, total))
    return (
        f"Of all leads {phrases[_SHARE]} ({phrases['between']}) are called within an hour;"
        f" half of them {phrases[_MEDIAN]}, and {total[_OPEN]:,} of {total[_ALL]:,} still wait."
    )


def _phrases(report: Report, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The share, its interval and the median as phrases, by name."""
    metrics = {metric.name: metric for metric in report.request.metrics}
    share, median = metrics[_SHARE], metrics[_MEDIAN]
    yield _SHARE, formatting.value(row[_SHARE], share, report.request.currency)
    yield "between", f"{formatting.interval(row[share.column('ci_low')], row[share.column('ci_high')], share)} %"
    if row[_MEDIAN] is None:
        yield _MEDIAN, "have not been called so far"
    else:
        yield _MEDIAN, f"wait {formatting.value(row[_MEDIAN], median, report.request.currency)} or longer"


def _name(report: Report, row: dict[str, Any]) -> str:
    [dimension] = report.request.by
    return row[dimension.name] or dimension.missing
