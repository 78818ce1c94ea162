"""Deliveries of a made-up dialer become calls: one or many, in JSON, a form or a query; faults name their field."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from service.dialers import Delivery, HookSettings, ParsedEvent, Unreadable
from service.errors import Fault
from service.mapped.dialer import mapped_dialer
from service.mapped.mapping import MappingFaults, read_hook_mapping
from service.mapped.preview import preview

HOOK = HookSettings(dialer="ringfish", campaign="spring", zone=ZoneInfo("UTC"))
RECEIVED_AT = datetime(2026, 6, 1, 12, tzinfo=UTC)

RINGFISH = """
[body]
calls = "data.calls"
event = "kind"

[times]
format = "unix"

[phones]
region = "PT"

[direction]
column = "way"

[attempt]
external_id = "id"
agent = "user.mail"
to_number = "to"
from_number = "from"
dialed_at = "times.start"
answered_at = "times.answer"
ended_at = "times.end"
talk_seconds = { column = "talk_ms", unit = "milliseconds" }
network_result = { column = "state", values = { done = "answered", rang = "no_answer", busy = "busy" } }
recording = { uri = "audio" }
observed_at = { column = "body:sent" }

[inbound_call]
outcome = { column = "state", values = { done = "answered", rang = "missed" } }

[disposition]
code = "tags.*.name"
agent = "tags.*.by"

[participant]
agent = "legs.*.user"
from_at = "legs.*.from"
state = { column = "legs.*.state", values = { talk = "talking", hold = "holding" } }
"""

CALL: dict[str, Any] = {
    "id": 9007199254740993,
    "way": "out",
    "user": {"mail": "ada@floor.example"},
    "to": "912 345 678",
    "from": "+351210000000",
    "times": {"start": 1772461800, "answer": "1772461810", "end": 1772461900},
    "talk_ms": 89500,
    "state": "done",
    "audio": "https://audio.example/7?token=secret",
    "tags": [{"name": "Sale", "by": "ada"}, {"name": "VIP"}],
    "legs": [
        {"user": "ada", "from": 1772461811, "state": "talk"},
        {"user": "ben", "from": 1772461850, "state": "hold"},
    ],
}
ATTEMPT = {
    "external_id": "9007199254740993",
    "campaign": "spring",
    "agent": "ada@floor.example",
    "to_number": "+351912345678",
    "from_number": "+351210000000",
    "dialed_at": "2026-03-02T14:30:00.000000Z",
    "answered_at": "2026-03-02T14:30:10.000000Z",
    "ended_at": "2026-03-02T14:31:40.000000Z",
    "talk_seconds": 89.5,
    "network_result": "answered",
    "recording": {"uri": "https://audio.example/7"},
    "observed_at": "2026-03-02T14:32:00.000000Z",
    "outcomes": [{"code": "Sale", "agent": "ada"}, {"code": "VIP"}],
    "outcomes_at": "2026-03-02T14:32:00.000000Z",
    "participants": [
        {"agent": "ada", "from_at": "2026-03-02T14:30:11.000000Z", "state": "talking"},
        {"agent": "ben", "from_at": "2026-03-02T14:30:50.000000Z", "state": "holding"},
    ],
}


def parsed(text: str, body: bytes, query: str = "", method: str = "POST", **headers: str) -> ParsedEvent:
    url = f"https://calls.example.com/v1/webhooks/mapped/a-token{'?' if query else ''}{query}"
    dialer = mapped_dialer(read_hook_mapping(text))
    return dialer.parse(Delivery(method, url, headers, body, RECEIVED_AT), HOOK)


def ringfish(*calls: Any, text: str = RINGFISH, **root: Any) -> ParsedEvent:
    body = {"kind": "call.done", "sent": 1772461920, "data": {"calls": list(calls)}, **root}
    return parsed(text, json.dumps(body).encode())


def test_a_call_is_read_field_by_field() -> None:
    event = ringfish(CALL)
    assert (event.event, event.known, event.faults) == ("call.done", True, ())
    assert event.attempts == (ATTEMPT,)
    assert event.inbound_calls == ()


def test_one_delivery_holds_calls_of_both_directions_and_others_count_nowhere() -> None:
    event = ringfish(
        CALL,
        {"id": "in-1", "way": "incoming", "from": "+14155550123", "times": {"start": 1772461800}, "state": "rang"},
        {"id": "internal-1", "way": "internal", "state": "done"},
    )
    assert event.attempts == (ATTEMPT,)
    assert event.inbound_calls == (
        {
            "external_id": "in-1",
            "campaign": "spring",
            "from_number": "+14155550123",
            "arrived_at": "2026-03-02T14:30:00.000000Z",
            "outcome": "missed",
            "observed_at": "2026-03-02T14:32:00.000000Z",
        },
    )
    assert not event.known


def test_an_erasure_sees_the_numbers_of_all_calls() -> None:
    event = ringfish(
        {"id": "1", "way": "out", "to": "912 345 678", "state": "exploded"},
        {"id": "2", "way": "colleague", "to": "+14155550123", "from": "anonymous"},
        {"id": "3", "way": "in", "from": "+14155550124"},
    )
    assert event.attempts == ()
    assert event.numbers == ("+14155550123", "+14155550124", "+351912345678")


def test_calls_that_the_mapping_skips_are_known() -> None:
    skipping = RINGFISH + '[skip]\nwhere = { way = ["internal"] }\n'
    event = ringfish({"id": "1", "way": "internal"}, text=skipping)
    assert event == ParsedEvent("call.done")


def test_a_call_without_a_direction_adds_to_whichever_call_has_its_id() -> None:
    event = ringfish({"id": "7", "times": {"start": 1772461800}, "state": "done", "tags": [{"name": "Sale"}]})
    [attempt], [inbound_call] = event.attempts, event.inbound_calls
    assert {"dialed_at", "arrived_at"}.isdisjoint({*attempt, *inbound_call})
    assert attempt["outcomes"] == inbound_call["outcomes"] == [{"code": "Sale"}]
    assert (attempt["network_result"], inbound_call["outcome"]) == ("answered", "answered")


def test_outcomes_that_are_no_longer_there_are_taken_away_and_unnamed_ones_stay() -> None:
    taken_away = ringfish({"id": "7", "way": "out", "tags": []}).attempts[0]
    assert (taken_away["outcomes"], taken_away["outcomes_at"]) == ([], "2026-03-02T14:32:00.000000Z")
    assert "outcomes" not in ringfish({"id": "7", "way": "out"}).attempts[0]
    without_time = ringfish({"id": "7", "way": "out", "tags": []}, sent=None).attempts[0]
    assert "outcomes" not in without_time


def test_a_faulty_call_is_named_by_its_fields_and_the_calls_beside_it_are_taken() -> None:
    event = ringfish(
        {"id": "1", "way": "out", "state": "exploded", "talk_ms": "long", "times": {"start": "soon"}},
        CALL,
        {"way": "out", "state": "busy"},
        {"id": "2", "way": "in", "talk_ms": -5, "legs": [{"user": "x" * 201}]},
    )
    assert event.attempts == (ATTEMPT,)
    assert [(fault.pointer, fault.message) for fault in event.faults] == [
        ("/attempts/0/dialed_at", "is not a number of seconds since 1970 (read from times.start)"),
        ("/attempts/0/talk_seconds", "must be a number of milliseconds (read from talk_ms)"),
        ("/attempts/0/network_result", "is not among the values of the mapping (read from state)"),
        ("/attempts/2/external_id", "is required (read from id)"),
        ("/inbound_calls/3/talk_seconds", "must be between 0 and 86400 seconds (read from talk_ms)"),
        ("/inbound_calls/3/participants/0/agent", "string should have at most 200 characters"),
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the body has no data.calls"),
        (b"{", "the body is not JSON"),
        (b'{"data": {"calls": 7}}', "data.calls is neither a call nor a list of calls"),
        (b'{"data": {"calls": [7]}}', "data.calls is neither a call nor a list of calls"),
        (b'{"data": {}}', "the body has no data.calls"),
        (b"[" * 100_000, "the body is not JSON"),
        (json.dumps({"data": {"calls": [{}] * 1_001}}).encode(), "the body has more than 1,000 calls"),
    ],
)
def test_a_body_without_calls_is_unreadable(body: bytes, message: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parsed(RINGFISH, body)
    assert message in str(caught.value)


SIMPLE = '[attempt]\nexternal_id = "id"\ndialed_at = { column = "start", format = "unix" }\n'
ITEM = {"external_id": "7", "campaign": "spring", "dialed_at": "2026-03-02T14:30:00.000000Z"}


@pytest.mark.parametrize(
    ("table", "body", "query"),
    [
        ("", b'{"id": 7, "start": 1772461800}', ""),
        ("", b'[{"id": "7", "start": "1772461800"}]', ""),
        ("", b"id=7&start=1772461800&note=", ""),
        ("", b"", "id=7&start=1772461800"),
        ('format = "json"', b'\n {"id": 7, "start": 1772461800.0}', ""),
        ('format = "form"', b"id=7&start=1772461800", ""),
        ('format = "query"', b"ignored", "id=7&start=1772461800"),
        ('json_field = "cdr"', urlencode({"cdr": '{"id": "7", "start": 1772461800}'}).encode(), ""),
        ('json_field = "cdr"', b'{"id": "7", "start": 1772461800}', ""),
        ("percent_encoded = true", b'{"id": "%37", "start": "1772461800"}', ""),
        ('calls = ["items", "$"]', b'{"items": [{"id": "7", "start": 1772461800}]}', ""),
        ('calls = ["items", "$"]', b'{"id": "7", "start": 1772461800}', ""),
    ],
)
def test_the_same_call_in_every_format(table: str, body: bytes, query: str) -> None:
    assert parsed(f"{SIMPLE}[body]\n{table}", body, query).attempts == (ITEM,)


def test_columns_come_from_the_body_the_address_and_the_headers() -> None:
    text = (
        '[body]\ncalls = "call"\nevent = "header:X-Event"\n[attempt]\nexternal_id = "id"\n'
        'campaign = "query:campaign"\nagent = "body:agents.1"\nlead = "header:x-lead"\n'
    )
    body = b'{"agents": ["ada", "ben"], "call": {"id": "7"}}'
    event = parsed(text, body, "campaign=winter", **{"x-event": "ended", "x-lead": "L1"})
    assert event.event == "ended"
    assert event.attempts == ({"external_id": "7", "campaign": "winter", "agent": "ben", "lead": "L1"},)


def test_the_hooks_campaign_gives_way_to_one_that_another_delivery_names() -> None:
    text = '[attempt]\nexternal_id = "id"\ncampaign = "list"\n'
    assert parsed(text, b'{"id": "7", "list": "winter"}').attempts == ({"external_id": "7", "campaign": "winter"},)
    call, default = parsed(text, b'{"id": "7"}').attempts
    assert call == {"external_id": "7"}
    assert default == {"external_id": "7", "campaign": "spring", "observed_at": "1970-01-01T00:00:00Z"}


def test_events_that_tell_of_no_call_are_stored_and_counted() -> None:
    text = f'[body]\nevent = "event"\ncall_events = ["ended"]\n{SIMPLE}'
    assert parsed(text, b'{"event": "sms", "id": "7"}') == ParsedEvent("sms", known=False)
    assert parsed(text, b'{"event": "ended", "id": "7"}').known
    assert parsed(text, b'{"id": "7"}') == ParsedEvent("call", known=False)


def test_any_text_can_be_read_and_none_breaks_the_ledger() -> None:
    event = parsed(SIMPLE + 'agent = "who"\nnote = "memo"\n', b'{"id": " 7 ", "who": "a\\u0000da", "memo": "\\ud83d"}')
    assert event.attempts == ({"external_id": "7", "campaign": "spring", "agent": "ada", "note": "?"},)
    long = parsed(SIMPLE + 'note = "memo"\n', json.dumps({"id": "7", "memo": "x" * 5_000}).encode())
    assert long.attempts[0]["note"] == "x" * 2_000


CALL_ID = '[attempt]\nexternal_id = "id"'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "[attempt] is missing: it names the column of each field"),
        ("= 7", "is not TOML"),
        ("zoom-fone", "zoom-fone is not a ready mapping; did you mean zoom-phone?"),
        ('[attempt]\ndialed_at = "x"', "[attempt] external_id is required"),
        (f'{CALL_ID}\ntalk_secnds = "x"', "talk_secnds is not a field of an attempt; did you mean talk_seconds?"),
        ('[attempt]\nexternal_id = { row_number = true }', "external_id: row_number has no meaning in a delivery"),
        (f'{CALL_ID}\ndialer = "who"', "dialer is not a field of an attempt"),
        (f'{CALL_ID}\n[lead]\nexternal_id = "l"', "[lead] does not belong to a hook"),
        (f'{CALL_ID}\n[bdy]', "[bdy] is not a table of a mapping; did you mean body?"),
        (f'{CALL_ID}\n[body]\nformat = "xml"', "[body] format: Input should be 'auto', 'json'"),
        (f'{CALL_ID}\n[body]\ncall = "x"', "[body] call is not a key of this table; did you mean calls?"),
        (f'{CALL_ID}\n[body]\ncall_events = ["x"]', "[body]: call_events needs event"),
        (f'{CALL_ID}\n[inbound_call]', "[inbound_call] needs a [direction]"),
        (CALL_ID + '\n[handshake]\nwhere = { e = ["x"] }', "[handshake]: challenge is missing"),
        (
            '[attempt]\nexternal_id = "id"\n[handshake]\nchallenge = "c"\nanswer = { x = "hmac" }',
            "[handshake] answer: hmac needs a secret, so set [proof] by",
        ),
    ],
)  # fmt: skip
def test_each_fault_of_a_mapping_is_named(text: str, message: str) -> None:
    with pytest.raises(MappingFaults) as caught:
        read_hook_mapping(text)
    assert message in str(caught.value)


def test_the_mapping_may_name_the_dialer_and_the_zone() -> None:
    times = '[times]\nzone = "Asia/Kathmandu"\nformat = "%Y-%m-%d %H:%M:%S"\n'
    text = f'{times}[attempt]\nexternal_id = "id"\ndialed_at = "at"\n'
    mapping = read_hook_mapping(text + 'dialer = { constant = "floor-2" }', None, "Europe/Lisbon")
    assert (mapping.code, mapping.zone) == ("floor-2", "Asia/Kathmandu")
    assert (
        parsed(text, b'{"id": "1", "at": "2026-03-02 09:30:00"}').attempts[0]["dialed_at"]
        == "2026-03-02T03:45:00.000000Z"
    )
    assert read_hook_mapping(text, "UTC").zone == "UTC"


HASHED = '[attempt]\nexternal_id = { columns = ["start", "number"], join = " ", hash = %s }\n'


@pytest.mark.parametrize(
    ("hashed", "external_id"),
    # printf +14155550123 | sha256sum; printf "9 +14155550123" | sha256sum
    [('["number"]', "9 36a2cef4ff9bf7a1"), ("true", "d53d7737548157a9"), ("false", "9 +14155550123")],
)
def test_a_key_may_hide_its_numbers_behind_a_hash(hashed: str, external_id: str) -> None:
    mapping = read_hook_mapping(HASHED % hashed)
    body = json.dumps({"start": 9, "number": "+14155550123"}).encode()
    delivery = Delivery("POST", "https://calls.example.com/", {}, body, RECEIVED_AT)
    [attempt] = mapped_dialer(mapping).parse(delivery, HOOK).attempts
    assert attempt["external_id"] == external_id


def test_only_a_joined_column_is_hashed_on_its_own() -> None:
    with pytest.raises(MappingFaults, match="hash names other, which is not among columns"):
        read_hook_mapping(HASHED % '["other"]')


@pytest.mark.parametrize("entry", [None, "x", [], 7])
def test_an_entry_that_is_no_call_does_not_cost_the_other_calls(entry: Any) -> None:
    event = ringfish(CALL, entry)
    assert event.attempts == (ATTEMPT,)
    assert event.faults == (Fault("/attempts/1", "must be an object with the fields of a call"),)


@pytest.mark.parametrize("value", [{"mail": "ada"}, {}, ["ada"], []])
def test_an_object_or_a_list_where_text_is_needed_names_its_column(value: Any) -> None:
    event = ringfish(CALL, {**CALL, "id": "8", "to": value})
    assert event.attempts == (ATTEMPT,)
    assert event.faults == (Fault("/attempts/1/to_number", "must be text, not an object or a list (read from to)"),)


def test_an_outcome_that_is_an_object_names_its_column() -> None:
    event = ringfish({**CALL, "tags": [{"name": {"en": "Sale"}}]})
    message = "must be text, not an object or a list (read from tags.*.name)"
    assert event.faults == (Fault("/attempts/0/disposition/code", message),)


@pytest.mark.parametrize("tags", [None, []])
def test_an_empty_list_of_outcomes_takes_them_away(tags: Any) -> None:
    [attempt] = ringfish({**CALL, "tags": tags}).attempts
    assert (attempt["outcomes"], attempt["outcomes_at"]) == ([], "2026-03-02T14:32:00.000000Z")
    assert "outcomes" not in ringfish({name: value for name, value in CALL.items() if name != "tags"}).attempts[0]


def test_a_call_of_an_automation_without_a_direction_goes_out() -> None:
    mapping = read_hook_mapping("zapier-make", "UTC")
    body = b'{"id": "z-9", "to": "+14155550123", "started_at": "2026-03-02 14:30:00"}'
    shown = preview(body, mapping, "automation", "spring")
    attempt, _ = shown.items["attempts"]
    assert (attempt["external_id"], attempt["dialed_at"]) == ("z-9", "2026-03-02T14:30:00.000000Z")
    assert shown.items["inbound_calls"] == []


def test_a_hook_that_reads_the_address_takes_get() -> None:
    mapping = read_hook_mapping(f'{SIMPLE}[body]\nformat = "query"\n')
    assert mapped_dialer(mapping).methods == {"GET", "POST"}
