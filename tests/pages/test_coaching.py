"""Coaching: the best calls with their recordings, sharing one with a team, disputes, and who may do and see what."""

import re
from html import unescape

from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.make import at, attempt, evaluation, form_item
from tests.pages.test_first_steps import send
from tests.pages.test_pages import Browser
from tests.pages.test_quality import table

__all__ = ["caller", "client", "new_caller", "service"]

WEEK = {"from": "2026-03-02", "to": "2026-03-09", "tz": "UTC"}
RECORDING = "https://calls.example.com/call-2.mp3"


async def furnish(caller: Caller) -> Browser:
    """Five calls with 1 to 5 points, of which two evaluations are disputed and one was voided."""
    await caller.post("form-items", form_item("greeting"))
    recordings = {2: {"uri": RECORDING}, 3: {"uri": "s3://calls/call-3.opus"}}
    await caller.post("attempts", [attempt(f"call-{n}", agent="ada", recording=recordings.get(n)) for n in range(5)])
    disputes = {0: "open", 1: "rejected", 4: "voided"}
    await caller.post(
        "evaluations",
        [
            evaluation(
                f"e{n}",
                call=f"call-{n}",
                agent=None,
                scores=[{"item": "greeting", "points": n + 1}],
                dispute=disputes.get(n),
                dispute_at=at(100 + n) if n in disputes else None,
            )
            for n in range(5)
        ],
    )
    for agent, team in (("bo", "north"), ("cy", "south")):
        await caller.put(f"agents/{agent}", {"team": team})
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def part(page: str, name: str) -> str:
    return page.split(f'aria-label="{name}"')[1].split("</table>", maxsplit=1)[0]


async def test_the_best_calls_come_first_and_their_recordings_are_a_click_away(caller: Caller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/quality", **WEEK)
    best = table(page, "Best calls")
    assert [(call, line[0]) for call, line in best.items() if call.startswith("call-")] == [
        ("call-3", "80%"),
        ("call-2", "60%"),
        ("call-1", "40%"),
        ("call-0", "20%"),
    ]
    assert f'<a href="{RECORDING}" rel="noreferrer">listen</a>' in part(page, "Best calls")
    assert "s3://calls/call-3.opus" in best["call-3"]
    [address] = re.findall(r'<th scope="row"><a href="([^"]+)">call-3</a>', part(page, "Best calls"))
    assert "call-3" in await browser.look(unescape(address))


async def test_disputes_are_listed_with_those_that_the_agent_won_and_open_ones_first(caller: Caller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/quality", **WEEK)
    assert [line[0] for name, line in table(page, "Disputes").items() if name != "Evaluation"] == [
        "open",
        "accepted: evaluation voided",
        "rejected: the score stands",
    ]
    report = await caller.get("reports", **WEEK, metrics="disputes,open_disputes,dispute_rate")
    assert [report["total"][name]["value"] for name in ("disputes", "open_disputes")] == [3, 1]
    assert report["total"]["dispute_rate"]["numerator"] == 2
    rows = await caller.get("reports/rows", **WEEK, metric="disputes")
    assert sorted(row["dispute"] for row in rows["items"]) == ["open", "rejected", "voided"]


async def test_a_manager_shares_a_call_with_a_team_and_withdraws_it(caller: Caller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/quality", **WEEK)
    [address] = set(re.findall(r'href="(/coaching/share\?[^"]+call-2)"', page))
    form = await browser.look(unescape(address))
    assert '<option value="north">' in form
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.partition("<main")[2]))
    for _ in range(2):
        await send(browser, form, "/coaching/share", fields | {"team": "north", "note": "calm <b>close</b>"}, 303)
    page = await browser.look("/quality", **WEEK)
    [shared] = [line for name, line in table(page, "Shared calls").items() if name == "call-2"]
    assert shared[:4] == ["north", "calm <b>close</b>", "ada", "test"]
    assert "<b>close</b>" not in page
    assert RECORDING in part(page, "Shared calls")
    of_south = await browser.look("/quality", team="south", **WEEK)
    assert "call-2" not in of_south.split("Shared for coaching")[1]
    today = await caller.get("reports", metrics="shared_calls", by="team,agent", **{"from": "2026-03-01"})
    assert [(group["group"], group["cells"]["shared_calls"]["value"]) for group in today["groups"]] == [
        ({"team": "north", "agent": "ada"}, 1)
    ]
    await send(browser, page, "/coaching/withdraw", {"external_id": fields["external_id"]}, 303)
    assert "No shared calls" in await browser.look("/quality", **WEEK)
    gone = await caller.get("reports", metrics="shared_calls", **{"from": "2026-03-01"})
    assert gone["total"]["shared_calls"]["value"] == 0


async def test_sharing_needs_the_right_to_configure_and_to_see_calls(caller: Caller, new_caller: NewCaller) -> None:
    await furnish(caller)
    address = "/coaching/share?dialer=default&external_id=call-2"
    for scopes in (("reports", "rows"), ("reports", "configure")):
        reader = await new_caller(caller.account_id, scopes=scopes)
        browser = Browser(caller.client)
        await browser.sign_in(reader.key)
        assert (await browser.ask("GET", address)).status_code == 403
        assert (await browser.ask("POST", "/coaching/withdraw", data={"external_id": "x"})).status_code == 403
        page = await browser.look("/quality", **WEEK)
        assert ("Best calls" in page, RECORDING in page, "/coaching/share" in page) == (True, "rows" in scopes, False)
    stranger = await new_caller()
    browser = Browser(caller.client)
    await browser.sign_in(stranger.key)
    assert (await browser.ask("GET", address)).status_code == 404


async def test_a_form_without_a_team_or_of_an_unknown_call_names_its_fault(caller: Caller) -> None:
    browser = await furnish(caller)
    form = await browser.look("/coaching/share", dialer="default", external_id="call-2")
    fields = {"dialer": "default", "call": "call-2", "external_id": "share-1"}
    assert "team" in await send(browser, form, "/coaching/share", fields, 422)
    await send(browser, form, "/coaching/share", fields | {"call": "call-9", "team": "north"}, 404)
    assert (await browser.ask("POST", "/coaching/share", data=fields)).status_code == 403
