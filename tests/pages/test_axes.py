"""Every chart on a phone: labels of an axis do not touch each other, none is cut, and days are written as days."""

import re
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import vl_convert

from reports.charting import specification, theme
from reports.charts import charts
from reports.query.run import run_report
from reports.store.copies import Copies
from reports.store.ledger import Ledger
from tests.conftest import Owner
from tests.metrics.floor import FIRST, LAST, Floor

# The place of a chart on a page that is 390 pixels wide.
WIDTH = 318
# A letter of 12 pixels is seldom narrower.
LETTER = 5.0


async def drawings(owner: Owner, account: int) -> dict[str, Element]:
    """Every chart of a floor as a picture, as narrow as on a phone."""
    window = {"from": [FIRST.isoformat()], "to": [LAST.isoformat()]}
    drawn: dict[str, Element] = {}
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        for name, chart in charts().items():
            report = await run_report(Ledger(owner, account), Copies(), None, chart.report_parameters(window))
            drawn[name] = fromstring(vl_convert.vegalite_to_svg(narrow(specification(chart, report))))
    return drawn


def narrow(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification as a page of that width draws it."""
    fit = {"type": "fit-x", "contains": "padding"}
    return spec | {"width": WIDTH, "autosize": fit, "config": theme("dark")}


def bottom_labels(drawing: Element) -> list[tuple[float, str]]:
    """The place and text of every visible label along the bottom or the top, from left to right."""
    labels = [
        (float(re.findall(r"-?[\d.]+", text.attrib["transform"])[0]), text.text or "")
        for axis in drawing.iter()
        if axis.attrib.get("aria-label", "").startswith("X-axis")
        for group in axis.iter()
        if "role-axis-label" in group.attrib.get("class", "")
        for text in group
        if text.attrib.get("opacity") != "0"
    ]
    return sorted(labels)


async def test_labels_of_charts_can_be_read_on_a_phone(owner: Owner, account: int) -> None:
    await Floor(seed=12).write(owner, account, attempts=900)
    drawn = await drawings(owner, account)
    for name, drawing in drawn.items():
        words = [text.text or "" for text in drawing.iter() if text.tag.endswith("text")]
        assert not [word for word in words if "…" in word or re.search(r"\b[AP]M\b|NaN", word)], name
        for (left, text), (right, following) in pairwise(bottom_labels(drawing)):
            apart = (len(text) + len(following)) / 2 * LETTER
            assert right - left >= apart, f"{name}: {text} touches {following}"

    for name in ("attempts-by-day", "number-answers", "number-answers-by-week"):
        days = [text for _, text in bottom_labels(drawn[name])]
        assert len(days) > 1, name
        assert all(re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [A-Z][a-z]{2} \d{1,2}", day) for day in days), name
