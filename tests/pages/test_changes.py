"""Changes that can explain numbers stand below the calls over time of the overview of their period."""

from datetime import UTC, datetime, timedelta

from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.pages.test_overview import text_of
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

SALE = {"result": "sale", "party": "right_party", "answered_by": "human", "handled": "agent"}
NUMBER = "+13125550142"
HEADING = "Changes in this period"


def days(first: int, last: int) -> dict[str, str]:
    """A window from some days after (or before) today until some days after it."""
    today = datetime.now(UTC).date()
    return {"from": f"{today + timedelta(days=first)}", "to": f"{today + timedelta(days=last)}"}


async def changes(caller: Caller, first: int, last: int) -> str:
    """What the overview of a window lists as changes; the calls are a day old."""
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    page = await browser.look("/overview", **days(first, last))
    return text_of(page, HEADING) if HEADING in page else ""


async def test_the_overview_lists_what_changed_in_its_period(caller: Caller, new_caller: NewCaller) -> None:
    await caller.put("disposition-codes/SALE", SALE)
    await caller.put("calendars/north", {"zone": "UTC", "hours": {"monday": ["09:00-17:00"]}})
    assert await changes(caller, -1, 2) == ""  # the first settings change nothing
    await caller.put("disposition-codes/SALE", SALE | {"result": "appointment"})
    await caller.put("disposition-codes/SALE", SALE | {"result": "appointment", "name": "Sold"})
    await caller.put("calendars/north", {"zone": "UTC", "hours": {"monday": ["08:00-17:00"]}})
    await caller.put("targets/answer_rate", {"value": 0.5})
    await caller.put(f"tracking-numbers/{NUMBER}", {})
    for day, source in ((-3, "radio"), (-1, "web")):
        start = f"{datetime.now(UTC) + timedelta(days=day):%Y-%m-%dT12:00:00Z}"
        await caller.post(f"tracking-numbers/{NUMBER}/assignments", {"from_at": start, "source": source})
    listed = await changes(caller, -1, 2)
    assert listed.count("Meaning of code SALE changed") == 1  # another name is no other meaning
    assert listed.count("Working hours of north changed") == 1
    assert listed.count("Target for Answer rate changed") == 1
    assert listed.count(f"Number {NUMBER} reassigned") == 1
    assert await changes(caller, -9, -4) == ""
    assert await changes(await new_caller(), -1, 2) == ""
