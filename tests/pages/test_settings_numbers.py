"""Assigning, lending and retiring a tracking number in the browser; an unknown number is asked about first."""

from html import unescape

import pytest

from service.accounts.keys import create_key
from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.conftest import Owner
from tests.pages.settings import error_at, hidden_of, send, sent
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

LINE = "+14155550100"
PATH = "/settings/numbers/number"


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


async def number_page(browser: Browser) -> str:
    return await browser.look(PATH, number=LINE)


async def assigned_to_radio(browser: Browser, caller: Caller) -> str:
    """The page of a number that a form has assigned to radio, after the question about the unknown number."""
    form = await browser.look(PATH)
    radio = {"number": "(415) 555-0100", "source": "radio", "from_at": "2026-03-01T09:00"}
    question = (await send(browser, form, f"{PATH}/assign", 404, **radio)).text
    assert f"Is {LINE} one of your numbers?" in question
    assert (await caller.get("tracking-numbers"))["items"] == []
    return await sent(browser, question, f"{PATH}/assign")


async def test_a_number_is_assigned_lent_retired_and_used_again(browser: Browser, caller: Caller) -> None:
    assert "No tracking numbers yet" in await browser.look("/settings/numbers")
    page = await assigned_to_radio(browser, caller)
    assert "The number belongs to radio from 2026-03-01 09:00 until further notice." in page
    assert "With an end, the number returns to radio afterwards." in page

    fair = {"source": "fair", "from_at": "2026-03-02T09:00", "to_at": "2026-03-04T18:00"}
    lent = await sent(browser, page, f"{PATH}/assign", **fair)
    assert "From 2026-03-04 18:00 the number returns to radio." in lent
    held = (await caller.get(f"tracking-numbers/{LINE}"))["assignments"]
    assert [span["source"] for span in held] == ["radio", "fair", "radio"]
    refused = await send(browser, lent, f"{PATH}/assign", 409, **fair | {"from_at": "2026-03-03T09:00"})
    assert "A number has one holder at a time." in refused.text
    assert 'value="2026-03-03T09:00"' in refused.text

    retired = await sent(browser, await number_page(browser), f"{PATH}/change", name="Spring spot", use="retire")
    assert "calls with it wait in the to-do list" in retired
    stored = await caller.get(f"tracking-numbers/{LINE}")
    assert (stored["name"], stored["retired_at"] is None) == ("Spring spot", False)
    assert "Retired since" in await browser.look("/tracking-number", tracking_number=LINE)
    assert "Retired" in await browser.look("/settings/numbers", search="spring")
    await sent(browser, retired, f"{PATH}/change", name="Spring spot", use="again")
    assert (await caller.get(f"tracking-numbers/{LINE}"))["retired_at"] is None


async def test_an_assignment_ends_now_or_is_removed_and_can_be_entered_again(browser: Browser, caller: Caller) -> None:
    page = await assigned_to_radio(browser, caller)
    ended = await sent(browser, page, f"{PATH}/end")
    assert "the number has no source." in ended
    [span] = (await caller.get(f"tracking-numbers/{LINE}"))["assignments"]
    assert (span["source"], span["to_at"] is None) == ("radio", False)
    assert "<td>key test</td>" in ended
    removed = await sent(browser, ended, f"{PATH}/remove")
    assert "Nobody has had this number yet." in removed
    assert (await caller.get(f"tracking-numbers/{LINE}"))["assignments"] == []
    [again, *_] = [line.split('"')[0] for line in removed.split('href="') if "source=radio" in line]
    await sent(
        browser,
        unescape(await browser.look(unescape(again))),
        f"{PATH}/assign",
        source="radio",
        from_at="2026-03-01T09:00",
    )
    assert [span["source"] for span in (await caller.get(f"tracking-numbers/{LINE}"))["assignments"]] == ["radio"]


async def test_the_second_of_two_people_is_told_that_the_number_changed(browser: Browser, caller: Caller) -> None:
    opened = await assigned_to_radio(browser, caller)
    await caller.post(f"tracking-numbers/{LINE}/assignments", {"from_at": "2026-03-05T00:00:00Z", "source": "tv"}, 201)
    print_ad = {"source": "print", "from_at": "2026-03-06T09:00"}
    told_so = await send(browser, opened, f"{PATH}/assign", 409, **print_ad)
    assert "Somebody else changed this since you opened it" in told_so.text
    held = (await caller.get(f"tracking-numbers/{LINE}"))["assignments"]
    assert [span["source"] for span in held] == ["radio", "tv"]
    await sent(browser, told_so.text, f"{PATH}/assign", **print_ad)
    held = (await caller.get(f"tracking-numbers/{LINE}"))["assignments"]
    assert [span["source"] for span in held] == ["radio", "tv", "print"]


async def test_a_form_that_makes_no_sense_has_its_faults_at_the_fields(browser: Browser, caller: Caller) -> None:
    form = await browser.look(PATH)
    for field, fields in {
        "number": {"number": "hello", "from_at": "2026-03-01T09:00"},
        "from_at": {"number": LINE, "from_at": "tomorrow"},
        "to_at": {"number": LINE, "from_at": "2026-03-02T09:00", "to_at": "2026-03-01T09:00"},
    }.items():
        answer = await send(browser, form, f"{PATH}/assign", 422, source="radio", **fields)
        assert error_at(answer.text, field), answer.text
        assert 'value="radio"' in answer.text
    body = {"from_at": "2026-03-02T09:00:00Z", "to_at": "2026-03-01T09:00:00Z"}
    problem = await caller.post(f"tracking-numbers/{LINE}/assignments", body, 422)
    assert [fault["message"] for fault in problem["errors"]] == [error_at(answer.text, "to_at")]
    assert (await browser.ask("POST", f"{PATH}/change", data={"number": LINE})).status_code == 403


async def test_numbers_of_the_api_are_on_the_page_and_the_former_address_leads_there(
    browser: Browser, caller: Caller
) -> None:
    for place in range(27):
        await caller.put(f"tracking-numbers/+141555501{place:02}", {"name": f"Line {place}"}, 201)
    page = await browser.look("/settings/numbers")
    assert page.count("Nobody has it") == 25
    assert (await browser.look("/settings/numbers", show="50")).count("Nobody has it") == 27
    assert (await browser.look("/settings/numbers", search="line 26")).count("Nobody has it") == 1
    answer = await browser.ask("GET", "/tracking-numbers/change", params={"tracking_number": LINE})
    assert answer.headers["location"] == f"{PATH}?number=%2B14155550100"
    assert hidden_of(await number_page(browser), f"{PATH}/change")["number"] == LINE


async def test_only_people_who_configure_change_numbers(caller: Caller, owner: Owner) -> None:
    key, _ = await create_key(owner, caller.account_id, name="reader", scopes=("reports",))
    reader = Browser(caller.client)
    await reader.sign_in(key)
    for path in ("/settings/numbers", PATH, "/settings/calendars", "/settings/targets"):
        await reader.look(path, 403)
