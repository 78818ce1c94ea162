"""What an answered call means and whether calls find their lead: set for a hook, changed later, applied to the past."""

from typing import Any

import pytest

from service.hooks.reprocess import DeliveryFilter, reprocess
from service.platform.db import prepare_connection
from service.platform.secret_encryption import SecretCipher
from tests.api.conftest import Caller
from tests.conftest import Owner
from tests.hooks.conftest import Hooked, NewHook, attempts, call
from tests.make import lead

NUMBER = "+14155550123"


async def read_again(owner: Owner, hook: Hooked) -> None:
    await prepare_connection(owner)
    await reprocess(
        owner,
        hook.caller.account_id,
        DeliveryFilter(hook=hook.id),
        lambda: SecretCipher("k" * 32),
        lambda _done, _total: None,
    )


async def change(hook: Hooked, status: int = 200, **settings: Any) -> dict[str, Any]:
    answer = await hook.caller.send("PATCH", f"hooks/{hook.id}", json=settings)
    assert answer.status_code == status, answer.text
    return answer.json()


def settings_of(document: dict[str, Any]) -> tuple[str, float | None, bool]:
    return document["answered_means"], document["person_after_seconds"], document["match_leads"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, ("person_after", 20.0, True)),
        ({"answered_means": "person"}, ("person", None, True)),
        ({"answered_means": "unknown"}, ("unknown", None, True)),
        ({"answered_means": "person_after"}, ("person_after", 20.0, True)),
        ({"person_after_seconds": 45, "match_leads": False}, ("person_after", 45.0, False)),
    ],
)
async def test_a_new_hook_says_how_its_calls_are_read(
    form: dict[str, Any], expected: tuple[str, float | None, bool], new_hook: NewHook, owner: Owner
) -> None:
    hook = await new_hook("twilio", **form)
    assert settings_of(await hook.document()) == expected
    await hook.form(call())
    [row] = await attempts(owner, hook.caller.account_id)
    milliseconds = {"person": 0, "unknown": None}.get(expected[0], round((expected[1] or 0) * 1000))
    assert (row["person_after_ms"], row["lead_matching"]) == (milliseconds, expected[2])


async def test_what_a_change_leaves_out_stays(new_hook: NewHook) -> None:
    hook = await new_hook("twilio", person_after_seconds=45)
    assert settings_of(await change(hook, match_leads=False)) == ("person_after", 45.0, False)
    assert settings_of(await change(hook, answered_means="unknown")) == ("unknown", None, False)
    assert settings_of(await change(hook, person_after_seconds=0.5)) == ("person_after", 0.5, False)
    unchanged = await change(hook)
    assert (unchanged["status"], settings_of(unchanged)) == ("unchanged", ("person_after", 0.5, False))
    assert (await change(hook, match_leads=True))["status"] == "updated"


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"answered_means": "maybe"}, "/answered_means"),
        ({"answered_means": "unknown", "person_after_seconds": 20}, "/person_after_seconds"),
        ({"person_after_seconds": -1}, "/person_after_seconds"),
        ({"match_leads": "no"}, "/match_leads"),
        ({"zone": "UTC"}, "/zone"),
    ],
)
async def test_a_change_that_makes_no_sense_is_refused(
    settings: dict[str, Any], place: str, new_hook: NewHook, caller: Caller
) -> None:
    hook = await new_hook("twilio")
    problem = await change(hook, 422, **settings)
    assert [fault["pointer"] for fault in problem["errors"]] == [place]
    assert settings_of(await hook.document()) == ("person_after", 20.0, True)
    assert (await caller.send("PATCH", f"hooks/{hook.id}", json={})).status_code == 404


async def test_stored_deliveries_follow_a_change_when_they_are_parsed_again(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("twilio", match_leads=False, answered_means="unknown")
    await hook.caller.post("leads", lead("lead-1", phone_number=NUMBER))
    await hook.form(call())
    [row] = await attempts(owner, hook.caller.account_id)
    assert (row["lead"], row["person_after_ms"]) == (None, None)
    await change(hook, match_leads=True, person_after_seconds=30)
    await read_again(owner, hook)
    [row] = await attempts(owner, hook.caller.account_id)
    assert (row["lead"], row["person_after_ms"]) == ("lead-1", 30_000)
    await change(hook, match_leads=False, answered_means="unknown")
    await read_again(owner, hook)
    [row] = await attempts(owner, hook.caller.account_id)
    assert (row["lead"], row["person_after_ms"]) == (None, None)
