"""Working hours and targets in the browser: the pages write what the API reads, and refuse what the API refuses."""

import re
from html import unescape

import pytest

from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.pages.settings import error_at, send, sent
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

CALENDAR = "/settings/calendars/calendar"
TARGET = "/settings/targets/target"
WEEK = {
    "monday": "9-12, 13:00-17:30",
    **dict.fromkeys(("tuesday", "wednesday", "thursday", "friday"), "9:00 to 17:00"),
}


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


async def test_a_calendar_is_entered_as_people_write_hours(browser: Browser, caller: Caller) -> None:
    assert "No calendars yet" in await browser.look("/settings/calendars")
    form = await browser.look(CALENDAR)
    day = {"on_0": "2026-12-24", "name_0": "Christmas Eve", "hours_0": "9-12"}
    listed = await sent(browser, form, CALENDAR, team="north", zone="Europe/Berlin", **WEEK, **day)
    assert "Saved the calendar of north." in listed
    assert "Mon 09:00-12:00, 13:00-17:30; Tue-Fri 09:00-17:00" in listed
    stored = await caller.get("calendars/north")
    assert stored["hours"]["monday"] == ["09:00-12:00", "13:00-17:30"]
    assert stored["hours"]["saturday"] == []
    assert stored["holidays"] == [{"on": "2026-12-24", "name": "Christmas Eve", "hours": ["09:00-12:00"]}]

    await caller.put("calendars/south", {"zone": "UTC", "hours": {"sunday": ["22:00-24:00"]}}, 201)
    assert "Sun 22:00-24:00" in await browser.look("/settings/calendars", search="south")
    assert "Nothing matches" in await browser.look("/settings/calendars", search="west")


async def test_public_holidays_of_a_region_join_the_list_and_stay_editable(browser: Browser, caller: Caller) -> None:
    form = await browser.look(CALENDAR, team="default")
    typed = {"team": "default", "zone": "Europe/Berlin", **WEEK, "on_0": "2026-01-06", "name_0": "Stocktaking"}
    bavaria = {"country": "DE", "region": "BY", "first_year": "2026", "last_year": "2026", "do": "add"}
    added = (await send(browser, form, CALENDAR, 200, **typed, **bavaria)).text
    assert "Added 11 days of Germany (Bayern)" in added
    assert (await caller.get("calendars"))["items"] == []
    assert 'value="Stocktaking"' in added
    assert added.index('value="2026-01-01"') < added.index('value="2026-01-06"') < added.index('value="2026-12-26"')
    wrong = (await send(browser, form, CALENDAR, 422, **typed, **bavaria | {"region": "XX"})).text
    assert "BY (Bayern)" in error_at(wrong, "region")

    rows = {name: value for name, value in _rows(added).items() if value}
    removed = {"remove_0": "yes"}
    await sent(browser, added, CALENDAR, **typed | rows | removed)
    holidays = (await caller.get("calendars/default"))["holidays"]
    # Bavaria's thirteen days without New Year's, with the day of one's own in place of Epiphany.
    assert [day["on"] for day in holidays] == [
        *("2026-01-06", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2026-06-04"),
        *("2026-10-03", "2026-11-01", "2026-12-25", "2026-12-26"),
    ]
    assert holidays[0]["name"] == "Stocktaking"


def _rows(page: str) -> dict[str, str]:
    """The rows of holidays in a form."""
    return dict(re.findall(r'name="((?:on|name)_\d+)" value="([^"]*)"', page))


async def test_a_wrong_calendar_keeps_what_was_typed_and_has_the_faults_of_the_api(
    browser: Browser, caller: Caller
) -> None:
    form = await browser.look(CALENDAR)
    typed = {"team": "north", "zone": "Berlin", "monday": "17-9", "on_0": "2026-12-25", "on_1": "2026-12-25"}
    refused = (await send(browser, form, CALENDAR, 422, **typed)).text
    week = {"monday": ["17:00-09:00"]}
    days = [{"on": "2026-12-25"}, {"on": "2026-12-25"}]
    body = {"zone": "Berlin", "hours": week, "holidays": days}
    problem = await caller.put("calendars/north", body, 422)
    at_page = {"/zone": "zone", "/hours/monday/0": "monday", "/holidays/1": "on_1"}
    assert {fault["pointer"]: fault["message"] for fault in problem["errors"]} == {
        pointer: error_at(refused, field) for pointer, field in at_page.items()
    }
    assert 'value="17-9"' in refused
    assert (await caller.get("calendars"))["items"] == []


async def test_a_calendar_changed_meanwhile_is_not_overwritten_and_earlier_values_come_back(
    browser: Browser, caller: Caller
) -> None:
    await caller.put("calendars/north", {"zone": "UTC", "hours": {"monday": ["09:00-17:00"]}}, 201)
    opened = await browser.look(CALENDAR, team="north")
    await caller.put("calendars/north", {"zone": "UTC", "hours": {"monday": ["10:00-18:00"]}}, 200)
    late = (await send(browser, opened, CALENDAR, 409, zone="UTC", monday="8-16")).text
    assert "Somebody else changed this since you opened it" in late
    assert "Mon 10:00-18:00" in late
    assert 'value="8-16"' in late
    assert (await caller.get("calendars/north"))["hours"]["monday"] == ["10:00-18:00"]
    await sent(browser, late, CALENDAR, zone="UTC", monday="8-16")
    assert (await caller.get("calendars/north"))["hours"]["monday"] == ["08:00-16:00"]

    page = await browser.look(CALENDAR, team="north")
    assert page.count("<td>key test</td>") == 3
    earliest = unescape(page.split('<nav class="languages"')[0].split('href="')[-1].split('"')[0])
    restored = await browser.look(earliest)
    assert "earlier values" in restored
    await sent(browser, restored, CALENDAR, zone="UTC", monday="09:00-17:00")
    assert (await caller.get("calendars/north"))["hours"]["monday"] == ["09:00-17:00"]


async def test_targets_are_typed_in_the_unit_of_their_metric(browser: Browser, caller: Caller) -> None:
    assert "No targets yet" in await browser.look("/settings/targets")
    await caller.put("agents/ada", {"team": "north"}, 201)
    form = await browser.look(TARGET)
    rate = {"metric": "Answer rate", "value": "15 %", "scope": "team", "code": "north", "from_on": "2026-03-01"}
    listed = await sent(browser, form, TARGET, **rate)
    assert "Saved the target of Answer rate." in listed
    assert "15.0%" in listed
    await sent(browser, form, TARGET, metric="avg_handle_time", value="4:30")
    await sent(browser, form, TARGET, metric="service_level", value="90%", within_seconds="0:30")
    stored = {item["metric"]: item for item in (await caller.get("targets"))["items"]}
    assert (stored["answer_rate"]["value"], stored["answer_rate"]["team"]) == (0.15, "north")
    assert stored["avg_handle_time"]["value"] == 270
    assert stored["service_level"]["within_seconds"] == 30

    page = await browser.look(TARGET, metric="answer_rate", scope="team", code="north", from_on="2026-03-01")
    assert 'value="15%"' in page
    await sent(browser, page, TARGET, value="0.2", to_on="2026-12-31")
    changed = next(item for item in (await caller.get("targets"))["items"] if item["metric"] == "answer_rate")
    assert (changed["value"], changed["to_on"]) == (0.2, "2026-12-31")
    late = (await send(browser, page, TARGET, 409, value="0.3")).text
    assert "Saved meanwhile: 20.0% until 2026-12-31." in late
    await sent(browser, late, TARGET, do="withdraw")
    assert [item["metric"] for item in (await caller.get("targets"))["items"]] == [
        "avg_handle_time",
        "service_level",
    ]
    await sent(browser, form, TARGET, **rate)
    assert len((await caller.get("targets"))["items"]) == 3


@pytest.mark.parametrize(
    ("fields", "body", "places"),
    [
        ({"value": "15"}, {"value": 15}, {"value": "/value"}),
        ({"value": "a lot"}, {"value": "a lot"}, {"value": "/value"}),
        ({"value": "15 %", "upper": "20 %"}, {"value": 0.15, "upper": 0.2}, {"upper": "/upper"}),
        ({"value": "15 %", "scope": "team", "code": "nowhere"}, {"value": 0.15, "team": "nowhere"}, {"code": "/team"}),
        (
            {"value": "15 %", "from_on": "2026-03-02", "to_on": "2026-03-01"},
            {"value": 0.15, "from_on": "2026-03-02", "to_on": "2026-03-01"},
            {"to_on": "/to_on"},
        ),
        ({"value": "15 %", "within_seconds": "30"}, {"value": 0.15, "within_seconds": 30}, {"within_seconds": None}),
    ],
)
async def test_a_wrong_target_has_the_faults_of_the_api_at_its_fields(
    browser: Browser, caller: Caller, fields: dict[str, str], body: dict[str, object], places: dict[str, str | None]
) -> None:
    form = await browser.look(TARGET)
    refused = (await send(browser, form, TARGET, 422, metric="answer_rate", **fields)).text
    problem = await caller.put("targets/answer_rate", body, 422)
    messages = {fault["pointer"]: fault["message"] for fault in problem["errors"]}
    for field, pointer in places.items():
        assert error_at(refused, field) == messages[pointer or f"/{field}"]
    assert (await caller.get("targets"))["items"] == []


async def test_an_unknown_metric_is_named_at_its_field(browser: Browser) -> None:
    refused = (await send(browser, await browser.look(TARGET), TARGET, 422, metric="answer rat", value="15 %")).text
    assert error_at(refused, "metric") == "is not the name of a metric; did you mean answer_rate?"
