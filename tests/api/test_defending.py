"""A number defended: against the period before, at the same mix, among colleagues, against a target, by its rows."""

from typing import Any

import httpx
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from tests.api.conftest import Caller, NewCaller
from tests.make import at, attempt, lead, spend

WEEK = {"from": "2026-03-02", "to": "2026-03-09"}
SALE = {"result": "sale", "answered_by": "human", "handled": "agent", "party": "right_party"}
BUSY: dict[str, Any] = {"network_result": "busy"}
SOLD: dict[str, Any] = {"disposition": {"code": "SALE"}}


def calls(prefix: str, sold: int, tried: int, **fields: Any) -> list[dict[str, Any]]:
    """So many calls, the first of them sales."""
    days = fields.pop("days", 0)
    return [
        attempt(
            f"{prefix}-{number}",
            dialed_at=at(number, days=days),
            ended_at=at(number + 1, days=days),
            **fields,
            **({"disposition": {"code": "SALE", "set_at": at(number + 1, days=days)}} if number < sold else BUSY),
        )
        for number in range(tried)
    ]


@pytest.fixture
async def manager(caller: Caller) -> Caller:
    await caller.put("disposition-codes/SALE", SALE)
    return caller


async def test_the_difference_to_the_week_before_has_an_interval_and_a_verdict(manager: Caller) -> None:
    await manager.post("attempts", calls("now", 20, 100, agent="ada") + calls("was", 40, 100, agent="ada", days=-7))
    await manager.post("attempts", calls("few", 1, 4, agent="bo") + calls("fewer", 1, 5, agent="bo", days=-7))
    await manager.post("attempts", calls("new", 3, 9, agent="cy"))
    report = await manager.get("reports", **WEEK, metrics="conv_per_attempt,attempts", by="agent", compare="week")
    ada, bo, cy = (group["cells"]["conv_per_attempt"] for group in report["groups"])
    low, high = confint_proportions_2indep(20, 100, 40, 100, method="newcomb", compare="diff")
    assert (ada["previous"], ada["previous_n"]) == (0.4, 100)
    assert (ada["difference"], ada["verdict"]) == (pytest.approx(-0.2), "worse")
    assert (ada["difference_low"], ada["difference_high"]) == (pytest.approx(low), pytest.approx(high))
    assert (bo["difference"], bo["verdict"]) == (pytest.approx(0.25 - 0.2), "cannot_tell")
    assert (cy["previous"], cy["difference"], cy["verdict"]) == (None, None, None)
    assert report["groups"][2]["cells"]["attempts"]["previous"] is None
    assert any("Compared with Mon, Feb 23, 2026 to Sun, Mar 1, 2026" in note for note in report["notes"])


async def test_days_are_compared_with_the_same_weekday_before(manager: Caller) -> None:
    await manager.post("attempts", calls("now", 0, 3) + calls("was", 0, 5, days=-7) + calls("two", 0, 9, days=-14))
    report = await manager.get(
        "reports", **{"from": "2026-03-02", "to": "2026-03-03"}, metrics="attempts", by="day", compare="week"
    )
    [monday] = report["groups"]
    assert (monday["group"]["day"], monday["cells"]["attempts"]["previous"]) == ("2026-03-02", 5)
    longer = await manager.get(
        "reports", **{"from": "2026-02-27", "to": "2026-03-10"}, metrics="attempts", compare="week"
    )
    # Eleven days are compared with those that began two weeks before: 13 to 24 February.
    assert longer["total"]["attempts"]["previous"] == 14


async def test_a_source_ahead_only_by_its_mix_is_called_out(manager: Caller) -> None:
    """The classic counts: A wins on hot leads and on cold ones, and loses in total."""
    counts = {("a", "hot"): (81, 87), ("a", "cold"): (192, 263), ("b", "hot"): (234, 270), ("b", "cold"): (55, 80)}
    for (source, campaign), (sold, tried) in counts.items():
        name = f"{source}-{campaign}"
        await manager.post("attempts", calls(name, sold, tried, source=source, campaign=campaign))
    report = await manager.get("reports", **WEEK, metrics="conv_per_attempt", by="source")
    a, b = (group["cells"]["conv_per_attempt"] for group in report["groups"])
    assert (a["value"], b["value"]) == (pytest.approx(273 / 350), pytest.approx(289 / 350))
    hot, cold = 357 / 700, 343 / 700
    assert a["standardised"] == pytest.approx(hot * 81 / 87 + cold * 192 / 263)
    assert b["standardised"] == pytest.approx(hot * 234 / 270 + cold * 55 / 80)
    [warning] = [note for note in report["notes"] if "mix" in note]
    assert "b (82.6%) is ahead of a (78.0%) only because of its mix" in warning
    assert "see campaign cold, hot" in warning


async def test_agents_rates_are_moved_towards_each_other_and_ranked_with_doubt(manager: Caller) -> None:
    tries = {"ada": (3, 12), "bo": (30, 300), "cy": (0, 8), "di": (95, 1_000), "eve": (60, 300), "": (5, 10)}
    for agent, (sold, tried) in tries.items():
        await manager.post("attempts", calls(f"c{agent}", sold, tried, **({"agent": agent} if agent else {})))
    report = await manager.get("reports", **WEEK, metrics="conv_per_attempt", by="agent")
    cells = {group["group"]["agent"]: group["cells"]["conv_per_attempt"] for group in report["groups"]}
    assert cells[None]["rank"] is None
    del cells[None]
    assert {agent: cell["rank"] for agent, cell in cells.items()}["eve"] == 1
    assert abs(cells["ada"]["shrunk"] - cells["ada"]["value"]) > abs(cells["di"]["shrunk"] - cells["di"]["value"])
    for cell in cells.values():
        assert cell["shrunk_low"] <= cell["shrunk"] <= cell["shrunk_high"]
        assert cell["rank_low"] <= cell["rank"] <= cell["rank_high"]
    assert cells["ada"]["rank_high"] - cells["ada"]["rank_low"] > cells["di"]["rank_high"] - cells["di"]["rank_low"]
    assert report["total"]["conv_per_attempt"]["rank"] is None


async def test_a_number_is_held_against_targets_history_and_others_only_where_they_mean_the_same(
    manager: Caller,
) -> None:
    await manager.post("attempts", calls("now", 90, 100, agent="ada"))
    for week in range(1, 5):
        await manager.post("attempts", calls(f"w{week}", 5 * week, 100, agent="ada", days=-7 * week))
    await manager.put("targets/dial_efficiency", {"value": 0.5})
    await manager.put("targets/dial_efficiency", {"value": 0.92, "agent": "ada"})
    report = await manager.get("reports", **WEEK, metrics="dial_efficiency", by="agent", benchmarks="all")
    benchmarks = {(held["kind"], str(held["group"]), held["segment"]): held for held in report["benchmarks"]}
    target = benchmarks["target", "{}", None]
    assert (target["low"], target["verdict"], target["gap"]) == (0.5, "above", pytest.approx(0.4))
    own = benchmarks["target", "{'agent': 'ada'}", None]
    assert (own["low"], own["verdict"]) == (0.92, "cannot_tell")
    past = benchmarks["history", "{}", None]
    assert (past["low"], past["verdict"]) == (pytest.approx((5 + 10 + 15 + 20) / 400), "above")
    others = benchmarks["industry", "{}", None]
    assert (others["verdict"], others["gap"], others["verified"]) == ("not_comparable", None, False)
    assert "whether or not an agent was there" in others["differs"]


async def test_every_cell_links_to_rows_that_count_to_it(manager: Caller) -> None:
    await manager.post("leads", [lead("l1", source="web"), lead("l2", source="web")])
    await manager.post("attempts", calls("web", 2, 5, agent="ada", lead="l1") + calls("none", 1, 4, agent="bo"))
    report = await manager.get("reports/outbound", **WEEK, by="agent,source")
    checked = 0
    for row in [*(group["cells"] for group in report["groups"]), report["total"]]:
        for cell in row.values():
            for part, url in cell["rows"].items():
                if url is not None and cell[part] is not None:
                    rows = (await manager.send("GET", url.removeprefix("/v1/"))).json()
                    assert rows["total"] == pytest.approx(cell[part]), url
                    assert len(rows["items"]) == min(rows["count"], 100)
                    checked += 1
    assert checked > 30


async def test_rows_come_in_pages_each_row_once(manager: Caller) -> None:
    await manager.post("attempts", calls("c", 3, 7, agent="ada"))
    url: str | None = "/v1/reports/rows?metric=attempts&from=2026-03-02&to=2026-03-09&limit=3&agent=ada"
    row_ids: list[str] = []
    while url:
        page = (await manager.send("GET", url.removeprefix("/v1/"))).json()
        assert page["count"] == 7
        row_ids += [item["external_id"] for item in page["items"]]
        url = page["next"]
    assert sorted(row_ids) == sorted(f"c-{number}" for number in range(7))
    assert {"dialed_at", "agent", "disposition", "result", "talk_seconds", "adds"} <= set(page["items"][0])


async def test_rows_need_a_key_that_may_see_them(manager: Caller, new_caller: NewCaller) -> None:
    reader = await new_caller(manager.account_id, scopes=["reports"])
    await reader.get("reports/rows", 403, metric="attempts")
    report = await reader.get("reports", metrics="attempts")
    assert report["total"]["attempts"]["value"] == 0


async def test_what_is_wrong_with_a_question_about_rows_is_told(manager: Caller) -> None:
    async def faults_of(**parameters: str) -> dict[str, str]:
        answer: httpx.Response = await manager.send("GET", "reports/rows", params=parameters)
        assert answer.status_code == 400, answer.text
        return {error["pointer"]: error["message"] for error in answer.json()["errors"]}

    assert "must name the metric" in (await faults_of())["metric"]
    assert "limit" in await faults_of(metric="attempts", limit="0")
    assert "offset" in await faults_of(metric="attempts", offset="-1")
    assert (await faults_of(metric="attempts", part="top"))["part"] == "must be one of numerator, denominator"
    assert "did you mean attempts" in (await faults_of(metric="atempts"))["metrics"]
    assert "by" in await faults_of(metric="attempts", by="agent")


async def test_rows_are_in_the_units_that_people_count_in(manager: Caller) -> None:
    await manager.post("spend", spend("ads", source="web", amount=125.5, from_on="2026-03-02", to_on="2026-03-02"))
    await manager.post("attempts", attempt("c1", talk_seconds=90.5, answered_by="human", handled="agent", agent="ada"))
    [cost] = (await manager.get("reports/rows", metric="marketing_cost", **WEEK))["items"]
    assert (cost["cost"], cost["currency"], cost["adds"]) == (125.5, "USD", 125.5)
    [call] = (await manager.get("reports/rows", metric="avg_talk_time", **WEEK))["items"]
    assert (call["talk_seconds"], call["adds"]) == (90.5, 90.5)
