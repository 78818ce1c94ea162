"""A made-up dialer connected with nothing but a mapping: proven, stored, counted, corrected by another mapping."""

import hmac
import itertools
import json
from typing import Any

import httpx
import pytest

from service.hooks.reprocess import DeliveryFilter, reprocess
from service.platform.db import prepare_connection
from service.platform.secret_encryption import SecretCipher
from tests.api.conftest import NewCaller
from tests.conftest import Owner
from tests.hooks.conftest import SECRET, Hooked, NewHook, attempts, deliveries

MAPPING = """
[body]
calls = ["calls", "$"]
event = "event"

[proof]
by = "hmac"
header = "X-Ringfish-Signature"
form = "sha256={signature}"

[handshake]
challenge = "challenge"
where = { event = ["ping"] }
answer = { challenge = "challenge" }

[direction]
column = "way"

[attempt]
external_id = "id"
agent = "agent"
to_number = "to"
dialed_at = "start"
rang_at = "rang"
answered_at = "answered"
ended_at = "end"
network_result = { column = "status", values = { completed = "answered", missed = "no_answer" }, unmapped = "empty" }
observed_at = "at"

[inbound_call]
outcome = { column = "status", values = { completed = "answered" }, unmapped = "empty" }

[disposition]
code = "result"

[disposition_codes.SOLD]
result = "sale"
"""

RINGING = {"event": "ringing", "id": "c-1", "way": "out", "to": "+14155550123", "start": "2026-03-02T14:30:00Z",
           "rang": "2026-03-02T14:30:03Z", "at": "2026-03-02T14:30:03Z", "status": "ringing"}  # fmt: skip
ANSWERED = {"event": "answered", "id": "c-1", "way": "out", "answered": "2026-03-02T14:30:10Z", "agent": "ada",
            "at": "2026-03-02T14:30:10Z", "status": "talking"}  # fmt: skip
ENDED = {"event": "ended", "id": "c-1", "way": "out", "start": "2026-03-02T14:30:00Z", "end": "2026-03-02T14:32:10Z",
         "at": "2026-03-02T14:32:10Z", "status": "completed", "result": "SOLD"}  # fmt: skip


async def send(hook: Hooked, body: Any, secret: str | None = SECRET) -> httpx.Response:
    content = json.dumps(body).encode()
    signature = hmac.new((secret or "").encode(), content, "sha256").hexdigest()
    headers = {} if secret is None else {"X-Ringfish-Signature": f"sha256={signature}"}
    return await hook.caller.client.post(hook.path, content=content, headers=headers)


@pytest.fixture
async def hook(new_hook: NewHook) -> Hooked:
    return await new_hook("mapped", mapping=MAPPING, code="ringfish", secret=SECRET)


async def test_the_events_of_a_call_unite_in_every_order(new_hook: NewHook, owner: Owner) -> None:
    rows: set[tuple[Any, ...]] = set()
    for order in itertools.permutations((RINGING, ANSWERED, ENDED)):
        hook = await new_hook("mapped", mapping=MAPPING, code="ringfish", secret=SECRET)
        for event in (*order, order[0]):
            assert (await send(hook, event)).status_code == 200
        [row] = await attempts(owner, hook.caller.account_id)
        moments = (row[name].isoformat() for name in ("dialed_at", "rang_at", "answered_at", "ended_at"))
        rows.add((row["dialer"], row["campaign"], row["agent"], row["network_result"], row["disposition"], *moments))
    assert rows == {
        (
            "ringfish",
            "spring",
            "ada",
            "answered",
            "SOLD",
            "2026-03-02T14:30:00+00:00",
            "2026-03-02T14:30:03+00:00",
            "2026-03-02T14:30:10+00:00",
            "2026-03-02T14:32:10+00:00",
        )
    }


async def test_only_the_secret_of_both_is_a_proof_and_a_repetition_is_only_counted(hook: Hooked, owner: Owner) -> None:
    assert (await send(hook, ENDED, "guessed")).status_code == 403
    assert (await send(hook, ENDED, None)).status_code == 401
    assert await deliveries(owner, hook.caller.account_id) == []
    assert [(await send(hook, ENDED)).status_code for _ in range(2)] == [200, 200]
    document = await hook.document()
    assert document["refused"] == {"no proof": 1, "wrong proof": 1}
    assert document["deliveries"] == {"taken": 1, "unknown": 0, "unreadable": 0, "rejected": 0, "repeated": 1}
    assert SECRET not in json.dumps(await hook.caller.get("deliveries")) + json.dumps(document)


async def test_good_calls_are_stored_beside_faulty_ones_and_other_directions(hook: Hooked, owner: Owner) -> None:
    calls = [
        ENDED,
        {**ENDED, "id": "c-2", "end": "soon"},
        {**ENDED, "id": "c-3", "end": "2026-03-02T14:00:00Z"},
        {"id": "c-4", "way": "in", "start": "2026-03-02T14:40:00Z", "status": "completed"},
        {"id": "c-5", "way": "colleague"},
    ]
    assert (await send(hook, {"event": "batch", "calls": calls})).status_code == 200
    rows = await attempts(owner, hook.caller.account_id)
    assert [row["external_id"] for row in rows if row["dialed_at"]] == ["c-1"]
    inbound = await owner.fetch("SELECT external_id FROM inbound_calls WHERE account_id = $1", hook.caller.account_id)
    assert [row["external_id"] for row in inbound] == ["c-4"]
    [delivery] = (await hook.caller.get("deliveries"))["items"]
    assert (delivery["event"], delivery["status"], delivery["calls"]) == ("batch", "rejected", ["c-1", "c-4"])
    assert [(fault["pointer"], fault["message"].partition(" (")[2]) for fault in delivery["problem"]["errors"]] == [
        ("/attempts/1/ended_at", "read from end)"),
        ("/attempts/2/ended_at", "read from end)"),
    ]


async def test_a_direction_that_the_mapping_does_not_list_is_stored_and_counted(hook: Hooked, owner: Owner) -> None:
    await send(hook, {"event": "ended", "id": "c-5", "way": "colleague"})
    assert await attempts(owner, hook.caller.account_id) == []
    assert (await hook.document())["unknown_events"] == {"ended": 1}


async def test_a_test_of_the_address_is_answered_and_leaves_no_delivery(hook: Hooked, owner: Owner) -> None:
    answer = await send(hook, {"event": "ping", "challenge": "abc"}, None)
    assert (answer.status_code, answer.json()) == (200, {"challenge": "abc"})
    assert answer.headers["content-type"] == "application/json"
    assert await deliveries(owner, hook.caller.account_id) == []


async def test_a_delivery_may_have_everything_in_its_address(new_hook: NewHook, owner: Owner) -> None:
    mapping = '[proof]\nby = "query"\nquery = "token"\n[attempt]\nexternal_id = "id"\ndialed_at = "start"\n'
    hook = await new_hook("mapped", mapping=mapping, secret="of both")
    query = "id=q-1&start=2026-03-02T14:30:00Z"
    assert (await hook.get(f"{query}&token=of%20both")).status_code == 200
    assert (await hook.get(f"{query}&token=guessed")).status_code == 403
    assert [row["external_id"] for row in await attempts(owner, hook.caller.account_id)] == ["q-1"]
    [delivery] = await deliveries(owner, hook.caller.account_id)
    assert (delivery["method"], delivery["query"]) == ("GET", query)


async def test_a_dialer_that_posts_json_only_is_not_called_by_get(new_hook: NewHook) -> None:
    hook = await new_hook("mapped", mapping='[body]\nformat = "json"\n[attempt]\nexternal_id = "id"')
    assert (await hook.get("id=1")).status_code == 405


async def test_the_outcomes_that_the_mapping_explains_are_defined(hook: Hooked) -> None:
    code = await hook.caller.get("disposition-codes/SOLD")
    assert (code["result"], code["confirmed"]) == ("sale", True)


async def test_another_mapping_corrects_what_came_before(hook: Hooked, owner: Owner) -> None:
    await prepare_connection(owner)
    account = hook.caller.account_id
    await send(hook, {**ENDED, "who": "ben"})
    await send(hook, {**ENDED, "id": "c-2", "status": "missed"})
    changed = MAPPING.replace('agent = "agent"', 'agent = "who"').replace('missed = "no_answer"', 'missed = "busy"')
    await owner.execute("UPDATE hooks SET mapping = $2 WHERE account_id = $1", account, changed)
    result = await reprocess(
        owner, account, DeliveryFilter(), lambda: SecretCipher("k" * 32), lambda _read, _whole: None
    )
    assert (result.reprocessed, result.changed) == (2, {"taken": 2})
    rows = [(row["external_id"], row["agent"], row["network_result"]) for row in await attempts(owner, account)]
    assert rows == [("c-1", "ben", "answered"), ("c-2", None, "busy")]


async def test_a_mapping_that_no_longer_can_be_read_refuses_deliveries_and_says_so(hook: Hooked, owner: Owner) -> None:
    await owner.execute("UPDATE hooks SET mapping = 'gone' WHERE account_id = $1", hook.caller.account_id)
    assert (await send(hook, ENDED)).status_code == 403
    document = await hook.document()
    assert document["refused"] == {"the mapping cannot be read": 1}
    assert document["tells"] == "Its mapping cannot be read."


BAD_FORMS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"dialer": "maped"}, [("/dialer", "did you mean mapped?")]),
    ({"dialer": "zoom-phone"}, [("/dialer", "must be mapped for this dialer, with the mapping zoom-phone")]),
    ({"dialer": "mapped"}, [("/mapping", "is required for the dialer mapped: TOML, or one of")]),
    ({"dialer": "vicidial", "mapping": "zoom-phone"}, [("/mapping", "is only for the dialer mapped")]),
    ({"dialer": "mapped", "mapping": "zoom-fone"}, [("/mapping", "did you mean zoom-phone?")]),
    ({"dialer": "mapped", "mapping": MAPPING}, [("/secret", "is required for Any other dialer")]),
    (
        {"dialer": "mapped", "mapping": '[attempt]\nexternal_id = "id"', "secret": "x"},
        [("/secret", "is not used by Any other dialer")],
    ),
    (
        {"dialer": "mapped", "mapping": '[attempt]\nextrnal_id = "id"\n[prof]'},
        [
            ("/mapping", "[prof] is not a table of a mapping; did you mean proof?"),
            ("/mapping", "extrnal_id is not a field of an attempt; did you mean external_id?"),
            ("/mapping", "external_id is required"),
        ],
    ),
    ({"dialer": "mapped", "mapping": 7}, [("/mapping", "must be a string")]),
]


@pytest.mark.parametrize(("form", "faults"), BAD_FORMS)
async def test_a_form_with_faults_names_them(
    form: dict[str, Any], faults: list[tuple[str, str]], new_caller: NewCaller
) -> None:
    caller = await new_caller()
    problem = await caller.post("hooks", {"campaign": "spring", **form}, 422)
    assert len(problem["errors"]) == len(faults)
    for error, (pointer, message) in zip(problem["errors"], faults, strict=True):
        assert (error["pointer"], message in error["message"]) == (pointer, True), error


async def test_the_answer_shows_what_the_dialer_must_send(new_caller: NewCaller) -> None:
    caller = await new_caller()
    made = await caller.post("hooks", {"dialer": "mapped", "campaign": "x", "mapping": MAPPING, "secret": SECRET}, 201)
    assert made["url"] in made["setup"]
    assert (made["code"], made["mapping"]) == ("mapped", MAPPING)
    assert "The key with which the dialer signs its deliveries." in made["setup"]
    assert SECRET not in json.dumps(made)


@pytest.mark.parametrize("table", ['format = "query"', 'format = "auto"'])
async def test_a_dialer_may_put_its_call_into_the_address(table: str, new_hook: NewHook, owner: Owner) -> None:
    text = f'[body]\n{table}\n[attempt]\nexternal_id = "id"\ndialed_at = "at"\n'
    hook = await new_hook("mapped", mapping=text)
    assert (await hook.get("id=q-1&at=2026-03-02T14:30:00Z")).status_code == 200
    [row] = await attempts(owner, hook.caller.account_id)
    assert (row["external_id"], row["dialed_at"].isoformat()) == ("q-1", "2026-03-02T14:30:00+00:00")


async def test_a_null_in_a_list_of_calls_does_not_cost_the_calls(hook: Hooked, owner: Owner) -> None:
    assert (await send(hook, {"event": "batch", "calls": [None, ENDED, "x", []]})).status_code == 200
    assert [row["external_id"] for row in await attempts(owner, hook.caller.account_id)] == ["c-1"]
    [delivery] = await deliveries(owner, hook.caller.account_id)
    assert delivery["status"] == "rejected"
    pointers = [fault["pointer"] for fault in json.loads(delivery["problem"])["errors"]]
    assert pointers == ["/attempts/0", "/attempts/2", "/attempts/3"]
