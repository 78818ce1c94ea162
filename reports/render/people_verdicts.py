"""The verdicts on teams: who does not keep to the schedule, and whose occupancy lies outside its band.

Hours are known and not a sample, so these numbers have no interval. A sentence names a team only if it lies well apart.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from reports.measures.metric import Metric
from reports.model.language import percent, translate
from reports.model.lists import join_first
from reports.query.report import Report
from reports.render import formatting
from reports.render.group_verdicts import metric_of

ADHERENCE, CONFORMANCE, OCCUPANCY = "schedule_adherence", "schedule_conformance", "occupancy"
# Fewer points of adherence below all teams together are within normal variation.
_FEWEST_POINTS = 0.05
# With so much of the planned time, agents worked as long as planned.
_AS_LONG_AS_PLANNED = (0.95, 1.05)
_MAX_NAMED = 3


def schedule_sentences(report: Report) -> Iterator[str]:
    """The team of a report by team that keeps least to its schedule, and whether it works as long as planned."""
    metric, overall = metric_of(report, ADHERENCE), report.total[ADHERENCE][0]
    known = report.groups.filter(pl.col("team").is_not_null() & pl.col(ADHERENCE).is_not_null())
    if overall is None or known.is_empty():
        yield translate("No schedules in this period, so adherence is not known.")
        return
    lowest = known.sort(ADHERENCE, "team").row(0, named=True)
    of_all = formatting.value(overall, metric, "")
    if known.height == 1 or overall - lowest[ADHERENCE] < _FEWEST_POINTS:
        yield translate("Schedule adherence is {value}; no team is clearly below it.", value=of_all)
        return
    share = formatting.value(lowest[ADHERENCE], metric, "")
    yield translate(
        "{team} has the lowest schedule adherence: {value}, all teams {overall}.",
        team=lowest["team"],
        value=share,
        overall=of_all,
    )
    yield from _conformance_sentence(lowest, metric_of(report, CONFORMANCE))


def _conformance_sentence(row: Mapping[str, Any], metric: Metric) -> Iterator[str]:
    """What the time worked says about low adherence."""
    conformance, (low, high) = row[CONFORMANCE], _AS_LONG_AS_PLANNED
    if conformance is None:
        return
    share = formatting.value(conformance, metric, "")
    if low <= conformance <= high:
        yield translate("Its conformance is {value}: agents work as long as planned, but at other times.", value=share)
    elif conformance < low:
        yield translate("Its conformance is {value}: agents work less than planned.", value=share)
    else:
        yield translate("Its conformance is {value}: agents work longer than planned.", value=share)


def occupancy_sentences(report: Report, dimension: str) -> Iterator[str]:
    """The occupancy of all, its band, and the groups above and below the band."""
    metric, overall = metric_of(report, OCCUPANCY), report.total[OCCUPANCY][0]
    if metric.band is None or overall is None:
        yield translate("No agent states in this period, so occupancy is not known.")
        return
    low, high = metric.band
    yield translate(
        "Occupancy is {value}; the target range is {band}.",
        value=formatting.value(overall, metric, ""),
        band=band_text(metric),
    )
    known = report.groups.filter(pl.col(dimension).is_not_null() & pl.col(OCCUPANCY).is_not_null())
    above = known.filter(pl.col(OCCUPANCY) > high).sort(OCCUPANCY, dimension, descending=[True, False])
    below = known.filter(pl.col(OCCUPANCY) < low).sort(OCCUPANCY, dimension)
    if above.height:
        yield translate("Too little rest between calls: {names}.", names=_named(report, above, metric))
    if below.height:
        yield translate("Idle time: {names}.", names=_named(report, below, metric))
    if known.height and not above.height and not below.height:
        yield translate("All are within it.")


def band_text(metric: Metric) -> str:
    """The band of a share: 75-90%."""
    low, high = metric.band or (0.0, 1.0)
    return percent(f"{100 * low:g}-{100 * high:g}")


def _named(report: Report, rows: pl.DataFrame, metric: Metric) -> str:
    [dimension] = report.request.by
    phrases = [
        f"{report.name_of(dimension, row[dimension.name])}"
        f" {formatting.value(row[metric.name], metric, '', edges=metric.band or ())}"
        for row in rows.iter_rows(named=True)
    ]
    return join_first(phrases, _MAX_NAMED)
