"""Drawing charts: the Vega specification for a page, and the same chart as SVG or PNG."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, cast

import altair as alt
import vl_convert

from reports.charts import Chart
from reports.query.report import Report
from reports.render.provenance import constants

Theme = Literal["light", "dark"]
ImageFormat = Literal["svg", "png"]

_WIDTH = 720
_LINE_SEPARATORS = str.maketrans("\u2028\u2029", "  ")
_SCALE = 2.0


@dataclass(frozen=True)
class Palette:
    """The colours of a theme. Contrast with the paper: at least 3 to 1, for text 4.5 to 1."""

    ink: str
    dim: str
    line: str
    paper: str
    good: str
    bad: str
    series: tuple[str, ...]
    ramp: tuple[str, ...]


# The series are the colour-blind safe ones of Okabe and Ito, adjusted until they stand out from the paper.
PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        ink="#1a1a1a",
        dim="#595959",
        line="#d0d0d0",
        paper="#ffffff",
        good="#146c2e",
        bad="#b3261e",
        series=("#0072b2", "#b34700", "#007a5a", "#9a3d78", "#806600", "#3a6f9f", "#595959"),
        ramp=("#dceaf7", "#0b4a80"),
    ),
    "dark": Palette(
        ink="#ececec",
        dim="#b0b0b0",
        line="#444444",
        paper="#141414",
        good="#7fd39a",
        bad="#f2b8b5",
        series=("#56b4e9", "#f0a05a", "#3fc79a", "#e39ac4", "#e6d24a", "#9cc4ea", "#b0b0b0"),
        ramp=("#1f3347", "#a9d4ff"),
    ),
}


def theme(name: Theme) -> dict[str, Any]:
    """The colours and fonts of every chart, as Vega-Lite's `config`."""
    palette = PALETTES[name]
    return {
        "background": "transparent",
        "font": "system-ui, 'DejaVu Sans', sans-serif",
        "view": {"stroke": None},
        "axis": {
            "labelColor": palette.ink,
            "titleColor": palette.ink,
            "gridColor": palette.line,
            "domainColor": palette.dim,
            "tickColor": palette.dim,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
        },
        "legend": {"labelColor": palette.ink, "titleColor": palette.ink, "labelFontSize": 12, "labelLimit": 240},
        "header": {"labelColor": palette.ink, "titleColor": palette.ink},
        "title": {"color": palette.ink, "subtitleColor": palette.dim, "anchor": "start", "fontSize": 15},
        "text": {"color": palette.ink},
        "rule": {"color": palette.dim},
        "mark": {"color": palette.series[0]},
        "range": {"category": list(palette.series), "heatmap": list(palette.ramp), "ramp": list(palette.ramp)},
    }


def specification(chart: Chart, report: Report) -> dict[str, Any]:
    """The specification for a page: as wide as its place; the page sets the colours."""
    return _readable(chart.draw(report).properties(width="container").to_dict())


def picture(chart: Chart, report: Report, form: ImageFormat, name: Theme) -> bytes:
    """The chart as an image, with its title, window, zone and as-of time."""
    drawn = chart.draw(report)
    if isinstance(drawn, alt.Chart | alt.LayerChart):
        drawn = drawn.properties(width=_WIDTH)
    values = constants(report)
    window = f"{values['from']:%Y-%m-%d %H:%M} to {values['to']:%Y-%m-%d %H:%M} {values['zone']}"
    below = f"{window}, as of {values['as_of']:%Y-%m-%d %H:%M:%S} UTC"
    titled = drawn.properties(title=alt.TitleParams(chart.title, subtitle=[below]))
    config = theme(name) | {"background": PALETTES[name].paper, "padding": 12}
    return _FORMS[form](_readable(titled.to_dict()) | {"config": config})


def _readable(part: Any) -> Any:
    """A specification that Vega can read: it compiles names into expressions, where a line separator ends a text."""
    match part:
        case str():
            return part.translate(_LINE_SEPARATORS)
        case dict():
            return {_readable(name): _readable(value) for name, value in cast("dict[str, Any]", part).items()}
        case list():
            return [_readable(value) for value in cast("list[Any]", part)]
        case _:
            return part


_FORMS: dict[ImageFormat, Callable[[dict[str, Any]], bytes]] = {
    "svg": lambda spec: vl_convert.vegalite_to_svg(spec).encode(),
    "png": lambda spec: vl_convert.vegalite_to_png(spec, scale=_SCALE),
}
