"""Lead response: curves that agree with the numbers, sources that wait too long, and the leads that wait longest."""

import json
import re
from html import unescape
from itertools import accumulate
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from reports.render import formatting
from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.conftest import Owner
from tests.make import at, attempt, lead
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

DAY = {"from": "2026-03-02", "to": "2026-03-03"}
HORIZONS = {"called_within_5_min": 300, "called_within_1_hour": 3_600, "called_within_24_hours": 86_400}
METRICS = ",".join(("lead_response_time", "open_leads", *HORIZONS))
# Minutes until the first call, by source; nobody called the others, and two of those were closed after an hour.
CALLED = {"search": [2, 3, 3, 4, 20, 25, 30, 41, 50, 55, 58, 59], "list": [70, 80, 90, 200, 300, 1500], None: [7]}
LEADS = {"search": 13, "list": 14, None: 2}
CLOSED = {"list-8", "list-9"}


def leads() -> list[dict[str, Any]]:
    """The leads of every source, each received a minute after the one before."""
    return [
        lead(
            f"{source}-{number}",
            source=source,
            received_at=at(number),
            **({"closed_at": at(number + 60)} if f"{source}-{number}" in CLOSED else {}),
        )
        for source, count in LEADS.items()
        for number in range(count)
    ]


def calls() -> list[dict[str, Any]]:
    return [
        attempt(f"{source}-{number}", lead=f"{source}-{number}", dialed_at=at(number + after))
        for source, minutes in CALLED.items()
        for number, after in enumerate(minutes)
    ]


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    """A signed-in browser, over a floor with waiting leads from the list."""
    await caller.post("leads", leads())
    await caller.post("attempts", calls())
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def curve_of(report: Any, metric: str, source: str | None) -> list[dict[str, Any]]:
    [points] = [
        curve["points"]
        for curve in report["curves"]
        if metric in curve["metrics"] and curve["group"] == {"source": source}
    ]
    return points


async def test_the_curve_read_at_a_horizon_or_at_a_half_is_the_number(browser: Browser, caller: Caller) -> None:
    report = await caller.get("reports", metrics=METRICS, by="source", curves="all", **DAY)
    assert len(report["curves"]) == len(report["groups"]) == 3
    for group in report["groups"]:
        points = curve_of(report, "lead_response_time", group["group"]["source"])
        for metric, horizon in HORIZONS.items():
            read = [point for point in points if point["time_seconds"] <= horizon][-1]
            cell = group["cells"][metric]
            assert [read[part] for part in ("happened", "ci_low", "ci_high")] == pytest.approx(
                [cell[part] for part in ("value", "ci_low", "ci_high")]
            )
        half = [point["time_seconds"] for point in points if point["happened"] >= 0.5 - 1e-9]
        median = group["cells"]["lead_response_time"]
        assert (half or [None])[0] == median["value"]
        assert sum(point["events"] for point in points) == median["numerator"]
        assert sum(point["events"] + point["censored"] for point in points) == median["denominator"]


async def test_a_curve_is_the_products_of_those_left(browser: Browser, caller: Caller) -> None:
    report = await caller.get("reports", metrics="lead_response_time", by="source", curves="all", **DAY)
    # Fourteen from the list: two were closed after an hour, so that twelve were waiting at the first call.
    points = curve_of(report, "lead_response_time", "list")
    left = list(accumulate([1, 11 / 12, 10 / 11, 9 / 10, 8 / 9, 7 / 8, 6 / 7], lambda share, factor: share * factor))
    called = [point for point in points if point["events"]]
    assert [point["time_seconds"] / 60 for point in called] == CALLED["list"]
    assert [1 - point["happened"] for point in called] == pytest.approx(left[1:])
    assert [point["at_risk"] for point in called] == [12, 11, 10, 9, 8, 7]


async def test_without_being_asked_for_no_curve_is_told(caller: Caller) -> None:
    report = await caller.get("reports/lead-response", **DAY)
    assert report["curves"] == []
    fault = await caller.get("reports/lead-response", 400, curves="some")
    assert [error["pointer"] for error in fault["errors"]] == ["curves"]


async def test_the_page_draws_the_curves_of_the_api(browser: Browser, caller: Caller) -> None:
    page = await browser.look("/lead-response", **DAY)
    report = await caller.get("reports", metrics=METRICS, by="source", curves="all", **DAY)
    [specification] = re.findall(r'<script type="application/json" class="specification">(.*?)</script>', page)
    [drawn] = json.loads(specification)["datasets"].values()
    for source, name in {"search": "search", "list": "list", None: "unattributed"}.items():
        late = [point for point in curve_of(report, "lead_response_time", source) if 60 < point["time_seconds"] < 1e6]
        steps = [row for row in drawn if row["source"] == name and row["seconds"] > 60]
        assert [row["seconds"] for row in steps] == pytest.approx([point["time_seconds"] for point in late])
        assert [row["share"] for row in steps] == pytest.approx([point["happened"] for point in late], abs=1e-4)
    assert "slowest unattributed" in page or "slowest list" in page


async def test_the_page_says_where_leads_wait_and_why_and_every_number_has_its_rows(
    browser: Browser, caller: Caller
) -> None:
    page = await browser.look("/lead-response", **DAY)
    assert "Leads from list wait too long for their first call." in page
    assert "6 of 14 still wait." in page
    report = await caller.get("reports", metrics=METRICS, by="source", **DAY)
    cells = {group["group"]["source"]: group["cells"] for group in report["groups"]}
    share = cells["search"]["called_within_1_hour"]["value"]
    assert share == pytest.approx(12 / 13)
    [line] = re.findall(r'<tr><th scope="row">search</th>.*?</tr>', page, re.DOTALL)
    row_links = dict(re.findall(r'<a href="(/look/rows[^"]+)">([^<]+)</a>', line))
    links = {parse_qs(urlsplit(unescape(link)).query)["metric"][0]: (link, value) for link, value in row_links.items()}
    assert links["called_within_1_hour"][1] == f"{share:.0%}"
    assert "<b>12 " in await browser.look(unescape(links["called_within_1_hour"][0]))


async def test_the_ledgers_longest_waiting_come_first_and_the_door_leads_to_all(
    browser: Browser, caller: Caller, owner: Owner
) -> None:
    page = await browser.look("/lead-response", **DAY)
    [table] = re.findall(r'aria-label="Longest waiting leads".*?</table>', page, re.DOTALL)
    waiting = await owner.fetch(
        """
        SELECT external_id, received_at FROM leads l
        WHERE account_id = $1 AND closed_at IS NULL
            AND NOT EXISTS (SELECT FROM attempts a WHERE a.account_id = l.account_id AND a.lead = l.external_id)
        ORDER BY received_at, external_id
        """,
        caller.account_id,
    )
    listed = re.findall(r'">([^<]+)</a></th>(?:<td class="text">[^<]*</td>)*<td>([^<]+)</td><td>([^<]+)<', table)
    since = [(row["external_id"], f"{row['received_at']:%Y-%m-%d %H:%M}") for row in waiting]
    assert [(lead, at) for lead, at, _ in listed] == since
    assert f"{len(waiting)} of {len(waiting)} waiting leads" in page
    assert unescape(re.findall(r'"row"><a href="([^"]+)">', table)[0]) == f"/lead?external_id={listed[0][0]}&tz=UTC"
    [link] = re.findall(r'<a href="([^"]+)">Show all \d+ waiting leads</a>', page)
    assert f"<b>{len(waiting)} " in await browser.look(unescape(link))
    rows = await caller.get("reports/rows", **parse_qs(urlsplit(unescape(link)).query))
    waited = {item["lead"]: formatting.duration(item["response_seconds"]) for item in rows["items"]}
    assert waited == {lead: long for lead, _, long in listed}


async def test_the_waiting_are_those_asked_for_and_working_time_is_said_where_known(
    browser: Browser, caller: Caller
) -> None:
    page = await browser.look("/lead-response", source="list", **DAY)
    assert "6 of 6 waiting leads" in page
    assert "No source is clearly slower" in page, "one alone is no slower than all"
    assert "search-12" not in page
    assert "Business hours waited" not in page
    hours = {weekday: ["09:00-17:00"] for weekday in ("monday", "tuesday")}
    await caller.put("calendars/default", {"zone": "UTC", "hours": hours})
    assert "Business hours waited" in await browser.look("/lead-response", source="list", **DAY)
    nobody = await browser.look("/lead-response", **{"from": "2025-03-02", "to": "2025-03-03"})
    assert "No data in this period" in nobody
    assert "No lead received from" in nobody


async def test_a_key_without_rows_sees_the_curves_and_not_who_waits(new_caller: NewCaller, caller: Caller) -> None:
    await caller.post("leads", leads())
    reader = await new_caller(caller.account_id, scopes=("reports",))
    browser = Browser(caller.client)
    await browser.sign_in(reader.key)
    page = await browser.look("/lead-response", **DAY)
    assert "Time to first call by source" in page
    assert "You do not have access to individual calls and leads" in page
    assert "list-7" not in page
