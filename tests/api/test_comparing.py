"""This period against an earlier one of the same age: which dates are compared, and what counts by then."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.make import appointment, attempt, disposition, lead, stage_change

SALE = {"result": "sale", "answered_by": "human", "handled": "agent", "party": "right_party"}
LEADS_A_DAY, SOLD_A_DAY = 30, 3
Items = dict[str, list[dict[str, Any]]]


def today() -> date:
    return datetime.now(UTC).date()


def nine(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


def wire(moment: datetime) -> str:
    return moment.isoformat()


def late(day: date) -> datetime:
    """Six days later, just before midnight."""
    return datetime.combine(day + timedelta(days=6), time(23, 59, 59), UTC)


def two_weeks() -> Items:
    """Thirty leads a day, received and called at nine, on each of the last fourteen full days."""
    items: Items = {"leads": [], "attempts": []}
    for day in (today() - timedelta(days=back) for back in range(14, 0, -1)):
        for number in range(LEADS_A_DAY):
            name = f"{day}-{number}"
            items["leads"].append(lead(f"lead-{name}", received_at=wire(nine(day)), source="web"))
            items["attempts"].append(
                attempt(f"call-{name}", lead=f"lead-{name}", dialed_at=wire(nine(day)), agent="ada", talk_seconds=40)
            )
    return items


def sold_later(sell: Callable[[str, datetime], Items]) -> Items:
    """What happens to three leads of every day six days later, as far as the day has come."""
    items: Items = {}
    for day in (today() - timedelta(days=back) for back in range(14, 6, -1)):
        for number in range(SOLD_A_DAY):
            for resource, listed in sell(f"{day}-{number}", late(day)).items():
                items.setdefault(resource, []).extend(listed)
    return items


def by_disposition(name: str, at: datetime) -> Items:
    return {"dispositions": [disposition(f"call-{name}", set_at=wire(at))]}


def by_second_call(name: str, at: datetime) -> Items:
    sold = {"disposition": {"code": "SALE", "set_at": wire(at)}}
    return {"attempts": [attempt(f"again-{name}", lead=f"lead-{name}", dialed_at=wire(at), agent="ada", **sold)]}


def by_deal(name: str, at: datetime) -> Items:
    qualified = {"changed_at": wire(nine(date.fromisoformat(name[:10]))), "stage": "qualified"}
    moves = [qualified, {"changed_at": wire(at), "stage": "won"}]
    deal = {"lead": f"lead-{name}", "opportunity": f"deal-{name}"}
    return {"stage-changes": [stage_change(f"{move['stage']}-{name}", **deal, **move) for move in moves]}


def by_meeting(name: str, at: datetime) -> Items:
    begun = wire(nine(date.fromisoformat(name[:10])))
    meeting = {"lead": f"lead-{name}", "set_at": begun, "scheduled_at": begun, "status": "held", "status_at": wire(at)}
    return {"appointments": [appointment(f"meeting-{name}", **meeting)]}


async def send(caller: Caller, items: Items) -> None:
    await caller.put("disposition-codes/SALE", SALE)
    for resource, listed in items.items():
        _, counts = await caller.stream(resource, listed)
        assert not counts.get("rejected"), (resource, counts)


def compared(cell: dict[str, Any]) -> list[Any]:
    """Numerator and denominator of a rate, and what is said about the earlier one."""
    return [cell["numerator"], cell["denominator"], round(cell["previous"] * cell["previous_n"]), cell["previous_n"]]


@pytest.mark.parametrize("sell", [by_disposition, by_second_call])
async def test_sales_that_take_six_days_make_no_week_worse_than_the_week_before(
    caller: Caller, sell: Callable[[str, datetime], Items]
) -> None:
    await send(caller, two_weeks())
    await send(caller, sold_later(sell))
    report = await caller.get("reports", metrics="conv_per_lead,sales", compare="previous", matured="yes", by="day")
    cell = report["total"]["conv_per_lead"]
    assert compared(cell) == [3, 210, 3, 210]
    assert cell["verdict"] == "cannot_tell"
    assert cell["previous_matured"] == pytest.approx(21 / 210)
    assert cell["previous_matured_n"] == 210
    first, *others = report["groups"]
    assert [first["cells"]["conv_per_lead"][name] for name in ("value", "previous", "previous_matured")] == [0.1] * 3
    assert {other["cells"]["conv_per_lead"]["previous"] for other in others} == {0}
    assert {other["cells"]["conv_per_lead"]["previous_matured"] for other in others} == {0.1}


async def test_deals_and_meetings_are_compared_as_they_stood_as_well(caller: Caller) -> None:
    await send(caller, two_weeks())
    for sell in (by_deal, by_meeting):
        await send(caller, sold_later(sell))
    names = "won_deals,win_rate,held_rate,appointments_held,attributed_sales,open_opportunities"
    week = {"from": f"{today() - timedelta(days=7)}", "to": f"{today()}"}
    report = (await caller.get("reports", metrics=names, compare="week", matured="yes", **week))["total"]
    # A won deal closes on the last day of its week, and on each day after it in the week before.
    assert [report["held_rate"][name] for name in ("numerator", "previous", "previous_matured")] == [3, 1, 1]
    assert (report["held_rate"]["denominator"], report["held_rate"]["previous_n"]) == (3, 3)


async def test_every_answer_names_the_dates_that_it_compares(caller: Caller) -> None:
    await send(caller, two_weeks())
    report = await caller.get("reports", metrics="attempts", compare="previous")
    day = timedelta(days=1)
    ends = f"{today() - 7 * day}T00:00:00+00:00"
    assert (report["from"], report["to"]) == (ends, f"{today()}T00:00:00+00:00")
    before = report["compared_with"]
    assert (before["from"], before["to"]) == (f"{today() - 14 * day}T00:00:00+00:00", ends)
    assert (before["kind"], before["cut"]) == ("previous", False)
    as_of = datetime.fromisoformat(report["as_of"])
    assert datetime.fromisoformat(before["until"]) == as_of - 7 * day
    assert (report["total"]["attempts"]["value"], report["total"]["attempts"]["previous"]) == (210, 210)
    assert any(note.startswith("Compared with ") for note in report["notes"])


async def test_a_day_that_is_not_over_is_compared_up_to_the_same_moment(caller: Caller) -> None:
    now = datetime.now(UTC)
    before, after = (now - timedelta(days=1, minutes=1), now - timedelta(days=1) + timedelta(minutes=10))
    items = {"attempts": [attempt("1", dialed_at=wire(before)), attempt("2", dialed_at=wire(after))]}
    await send(caller, items)
    days = {"from": wire(now - timedelta(days=1, hours=-1)), "to": f"{today() + timedelta(days=1)}"}
    report = await caller.get("reports", metrics="attempts", compare="previous", **{"from": f"{today()}"})
    assert report["compared_with"]["cut"]
    yesterday = [call for call in (before, after) if call.date() == today() - timedelta(days=1)]
    assert report["total"]["attempts"]["previous"] in ({1.0} if before in yesterday else {None})
    assert any("not over" in note for note in report["notes"]), days


async def test_a_period_that_has_not_begun_is_not_compared_and_faults_are_named(caller: Caller) -> None:
    coming = {"from": f"{today() + timedelta(days=3)}", "metrics": "attempts"}
    report = await caller.get("reports", compare="previous", **coming)
    assert report["compared_with"] is None
    assert "verdict" not in report["total"]["attempts"]
    assert any("not begun" in note for note in report["notes"])
    for compare, fault in {
        "lastweek": "must be one of none, previous, week, month, year",
        f"{today() - timedelta(days=8)}": "a whole period before",
        "1969-12-31": "between the years",
        "2026-02-30": "or the first day",
    }.items():
        answer = await caller.send("GET", "reports", params={"metrics": "attempts", "compare": compare})
        assert answer.status_code == 400, compare
        [error] = answer.json()["errors"]
        assert error["pointer"] == "compare"
        assert fault in error["message"]
    early = {"metrics": "attempts", "from": "1970-01-01", "to": "1970-01-08", "compare": "previous"}
    answer = await caller.send("GET", "reports", params=early)
    assert "before the year 1970" in answer.json()["errors"][0]["message"]
