"""The terminal's table: one line per group, best first, within the width, and honest about what it leaves out."""

import io
from dataclasses import replace

import polars as pl
import pytest
from rich.console import Console

from reports.query.report import Report
from reports.render.cell_text import cell_text
from reports.render.terminal_lines import leading_metric, render_lines
from tests.metrics.test_export import made


def lines_of(report: Report, width: int = 80) -> list[str]:
    console = Console(width=width, file=io.StringIO(), record=True)
    console.print(render_lines(report, width), highlight=False)
    return [line.rstrip() for line in console.export_text().splitlines()]


def body(report: Report, width: int = 80) -> list[str]:
    """The lines of the groups and of the total."""
    lines = lines_of(report, width)
    start = next(index for index, line in enumerate(lines) if line.startswith("─"))
    end = next(index for index, line in enumerate(lines) if line.startswith("total"))
    return [line for line in lines[start + 1 : end + 1] if line]


@pytest.mark.parametrize("by", ["", "agent", "source", "day", "agent,source", "campaign"])
@pytest.mark.parametrize("width", [80, 120, 2_000])
def test_each_group_is_one_line_within_the_width(by: str, width: int) -> None:
    report = made(by)
    assert len(body(report, width)) == report.groups.height + 1
    assert max(map(len, lines_of(report, width))) <= width


def test_the_legend_stands_above_and_names_every_column_that_does_not_fit() -> None:
    report = made("agent")
    narrow, wide = "\n".join(lines_of(report)), "\n".join(lines_of(report, 3_000))
    titles = [metric.title for metric in report.request.displayed]
    hidden = " ".join(narrow.partition("Hidden to fit the width: ")[2].partition(" A wider")[0].split())
    assert [title for title in titles if title not in hidden], "some are shown"
    assert [title for title in titles if title in hidden], "80 columns have no room for every metric"
    assert "Hidden to fit" not in wide
    assert narrow.index("--statistics") < narrow.index("─")
    values = [cell_text(metric, report.total.row(0, named=True), report).value for metric in report.request.displayed]
    assert " ".join(body(report, 3_000)[-1].split()) == " ".join(["total", *values]).replace("  ", " ")


def test_the_best_comes_first_and_calls_without_an_agent_last() -> None:
    report = made("agent")
    leading = leading_metric(report)
    assert leading is not None
    assert leading.name.startswith("conv_per")
    assert f"Best first, by {leading.title.lower()}." in " ".join(lines_of(report))
    ordered = report.groups.filter(pl.col("agent").is_not_null()).sort(
        leading.name, descending=True, nulls_last=True, maintain_order=True
    )
    first = [line.split()[0] for line in body(report)[: ordered.height]]
    assert first == [agent.split()[0] for agent in ordered["agent"].to_list()]


def test_days_keep_their_order_and_a_long_code_is_cut() -> None:
    assert leading_metric(made("day")) is None
    report = made("campaign")
    named = replace(report, groups=report.groups.with_columns(pl.lit("W" * 200).alias("campaign")))
    assert max(map(len, lines_of(named))) <= 80
    assert "W…" in body(named)[0]
