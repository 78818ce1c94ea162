"""One number of a report as text: the value, and below it the interval, the sample size, the rank and the change."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from reports.measures.durations import Survival
from reports.measures.metric import Metric
from reports.model.language import digits, marked, translate
from reports.query.report import Report
from reports.query.small_cells import WITHHELD
from reports.render import formatting
from reports.render.change_text import change_text

# In place of a number about too few leads of a value.
WITHHELD_TEXT = marked("withheld")
# The word for each verdict.
VERDICT_WORDS = {
    "better": marked("better"),
    "worse": marked("worse"),
    "higher": marked("higher"),
    "lower": marked("lower"),
    "cannot_tell": marked("no clear difference"),
}
_STANDARDISED = ("standardised_low", "standardised_high")
_LEGEND = {
    "range_high": marked("range: the value if none, or all, of the calls with an unknown outcome counted."),
    "reason": marked("not enough data: too many calls have an unknown outcome; the value lies in the range shown."),
    "standardised": marked("mix-adjusted: the value if every group had the same mix of calls."),
    "rank": marked(
        "adjusted: the rate corrected for sample size, with its 95% range; rank: the agent's place by the adjusted"
        " rate, with the range of places it may have."
    ),
    "previous_matured": marked("today: the earlier period with today's data; the comparison does not use it."),
    "verdict": marked(
        "was: the earlier period at the same age, then the change (pts: percentage points). A change is better or"
        " worse, for volumes higher or lower, only where it is significant."
    ),
}


@dataclass(frozen=True)
class CellText:
    """A value and the details below it: pieces of text in groups that belong together."""

    value: str
    details: list[list[str]]

    def lines(self, width: int) -> list[str]:
        """The value, then the details in lines of this width; a longer piece has a line of its own."""
        return [self.value, *(line for pieces in self.details for line in _pack(pieces, width))]


def too_few(metric: Metric, row: Mapping[str, Any]) -> str:
    """The words in place of a number that is about too few leads, or has too few cases to be shown to people."""
    if row.get(metric.column(WITHHELD)):
        return translate(WITHHELD_TEXT)
    if metric.shown_from is None:
        return ""
    component, least = metric.shown_from
    cases = row[component.column("n")] or 0
    if cases >= least:
        return ""
    return translate("too few cases ({count}, shown from {least})", count=digits(cases), least=digits(least))


def cell_text(metric: Metric, row: Mapping[str, Any], report: Report, ranked_agents: int | None = None) -> CellText:
    """One number as text. row: a row of the report's table. ranked_agents: if given, a rank says out of how many."""
    if instead := too_few(metric, row):
        return CellText(instead, [])
    cell = {name: row[metric.column(name)] for name in report.cell_columns[metric.name]}
    currency = report.request.currency
    details = (
        _interval_pieces(metric, cell),
        _range_pieces(metric, cell, currency),
        _rank_pieces(metric, cell, currency, ranked_agents),
        _comparison_pieces(metric, cell, currency),
    )
    return CellText(_value(metric, cell, currency), [pieces for group in details if (pieces := list(group))])


def legend(report: Report) -> Iterator[str]:
    """The meaning of each piece that the report has."""
    if any(has_interval(metric) for metric in report.request.metrics):
        yield translate("Below each number: its 95% range (confidence interval) and the number of cases (n).")
    columns = {column for metric in report.request.metrics for column in report.cell_columns[metric.name]}
    has_values = {"rank": _has_ranks(report), "range_high": _has_ranges(report), "reason": _has_reasons(report)}
    shown = (words for column, words in _LEGEND.items() if column in columns and has_values.get(column, True))
    yield from map(translate, shown)
    yield from _signs(report)


def value_legend(report: Report) -> Iterator[str]:
    """The meaning of the words that stand in place of a value."""
    columns = {column for metric in report.request.metrics for column in report.cell_columns[metric.name]}
    if "reason" in columns and _has_reasons(report):
        yield translate(_LEGEND["reason"])
    yield from _signs(report)


def _signs(report: Report) -> Iterator[str]:
    if any(_not_reached(report, metric) for metric in report.request.displayed if isinstance(metric.measure, Survival)):
        yield translate("not reached: it has happened to fewer than half so far.")
    yield translate("-: no cases.")


def _not_reached(report: Report, metric: Metric) -> bool:
    """Whether any cell of a metric has not reached its median yet."""
    waits = pl.col(metric.name).is_null() & (pl.col(metric.column("n")) > 0)
    if "reason" in metric.columns:
        waits &= pl.col(metric.column("reason")).is_null()
    return any(table.select(waits.any()).item() for table in (report.groups, report.total))


def _has_ranks(report: Report) -> bool:
    """Whether there were enough agents to rank any."""
    ranks = [metric.column("rank") for metric in report.request.displayed if "rank" in report.cell_columns[metric.name]]
    return any(report.groups[rank].is_not_null().any() for rank in ranks)


def _has_ranges(report: Report) -> bool:
    """Whether any number has unknown values; a group with unknown values makes those of the total unknown too."""
    total = report.total.row(0, named=True)
    ranged = [metric for metric in report.request.metrics if "range_high" in report.cell_columns[metric.name]]
    return any(total[metric.column("range_low")] != total[metric.column("range_high")] for metric in ranged)


def _has_reasons(report: Report) -> bool:
    """Whether too much is unknown for any number."""
    reasons = [metric.column("reason") for metric in report.request.displayed if "reason" in metric.columns]
    return any(table[reason].is_not_null().any() for reason in reasons for table in (report.groups, report.total))


def _pack(pieces: Iterable[str], width: int) -> list[str]:
    """The pieces in lines: as many in each line as its width has room for, at least one."""
    lines = list[str]()
    for piece in pieces:
        if lines and len(lines[-1]) + 2 + len(piece) <= width:
            lines[-1] += f"  {piece}"
        else:
            lines.append(piece)
    return lines


def _value(metric: Metric, cell: Mapping[str, Any], currency: str) -> str:
    if cell["value"] is not None:
        return formatting.value(cell["value"], metric, currency, _doubt(metric, cell))
    if cell.get("reason") is not None:
        return formatting.cannot_tell(cell["range_low"], cell["range_high"], metric)
    waits = isinstance(metric.measure, Survival) and cell["n"]
    return translate(formatting.NOT_REACHED) if waits else formatting.NOTHING


def _doubt(metric: Metric, cell: Mapping[str, Any], low: str = "ci_low", high: str = "ci_high") -> float | None:
    """Half the width of a cell's interval; None for an exact number."""
    return formatting.half_width(cell[low], cell[high]) if has_interval(metric) else None


def has_interval(metric: Metric) -> bool:
    """Whether a number has an interval; a count of calls, hours or costs is exact."""
    return not (metric.is_count or metric.exact)


def _interval_pieces(metric: Metric, cell: Mapping[str, Any]) -> Iterator[str]:
    if not has_interval(metric):
        return
    interval = formatting.interval(cell["ci_low"], cell["ci_high"], metric)
    if interval and cell.get("reason") is None:
        yield interval
    if cell["n"] is not None:
        yield translate("n {count}", count=digits(cell["n"]))


def _range_pieces(metric: Metric, cell: Mapping[str, Any], currency: str) -> Iterator[str]:
    if cell.get("reason") is None and (ends := possible_ends(metric, cell)):
        yield translate("range {ends}", ends=ends)
    if (same := cell.get("standardised")) is not None:
        value = formatting.value(same, metric, currency, _doubt(metric, cell, *_STANDARDISED))
        yield translate("mix-adjusted {value}", value=value)


def possible_ends(metric: Metric, cell: Mapping[str, Any]) -> str:
    """The least and the most that a number may be if calls are unknown; empty if they read the same as the number."""
    low, high = cell.get("range_low"), cell.get("range_high")
    if low is None or high is None:
        return ""
    return formatting.possible_range(low, high, metric, _doubt(metric, cell))


def _rank_pieces(metric: Metric, cell: Mapping[str, Any], currency: str, ranked_agents: int | None) -> Iterator[str]:
    if cell.get("rank") is not None:
        value = formatting.value(cell["shrunk"], metric, currency, _doubt(metric, cell, "shrunk_low", "shrunk_high"))
        ends = formatting.interval(cell["shrunk_low"], cell["shrunk_high"], metric)
        yield translate("adjusted {value} ({ends})", value=value, ends=ends)
        yield translate("rank {rank}", rank=rank(cell, ranked_agents))


def rank(cell: Mapping[str, Any], ranked_agents: int | None = None) -> str:
    """A rank and the range it may lie in: 3 of 13 (1-7); "not clear" if it may be any rank."""
    low, high = cell["rank_low"], cell["rank_high"]
    if ranked_agents is None:
        return f"{cell['rank']} ({low}-{high})"
    if (low, high) == (1, ranked_agents):
        return translate("not clear")
    return translate("{rank} of {total} ({low}-{high})", rank=cell["rank"], total=ranked_agents, low=low, high=high)


def _comparison_pieces(metric: Metric, cell: Mapping[str, Any], currency: str) -> Iterator[str]:
    if cell.get("previous") is None:
        return
    change = change_text(metric, cell, currency)
    yield translate("was {value}", value=change.previous)
    if change.matured:
        yield translate("today {value}", value=change.matured)
    if change.difference:
        yield f"{change.signed} {translate(VERDICT_WORDS[cell['verdict']])}"
