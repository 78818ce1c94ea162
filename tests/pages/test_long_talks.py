"""Talks that cannot be true are on the to-do list, with the way to each call."""

from datetime import timedelta

from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.conftest import Owner
from tests.make import NINE, at, attempt, inbound_call
from tests.pages.test_overview import text_of
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]


async def test_a_talk_of_more_than_two_hours_or_longer_than_its_call_is_listed(caller: Caller, owner: Owner) -> None:
    await caller.post(
        "attempts",
        [
            attempt("usual", talk_seconds=7_200, ended_at=at(120)),
            attempt("open", talk_seconds=7_201, dialed_at=at(1)),
            attempt("longer", talk_seconds=600, dialed_at=at(2)),
            attempt("longer", dialed_at=at(2), ended_at=at(3)),
            attempt("within-a-second", talk_seconds=61, dialed_at=at(4)),
            attempt("within-a-second", dialed_at=at(4), ended_at=at(5)),
        ],
    )
    await caller.post("inbound-calls", inbound_call("came-in", talk_seconds=9_000, arrived_at=at(6)))
    expected = [
        ("inbound-calls", "came-in", (NINE + timedelta(minutes=6)).isoformat().replace("+00:00", "Z"), 9_000, None),
        ("attempts", "longer", at(2), 600, 60),
        ("attempts", "open", at(1), 7_201, None),
    ]
    talks = (await caller.get("to-do"))["long_talks"]
    fields = ("resource", "external_id", "began_at", "talk_seconds", "call_seconds")
    assert [tuple(talk[name] for name in fields) for talk in talks] == expected
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    page = await browser.look("/overview")
    text = text_of(page, "Calls with very long talk times")
    assert "10 min talk time, 1 min call" in text
    assert "inbound call came-in" in text
    old = "UPDATE attempts SET recorded_at = now() - interval '8 days' WHERE account_id = $1"
    await owner.execute(old, caller.account_id)
    assert [talk["external_id"] for talk in (await caller.get("to-do"))["long_talks"]] == ["came-in"]
