"""The trend of a number over its period as a small line, with the compared period as a dashed line behind it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from reports.catalogue.catalogue import catalogue
from reports.measures.metric import Metric
from reports.model.windows import Window, clock, whole_days
from reports.query.report import Report

WIDTH, HEIGHT = 100, 32
_MARGIN = 3
# Up to so many days the line has a point an hour, then a day, then a week.
_HOURLY_DAYS, _DAILY_DAYS = 2, 100


@dataclass(frozen=True)
class Trend:
    """The lines of one number as the points of SVG polylines; a gap where a day has no number.

    points: as dots, where a number has no neighbours. step: hour, day or week.
    """

    now: list[str]
    before: list[str]
    points: list[tuple[float, float]]
    step: str


def trend_step(window: Window) -> str:
    """The dimension over which the trend of a period is drawn."""
    days = whole_days(window)
    return "hour" if days <= _HOURLY_DAYS else "day" if days <= _DAILY_DAYS else "week"


def trend_metrics(names: Iterable[str], step: str) -> list[str]:
    """The metrics that have a number for each hour, day or week."""
    return [name for name in names if step in catalogue()[name].metric.dimensions]


def trends_of(report: Report) -> dict[str, Trend]:
    """The trends of a report by hour, day or week, by metric; without those that have fewer than two numbers."""
    [step] = [dimension.name for dimension in report.request.by]
    rows = report.groups.iter_rows(named=True)
    places = {row[step]: row for row in rows if row[step] is not None}
    last = max(_place(step, report.request.window.end - timedelta(microseconds=1), report.request.window), 1)
    positioned = sorted((_place(step, key, report.request.window) / last, row) for key, row in places.items())
    drawn = {metric.name: _trend(metric, step, positioned) for metric in report.request.displayed}
    return {name: trend for name, trend in drawn.items() if trend}


def _place(step: str, key: date, window: Window) -> int:
    """How many hours, days or weeks a group lies after the start of the window."""
    start = clock(window.start, window.zone)
    at = clock(key, window.zone) if isinstance(key, datetime) else datetime.combine(key, start.time())
    match step:
        case "hour":
            return round((at - start) / timedelta(hours=1))
        case "day":
            return (at.date() - start.date()).days
        case _:
            monday = start.date() - timedelta(days=start.weekday())
            return (at.date() - monday).days // 7


def _trend(metric: Metric, step: str, positioned: Sequence[tuple[float, Mapping[str, Any]]]) -> Trend | None:
    now = [(place, row[metric.column("value")]) for place, row in positioned]
    before = [(place, row.get(metric.column("previous"))) for place, row in positioned]
    known = [value for _, value in (*now, *before) if value is not None]
    if sum(value is not None for _, value in now) < 2:
        return None
    low, span = min(known), max(known) - min(known)

    def point(place: float, value: float) -> tuple[float, float]:
        height = (value - low) / span if span else 0.5
        x = _MARGIN + place * (WIDTH - 2 * _MARGIN)
        return round(x, 1), round(HEIGHT - _MARGIN - height * (HEIGHT - 2 * _MARGIN), 1)

    runs = [[point(*number) for number in run] for run in _runs(now)]
    ghost = [[point(*number) for number in run] for run in _runs(before)]
    return Trend(
        now=[_polyline(run) for run in runs if len(run) > 1],
        before=[_polyline(run) for run in ghost if len(run) > 1],
        points=[run[0] for run in runs if len(run) == 1],
        step=step,
    )


def _runs(series: Iterable[tuple[float, float | None]]) -> Iterator[list[tuple[float, float]]]:
    """The stretches of a series without a gap."""
    run = list[tuple[float, float]]()
    for place, value in series:
        if value is not None:
            run.append((place, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _polyline(run: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in run)
