"""Charts of reports: one file for each chart, drawn the same on a page and in an image.

A chart has report parameters of its own: metrics and breakdown. The page adds the window, the zone and the filters.
`draw` makes the Vega-Lite specification with Altair; colours and fonts come from the theme (reports/charting.py).
`summarise` says in a sentence or two what the chart shows, also for people who cannot see it.
"""

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from reports.query.report import Report

if TYPE_CHECKING:
    import altair as alt

    Drawn: TypeAlias = alt.Chart | alt.LayerChart | alt.FacetChart | alt.HConcatChart | alt.VConcatChart


@dataclass(frozen=True, eq=False, kw_only=True)
class Chart:
    """One kind of chart.

    parameters: those of /v1/reports that it always sends. defaults: those it sends unless the page sets others.
    has_data: whether a report has anything to draw; without, its sentence stands alone.
    """

    name: str
    title: str
    parameters: Mapping[str, Sequence[str]]
    draw: Callable[[Report], "Drawn"]
    summarise: Callable[[Report], str]
    defaults: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    has_data: Callable[[Report], bool] = lambda report: any(report.counted.values())

    def report_parameters(self, page_parameters: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
        """All parameters of the chart's report, with those of the page."""
        return {**self.defaults, **page_parameters, **self.parameters}


@cache
def charts() -> dict[str, Chart]:
    """Every chart by name. The first use loads Altair, not the start of the service."""
    modules = (import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return {module.CHART.name: module.CHART for module in modules}
