"""One number of a report as a few short pieces of text: the value, and below it all that says how far to trust it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from reports.measures.counts import Count
from reports.measures.durations import Survival
from reports.measures.metric import Metric
from reports.query.report import Report
from reports.render import formatting

_VERDICTS = {"better": "better", "worse": "worse", "cannot_tell": "cannot tell"}
_LEGEND = {
    "range_high": "range: from none to all of what is unknown counting.",
    "standardised": "same mix: what it would be if all had the same mix.",
    "rank": (
        "likely: what an agent's rate would probably become with more calls, judged by all agents; rank: their place by"
        " it, and between which places it may as well lie."
    ),
    "verdict": (
        "was: the period before; then the difference (of percentages, in points), and better or worse only where it is"
        " more than chance."
    ),
}


@dataclass(frozen=True)
class Cell:
    """A value, and what is below it: pieces of text, those together that belong together."""

    value: str
    below: list[list[str]]

    def lines(self, width: int) -> list[str]:
        """The value, then what is below it in lines of this width or, where one piece needs more, of more."""
        return [self.value, *(line for pieces in self.below for line in _packed(pieces, width))]


def cell(metric: Metric, row: Mapping[str, Any], report: Report, among: int | None = None) -> Cell:
    """One number as text; row: of a report's table. among: how many have a rank, where that is to be said too."""
    said = {part: row[metric.column(part)] for part in report.cell_columns[metric.name]}
    currency = report.request.currency
    below = (
        _chance(metric, said),
        _otherwise(metric, said, currency),
        _ranked(metric, said, currency, among),
        _compared(metric, said, currency),
    )
    return Cell(_value(metric, said, currency), [pieces for each in below if (pieces := list(each))])


def legend(report: Report) -> Iterator[str]:
    """What the pieces mean, of those that a report has."""
    if any(has_interval(metric) for metric in report.request.metrics):
        yield "Below each number: where it lies with 95 % confidence, and how many (n) it was taken from."
    parts = {part for metric in report.request.metrics for part in report.cell_columns[metric.name]}
    shown_here = {"rank": _any_rank(report), "range_high": _any_range(report)}
    yield from (words for part, words in _LEGEND.items() if part in parts and shown_here.get(part, True))
    if any(_not_reached(report, metric) for metric in report.request.displayed if isinstance(metric.measure, Survival)):
        yield f"{formatting.NOT_REACHED}: fewer than half had it happen so far."
    yield f"{formatting.NOTHING}: nothing to take it from."


def _not_reached(report: Report, metric: Metric) -> bool:
    """Whether any cell of a metric waits for its half."""
    waits = pl.col(metric.name).is_null() & (pl.col(metric.column("n")) > 0)
    return any(table.select(waits.any()).item() for table in (report.groups, report.total))


def _any_rank(report: Report) -> bool:
    """Whether there were agents enough to rank any."""
    ranks = [metric.column("rank") for metric in report.request.displayed if "rank" in report.cell_columns[metric.name]]
    return any(report.groups[rank].is_not_null().any() for rank in ranks)


def _any_range(report: Report) -> bool:
    """Whether anything is unknown of a number; what is unknown in a group is unknown in the total."""
    total = report.total.row(0, named=True)
    ranged = [metric for metric in report.request.metrics if "range_high" in report.cell_columns[metric.name]]
    return any(total[metric.column("range_low")] != total[metric.column("range_high")] for metric in ranged)


def _packed(pieces: Iterable[str], width: int) -> list[str]:
    """The pieces in lines, as many to a line as have room in a width; at least one."""
    lines = list[str]()
    for piece in pieces:
        if lines and len(lines[-1]) + 2 + len(piece) <= width:
            lines[-1] += f"  {piece}"
        else:
            lines.append(piece)
    return lines


def _value(metric: Metric, said: Mapping[str, Any], currency: str) -> str:
    if said["value"] is not None:
        return formatting.value(said["value"], metric, currency)
    return formatting.NOT_REACHED if isinstance(metric.measure, Survival) and said["n"] else formatting.NOTHING


def has_interval(metric: Metric) -> bool:
    """Whether chance had a hand in a number; how many calls there were, or hours, or costs, is simply known."""
    return not (isinstance(metric.measure, Count) or metric.exact)


def _chance(metric: Metric, said: Mapping[str, Any]) -> Iterator[str]:
    if not has_interval(metric):
        return
    if interval := formatting.interval(said["ci_low"], said["ci_high"], metric):
        yield interval
    if said["n"] is not None:
        yield f"n {said['n']:,}"


def _otherwise(metric: Metric, said: Mapping[str, Any], currency: str) -> Iterator[str]:
    if (low := said.get("range_low")) != (high := said.get("range_high")):
        yield f"range {formatting.interval(low, high, metric)}"
    if (same := said.get("standardised")) is not None:
        yield f"same mix {formatting.value(same, metric, currency)}"


def _ranked(metric: Metric, said: Mapping[str, Any], currency: str, among: int | None) -> Iterator[str]:
    if said.get("rank") is not None:
        yield f"likely {formatting.value(said['shrunk'], metric, currency)}"
        yield f"rank {rank(said, among)}"


def rank(said: Mapping[str, Any], among: int | None = None) -> str:
    """A place among all, and between which places it may as well lie; no place where it may be any."""
    low, high = said["rank_low"], said["rank_high"]
    if among is None:
        return f"{said['rank']} ({low}-{high})"
    if (low, high) == (1, among):
        return "cannot tell"
    return f"{said['rank']} of {among} ({low}-{high})"


def _compared(metric: Metric, said: Mapping[str, Any], currency: str) -> Iterator[str]:
    if said.get("previous") is None:
        return
    yield f"was {formatting.value(said['previous'], metric, currency)}"
    if said["difference"] is not None:
        yield f"{formatting.difference(said['difference'], metric)} {_VERDICTS[said['verdict']]}"
