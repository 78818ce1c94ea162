"""Deliveries about an erased person are emptied, also where only something else says whose call it was."""

from itertools import permutations
from typing import Any

import pytest

from tests.conftest import Owner
from tests.hooks.conftest import Hooked, NewHook, attempts, call, deliveries
from tests.make import attempt, disposition, inbound_call, lead

NUMBER = "+14155550123"
SID = "CA00000000000000000000000000000077"
RECORDING = {"CallSid": SID, "RecordingSid": "RE1", "RecordingUrl": "https://api.example.com/RE1", "Timestamp": "x"}
TRANSCRIPT = {"AccountSid": "AC0", "Call": f"/Calls/{SID}.json", "TranscriptionText": "she said a secret"}


async def erase(hook: Hooked) -> None:
    await hook.caller.post("leads", lead("lead-1", phone_number=NUMBER), 201)
    await hook.caller.post("erasures", {"phone_number": NUMBER}, 201)


async def contents(owner: Owner, hook: Hooked) -> list[Any]:
    return [row["body"] for row in await deliveries(owner, hook.caller.account_id) if row["body"] or row["said"]]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_an_unknown_event_that_names_the_call_is_emptied_too(
    order: tuple[int, ...], new_hook: NewHook, owner: Owner
) -> None:
    hook = await new_hook("twilio")
    await erase(hook)
    forms = (call(SID, To=NUMBER), RECORDING, TRANSCRIPT)
    for place in order:
        assert (await hook.form(forms[place])).status_code == 200
    assert await contents(owner, hook) == []
    assert len(await attempts(owner, hook.caller.account_id)) == 1


@pytest.mark.parametrize(
    "post",
    [
        ("attempts", attempt(SID, dialer="twilio", to_number=NUMBER)),
        ("attempts", attempt(SID, dialer="twilio", to_number="+14155550177", lead="lead-1")),
        ("inbound-calls", inbound_call(SID, dialer="twilio", from_number=NUMBER)),
        ("inbound-calls", inbound_call(SID, dialer="twilio", lead="lead-1")),
    ],
)
async def test_what_somebody_else_says_of_a_call_empties_what_the_dialer_said(
    post: tuple[str, dict[str, Any]], new_hook: NewHook, owner: Owner
) -> None:
    hook = await new_hook("twilio")
    await erase(hook)
    await hook.form(RECORDING)
    await hook.caller.post("attempts", attempt(SID, dialer="twilio", note="secret", contact="secret"))
    await hook.caller.post("dispositions", disposition(SID, dialer="twilio", note="secret"))
    assert len(await contents(owner, hook)) == 1
    await hook.caller.post(*post)
    assert await contents(owner, hook) == []
    for table in ("attempts_versions", "inbound_calls_versions", "dispositions_versions"):
        rows = await owner.fetch(f"SELECT * FROM {table} WHERE account_id = $1", hook.caller.account_id)
        assert not [row for row in rows if "secret" in str(row) or "RE1" in str(row) or "5550177" in str(row)]


async def test_a_lead_that_turns_out_to_be_erased_empties_its_calls_and_itself(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("twilio")
    await erase(hook)
    await hook.caller.post("leads", lead("lead-2", attributes={"told": "secret"}, close_reason="secret"))
    await hook.caller.post("attempts", attempt(SID, dialer="twilio", lead="lead-2", note="secret"))
    await hook.form(RECORDING)
    await hook.caller.post("leads", lead("lead-2", phone_number=NUMBER))
    assert await contents(owner, hook) == []
    for table in ("attempts_versions", "leads_versions"):
        rows = await owner.fetch(f"SELECT * FROM {table} WHERE account_id = $1", hook.caller.account_id)
        assert not [row for row in rows if "secret" in str(row) or "RE1" in str(row)]


async def test_other_peoples_deliveries_stay(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("twilio")
    await erase(hook)
    await hook.form(call("CA00000000000000000000000000000078", To="+14155550124"))
    await hook.form(TRANSCRIPT)
    await hook.form({"TranscriptionText": "call me at 415 555 0123"})
    assert len(await contents(owner, hook)) == 2
