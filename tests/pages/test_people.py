"""People: who keeps to the schedule, who is overloaded, which team loses people, and the rows behind every number."""

from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.make import agent_state, at, attempts, employment, schedule
from tests.pages.test_agents import row_links, words
from tests.pages.test_pages import Browser
from tests.pages.test_quality import table

__all__ = ["caller", "client", "new_caller", "service"]

DAY = {"from": "2026-03-02", "to": "2026-03-03", "tz": "UTC"}


async def furnish(caller: Caller) -> Browser:
    """Ada works as planned from 09:00 to 13:00, Cy works four hours as well, but two hours later."""
    for agent, team in (("ada", "north"), ("cy", "south")):
        await caller.put(f"agents/{agent}", {"team": team})
        await caller.post("schedules", schedule(agent))
    await caller.post(
        "agent-states",
        [
            agent_state("ada", state="waiting", from_at=at(), to_at=at(60)),
            agent_state("ada", state="talking", from_at=at(60), to_at=at(240)),
            agent_state("cy", state="talking", from_at=at(120), to_at=at(360)),
        ],
    )
    await caller.post("attempts", attempts(3, agent="ada"))
    staff = [employment(f"n{n}", agent=f"n{n}", joined_on="2024-01-01") for n in range(20)]
    staff += [
        employment(f"s{n}", agent=f"s{n}", team="south", joined_on="2024-01-01", left_on="2025-12-31", voluntary=n > 2)
        for n in range(16)
    ]
    staff += [employment(f"t{n}", agent=f"t{n}", team="south", joined_on="2024-01-01") for n in range(4)]
    await caller.post("staff", staff)
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


async def test_the_page_names_the_team_that_does_not_keep_to_its_schedule_and_the_overloaded(caller: Caller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/people", **DAY)
    # As planned: Ada 240 of 240 minutes, Cy 120; both were there for 240.
    assert "south has the lowest schedule adherence: 50.0%, all teams 75.0%." in page
    assert "Its conformance is 100.0%: agents work as long as planned, but at other times." in page
    # With a call in hand: Ada 180 of 240 minutes, Cy all of 240.
    assert "Occupancy is 87.5%; the target range is 75-90%. Too little rest between calls: south 100.0%." in page
    teams = table(page, "Teams")
    assert teams["north"][:5] == ["75.0%", "75.0%", "25.0%", "100.0%", "100.0%"]
    assert table(page, "Agents")["ada"][-1] == "3"
    assert "Occupancy" in table(page, "Reference values")


async def test_attrition_is_that_of_twelve_months_with_the_voluntary_apart(caller: Caller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/people", **DAY)
    assert any("Attrition a year clearly above average: south" in sentence for sentence in words(page))
    assert [value for _, value in row_links(page, "leavers") if value == "16"]
    assert table(page, "Attrition")["south"][2:4] == ["16", "13"]


async def test_an_account_may_move_the_band(caller: Caller) -> None:
    browser = await furnish(caller)
    await caller.put("targets/occupancy", {"value": 0.6, "upper": 0.88})
    page = await browser.look("/people", **DAY)
    assert "the target range is 60-88%." in page


async def test_every_number_opens_its_rows_for_keys_that_may_see_them(caller: Caller, new_caller: NewCaller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/people", **DAY)
    links = row_links(page, "occupancy") + row_links(page, "schedule_adherence") + row_links(page, "attempts_per_day")
    assert len(links) > 8
    for address, _ in links[:3]:
        assert " counted" in await browser.look(address)
    reader = await new_caller(caller.account_id, scopes=("reports",))
    browser = Browser(caller.client)
    await browser.sign_in(reader.key)
    assert "/look/rows" not in await browser.look("/people", **DAY)
