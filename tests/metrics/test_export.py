"""One report, three forms: the same numbers in each, and nothing a spreadsheet or a terminal would run."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import orjson
import polars as pl
import pytest
from rich.console import Console

from reports.catalogue.catalogue import catalogue
from reports.measures.cell_schema import CELL
from reports.query import comparison, mix_adjustment, ranking
from reports.query.benchmarks import compare_all, industry
from reports.query.report import Report
from reports.query.run import cell_columns_of
from reports.render.cell_text import cell_text
from reports.render.export import to_csv
from reports.render.formatting import value as as_text
from reports.render.json_document import document, to_json
from reports.render.terminal import render
from tests.metrics.floor import FIRST, LAST
from tests.metrics.frames import METRICS, ask, current_attempts, report


def made(by: str = "agent,source", **request: Any) -> Report:
    return report(ask(by, **request), [current_attempts()])


def shown(exported: Report, width: int = 200) -> str:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(render(exported, width))
    return console.export_text()


def read_csv(exported: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(exported), newline="")))


@pytest.mark.parametrize("by", ["", "agent,source", "day", "hour,team"])
def test_json_and_csv_hold_the_same_numbers(by: str) -> None:
    exported = made(by)
    from_json = orjson.loads(to_json(exported))
    *groups, total = read_csv(exported)
    assert [row["row_type"] for row in groups] == ["group"] * len(groups)
    assert total["row_type"] == "total"
    assert len(groups) == len(from_json["groups"])
    for row, group in zip(
        [*groups, total], [*from_json["groups"], {"group": {}, "cells": from_json["total"]}], strict=True
    ):
        for name, code in group["group"].items():
            assert row[name].removeprefix("'") == (code or "")
        for metric, number in group["cells"].items():
            for part in CELL:
                text = row[metric if part == "value" else f"{metric}_{part}"]
                assert (float(text) if text else None) == number[part]
    for name in ("zone", "from", "to", "as_of", "watermark"):
        assert {row[name] for row in [*groups, total]} == {from_json[name]}


def test_an_answer_carries_what_is_needed_to_defend_it() -> None:
    answer = document(made(only={"campaign": "spring"}))
    assert answer["metrics"][0] == {
        "name": "answer_rate",
        "title": "Answer rate",
        "version": 3,
        "unit": "ratio",
        "better": "higher",
        "interval": "Wilson 95%",
        "formula": "ANS / A_v: answered attempts / valid attempts",
        "anchor": "dialed_at",
        "model": None,
        "trailing_days": 0,
        "made_of": [],
    }
    assert (answer["from"], answer["to"]) == ("2026-03-27T01:00:00+01:00", "2026-03-31T02:00:00+02:00")
    assert (answer["zone"], answer["as_of"]) == ("Europe/Berlin", "2026-04-02T00:00:00Z")
    assert answer["filters"] == {"campaign": ["spring"]}
    doubts = {"open", "unmapped", "undisposed", "unattributed", "person_assumed", "lead_by_number", "no_lead"}
    assert set(answer["excluded"]) == {"test", "spam", *doubts}
    assert list(answer["total"]) == [metric.name for metric in METRICS]


def test_days_and_hours_are_written_in_the_zone_of_the_report() -> None:
    hours = [group["group"]["hour"] for group in document(made("hour"))["groups"]]
    assert "2026-03-29T01:00:00+01:00" in hours
    assert "2026-03-29T03:00:00+02:00" in hours
    assert [row["hour"] for row in read_csv(made("hour"))][:-1] == hours
    assert document(made("day"))["groups"][0]["group"] == {"day": "2026-03-27"}


def test_a_spreadsheet_runs_nothing() -> None:
    codes = ["=cmd()", "+SUM(A1)", "-1", "@x", "\tx", "\r=1", "+14155550100", "plain", "a=b", 'say "hi"\nyou']
    facts = pl.DataFrame(
        [{**row, "source": codes[n % len(codes)]} for n, row in enumerate(current_attempts().iter_rows(named=True))],
        schema=current_attempts().schema,
    )
    sources = {row["source"] for row in read_csv(report(ask("source"), [facts]))}
    assert sources == {
        "'=cmd()",
        "'+SUM(A1)",
        "'-1",
        "'@x",
        "'\tx",
        "'\r=1",
        "+14155550100",
        "plain",
        "a=b",
        'say "hi"\nyou',
        "",
    }


def test_a_table_shows_value_interval_and_count() -> None:
    exported = made("agent")
    text = shown(exported, 2_000)
    row = exported.groups.row(0, named=True)
    assert text.startswith("Report by agent\nFri 2026-03-27 01:00 to Tue 2026-03-31 02:00 (Europe/Berlin)\n")
    assert f"{row['answer_rate']:.0%}" in text
    low, high = (f"{row[f'answer_rate_ci_{end}'] * 100:.0f}" for end in ("low", "high"))
    assert f"{low}-{high}%  n {row['answer_rate_denominator']:,}" in text
    talk = catalogue()["avg_talk_time"].metric
    doubt = (row["avg_talk_time_ci_high"] - row["avg_talk_time_ci_low"]) / 2
    assert as_text(row["avg_talk_time"], talk, "USD", doubt) in text
    assert "no agent" in text
    assert "\ntotal " in text
    assert "marked as test" in text
    assert "unattributed" in text


def test_what_stands_beside_a_number_stands_below_it() -> None:
    metric = catalogue()["answer_rate"].metric
    cells = {
        **dict(zip(CELL, (0.12, 12, 100, 0.07, 0.198, 100), strict=True)),
        **dict(zip(mix_adjustment.COLUMNS, (0.14, 0.1, 0.2), strict=True)),
        **dict(zip(ranking.COLUMNS, (0.125, 0.1, 0.15, 3, 1, 7), strict=True)),
        **dict(zip(comparison.COLUMNS, (0.11, 90, 0.01, -0.06, 0.08, "cannot_tell"), strict=True)),
    }
    exported = replace(made("agent"), cell_columns={metric.name: tuple(cells)})
    below = [
        "7-20%  n 100",
        "mix-adjusted 14%",
        "adjusted 12% (10-15%)  rank 3 (1-7)",
        "was 11%  +1 pt no clear difference",
    ]
    row = {metric.column(part): value for part, value in cells.items()}
    assert cell_text(metric, row, exported).lines(40) == ["12%", *below]
    assert cell_text(metric, row, exported).lines(0) == ["12%", *"  ".join(below).split("  ")]
    assert set(ranking.COLUMNS) <= set(cell_columns_of(ask("agent"), metric))
    assert set(ranking.COLUMNS).isdisjoint(cell_columns_of(ask("agent,team"), metric))


def test_a_median_that_was_not_reached_is_told_from_one_of_nobody() -> None:
    metric = catalogue()["lead_response_time"].metric
    exported = replace(made(), cell_columns={metric.name: CELL})
    row = dict.fromkeys(map(metric.column, CELL)) | {metric.column("n"): 12, metric.column("ci_low"): 125.0}
    assert cell_text(metric, row, exported).lines(40) == ["not reached", "from 2 m 05 s  n 12"]
    assert cell_text(metric, row | {metric.column("n"): 0}, exported).value == "-"


def test_below_a_table_stands_what_to_know() -> None:
    total = made().total.row(0, named=True)
    calls, leads = made("team"), catalogue()["leads"].metric
    cells = [pl.lit(None, dtype=pl.Float64).alias(leads.column(part)) for part in CELL]
    exported = replace(
        calls,
        # Leads are counted, and not displayed.
        request=replace(
            calls.request,
            preset="outbound",
            requested=frozenset(metric.name for metric in METRICS),
            metrics=(*METRICS, leads),
        ),
        groups=calls.groups.with_columns(cells),
        total=calls.total.with_columns(cells),
        cell_columns={**calls.cell_columns, "leads": CELL},
        counted={"attempts": 388, "leads": 1},
        excluded={"test": 12, "leads_duplicate": 2, "leads_test": 0, "leads_skewed": 1},
        caveats=("Be careful.",),
        benchmarks=tuple(compare_all(METRICS, total, industry(), {})),
    )
    text = shown(exported, 250)
    assert "388 calls counted. Excluded: 12 marked as test.\n" in text
    assert "1 lead counted. Excluded: 2 repeated requests of the same person. Includes 1 with times in an imp" in text
    assert "\nNote: Be careful.\n" in text
    assert "not comparable: connected means answered by a prospect" in text
    assert "(unverified)" in text


@pytest.mark.parametrize("width", [40, 80, 120, 250])
def test_a_table_breaks_no_number_whatever_the_width(width: int) -> None:
    exported = made("team")
    text = shown(exported, width)
    assert "…" not in text
    for row in exported.groups.iter_rows(named=True):
        for metric in exported.request.metrics:
            if row[metric.name] is not None:
                assert cell_text(metric, row, exported).value in text


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (80, 120, 250):
        assert max(map(len, shown(made("team,source"), width).splitlines())) <= width


def test_a_code_cannot_steer_the_terminal() -> None:
    facts = current_attempts().with_columns(
        source=pl.lit("\x1b[2J[bold]gone[/bold]\x07"), lead_source=pl.lit(None, pl.String)
    )
    text = shown(report(ask("source"), [facts]))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]gone[/bold]" in text


def test_where_there_is_nothing_to_divide_by_there_is_no_number() -> None:
    schema = dict(current_attempts().schema)
    unsaid = {name: pl.lit(None, schema[name]) for name in ("disposition", "answered_by", "handled", "talk_ms")}
    exported = report(ask(), [current_attempts().filter(pl.col("network_result") == "busy").with_columns(**unsaid)])
    cell = document(exported)["total"]["conv_per_conversation"]
    assert {part: cell[part] for part in CELL} == {
        "value": None,
        "numerator": 0,
        "denominator": 0,
        "ci_low": None,
        "ci_high": None,
        "n": 0,
    }
    assert read_csv(exported)[-1]["conv_per_conversation"] == ""


def test_an_empty_report_says_where_the_calls_are() -> None:
    empty = report(ask("agent"), [current_attempts().clear()])
    assert "No data in this period.\nThe account has no calls yet" in shown(empty)
    assert "calltally import" in shown(empty)
    elsewhere = shown(replace(empty, spans={"attempts": (FIRST, LAST)}))
    assert "The account has calls from 2026-03-27 to 2026-03-31: choose that period with --from and --to." in elsewhere
    assert document(empty)["groups"] == []
    assert document(empty)["total"]["attempts"]["value"] == 0
    assert [row["row_type"] for row in read_csv(empty)] == ["total"]


def test_keys_of_a_table_are_typed() -> None:
    assert isinstance(made("day").groups["day"][0], date)
    assert isinstance(made("hour").groups["hour"][0], datetime)
