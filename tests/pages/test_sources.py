"""Sources, campaigns and tracking numbers: the API's numbers, the verdicts and reasons, and the owner of a call."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.model.windows import Window
from reports.render.source_verdicts import ModelReturn, SourceReturn
from service.pages.components.assignments import Assignment, TrackingNumber, owner_periods
from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.make import NINE, at, attempt, lead, spend, stage_change
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

DAY = {"from": "2026-03-02", "to": "2026-03-03"}
LINE = "+14155550100"
SALE = {"result": "sale", "answered_by": "human", "handled": "agent", "party": "right_party"}


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    """A signed-in browser, over a floor without calls."""
    await caller.put("disposition-codes/SALE", SALE)
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def calls(prefix: str, sold: int, tried: int, **fields: Any) -> list[dict[str, Any]]:
    """So many calls, the first of them sales."""
    sale = {"disposition": {"code": "SALE", "set_at": at(1)}}
    return [
        attempt(
            f"{prefix}-{number}", ended_at=at(1), **fields, **(sale if number < sold else {"network_result": "busy"})
        )
        for number in range(tried)
    ]


def through(prefix: str, answered: int, count: int, minute: float, **fields: Any) -> list[dict[str, Any]]:
    """So many calls through the line, the first of them answered."""
    results = ["answered"] * answered + ["no_answer"] * (count - answered)
    return [
        attempt(f"{prefix}-{number}", dialed_at=at(minute), from_number=LINE, network_result=result, **fields)
        for number, result in enumerate(results)
    ]


async def assign(caller: Caller, from_at: str, to_at: str | None = None, **to: str) -> None:
    await caller.post(f"tracking-numbers/{LINE}/assignments?create=true", {"from_at": from_at, "to_at": to_at, **to})


def row_links(page: str) -> Iterator[tuple[dict[str, str], str]]:
    """Every number of a page with a drill-through link: its parameters, and the text."""
    for address, text in re.findall(r'<a href="(/look/rows\?[^"]+)">([^<]+)</a>', page):
        parameters = parse_qs(urlsplit(unescape(address)).query, keep_blank_values=True)
        yield {name: values[0] for name, values in parameters.items()}, text


def cells_of(page: str) -> list[list[str]]:
    """The lines of the tables of a page, each cell as its text."""
    lines = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in lines]
    return [[unescape(re.sub(r"<[^>]+>", " ", cell)).split("\n")[0].strip() for cell in line] for line in cells]


async def test_an_order_that_turns_round_is_called_out_and_shown_side_by_side(browser: Browser, caller: Caller) -> None:
    """The classic counts: a wins on hot leads and on cold ones, and loses in total."""
    counts = {("a", "hot"): (81, 87), ("a", "cold"): (192, 263), ("b", "hot"): (234, 270), ("b", "cold"): (55, 80)}
    for (source, campaign), (sold, tried) in counts.items():
        await caller.post("attempts", calls(f"{source}-{campaign}", sold, tried, source=source, campaign=campaign))
    page = await browser.look("/sources", **DAY)
    turned, rest = page.split("<b>Rankings change when adjusted for mix.</b>")[1].split("</div>", 1)
    assert "b (82.6%) is ahead of a (78.0%) only because of its mix" in turned
    assert "only because of its mix" not in rest
    hot, cold = 357 / 700, 343 / 700
    a, b = hot * 81 / 87 + cold * 192 / 263, hot * 234 / 270 + cold * 55 / 80
    table = {line[0]: line for line in cells_of(page) if len(line) == 6}
    assert (table["b"][2].split("%")[0], table["a"][2].split("%")[0]) == ("83", "78")
    assert (table["b"][3].split("%")[0], table["a"][3].split("%")[0]) == (f"{100 * b:.0f}", f"{100 * a:.0f}")
    assert (table["b"][4], table["a"][4]) == ("1", "2")
    assert (table["b"][5][0], table["a"][5][0]) == ("2", "1")
    assert "Mix-adjusted, a is ahead" in page
    short = cells_of(await browser.look("/sources", **DAY, show="1"))
    assert [(line[0], line[4], line[5][0]) for line in short if len(line) == 6][1:] == [("b", "1", "2")]
    even = await browser.look("/sources", **DAY, stratify="week")
    assert "Rankings do not change when adjusted for mix" in even
    campaigns = await browser.look("/campaigns", **DAY)
    assert "the same share of calls in every source" in campaigns


async def test_whoever_is_sure_to_lose_money_is_named_with_what_came_back(browser: Browser, caller: Caller) -> None:
    """Of 1,000 on web came back one deal of 100; of 100 on radio five of 200; of fair nothing; gift had no cost."""
    deals = {"web": [100], "radio": [200] * 5, "fair": [], "gift": [300]}
    names = [(source, f"{source}-{place}", profit) for source, won in deals.items() for place, profit in enumerate(won)]
    await caller.post("leads", [lead(name, source=source, received_at=at()) for source, name, _ in names])
    await caller.post(
        "stage-changes",
        [
            stage_change(name, opportunity=name, lead=name, amount=2 * profit, gross_profit=profit)
            for _, name, profit in names
        ],
    )
    for source, amount in {"web": 1000, "radio": 100, "fair": 50}.items():
        await caller.post("spend", spend(source, source=source, amount=amount))
    page = await browser.look("/sources", **DAY)
    [answer] = re.findall(r'<p class="answer">(.*?)</p>', page)
    # One deal of 100 may by chance have been up to 100 + 1.96 * 100.
    best = 100 * ((100 + 1.959964 * 100) / 1000 - 1)
    assert answer.startswith("web loses money: of every $100 spent, 10 came back as gross profit.")
    assert f"to {best:.0f}% with lead source attribution" in answer
    assert "also lose" not in answer
    assert "Nothing has come back yet from fair ($50)." in answer
    assert "Not shown (no spend entered in USD): gift." in page
    report = await caller.get("reports", metrics="marketing_roi,roas,cac", by="source", **DAY)
    cells = {group["group"]["source"]: group["cells"] for group in report["groups"]}
    assert cells["radio"]["marketing_roi_lead_creation"]["value"] == pytest.approx(9.0)
    line = next(line for line in cells_of(page) if line[0] == "radio" and "$" in line[1])
    amounts = [cell.split("  ")[0].split()[0].removeprefix("$") for cell in line[1:]]
    assert amounts[:5] == ["100.00", "2,000", "2,000", "1,000", "1,000"]
    assert [float(cell.split()[0]) for cell in line[6:8]] == [cells["radio"]["roas_linear"]["value"]] * 2
    assert [cell.split()[0] for cell in line[8:10]] == ["900%"] * 2
    await caller.put("sources/web", {"name": "Paid search"})
    await caller.put("sources/gift", {"name": "Gift cards"})
    named = await browser.look("/sources", **DAY)
    assert '<p class="answer">Paid search loses money' in named
    assert "Not shown (no spend entered in USD): Gift cards." in named
    assert "Paid search" in await browser.look("/charts/roi", **DAY)
    first_touch = await browser.look("/sources", **DAY, model="first_touch")
    assert "first touch" in first_touch
    assert "Attributed revenue, linear" not in first_touch


async def test_where_each_is_sure_to_bring_back_its_cost_there_is_none_to_worry_about(
    browser: Browser, caller: Caller
) -> None:
    await caller.post("leads", [lead(f"lead-{place}", source="web", received_at=at()) for place in range(9)])
    won = [
        stage_change(f"deal-{place}", opportunity=f"deal-{place}", lead=f"lead-{place}", gross_profit=100)
        for place in range(9)
    ]
    await caller.post("stage-changes", won)
    await caller.post("spend", spend(amount=300))
    # 900 came back; by chance it may have been 900 - 1.96 * 300, which is more than 300.
    assert "Every source brings back more than it cost" in await browser.look("/sources", **DAY)
    await caller.post("spend", spend("more", amount=100))
    page = await browser.look("/sources", **DAY)
    assert "No source is clearly losing money." in page
    assert "of every $100 spent, 220 came back as gross profit (return" in page


async def test_without_costs_nobody_can_tell_whom_to_worry_about(browser: Browser, caller: Caller) -> None:
    await caller.post("attempts", attempt(source="web"))
    page = await browser.look("/sources", **DAY)
    assert "No spend in USD has been entered" in page


@pytest.mark.parametrize("name", ["source", "campaign"])
async def test_every_number_of_a_page_is_the_apis(browser: Browser, caller: Caller, name: str) -> None:
    for code, count in {"one": 3, "two": 5}.items():
        await caller.post(
            "leads", [lead(f"{code}-{place}", received_at=at(), **{name: code}) for place in range(count)]
        )
        await caller.post(
            "attempts", [attempt(f"{code}-{place}", lead=f"{code}-{place}", **{name: code}) for place in range(count)]
        )
        await caller.post("spend", spend(code, **{"source": "web", name: code}, amount=10 * count))
    page = await browser.look(f"/{name}s", **DAY)
    report = await caller.get("reports", metrics="attempts,marketing_cost", by=name, **DAY)
    cells = {group["group"][name] or "": group["cells"] for group in report["groups"]}
    links = [
        (parameters, text)
        for parameters, text in row_links(page)
        if parameters["metric"] in {"attempts", "marketing_cost"} and name in parameters
    ]
    assert {parameters["metric"] for parameters, _ in links} == {"attempts", "marketing_cost"}
    for parameters, text in links:
        value = cells[parameters[name]][parameters["metric"]]["value"]
        assert text == (f"{value:,}" if parameters["metric"] == "attempts" else f"${value:,.2f}" if value else "-")


async def test_a_numbers_calls_count_for_whoever_it_belonged_to_then(browser: Browser, caller: Caller) -> None:
    """Radio has it for an hour, then nobody for another, then web."""
    await caller.put(f"tracking-numbers/{LINE}", {"name": "Main line"})
    await assign(caller, at(-60), at(60), source="radio", campaign="spring")
    await assign(caller, at(120), source="web")
    await caller.post("attempts", through("radio", 2, 3, 10) + through("nobody", 1, 2, 61) + through("web", 1, 4, 120))
    await caller.post("attempts", through("other", 0, 1, 130, source="mailing"))
    page = await browser.look("/tracking-number", tracking_number=LINE, **DAY)
    lines = [
        [re.sub(r"\s+", " ", cell) for cell in line] for line in cells_of(page) if len(line) == 6 and ":" in line[1]
    ]
    assert [line[0] for line in lines] == ["not assigned", "radio, campaign spring", "not assigned", "web"]
    assert [line[1][-5:] for line in lines] == ["00:00", "08:00", "10:00", "11:00"]
    assert [int(line[3]) for line in lines] == [0, 3, 2, 5]
    assert [line[4].split("%")[0] for line in lines] == ["- ± Statistics n 0", "67", "50", "20"]
    assert [line[5] for line in lines] == ["-", "radio 3", "unattributed 2", "web 4 , mailing 1"]
    report = await caller.get("reports", metrics="attempts", tracking_number=LINE, **DAY)
    assert report["total"]["attempts"]["value"] == sum(int(line[3]) for line in lines)
    for parameters, text in row_links(page):
        if parameters["metric"] == "attempts" and "source" in parameters:
            assert (await caller.get("reports/rows", **parameters))["count"] == int(text)
    assert "radio, 2026-03-02: 67% of 3 calls answered" in page
    [drawn] = re.findall(r'<script type="application/json" class="specification">(.*?)</script>', page)
    changes = orjson.loads(drawn)["layer"][0]["data"]["values"]
    assert [(change["day"][11:16], change["owner"].split(",")[0]) for change in changes] == [
        ("08:00", "radio"),
        ("10:00", "not assigned"),
        ("11:00", "web"),
    ]


async def test_the_list_of_numbers_says_whose_each_was_as_it_was_believed(browser: Browser, caller: Caller) -> None:
    other = "+14155550199"
    for number in (LINE, other):
        await caller.put(f"tracking-numbers/{number}", {})
    await assign(caller, at(-60), source="radio")
    await caller.post("attempts", through("radio", 2, 3, 10))
    before = (await caller.get("reports", metrics="attempts"))["as_of"]
    await assign(caller, at(30), source="web")
    lists = [
        {
            line[0]: line
            for line in cells_of(await browser.look("/sources", **DAY, **parameters))
            if line[0].startswith("+")
        }
        for parameters in ({}, {"as_of": before}, {"source": "web"})
    ]
    now, then, narrowed = lists
    owners = [re.sub(r" until [-:\d ]+, then", " >", line[LINE][1]) for line in (now, then)]
    assert [re.sub(r"\s+", " ", text) for text in owners] == ["not assigned > radio > web", "not assigned > radio"]
    assert [re.sub(r"\s.*", "", cell) for cell in now[LINE][3:]] == ["3", "67%"]
    assert (now[other][1], now[other][3:]) == ("not assigned", ["0", "-"])
    assert list(narrowed) == [LINE], "the calls were radio's, but the line is web's now"


async def test_a_number_that_is_not_the_accounts_has_no_page(browser: Browser) -> None:
    assert LINE not in await browser.look("/tracking-number", 400, tracking_number=LINE)
    assert "must be given once" in await browser.look("/tracking-number", 400)


@pytest.mark.parametrize(
    "name", ["mix", "mix-campaigns", "roi", "roi-campaigns", "number-answers", "number-answers-by-week"]
)
async def test_every_chart_is_drawn_of_much_and_of_nothing(browser: Browser, caller: Caller, name: str) -> None:
    assert (await browser.look(f"/charts/{name}", **DAY)).startswith("<svg")
    await caller.post("attempts", [attempt(source="web"), attempt("call-2", source=None, network_result="answered")])
    await caller.post("spend", spend())
    assert (await browser.look(f"/charts/{name}", **DAY)).startswith("<svg")


def under(value: float, low: float | None, high: float | None) -> SourceReturn:
    return SourceReturn("one", 100.0, (ModelReturn("linear", value, low, high),))


def test_lowest_is_only_what_lies_below_every_other_by_more_than_chance() -> None:
    low = under(0.1, 0.0, 0.2)
    assert low.is_below([under(0.5, 0.3, 0.7), under(1, 0.21, 2)])
    assert not low.is_below([under(0.5, 0.3, 0.7), under(1, 0.2, 2)])
    assert not low.is_below([])
    assert under(-0.5, -0.9, -0.1).is_loss
    assert not under(-0.5, -0.9, 0.1).is_loss
    assert not under(-1, None, None).is_loss


@given(st.lists(st.integers(-30, 60), unique=True, max_size=8), st.booleans())
def test_the_periods_of_a_time_leave_no_moment_out_and_take_none_twice(edges: list[int], lasts: bool) -> None:
    moments = [NINE + timedelta(minutes=edge) for edge in sorted(edges)]
    ends: list[datetime | None] = [*moments[1:], None if lasts else NINE + timedelta(minutes=70)]
    # Every second period has no owner.
    assignments = (
        [
            Assignment(start, end, None, f"source-{place}", None)
            for place, (start, end) in enumerate(zip(moments, ends, strict=True))
            if place % 2
        ]
        if moments
        else []
    )
    window = Window(NINE, NINE + timedelta(hours=1), ZoneInfo("Europe/Berlin"))
    periods = owner_periods(TrackingNumber(LINE, None, None, tuple(assignments)), window)
    assert (periods[0].start, periods[-1].end) == (window.start, window.end)
    assert all(before.end == after.start for before, after in pairwise(periods))
    assert sum(period.width for period in periods) == pytest.approx(100, abs=0.1)
    for period in periods:
        if period.assignment:
            assert period.assignment.from_at <= period.start.astimezone(UTC)
            assert period.assignment.to_at is None or period.end.astimezone(UTC) <= period.assignment.to_at
