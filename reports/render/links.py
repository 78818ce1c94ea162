"""Drill-through links: the query that asks for the rows of one cell of a report."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from reports.measures.cell_schema import CellSide
from reports.measures.metric import Metric
from reports.measures.ratios import Share
from reports.query.drill_through import CELL_SIDES, drill_through_target
from reports.query.parameters import InvalidRequest
from reports.query.report import Report

Group = Mapping[str, str | None]


class Links:
    """The links of many cells of one report, with groups of the same dimensions.

    The prefix that all groups share is written once: a report may have a hundred thousand groups.
    """

    def __init__(self, report: Report, by: Iterable[str]) -> None:
        self._report = report
        self._by = tuple(by)
        self._prefixes: dict[tuple[str, CellSide], tuple[str, str] | None] = {
            (metric.name, part): self._prefix(metric, part) for metric in report.request.metrics for part in CELL_SIDES
        }

    def of(self, group: Group) -> dict[tuple[str, CellSide], str | None]:
        """The links of one group's cells, by metric and side; None if the side is made of several metrics."""
        pieces = {name: urlencode({name: group[name] or ""}) for name in self._by}
        whole = "".join(f"&{piece}" for piece in pieces.values())
        links: dict[tuple[str, CellSide], str | None] = {}
        for (name, side), prefix in self._prefixes.items():
            suffix = _without(pieces, prefix[1]) if prefix and prefix[1] in pieces else whole
            links[name, side] = prefix and f"{prefix[0]}{suffix}"
        return links

    def _prefix(self, metric: Metric, part: CellSide) -> tuple[str, str] | None:
        """The start of every group's link, and the dimension over which a share counts its denominator as one."""
        try:
            component, _ = drill_through_target(metric, part)
        except InvalidRequest:
            return None
        among = component.measure.among if isinstance(component.measure, Share) and part == "denominator" else ""
        return urlencode([*self._parameters(metric, component, part).items(), *self._filters()]), among

    def _parameters(self, metric: Metric, component: Metric, part: CellSide) -> dict[str, str]:
        request = self._report.request
        return {
            "metric": metric.name.removesuffix(f"_{metric.model}") if metric.model else metric.name,
            "part": part,
            "from": request.window.local(request.window.start).isoformat(),
            "to": request.window.local(request.window.end).isoformat(),
            "tz": request.window.zone_name,
            "as_of": self._report.as_of.isoformat(),
            **({"goal": request.goal} if request.goal != "sale" else {}),
            **({"model": metric.model} if metric.model else {}),
            **({"currency": request.currency} if component.unit.startswith("money") else {}),
        }

    def _filters(self) -> list[tuple[str, str]]:
        """The filters of the report, without those on a dimension of the groups."""
        filters = self._report.request.filters.items()
        return [(name, value) for name, values in filters if name not in self._by for value in values]


def _without(pieces: Mapping[str, str], dimension: str) -> str:
    return "".join(f"&{piece}" for name, piece in pieces.items() if name != dimension)
