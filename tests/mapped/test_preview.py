"""A pasted body is shown as the calls it would become, with its faults and the columns that it lacks."""

import json

import pytest

from service.mapped.mapping import read_hook_mapping
from service.mapped.preview import Preview, as_json, as_text, preview

MAPPING = """
[body]
calls = "calls"
event = "kind"
[direction]
column = "way"
[attempt]
external_id = "id"
dialed_at = "start"
talk_seconds = "talk.seconds"
[inbound_call]
[participant]
agent = "agents.*.name"
[disposition]
code = "result"
"""


def shown(body: object, text: str = MAPPING) -> Preview:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return preview(content, read_hook_mapping(text), "own", "spring")


def test_calls_faults_and_missing_columns_are_told_in_lines_for_people() -> None:
    calls = [
        {"id": "1", "way": "out", "start": "2026-03-02T09:30:00Z", "agents": [{"name": "ada"}, {"name": "ben"}]},
        {"id": "2", "way": "in", "start": "soon", "talk": {"secnds": 7}},
        {"id": "3", "way": "colleague"},
    ]
    assert "\n".join(as_text(shown({"kind": "ended", "calls": calls}))).splitlines() == [
        "event: ended (unknown: the delivery would be stored and counted)",
        "",
        "outbound call 1",
        "  dialed_at          2026-03-02T09:30:00Z",
        "  participants.1.agent ada",
        "  participants.2.agent ben",
        "  campaign           spring",
        "",
        "fault in call 2, arrived_at: must be an RFC 3339 time, such as 2026-03-01T09:30:00Z (read from start)",
        "",
        "note: calls that count nowhere, by [direction] or [skip]: 1",
        "",
        "note: the body has no talk.seconds; did you mean talk.secnds?",
        "",
        "note: the body has no result",
    ]


def test_a_body_without_calls_says_why() -> None:
    assert "\n".join(as_text(shown(b"{"))) == "event: unreadable\n\nno calls\n\nfault: the body is not JSON"
    assert "fault: the body has no calls" in "\n".join(as_text(shown({"kind": "x"})))


def test_an_outcome_that_is_taken_away_is_told() -> None:
    text = MAPPING.replace("[inbound_call]", 'observed_at = "start"\n[inbound_call]')
    lines = as_text(
        shown({"calls": [{"id": "1", "way": "out", "start": "2026-03-02T09:30:00Z", "result": None}]}, text)
    )
    assert "  outcomes           none any more" in list(lines)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ('[body]\nformat = "query"\n[attempt]\nexternal_id = "id"', b"https://x.example/?id=7"),
        ('[body]\nformat = "query"\n[attempt]\nexternal_id = "id"', b"id=7\n"),
        ('[attempt]\nexternal_id = "id"', b"id=7"),
        ('[attempt]\nexternal_id = "id"', b'\n{"id": 7}\n'),
    ],
)
def test_a_body_may_be_pasted_in_every_format(text: str, body: bytes) -> None:
    document = json.loads(as_json(shown(body, text)))
    assert document == {
        "event": "call",
        "known": True,
        "attempts": [{"external_id": "7", "campaign": "spring"}],
        "inbound_calls": [],
        "faults": [],
        "remarks": [],
    }
