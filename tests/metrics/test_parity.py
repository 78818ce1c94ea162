"""One report in every form: the same numbers for the same groups, at the same moments of the same zone."""

import io
import zipfile
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import orjson
import polars as pl
import pytest

from reports.catalogue.catalogue import catalogue
from reports.model.windows import Window
from reports.query import comparison, mix_adjustment, ranking
from reports.query.benchmarks import compare_all, industry
from reports.query.report import Report
from reports.query.run import cell_columns_of
from reports.render.export import FORMATS, write
from tests.metrics import reading
from tests.metrics.facts import Facts, read_facts
from tests.metrics.floor import AFTER, FIRST, LAST

NASTY = [
    "=cmd()",
    "+SUM(A1)",
    "-1",
    "@x",
    "\tx",
    "a,b",
    'say "hi"\nyou',
    "🔥 Ä",
    "http://x.example",
    "x" * 200,
    "_x0041_",
]
BREAKDOWNS = ["", "agent", "source", "day,team", "hour", "hour_of_week"]
SOURCES = ["web", "fair", "radio", "=cmd()", "news, print", 'say "hi"\nyou']


@pytest.fixture(scope="module")
async def facts(ledger_url: str) -> AsyncGenerator[Facts]:
    async for read in read_facts(ledger_url):
        yield read


@cache
def made(facts: Facts, by: str) -> Report:
    """Every metric that can be broken down so, with everything that can stand beside it, and with nasty codes."""
    able = ",".join(
        name for name, entry in catalogue().items() if set(by.split(",")) - {""} <= set(entry.metric.dimensions)
    )
    ask = facts.ask(metrics=able, by=by, compare="previous", benchmarks="all", source="|".join(["", *SOURCES]))
    ask = replace(ask, window=Window(FIRST + timedelta(days=1), LAST, ask.window.zone))
    before = replace(ask, window=Window(FIRST, FIRST + timedelta(days=1), ask.window.zone))
    numbers = facts.numbers(ask)
    if mix_adjustment.adjusted_metrics(ask):
        numbers, _ = mix_adjustment.add_mix_adjustment(numbers, facts.numbers(mix_adjustment.stratified(ask)), ask, {})
    if ranking.ranked_metrics(ask):
        numbers = ranking.add_ranking(numbers, ask)
    numbers = comparison.add_comparison(numbers, facts.numbers(before), ask)
    return Report(
        request=ask,
        as_of=AFTER,
        watermark=datetime(2026, 4, 2, 1, 2, 3, 456_789, tzinfo=UTC),
        counted=numbers.counted,
        excluded=numbers.excluded,
        groups=nasty(numbers.groups, by),
        total=numbers.total,
        cell_columns={metric.name: cell_columns_of(ask, metric) for metric in ask.metrics},
        caveats=("=1+1: a note that looks like a formula.", "Another one."),
        benchmarks=tuple(compare_all(ask.metrics, numbers.total.row(0, named=True), industry(), {})),
    )


def nasty(groups: pl.DataFrame, by: str) -> pl.DataFrame:
    """The same groups, with codes that break files."""
    for first, name in enumerate({"agent", "source", "team"} & set(by.split(","))):
        codes = groups[name].drop_nulls().unique().sort().to_list()
        bad = [NASTY[(first * 5 + place) % len(NASTY)] for place in range(len(codes))]
        groups = groups.with_columns(pl.col(name).replace(dict(zip(codes, bad, strict=True))))
    return groups


@pytest.mark.parametrize("by", BREAKDOWNS)
def test_every_form_holds_the_same_numbers(facts: Facts, by: str) -> None:
    report = made(facts, by)
    expected = reading.truth(report)
    assert_same_in_every_form(report)
    for row, cells in zip(expected, reading.from_table(report), strict=True):
        for metric in report.request.metrics:
            value = row[metric.name]
            if metric.shown_from is not None and cells[metric.name].startswith("too few cases ("):
                assert (row[metric.shown_from[0].column("n")] or 0) < metric.shown_from[1]
            elif row.get(metric.column("reason")) is not None:
                assert cells[metric.name].startswith("not enough data (")
            elif value is None:
                assert cells[metric.name] in {"-", "not reached"}
            else:
                read, tolerance = reading.parse_number(cells[metric.name])
                low, high = (row[metric.column(end)] for end in ("ci_low", "ci_high"))
                doubt = 0 if low is None or high is None else (high - low) / 4
                assert read == pytest.approx(value, abs=max(tolerance, doubt), rel=1e-12), metric.name


def test_an_hour_lived_twice_is_two_hours_in_every_form(facts: Facts) -> None:
    report = made(facts, "hour")
    twice = [datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in range(3)]
    hours = pl.Series("hour", twice).dt.convert_time_zone("Europe/Berlin").dt.cast_time_unit("us")
    report = replace(report, groups=report.groups.head(3).with_columns(hours))
    assert [f"{row['hour']:%H:%M %z}" for row in reading.truth(report)[:3]] == [
        "02:00 +0200",
        "02:00 +0100",
        "03:00 +0100",
    ]
    assert_same_in_every_form(report)


def test_there_is_something_to_compare(facts: Facts) -> None:
    """What the other tests read back is there: without it, they would prove little."""
    for by, parts in {
        "agent": ("rank", "shrunk", "verdict", "difference_low", "range_high"),
        "source": ("standardised",),
    }.items():
        report = made(facts, by)
        for part in parts:
            columns = [
                metric.column(part) for metric in report.request.metrics if part in report.cell_columns[metric.name]
            ]
            values = [value for column in columns for value in report.groups[column]]
            assert any(value is not None for value in values), part
            assert any(value is None for value in values), part
    assert {metric.unit for metric in report.request.metrics} == {entry.metric.unit for entry in catalogue().values()}


def assert_same_in_every_form(report: Report) -> None:
    """The rows that are read back are those of the report."""
    expected = reading.truth(report)
    forms = {form: write(report, form) for form in FORMATS}
    parquet, arrow = pl.read_parquet(forms["parquet"]), pl.read_ipc(forms["arrow"])
    assert_same(reading.from_json(forms["json"], report), expected)
    assert_same(reading.from_csv(forms["csv"], report), expected)
    assert_same(reading.from_frame(parquet, report), expected)
    assert parquet.equals(arrow)
    assert parquet.schema == arrow.schema
    assert_same(reading.from_xlsx(forms["xlsx"], report), expected, digits=15)


def assert_same(read: list[reading.Row], expected: list[reading.Row], digits: int = 17) -> None:
    """The same rows in the same order; a workbook keeps 16 digits of a number, the other forms all of them."""
    assert len(read) == len(expected)
    for row, true in zip(read, expected, strict=True):
        for name, value in row.items():
            if isinstance(true[name], datetime):
                assert value.isoformat() == true[name].isoformat(), name
            elif isinstance(true[name], float) and digits < 17:
                assert value == pytest.approx(true[name], rel=10**-digits), name
            else:
                assert value == true[name], name


def test_every_form_says_the_same_of_all_numbers(facts: Facts) -> None:
    report = made(facts, "day")
    answer = orjson.loads(write(report, "json"))
    content = write(report, "parquet")
    row = pl.read_parquet(content).row(0, named=True)
    for name in ("from", "to", "as_of", "watermark"):
        assert row[name] == datetime.fromisoformat(answer[name])
    for name in ("zone", "goal", "currency"):
        assert row[name] == answer[name]
    assert (row["models"].split(" "), row["notes"]) == (answer["models"], " ".join(answer["notes"]))
    head = orjson.loads(pl.read_parquet_metadata(io.BytesIO(content))["calltally"])
    assert head == {name: value for name, value in answer.items() if name not in {"groups", "total", "curves"}}
    about_sheet = about(report)
    values = dict(about_sheet)
    assert values["From"] == answer["from"]
    assert datetime.fromisoformat(values["Snapshot"]) == report.as_of
    assert (values["Time zone"], values["Success means"], values["Currency"]) == (
        answer["zone"],
        "sale",
        answer["currency"],
    )
    assert [value for name, value in about_sheet if name == "Note"] == answer["notes"]
    assert [value for name, value in about_sheet if name == "Filter: source"] == ["none", *SOURCES]
    assert values["Noted: test"] == str(answer["excluded"]["test"])


def about(report: Report) -> list[tuple[str, str]]:
    """The sheet that says what the report is about: moments exactly, everything else as it stands."""
    sheet = pl.read_excel(write(report, "xlsx"), sheet_name="About", infer_schema_length=0)
    return [(row["Item"], row["Exact time"] or row["Value"]) for row in sheet.iter_rows(named=True)]


def test_a_workbook_defines_its_numbers_and_holds_them_against_benchmarks(facts: Facts) -> None:
    report = made(facts, "")
    sheets: dict[str, Any] = pl.read_excel(write(report, "xlsx"), sheet_id=0)
    assert list(sheets) == ["Report", "Definitions", "About", "Benchmarks"]
    assert sheets["Definitions"]["Title"].to_list() == [metric.title for metric in report.request.metrics]
    assert sheets["Definitions"]["Meaning"].null_count() == 0
    assert sheets["Benchmarks"].height == len(report.benchmarks)
    assert list(pl.read_excel(write(replace(report, benchmarks=()), "xlsx"), sheet_id=0)) == list(sheets)[:3]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(facts: Facts) -> None:
    with zipfile.ZipFile(io.BytesIO(write(made(facts, "source"), "xlsx"))) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/")]
        styles = parts.read("xl/styles.xml").decode()
    for sheet in sheets:
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet.lower()
    assert 'quotePrefix="1"' in styles


def test_rates_and_times_of_a_workbook_look_like_what_they_are(facts: Facts) -> None:
    with zipfile.ZipFile(io.BytesIO(write(made(facts, "day"), "xlsx"))) as parts:
        styles = parts.read("xl/styles.xml").decode()
    for looks in ("#,##0.0%", "yyyy-mm-dd", "#,##0.0&quot; s&quot;"):
        assert f'formatCode="{looks}"' in styles
