"""Quality over HTTP: forms, evaluations and surveys come in; the report and the rows behind it say the same."""

from datetime import UTC, datetime

import pytest

from tests.api.conftest import Caller, NewCaller
from tests.make import at, attempt, evaluation, form_item, survey

WEEK = {"from": "2026-03-02", "to": "2026-03-09", "tz": "UTC"}


async def furnish(caller: Caller) -> None:
    items = [form_item("greeting"), form_item("offer", weight=2, script=True, section="content")]
    assert (await caller.post("form-items", items))["created"] == 2
    await caller.post("attempts", [attempt(f"call-{n}", agent=agent) for n, agent in enumerate(["ada", "bo", "bo"])])
    scored = [("quinn", 0, 5, 4), ("rae", 1, 3, 5), ("quinn", 2, 4, 0)]
    lines = [
        evaluation(
            f"e{n}", agent=None, call=f"call-{n}", evaluator=evaluator, scores=None, points={"greeting": g, "offer": o}
        )
        for evaluator, n, g, o in scored
    ]
    lines += [
        evaluation(f"k{n}{by}", agent=None, call=f"call-{n}", evaluator=by, session="march", scores=None, points=points)
        for n, by, points in (
            (0, "quinn", {"greeting": 5}),
            (0, "rae", {"greeting": 3}),
            (1, "quinn", {"greeting": 1}),
            (1, "rae", {"greeting": 2}),
        )
    ]
    receipts, counted = await caller.stream("evaluations", lines)
    assert counted["created"] == len(receipts) == 7
    answers = [survey(f"s{n}", call=f"call-{n % 3}", score=n, comment="Hopper") for n in range(1, 6)]
    questions = [survey(f"n{n}", kind="nps", call="call-0", score=score) for n, score in enumerate((10, 9, 7, 3))]
    questions += [survey(f"u{n}", call="call-1", answered_at=None, score=None) for n in range(3)]
    assert (await caller.post("surveys", [*answers, *questions]))["created"] == 12


async def test_the_report_on_quality_opens_the_rows_behind_each_number(caller: Caller) -> None:
    await furnish(caller)
    report = await caller.get("reports/quality", **WEEK, by="agent")
    ada, bo = (group["cells"] for group in report["groups"])
    total = report["total"]
    assert ada["qa_score"]["value"] == pytest.approx(13 / 15)
    assert bo["qa_score"]["value"] == pytest.approx((13 + 4) / 30)
    assert (total["evaluators"]["value"], total["script_adherence"]["value"]) == (2, pytest.approx(1 / 3))
    assert total["calibration_spread"]["value"] == pytest.approx((0.4 + 0.2) / 2)
    assert total["csat"]["value"] == pytest.approx(2 / 5)
    assert total["csat_response_rate"]["value"] == pytest.approx(5 / 8)
    assert total["nps"]["value"] == pytest.approx(25)
    checked = 0
    for row in (ada, bo, total):
        for name, cell in row.items():
            for side, url in cell["rows"].items():
                if url is not None and cell[side] is not None:
                    rows = (await caller.send("GET", url.removeprefix("/v1/"))).json()
                    assert rows["total"] == pytest.approx(cell[side]), (name, url)
                    assert "Hopper" not in str(rows)
                    checked += 1
    assert checked > 50


async def test_by_what_evaluations_and_surveys_have_one_report_answers(caller: Caller) -> None:
    await furnish(caller)
    for by in ("evaluator,form", "team,queue", "day,hour_of_day", "source,campaign", "form_version,tracking_number"):
        report = await caller.get("reports/quality", **WEEK, by=by)
        assert sum(group["cells"]["evaluations"]["value"] for group in report["groups"]) == 3, by
    sections = await caller.get("reports", **WEEK, metrics="contact_quality", by="section")
    assert {
        group["group"]["section"]: group["cells"]["contact_quality"]["numerator"] for group in sections["groups"]
    } == {
        "content": 18,
        None: 12,
    }


async def test_a_late_answer_changes_the_day_of_its_call_but_not_what_was_reported_then(caller: Caller) -> None:
    await furnish(caller)
    before = datetime.now(UTC).isoformat()
    await caller.post(
        "surveys", survey("u0", call="call-1", score=5, answered_at=at(days=9), observed_at=at(days=9)), 200
    )
    now, then = [
        (await caller.get("reports", **WEEK, metrics="csat", **when))["total"] for when in ({}, {"as_of": before})
    ]
    assert (now["csat"]["numerator"], now["csat"]["denominator"]) == (3, 6)
    assert (then["csat"]["numerator"], then["csat"]["denominator"]) == (2, 5)


async def test_no_key_reads_comments_in_reports_or_rows(caller: Caller, new_caller: NewCaller) -> None:
    await furnish(caller)
    reader = await new_caller(caller.account_id, scopes=["reports"])
    await reader.get("reports/rows", 403, metric="csat")
    await reader.post("surveys", survey(), 403)
    rows = await caller.get("reports/rows", **WEEK, metric="csat_answers")
    assert rows["count"] == 5
    assert not [name for item in rows["items"] for name in item if "comment" in name]


async def test_agreement_is_of_all_raters_of_a_call_and_of_no_rater_alone(caller: Caller) -> None:
    """Quinn and Rae rate two calls with 5 and 1, and 4 and 4 points: shares of 1.0, 0.2, 0.8 and 0.8."""
    await caller.post("form-items", form_item(), 201)
    rated = {("c1", "quinn"): 5, ("c1", "rae"): 1, ("c2", "quinn"): 4, ("c2", "rae"): 4}
    made = [
        evaluation(f"{call}-{by}", call=call, evaluator=by, session="march", scores=None, points={"greeting": points})
        for (call, by), points in rated.items()
    ]
    await caller.post("evaluations", made)
    week = {"metrics": "rater_agreement", "from": "2026-03-02", "to": "2026-03-09"}
    # Variances inside of the calls 0.32 and 0, 0.16 in the mean; of all four 0.36 / 3 = 0.12.
    for by in ("form", "item", "agent"):
        report = await caller.get("reports", by=by, **week)
        cells = [report["total"], *(group["cells"] for group in report["groups"])]
        assert [cell["rater_agreement"]["value"] for cell in cells] == [pytest.approx(1 - 0.16 / 0.12)] * 2
    for by in ("evaluator", "day"):
        report = await caller.get("reports", by=by, **week)
        assert {group["cells"]["rater_agreement"]["value"] for group in report["groups"]} == {None}
        assert report["total"]["rater_agreement"]["value"] == pytest.approx(1 - 0.16 / 0.12)
        assert "not available by evaluator or period" in str(report)
    report = await caller.get("reports", evaluator="quinn", **week)
    assert report["total"]["rater_agreement"]["value"] is None
