"""Drawing charts: the Vega specification for a page, and the same chart as SVG or PNG."""

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Literal, cast

import altair as alt
import vl_convert

from reports.charts import Chart
from reports.model.language import marked, translate
from reports.model.local_dates import chart_locale, full_words
from reports.query.report import Report
from reports.render.provenance import constants

if TYPE_CHECKING:
    from reports.charts import Drawn

Theme = Literal["light", "dark"]
ImageFormat = Literal["svg", "png"]

_WIDTH = 720
_SCALE = 2.0
_UNDRAWABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029]")
# Fields with words of our own; all others hold codes and numbers.
_WORD_FIELDS = {"what", "side", "length", "step"}
# What tooltips call the fields that have no title of their own.
_FIELD_WORDS = {
    "agent": marked("agent"),
    "at_risk": marked("still waiting just before"),
    "calls": marked("calls"),
    "campaign": marked("campaign"),
    "count": marked("calls"),
    "disposition": marked("disposition"),
    "group": marked("group"),
    "high": marked("at most (95%)"),
    "hour": marked("hour"),
    "length": marked("length"),
    "low": marked("at least (95%)"),
    "model": marked("model"),
    "n": marked("n"),
    "queue": marked("queue"),
    "rate": marked("rate"),
    "return": marked("return"),
    "score": marked("score"),
    "seconds": marked("seconds"),
    "share": marked("share"),
    "source": marked("source"),
    "step": marked("step"),
    "talks": marked("talks"),
    "what": marked("what"),
    "within": marked("within"),
    "amount": marked("amount"),
}
# The characters in a line of a chart that is only a sentence.
_LINE = 90
# The characters in a line of the title of an axis.
_TITLE = 40


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
            "labelLimit": 240,
            "titleLimit": 0,
        },
        # Labels that would touch each other are left out.
        "axisX": {"labelOverlap": "greedy", "labelSeparation": 6},
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
    return page_specification(chart.draw(report))


def page_specification(drawn: "Drawn") -> dict[str, Any]:
    """A drawn chart for a page: as wide as its place; the page sets the colours."""
    return _drawable(_in_lines(_localised(drawn.properties(width="container").to_dict())))


def picture(chart: Chart, report: Report, form: ImageFormat, name: Theme) -> bytes:
    """The chart as an image, with its title, window, zone and as-of time."""
    drawn = chart.draw(report)
    if not chart.has_data(report) or not any(drawn.to_dict().get("datasets", {}).values()):
        # An image without marks has no size, and no program could open it.
        drawn = _sentence(chart.summarise(report))
    if isinstance(drawn, alt.Chart | alt.LayerChart):
        drawn = drawn.properties(width=_WIDTH)
    values = constants(report)
    below = translate(
        "{start} to {end} {zone}, as of {moment} UTC",
        start=full_words(report.request.window.local(report.request.window.start)),
        end=full_words(report.request.window.local(report.request.window.end)),
        zone=values["zone"],
        moment=full_words(report.as_of.astimezone(UTC), seconds=True),
    )
    titled = drawn.properties(title=alt.TitleParams(translate(chart.title), subtitle=[below]))
    spec = _in_lines(_localised(titled.to_dict()))
    config = {**spec.get("config", {}), **theme(name), "background": PALETTES[name].paper, "padding": 12}
    return _FORMS[form](_drawable(spec | {"config": config}))


def _localised(specification: dict[str, Any]) -> dict[str, Any]:
    """A specification with the words of its series, its numbers and its dates in the reader's language."""
    locale = chart_locale()
    if not locale:
        return specification
    worded = cast("dict[str, Any]", _worded(specification))
    return worded | {"config": {**worded.get("config", {}), "locale": locale}}


def _worded(part: Any) -> Any:
    """A part of a specification, with its series and the fields of its tooltips in words."""
    match part:
        case list():
            return [_worded(item) for item in cast("list[Any]", part)]
        case {"field": str(field), **others} if field in _WORD_FIELDS:
            ordered = {name: _words(values) for name, values in others.items() if name in {"sort", "scale"}}
            return {**others, "field": field, **_titled(field, others), **ordered}
        case {"field": str(field), **others}:
            return {
                **{name: _worded(value) for name, value in others.items()},
                "field": field,
                **_titled(field, others),
            }
        case dict():
            items = cast("dict[str, Any]", part).items()
            return {key: _words(value) if key in _WORD_FIELDS else _worded(value) for key, value in items}
        case _:
            return part


def _titled(field: str, channel: Mapping[str, Any]) -> dict[str, str]:
    """The title of a channel that has none."""
    return {"title": translate(_FIELD_WORDS[field])} if "title" not in channel and field in _FIELD_WORDS else {}


def _words(value: Any) -> Any:
    """Words of a series, or lists and scales of them, in the reader's language."""
    match value:
        case str():
            return translate(value)
        case list():
            return [_words(item) for item in cast("list[Any]", value)]
        case {"domain": list(), **others}:
            return {**others, "domain": _words(value["domain"])}
        case _:
            return value


def _in_lines(value: Any) -> Any:
    """A specification, or a part of it, with the titles of its axes in lines that fit on a phone."""
    match value:
        case list():
            return [_in_lines(item) for item in cast("list[Any]", value)]
        case {"datasets": _} | {"layer": _} | {"encoding": _}:
            parts = {key: _in_lines(item) for key, item in value.items() if key not in ("datasets", "encoding")}
            channels = {name: _title_in_lines(name, channel) for name, channel in value.get("encoding", {}).items()}
            return value | parts | ({"encoding": channels} if channels else {})
        case _:
            return value


def _title_in_lines(name: str, channel: Any) -> Any:
    if name not in ("x", "y") or not isinstance(channel, dict):
        return channel
    axis = cast("dict[str, Any]", channel)
    wrapped = {"title": textwrap.wrap(axis["title"], _TITLE)} if len(axis.get("title") or "") > _TITLE else {}
    inner = axis.get("axis")
    return axis | wrapped | ({"axis": _title_in_lines(name, inner)} if isinstance(inner, dict) else {})


def _drawable(value: Any) -> Any:
    """A specification, or a part of it, without characters that an SVG or an expression of Vega cannot contain.

    Such a character in an image would end the process; in an expression it would be a syntax error.
    """
    match value:
        case str():
            return _UNDRAWABLE.sub("\ufffd", value)
        case list():
            return [_drawable(item) for item in cast("list[Any]", value)]
        case dict():
            return {key: _drawable(item) for key, item in cast("dict[str, Any]", value).items()}
        case _:
            return value


def _sentence(text: str) -> alt.Chart:
    """A chart with nothing in it, as its sentence."""
    lines = textwrap.wrap(text, _LINE)
    words = alt.Chart(alt.Data(values=[{}])).mark_text(align="left", fontSize=14, text=lines, lineHeight=20)
    return words.encode(x=alt.value(0), y=alt.value(20)).properties(height=40 + 20 * len(lines))


_FORMS: dict[ImageFormat, Callable[[dict[str, Any]], bytes]] = {
    "svg": lambda spec: vl_convert.vegalite_to_svg(spec).encode(),
    "png": lambda spec: vl_convert.vegalite_to_png(spec, scale=_SCALE),
}
