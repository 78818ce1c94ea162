"""Charts: what a report looks like drawn, one file a chart, the same on a page and in an image.

A chart asks its own question (which metrics, broken down by what); when, where and narrowed to what is said by whoever
looks. `draw` makes the Vega-Lite specification with Altair from the report; colours and fonts are the theme's
(reports/charting.py). `told` says in a sentence or two what there is to see, for whoever cannot see it.
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
    """A picture of a report.

    question: the parameters it always asks with, as those of /v1/reports. usual: what it asks unless told otherwise.
    """

    name: str
    title: str
    question: Mapping[str, Sequence[str]]
    draw: Callable[[Report], "Drawn"]
    told: Callable[[Report], str]
    usual: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    def asks(self, said: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
        """The whole question, with what somebody said."""
        return {**self.usual, **said, **self.question}


@cache
def charts() -> dict[str, Chart]:
    """Every chart by name. Altair is loaded with the first, not when the service starts."""
    modules = (import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return {module.CHART.name: module.CHART for module in modules}
