"""Where leads wait too long for their first call, judged by how many are called within an hour.

A source stands out when its share lies below that of all leads together by more than chance: when the two intervals
do not touch. Slow and few is not enough.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from reports.query.report import Report
from reports.render import formatting

_SHARE, _MEDIAN, _OPEN, _ALL = "called_within_1_hour", "lead_response_time", "open_leads", "leads"
_MOST_NAMED = 5


@dataclass(frozen=True)
class Delay:
    """What to say of a report of lead response by source: in one sentence, and why."""

    answer: str
    why: tuple[str, ...]


def delay(report: Report) -> Delay:
    """Where leads wait too long, of a report of the metrics of the chart `lead-response`."""
    total = report.total.row(0, named=True)
    if total[_SHARE] is None:
        return Delay("Of these leads none could be waited for.", ())
    behind = _behind(report, total)
    if not behind:
        answer = "No source stands out: the differences between them may well be chance."
        return Delay(answer, (_everybody(report, total),))
    worst, *others = behind
    why = [_compared(report, worst, total), _everybody(report, total)]
    if others:
        why.insert(1, f"Behind all leads by more than chance, too: {_listed([_name(report, row) for row in others])}.")
    return Delay(f"Leads from {_name(report, worst)} wait too long for their first call.", tuple(why))


def _behind(report: Report, total: dict[str, Any]) -> list[dict[str, Any]]:
    """The sources whose share called within an hour is low by more than chance, the lowest first."""
    apart = pl.col(f"{_SHARE}_ci_high") < total[f"{_SHARE}_ci_low"]
    return report.groups.filter(apart).sort(_SHARE, "source").to_dicts()


def _compared(report: Report, row: dict[str, Any], total: dict[str, Any]) -> str:
    mine, everybody = (dict(_words(report, each)) for each in (row, total))
    return (
        f"{mine[_SHARE]} of them ({mine['between']}) are called within an hour, where of all leads it is"
        f" {everybody[_SHARE]} ({everybody['between']}): that is more than chance. Half of them {mine[_MEDIAN]};"
        f" {row[_OPEN]:,} of {row[_ALL]:,} still wait."
    )


def _everybody(report: Report, total: dict[str, Any]) -> str:
    words = dict(_words(report, total))
    return (
        f"Of all leads {words[_SHARE]} ({words['between']}) are called within an hour; half of them {words[_MEDIAN]},"
        f" and {total[_OPEN]:,} of {total[_ALL]:,} still wait."
    )


def _words(report: Report, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The share with its interval, and the median, as people read them."""
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


def _listed(names: list[str]) -> str:
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
