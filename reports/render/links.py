"""Where the rows behind a cell are: the question that asks for them, as the parameters of an address."""

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
    """The links of many cells of one report, whose groups are of the same dimensions.

    What is the same for every group is written once: a report may have a hundred thousand of them.
    """

    def __init__(self, report: Report, by: Iterable[str]) -> None:
        self._report = report
        self._by = tuple(by)
        self._heads: dict[tuple[str, CellSide], tuple[str, str] | None] = {
            (metric.name, part): self._head(metric, part) for metric in report.request.metrics for part in CELL_SIDES
        }

    def of(self, group: Group) -> dict[tuple[str, CellSide], str | None]:
        """The links of one group's cells, by metric and part; null where more than one metric stands there."""
        pieces = {name: urlencode({name: group[name] or ""}) for name in self._by}
        whole = "".join(f"&{piece}" for piece in pieces.values())
        links: dict[tuple[str, CellSide], str | None] = {}
        for (name, part), head in self._heads.items():
            tail = _without(pieces, head[1]) if head and head[1] in pieces else whole
            links[name, part] = head and f"{head[0]}{tail}"
        return links

    def _head(self, metric: Metric, part: CellSide) -> tuple[str, str] | None:
        """What all groups' links begin with, and the dimension over which the part is counted together."""
        try:
            one, _ = drill_through_target(metric, part)
        except InvalidRequest:
            return None
        among = one.measure.among if isinstance(one.measure, Share) and part == "denominator" else ""
        return urlencode([*self._said(metric, one, part).items(), *self._filters()]), among

    def _said(self, metric: Metric, one: Metric, part: CellSide) -> dict[str, str]:
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
            **({"currency": request.currency} if one.unit.startswith("money") else {}),
        }

    def _filters(self) -> list[tuple[str, str]]:
        """What the report is narrowed to, but for what the group says itself."""
        filters = self._report.request.filters.items()
        return [(name, value) for name, values in filters if name not in self._by for value in values]


def _without(pieces: Mapping[str, str], dimension: str) -> str:
    return "".join(f"&{piece}" for name, piece in pieces.items() if name != dimension)
