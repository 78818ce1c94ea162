"""An item that breaks the rules is refused by the names of its fields; the good ones beside it are stored."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import httpx
import pytest

from service.openapi.operations import Operation
from tests.conftest import Owner
from tests.contract.conftest import Caller
from tests.contract.problems import CAPTURED, name_of, refused
from tests.make import MAKERS, attempt

on_every_resource = pytest.mark.parametrize("operation", CAPTURED, ids=name_of)


def bad(fields: dict[str, Any], *pointers: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    return fields, pointers


# Stands for such a moment, reckoned when the item is sent: between collecting a test and running it, minutes pass.
LATER = "a day and five minutes from now"
ANSWERED = "2026-03-02T09:00:10Z"
BAD_ATTEMPTS = {
    "nothing required": bad(
        {"external_id": None, "campaign": None, "dialed_at": None}, "/external_id", "/campaign", "/dialed_at"
    ),
    "an unknown field": bad({"outcome": "SALE"}, "/outcome"),
    "unknown fields with odd names": bad({"a/b": 1, "a~b": 2, "": 3, "\x00": 4}, "/a~1b", "/a~0b", "/", "/\ufffd"),
    "wrong types": bad(
        {"external_id": {}, "campaign": ["x"], "agent": True, "talk_seconds": "1:00", "test": "yes", "recording": []},
        "/external_id", "/campaign", "/agent", "/talk_seconds", "/recording", "/test",
    ),
    "a bare local time": bad({"dialed_at": "2026-03-02T09:00:00"}, "/dialed_at"),
    "a date for a time": bad({"dialed_at": "2026-03-02"}, "/dialed_at"),
    "a number for a time": bad({"dialed_at": 1_772_442_000}, "/dialed_at"),
    "a time that does not exist": bad({"dialed_at": "2026-02-30T09:00:00Z"}, "/dialed_at"),
    "a time before 1970": bad({"dialed_at": "1969-12-31T23:59:59Z"}, "/dialed_at"),
    "a time before 1970 by its offset": bad({"dialed_at": "1970-01-01T00:00:00+01:00"}, "/dialed_at"),
    "times more than a day ahead": bad({"dialed_at": LATER, "observed_at": LATER}, "/dialed_at", "/observed_at"),
    "negative durations": bad({"ring_seconds": -1, "talk_seconds": -0.5}, "/ring_seconds", "/talk_seconds"),
    "a duration of more than a day": bad({"talk_seconds": 86_401}, "/talk_seconds"),
    "a huge integer": bad({"talk_seconds": 10**60}, "/talk_seconds"),
    "hold longer than the call": bad({"ended_at": ANSWERED, "hold_seconds": 60}, "/hold_seconds"),
    "an end before its beginning": bad({"ended_at": "2026-03-02T08:59:00Z"}, "/ended_at"),
    "an answer after the end": bad({"ended_at": ANSWERED, "answered_at": "2026-03-02T09:01:00Z"}, "/answered_at"),
    "an unknown word": bad({"network_result": "maybe", "handled": " "}, "/network_result", "/handled"),
    "numbers that are no codes": bad({"agent": 1.5, "lead": -1, "source": 2**53 + 1}, "/agent", "/lead", "/source"),
    "texts that are no durations": bad(
        {"ring_seconds": "-1", "talk_seconds": "86400.5", "hold_seconds": "1e3", "wrap_seconds": " 5"},
        "/ring_seconds", "/talk_seconds", "/hold_seconds", "/wrap_seconds",
    ),
    "empty texts that are required or unknown": bad(
        {"external_id": "", "dialed_at": "", "outcome": ""}, "/external_id", "/dialed_at", "/outcome"
    ),
    "NUL": bad({"agent": "a\x00", "to_number": "+1415\x00", "campaign": "\x00"}, "/campaign", "/agent", "/to_number"),
    "spaces around a code": bad({"agent": " ada", "campaign": "spring\u00a0"}, "/campaign", "/agent"),
    "an empty code": bad({"campaign": ""}, "/campaign"),
    "a code that is too long": bad({"campaign": "x" * 201}, "/campaign"),
    "a number that is too long": bad({"to_number": "1" * 65}, "/to_number"),
    "faults inside": bad(
        {
            "participants": [{"agent": "ada", "role": "last"}, {"role": "boss", "since": 1}],
            "disposition": {"code": "", "set_at": "noon"},
        },
        "/participants/1/agent", "/participants/1/role", "/participants/1/since",
        "/disposition/code", "/disposition/set_at",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "pointers"), BAD_ATTEMPTS.values(), ids=BAD_ATTEMPTS)
async def test_a_bad_attempt_is_refused_by_the_name_of_its_fields(
    fields: dict[str, Any], pointers: tuple[str, ...], caller: Caller
) -> None:
    """Alone, in an array and in a stream; the good one beside it is stored."""
    later = (datetime.now(UTC) + timedelta(days=1, minutes=5)).isoformat()
    item = attempt(**{name: later if value == LATER else value for name, value in fields.items()})
    alone = await caller.post("attempts", item)
    refused(alone, 422, "invalid-item", *pointers)
    assert not any(word in alone.text for word in ("maybe", "boss", "noon", "SALE", "1415", "xxx")), (
        "no value comes back"
    )
    summary = (await caller.post("attempts", [item, attempt("good")])).json()
    assert [receipt["status"] for receipt in summary["receipts"]] == ["rejected", "created"]
    assert summary["receipts"][0]["problem"] == alone.json()
    body = b"\n".join([httpx.Request("POST", "http://x", json=line).content for line in (item, attempt("good"))])
    lines = (await caller.raw("attempts", body, "application/x-ndjson")).text.splitlines()
    assert '"status":"rejected"' in lines[0]
    assert '"status":"unchanged"' in lines[1]
    assert lines[2] == '{"created":0,"updated":0,"unchanged":1,"rejected":1}'


BAD_OTHERS = {
    "disposition: no attempt": ("dispositions", {"attempt": None, "set_at": "2026-03-02"}, ["/attempt", "/set_at"]),
    "lead: odd attributes": (
        "leads",
        {"attributes": {"a": [], "b": {}, "c": "\x00", "d": 10**17, "e": "x" * 2_001, "f": 1.5, " ": 1, "\x00": 1}},
        [*(f"/attributes/{name}" for name in "abcde"), "/attributes/ ", "/attributes/\ufffd"],
    ),
    "lead: not an object": ("leads", {"attributes": "retail"}, ["/attributes"]),
    "appointment: an unknown status": ("appointments", {"status": "maybe", "lead": ""}, ["/lead", "/status"]),
    "appointment: beyond ten years": ("appointments", {"scheduled_at": "2199-01-01T00:00:00Z"}, ["/scheduled_at"]),
    "follow-up: neither due nor done": ("follow-ups", {"due_at": None}, ["/due_at"]),
    "stage change: no currency": ("stage-changes", {"currency": None}, ["/currency"]),
    "stage change: odd amounts": (
        "stage-changes",
        {"amount": "1_000", "gross_profit": "1e3", "currency": "usd"},
        ["/amount", "/gross_profit", "/currency"],
    ),
    "spend: negative": ("spend", {"amount": -1}, ["/amount"]),
    "spend: too fine": ("spend", {"amount": 0.00001}, ["/amount"]),
    "spend: digits of another script": ("spend", {"amount": "١٢"}, ["/amount"]),
    "spend: a week for a day": ("spend", {"from_on": "2026-W10-1", "to_on": "2026-3-2"}, ["/from_on", "/to_on"]),
    "spend: an end before its beginning": ("spend", {"to_on": "2026-03-01"}, ["/to_on"]),
    "agent state: unknown": ("agent-states", {"state": "asleep"}, ["/state"]),
    "survey: neither asked nor answered": ("surveys", dict.fromkeys(("asked_at", "answered_at")), ["/asked_at"]),
    "survey: off its scale": ("surveys", {"score": 6}, ["/score"]),
    "survey: off the usual scale": ("surveys", {"kind": "nps", "score": 11}, ["/score"]),
    "survey: a score nobody answered": ("surveys", {"answered_at": None}, ["/answered_at"]),
    "survey: an answer before the question": ("surveys", {"answered_at": "2026-03-02T09:00:00Z"}, ["/answered_at"]),
    "survey: odd scales": ("surveys", {"scale": "5-1"}, ["/scale"]),
    "survey: no scale": ("surveys", {"scale": "stars"}, ["/scale"]),
    "survey: of a kind of its own": ("surveys", {"kind": "mood", "score": "x"}, ["/kind", "/score"]),
    "form item: worth nothing": ("form-items", {"max_points": 0}, ["/max_points"]),
    "form item: weighs nothing": ("form-items", {"weight": 0}, ["/weight"]),
    "form item: less than nothing": ("form-items", {"max_points": -1, "weight": "1e3"}, ["/weight", "/max_points"]),
    "evaluation: one item twice": ("evaluations", {"points": {"greeting": 1}}, ["/scores"]),
    "evaluation: neither points nor none": ("evaluations", {"scores": [{"item": "offer"}]}, ["/scores/0/points"]),
    "evaluation: points and none": (
        "evaluations",
        {"scores": [{"item": "offer", "points": 1, "not_applicable": True}]},
        ["/scores/0/points"],
    ),
    "evaluation: half a dispute": ("evaluations", {"dispute": "open"}, ["/dispute_at"]),
    "evaluation: a number evaluates": ("evaluations", {"evaluator": "+14155550123"}, ["/evaluator"]),
    "evaluation: too many points": ("evaluations", {"points": {"offer": 10_001}}, ["/points/offer"]),
    "agent state: ends first": ("agent-states", {"to_at": "2026-03-02T08:00:00Z"}, ["/to_at"]),
    "schedule: unknown": ("schedules", {"activity": "lunch", "agent": "+14155550123"}, ["/agent", "/activity"]),
    "employment: a time for a day": (
        "staff",
        {"joined_on": "2026-03-02T09:00:00Z", "voluntary": "y"},
        ["/joined_on", "/voluntary"],
    ),
    "running cost: negative": ("running-costs", {"amount": -1, "team": " north"}, ["/team", "/amount"]),
    "customer: a value of a year": ("customers", {"value_per": "year", "value": -5}, ["/value", "/value_per"]),
}


@pytest.mark.parametrize(("path", "fields", "pointers"), BAD_OTHERS.values(), ids=BAD_OTHERS)
async def test_other_bad_items(path: str, fields: dict[str, Any], pointers: list[str], caller: Caller) -> None:
    refused(await caller.post(path, MAKERS[path](**fields)), 422, "invalid-item", *pointers)


@on_every_resource
async def test_items_that_are_no_objects(operation: Operation, caller: Caller) -> None:
    path = operation.path.removeprefix("/v1/")
    answer = await caller.post(path, [MAKERS[path](), 3, None, "x", [MAKERS[path]()], True])
    summary = answer.json()
    assert (summary["created"], summary["rejected"]) == (1, 5)
    for receipt in summary["receipts"][1:]:
        assert [fault["pointer"] for fault in receipt["problem"]["errors"]] == [""]


@on_every_resource
async def test_an_item_with_endless_faults_is_answered_briefly(operation: Operation, caller: Caller) -> None:
    path = operation.path.removeprefix("/v1/")
    answer = await caller.post(path, {f"field-{number}": number for number in range(100_000)})
    refused(answer, 422, "invalid-item", "")
    assert len(answer.content) < 1_000


@pytest.mark.parametrize("depth", [100, 250, 260, 900, 950, 975, 1_000, 1_015])
async def test_deep_nesting(depth: int, caller: Caller) -> None:
    """Refused by its field while it can be read at all; and what is kept of it can be listed."""
    nested = '{"recording": ' + "[" * depth + "]" * depth + ', "external_id": "deep"}'
    refused(await caller.raw("leads", nested), 422, "invalid-item", "/received_at", "/recording")
    summary = (await caller.raw("leads", f"[{nested}]")).json()
    assert summary["rejected"] == 1
    stream = (await caller.raw("leads", nested, "application/x-ndjson")).text
    assert stream.endswith('"rejected":1}\n')
    listed = (await caller.get("rejected-items"))["items"]
    assert [item["external_id"] for item in listed] == ["deep"] * 3


async def test_half_a_surrogate_pair_spoils_only_its_own_item(caller: Caller) -> None:
    body = (
        '[{"external_id": "a", "received_at": "2026-03-02T09:00:00Z"},'
        ' {"external_id": "b", "received_at": "2026-03-02T09:00:00Z", "owner": "\\ud83d"},'
        ' {"external_id": "\\udc00", "received_at": "2026-03-02T09:00:00Z"},'
        ' {"external_id": "c", "received_at": "2026-03-02T09:00:00Z", "\\ud83d": 1},'
        ' {"external_id": "d", "received_at": "2026-03-02T09:00:00Z",'
        '  "attributes": {"x": "\\ud83d", "y": "\\ud83d\\ude00"}},'
        ' {"external_id": "e", "received_at": "2026-03-02T09:00:00Z", "owner": "\\ud83d\\ude00"}]'
    )
    summary = (await caller.raw("leads", body)).json()
    assert [receipt["status"] for receipt in summary["receipts"]] == [
        "created", "rejected", "rejected", "rejected", "rejected", "created",
    ]  # fmt: skip
    faults = [r["problem"]["errors"] for r in summary["receipts"] if r["status"] == "rejected"]
    assert [fault["pointer"] for fault in chain(*faults)] == ["/owner", "/external_id", "", "/attributes/x"]
    assert [receipt["external_id"] for receipt in summary["receipts"]] == ["a", "b", None, "c", "d", "e"]
    listed = (await caller.get("rejected-items"))["items"]
    assert "\\ud83d" in listed[0]["item"], "kept as text, since it is no valid JSON value"


async def test_of_a_name_that_stands_twice_the_last_value_counts(caller: Caller) -> None:
    body = '{"external_id": "a", "received_at": "2026-03-02T09:00:00Z", "external_id": "b"}'
    assert (await caller.raw("leads", body)).json()["external_id"] == "b"
    lenient = '[{"external_id": "\\ud83d"}, ' + body + "]"
    assert (await caller.raw("leads", lenient)).json()["receipts"][1] == {
        "index": 1, "external_id": "b", "status": "unchanged",
    }  # fmt: skip


async def test_conflicting_duplicates_in_one_batch_are_taken_in_their_order(caller: Caller) -> None:
    fields = [attempt(agent="ada"), attempt(agent="grace"), attempt(agent="grace"), attempt(agent="ada")]
    receipts = (await caller.post("attempts", fields)).json()["receipts"]
    assert [receipt["status"] for receipt in receipts] == ["created", "updated", "unchanged", "unchanged"]
    assert receipts[3]["outranked"] == ["agent"], "a repetition changes nothing"


@pytest.mark.parametrize("number", ["anonymous", "client:anna", "204", "+1 415 555 0123 ext. 9", "", " ", "*69", "١٢٣"])
async def test_what_is_not_a_phone_number_is_taken_as_it_is(number: str, caller: Caller, server_owner: Owner) -> None:
    assert (await caller.post("attempts", attempt(to_number=number, from_number=number))).status_code == 201
    assert (await caller.post("leads", MAKERS["leads"](phone_number=number))).status_code == 201
    stored = await server_owner.fetchval("SELECT to_number FROM attempts WHERE account_id = $1", caller.account_id)
    assert stored == {"": None, " ": None, "+1 415 555 0123 ext. 9": "+14155550123;ext=9"}.get(number, number)
