"""Numbers that cannot be told: what is unknown of a few calls, and what the report then says, worked by hand."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from scipy import stats

from reports.catalogue.catalogue import catalogue
from reports.model.codes import TABLES, Codes, read_codes
from reports.model.types import CODES
from reports.query import ranking
from reports.query.engine import compile_numbers, reduce_chunk
from reports.query.plan import plan_scans
from reports.query.report import Numbers, Report
from reports.render.cell_text import cell_text, legend
from reports.render.export import to_csv
from reports.render.json_document import document
from reports.render.provenance import exclusion_notes
from reports.render.xlsx import to_xlsx
from reports.rules.call_outcomes import CURRENT_ATTEMPT
from reports.rules.calls import resolve_calls
from tests.metrics import frames
from tests.metrics.floor import AFTER, FIRST

Call = dict[str, Any]

ANSWERED: Call = {"network_result": "answered", "answered_at": FIRST + timedelta(seconds=9)}
# An agent is named and talked, nothing tells with whom.
TALKED: Call = {**ANSWERED, "agent": "ada", "talk_ms": 95_000, "ended_at": FIRST + timedelta(seconds=104)}
PERSON: Call = {**TALKED, "answered_by": "human"}
# A person picked up, the line was open for three seconds, and nothing tells who was there for them.
ALONE: Call = {**ANSWERED, "answered_by": "human", "ended_at": FIRST + timedelta(seconds=12)}
# The call is over, and nothing tells how it ended on the network; the second was not over yet.
UNKNOWN: Call = {"ended_at": FIRST + timedelta(seconds=40)}
DIALED: Call = {}
UNANSWERED: Call = {"network_result": "no_answer"}
DROPPED: Call = {**ALONE, "handled": "abandoned_by_us"}


SOLD: Call = {**PERSON, "disposition": "SOLD"}
REFUSED: Call = {**PERSON, "disposition": "NI"}
MEANINGS = [
    {"code": "SOLD", "result": "sale"},
    {"code": "NI", "result": "not_interested", "party": "right_party"},
    {"code": "NEW", "result": "unmapped"},
]


def codes() -> Codes:
    """Two codes with a meaning, and one without."""
    tables = {name: pl.DataFrame(schema=schema) for name, schema in TABLES.items()}
    return read_codes(tables | {"disposition_codes": pl.DataFrame(MEANINGS, schema=CODES["disposition_codes"])})


def report(names: str, calls: list[Call], by: str = "") -> Report:
    """The report of some metrics over these calls."""
    metrics = tuple(catalogue()[name].metric for name in names.split(","))
    request = replace(frames.ask(by), metrics=metrics)
    rows = [{"dialer": "d", "external_id": str(n), "dialed_at": FIRST, **call} for n, call in enumerate(calls)]
    attempts = pl.DataFrame(rows, schema=CURRENT_ATTEMPT).lazy()
    scans = plan_scans(request, codes())
    partial = [(scan, [reduce_chunk(scan, {"attempts": resolve_calls(attempts, scan.context)})]) for scan in scans]
    numbers = compile_numbers(request, partial)
    return Report(
        request=request,
        as_of=AFTER,
        watermark=AFTER,
        counted=numbers.counted,
        excluded=numbers.excluded,
        groups=numbers.groups,
        total=numbers.total,
        cell_columns={metric.name: metric.columns for metric in metrics},
    )


def total(name: str, calls: list[Call]) -> dict[str, Any]:
    """The cell of a metric over these calls."""
    made = report(name, calls)
    row = made.total.row(0, named=True)
    return {part: row[catalogue()[name].metric.column(part)] for part in made.cell_columns[name]}


def words(name: str, calls: list[Call]) -> str:
    """The number as people read it."""
    made = report(name, calls)
    return cell_text(catalogue()[name].metric, made.total.row(0, named=True), made).value


CASES: list[tuple[str, str, list[Call], str]] = [
    ("talks with nobody knows whom", "dial_efficiency", 12 * [TALKED], "not enough data (0-100%)"),
    (
        "among calls that nobody answered",
        "dial_efficiency",
        12 * [TALKED] + 4 * [UNANSWERED],
        "not enough data (0-75%)",
    ),
    ("a person who may have met no agent", "dial_efficiency", [ALONE], "not enough data (0-100%)"),
    ("long talks are with persons", "dial_efficiency", 12 * [{**TALKED, "person_after_ms": 20_000}], "100%"),
    (
        "short talks are not",
        "dial_efficiency",
        2 * [{**TALKED, "person_after_ms": 100_000}],
        "not enough data (0-100%)",
    ),
    ("one in three is known", "dial_efficiency", [PERSON, TALKED, TALKED], "not enough data (33.3-100%)"),
    ("half are known", "dial_efficiency", 2 * [PERSON] + 2 * [TALKED], "50%"),
    ("a machine is known", "dial_efficiency", 3 * [{**TALKED, "answered_by": "machine"}], "0%"),
    ("a menu is no agent", "dial_efficiency", [{**PERSON, "handled": "ivr_only"}], "0%"),
    ("answered by nobody knows whom", "human_rate", 3 * [TALKED] + [UNANSWERED], "not enough data (0-75%)"),
    ("nothing answered", "human_rate", 4 * [UNANSWERED], "0%"),
    ("answer_rate: no result at all", "answer_rate", 12 * [UNKNOWN], "not enough data (0-100%)"),
    ("human_rate: no result at all", "human_rate", 12 * [UNKNOWN], "not enough data (0-100%)"),
    ("dial_efficiency: no result at all", "dial_efficiency", 12 * [UNKNOWN], "not enough data (0-100%)"),
    ("rpc_rate: no result at all", "rpc_rate", 12 * [UNKNOWN], "not enough data (0-100%)"),
    ("one answer of four without a result", "answer_rate", [PERSON, *3 * [UNKNOWN]], "not enough data (25-100%)"),
    ("one without a result", "answer_rate", [PERSON, UNANSWERED, UNANSWERED, UNKNOWN], "25%"),
    ("still under way", "answer_rate", [UNANSWERED, DIALED], "0%"),
    ("talk by an agent is an answer", "answer_rate", 3 * [{"agent": "ada", "talk_ms": 9_000}], "100%"),
    ("talk against the result", "answer_rate", [{**UNANSWERED, "agent": "ada", "talk_ms": 9_000}], "0%"),
    ("talk of nobody knows whom", "answer_rate", [{"talk_ms": 9_000}], "not enough data (0-100%)"),
    ("no result, no meeting", "dial_efficiency", 2 * [{**UNKNOWN, "handled": "none"}], "0%"),
    ("rung and given up", "answer_rate", 3 * [PERSON] + 7 * [{"network_result": "cancelled", "ring_ms": 9}], "30%"),
    ("persons without a disposition", "rpc_rate", [PERSON, UNANSWERED], "not enough data (0-50%)"),
    ("a code that nobody explained", "rpc_rate", [{**PERSON, "disposition": "NEW"}], "not enough data (0-100%)"),
    ("half of the persons disposed", "rpc_rate", [SOLD, PERSON, UNANSWERED, UNANSWERED], "25%"),
    ("all disposed", "conv_per_contact", [SOLD, REFUSED], "50%"),
    ("few undisposed", "conv_per_contact", [SOLD, REFUSED, PERSON], "50%"),
    ("most undisposed", "conv_per_contact", [SOLD, REFUSED, *3 * [PERSON]], "not enough data (20-50%)"),
    ("no contact for sure", "conv_per_contact", 12 * [TALKED], "not enough data (0-100%)"),
    ("no conversation for sure", "conv_per_conversation", 12 * [TALKED], "not enough data (0-100%)"),
    ("no contact at all", "conv_per_contact", 12 * [UNANSWERED], "-"),
    ("no sale is none", "conv_per_contact", [REFUSED, *3 * [PERSON]], "0%"),
    ("a person alone", "drop_rate_us", [ALONE], "not enough data (0-100%)"),
    ("a person alone among others", "drop_rate_us", 9 * [PERSON] + [ALONE], "not enough data (0-10%)"),
    ("a person alone, UK", "drop_rate_uk", 9 * [PERSON] + [ALONE], "not enough data (0-10%)"),
    ("a person alone, 30 days", "drop_rate_us_rolling", [ALONE], "not enough data (0-100%)"),
    ("dialed by hand", "drop_rate_us", 9 * [PERSON], "0%"),
    ("nobody was there, as told", "drop_rate_us", [{**ALONE, "handled": "none"}], "100%"),
    (
        "they hung up at once",
        "drop_rate_us",
        [{**ALONE, "handled": "none", "ended_at": FIRST}],
        "not enough data (0-100%)",
    ),
    ("a drop is a drop", "drop_rate_us", 9 * [PERSON] + [ALONE, DROPPED], "9%"),
    ("one drop of nobody knows how many", "drop_rate_us", [DROPPED, *3 * [ALONE]], "not enough data (25-100%)"),
    ("agents met whoever it was", "drop_rate_us", 9 * [PERSON] + 20 * [TALKED], "0%"),
    ("nobody answered", "drop_rate_us", 3 * [UNANSWERED], "-"),
]


@pytest.mark.parametrize(("name", "calls", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_number_that_cannot_be_told_says_so(name: str, calls: list[Call], expected: str) -> None:
    assert words(name, calls) == expected


def test_an_interval_never_excludes_what_is_merely_unknown() -> None:
    """2 of 4 are known, 4 of 4 are possible: from the low end of the first to the high end of the second."""
    cell = total("dial_efficiency", 2 * [PERSON] + 2 * [TALKED])
    low = stats.binomtest(2, 4).proportion_ci(method="wilson").low
    assert (cell["range_low"], cell["range_high"], cell["reason"]) == (0.5, 1.0, None)
    assert (cell["ci_low"], cell["ci_high"]) == pytest.approx((low, 1.0))


def test_the_interval_of_a_drop_rate_covers_all_that_may_be_drops() -> None:
    """1 of 11 is a drop, 2 of 11 may be."""
    cell = total("drop_rate_us", 9 * [PERSON] + [ALONE, DROPPED])
    ends = [stats.binomtest(drops, 11).proportion_ci(method="wilson") for drops in (1, 2)]
    assert (cell["range_low"], cell["range_high"]) == pytest.approx((1 / 11, 2 / 11))
    assert (cell["ci_low"], cell["ci_high"]) == pytest.approx((ends[0].low, ends[1].high))


def test_a_lead_reached_by_one_call_is_not_in_doubt_for_another() -> None:
    """Of three leads one is reached, one may be, and one did not answer."""
    calls = [{**SOLD, "lead": "a"}, {**PERSON, "lead": "a"}, {**PERSON, "lead": "b"}, {**UNANSWERED, "lead": "c"}]
    cell = total("contact_rate_per_lead", calls)
    assert (cell["value"], cell["range_low"], cell["range_high"]) == pytest.approx((1 / 3, 1 / 3, 2 / 3))


def test_every_format_says_that_a_number_cannot_be_told() -> None:
    made = report("dial_efficiency", 12 * [TALKED])
    cell = document(made)["total"]["dial_efficiency"]
    assert (cell["value"], cell.get("reason")) == (None, "cannot_tell")
    assert (cell.get("range_low"), cell.get("range_high"), cell["denominator"]) == (0, 1, 12)
    assert "not enough data (0-100%)" in to_csv(made)
    sheet = pl.read_excel(to_xlsx(made), sheet_name="Report", infer_schema_length=None)
    assert sheet["Dial efficiency"].to_list() == ["not enough data (0-100%)"]
    assert any(line.startswith("not enough data:") for line in legend(made))


def test_beside_a_report_stands_what_was_assumed_and_how_calls_got_their_leads() -> None:
    calls = [
        {**TALKED, "person_after_ms": 20_000, "lead": "a", "lead_by": "number"},
        {**PERSON, "person_after_ms": 20_000, "lead": "b", "lead_by": "sender"},
        UNANSWERED,
        {**UNANSWERED, "spam": True},
        {**UNANSWERED, "test": True},
    ]
    made = report("attempts", calls)
    counts = {"person_assumed": 1, "lead_by_number": 1, "no_lead": 1, "spam": 1, "test": 1}
    assert made.counted == {"attempts": 3}
    assert {reason: document(made)["excluded"][reason] for reason in counts} == counts
    [note] = exclusion_notes(made)
    assert "Excluded: 1 marked as test, 1 marked as spam." in note
    assert "1 counted as answered by a person because of the talk time" in note
    assert "1 matched to a lead by phone number, 1 without a lead" in note


def test_an_agent_gets_no_rank_for_a_rate_that_cannot_be_told() -> None:
    calls = [SOLD, SOLD, REFUSED, *({**call, "agent": "bo"} for call in (SOLD, REFUSED, REFUSED))]
    made = report("conv_per_contact", [*calls, *3 * [{**PERSON, "agent": "cy"}], {**SOLD, "agent": "cy"}], by="agent")
    ranked = ranking.add_ranking(numbers_of(made), made.request).groups
    assert [rank is not None for rank in ranked["conv_per_contact_rank"]] == [True, True, False]


def numbers_of(made: Report) -> Numbers:
    """The numbers of a report."""
    return Numbers(
        groups=made.groups, total=made.total, counted=made.counted, excluded=made.excluded, curves=made.curves
    )


def test_every_agent_has_their_own_part_of_a_call() -> None:
    """The fronter talked for 60 s; the closer for 30 s, of which the line was dead for 5 s."""
    shares = '[{"agent": "ada", "talk_ms": 60000, "hold_ms": 0}, {"agent": "bo", "talk_ms": 30000, "hold_ms": 0}]'
    calls = [
        {**PERSON, "talk_ms": 90_000, "dead_ms": 5_000, "shares": shares},
        {**TALKED, "talk_ms": 40_000},
        {**TALKED, "talk_ms": 100_000, "answered_by": "machine"},
        UNANSWERED,
    ]
    made = report("talk_time,avg_talk_time", calls, by="agent")
    hours = dict(made.groups.filter(pl.col("talk_time").is_not_null()).select("agent", "talk_time").iter_rows())
    assert hours == pytest.approx({"ada": 100 / 3_600, "bo": 25 / 3_600})
    assert made.total["talk_time"].item() == pytest.approx(125 / 3_600)
    assert made.total["avg_talk_time"].item() == pytest.approx((85 + 40) / 2)
    assert made.counted == {"attempts": 4, "talks": 5}
