"""Asterisk's records of one call make one attempt, whatever happened in it and in whatever order they come."""

from hashlib import sha256
from itertools import permutations
from typing import Any

import pytest

from service.importing.language.choices import shipped
from tests.importing.conftest import Workspace

MAPPING = shipped()["asterisk-cdr"].read_text()
COLUMNS = (
    *("accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start"),
    *("answer", "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield", "peeraccount"),
    *("linkedid", "sequence"),
)
ANNA, BEN = "+351210000011", "+351210000012"
DAY = "2026-03-02 "
FIELDS = "to_number, agent, network_result::text, talk_ms, ring_ms"


def record(**cells: object) -> str:
    """One record: agent 41 dials Anna over the trunk, unless the cells say otherwise."""
    usual = {
        "src": "41",
        "dst": ANNA,
        "dcontext": "outgoing",
        "channel": "PJSIP/41-0000000a",
        "dstchannel": "PJSIP/carrier-0000000b",
        "lastapp": "Dial",
        "lastdata": "PJSIP/x@carrier,60",
        "disposition": "ANSWERED",
        "amaflags": "DOCUMENTATION",
        "uniqueid": "1772445600.10",
        "linkedid": "1772445600.10",
        "sequence": 1,
    }
    row = usual | cells
    for name in ("start", "answer", "end"):
        row[name] = f"{DAY}{row[name]}" if row.get(name) else ""
    return ",".join(f'"{row.get(name, "")}"' for name in COLUMNS)


ANSWERED = record(start="10:00:00", answer="10:00:12", end="10:01:02", duration=62, billsec=50)
CONSULTED = record(
    dst="52",
    channel="PJSIP/41-0000000c",
    dstchannel="PJSIP/52-0000000d",
    lastdata="PJSIP/52",
    start="10:00:50",
    answer="10:00:53",
    end="10:01:02",
    duration=12,
    billsec=9,
    uniqueid="1772445650.12",
)
TRANSFERRED = record(
    src=ANNA,
    dst="52",
    channel="PJSIP/carrier-0000000b",
    dstchannel="PJSIP/52-0000000d",
    lastdata="PJSIP/52",
    start="10:01:02",
    answer="10:01:02",
    end="10:01:32",
    duration=30,
    billsec=30,
    uniqueid="1772445600.11",
)
NOBODY_TOOK_IT = record(
    src=ANNA,
    dst="600",
    channel="PJSIP/carrier-0000000b",
    dstchannel="PJSIP/53-0000000e",
    lastapp="Queue",
    lastdata="sales",
    start="10:01:02",
    end="10:01:20",
    duration=18,
    billsec=0,
    disposition="NO ANSWER",
    uniqueid="1772445600.11",
)


def calls(workspace: Workspace, *files: str, zone: str = "UTC", dialer: str = "asterisk") -> list[tuple[Any, ...]]:
    """The attempts of one dialer after its files were imported, by their numbers."""
    mapping = MAPPING.replace('dialer = { constant = "asterisk" }', f'dialer = {{ constant = "{dialer}" }}')
    for number, content in enumerate(files):
        outcome = workspace.run("attempts", workspace.write(f"{dialer}{number}.csv", content), mapping, "--zone", zone)
        assert outcome.code == 0, outcome.output
    return workspace.rows(
        f"SELECT {FIELDS} FROM attempts WHERE dialer = $1 AND dialed_at IS NOT NULL ORDER BY 1", dialer
    )


def test_the_legs_of_a_transfer_are_one_call_in_every_order_and_over_two_files(workspace: Workspace) -> None:
    legs = (ANSWERED, CONSULTED, TRANSFERRED)
    for number, order in enumerate(permutations(legs)):
        first, *rest = order
        # 50 s with the first agent and 30 s with the second.
        right = [(ANNA, "41", "answered", 80_000, None)]
        assert calls(workspace, "\n".join(order), dialer=f"whole{number}") == right
        assert calls(workspace, first, "\n".join(rest), dialer=f"split{number}") == right
    shares = "SELECT shares FROM attempts WHERE dialer = 'split0' AND dialed_at IS NOT NULL"
    assert workspace.row(shares) == ('[{"agent": "41", "talk_ms": 50000}, {"agent": "52", "talk_ms": 30000}]')


def test_the_id_of_a_call_shows_no_number(workspace: Workspace) -> None:
    calls(workspace, ANSWERED)
    [(external_id, to_number)] = workspace.rows("SELECT external_id, to_number FROM attempts")
    assert (external_id, to_number) == (f"1772445600.10 {sha256(ANNA.encode()).hexdigest()[:16]}", ANNA)


def test_a_transfer_that_nobody_took_does_not_undo_the_answer(workspace: Workspace) -> None:
    right = [(ANNA, "41", "answered", 50_000, None)]
    assert calls(workspace, f"{ANSWERED}\n{NOBODY_TOOK_IT}", dialer="a") == right
    assert calls(workspace, NOBODY_TOOK_IT, ANSWERED, dialer="b") == right
    ended = "SELECT DISTINCT ended_at::text FROM attempts WHERE dialed_at IS NOT NULL"
    assert workspace.row(ended) == "2026-03-02 10:01:20+00"


def test_numbers_dialed_one_after_another_from_one_channel_are_attempts_of_their_own(workspace: Workspace) -> None:
    first = record(start="10:00:00", end="10:00:20", duration=20, billsec=0, disposition="NO ANSWER")
    second = record(dst=BEN, start="10:00:20", answer="10:00:30", end="10:01:00", duration=40, billsec=30, sequence=2)
    right = [(ANNA, "41", "no_answer", None, 20_000), (BEN, "41", "answered", 30_000, None)]
    assert calls(workspace, f"{first}\n{second}", dialer="a") == right
    assert calls(workspace, second, first, dialer="b") == right


def test_one_number_over_several_gateways_or_phones_is_one_attempt(workspace: Workspace) -> None:
    failed = record(start="10:00:00", end="10:00:01", duration=1, billsec=0, disposition="CONGESTION")
    other = record(start="10:00:01", end="10:00:13", duration=12, billsec=0, disposition="NO ANSWER", sequence=2)
    taken = record(start="10:00:01", answer="10:00:13", end="10:00:33", duration=32, billsec=20, sequence=3)
    for number, order in enumerate(permutations((failed, other, taken))):
        assert calls(workspace, "\n".join(order), dialer=f"d{number}") == [(ANNA, "41", "answered", 20_000, 12_000)]


@pytest.mark.parametrize(
    ("disposition", "seconds", "result", "ring"),
    [("CANCEL", 25, "cancelled", 25_000), ("CANCEL", 0, "cancelled", 0), ("NO ANSWER", 60, "no_answer", 60_000)],
)
def test_a_call_that_rang_says_how_long(
    workspace: Workspace, disposition: str, seconds: int, result: str, ring: int
) -> None:
    row = record(start="10:00:00", end="10:01:00", duration=seconds, billsec=0, disposition=disposition)
    assert calls(workspace, row) == [(ANNA, "41", result, None, ring)]


def test_a_call_back_whose_seconds_begin_with_the_agent_tells_no_talk(workspace: Workspace) -> None:
    row = record(
        channel="Local/41@agents-00000001;1",
        start="10:00:00",
        answer="10:00:04",
        end="10:01:30",
        duration=90,
        billsec=86,
    )
    assert calls(workspace, row) == [(ANNA, "41", "answered", None, None)]
    assert workspace.rows("SELECT answered_at, participants FROM attempts") == [(None, None)]


def test_a_call_back_rings_only_after_the_agent_picked_up(workspace: Workspace) -> None:
    row = record(
        channel="Local/41@agents-00000001;1",
        start="10:00:00",
        answer="10:00:04",
        end="10:00:30",
        duration=30,
        billsec=26,
        disposition="CANCEL",
    )
    assert calls(workspace, row) == [(ANNA, "41", "cancelled", None, 26_000)]


@pytest.mark.parametrize("channel", ["PJSIP/41-0000000a", "SIP/41-0000000a", "IAX2/41-99"])
def test_the_number_shown_is_no_agent(workspace: Workspace, channel: str) -> None:
    row = record(
        src="+351210000099",
        channel=channel,
        start="10:00:00",
        answer="10:00:05",
        end="10:01:00",
        duration=60,
        billsec=55,
    )
    assert calls(workspace, row) == [(ANNA, "41", "answered", 55_000, None)]
    assert workspace.row("SELECT from_number FROM attempts") == "+351210000099"
    assert workspace.rows("SELECT code FROM agents") == [("41",)]


def test_an_agent_with_a_name_may_show_a_number(workspace: Workspace) -> None:
    row = record(src="+351210000099", channel="PJSIP/ada-0000000a", start="10:00:00", end="10:00:30", duration=30)
    assert calls(workspace, row.replace("ANSWERED", "NO ANSWER")) == [(ANNA, None, "no_answer", None, None)]


def test_calls_that_came_in_are_inbound_calls_and_calls_to_extensions_are_left_out(workspace: Workspace) -> None:
    inbound = {
        "src": ANNA,
        "dst": "+351210000500",
        "dcontext": "lines",
        "channel": "PJSIP/carrier-0000001a",
        "start": "11:00:00",
        "uniqueid": "1772449200.20",
        "linkedid": "1772449200.20",
    }
    rang = record(**inbound, dstchannel="PJSIP/41-01", lastdata="PJSIP/41", end="11:00:15", disposition="NO ANSWER")
    taken = record(
        **inbound,
        dstchannel="PJSIP/52-02",
        lastdata="PJSIP/52",
        answer="11:00:15",
        end="11:01:15",
        duration=75,
        billsec=60,
        sequence=2,
    )
    internal = record(
        dst="52", lastdata="PJSIP/52", start="11:05:00", end="11:05:10", duration=10, billsec=0, disposition="NO ANSWER"
    )
    file = workspace.write("Master.csv", f"{taken}\n{rang}\n{internal}\n{ANSWERED}\n")
    outcome = workspace.run("attempts", file, MAPPING, "--zone", "UTC")
    assert outcome.code == 0
    assert "skipped               1  (1 internal)" in outcome.output
    assert workspace.rows("SELECT from_number, to_number, agent, outcome::text, talk_ms FROM inbound_calls") == [
        (ANNA, "+351210000500", "52", "answered", 60_000)
    ]
    assert workspace.rows("SELECT to_number FROM attempts") == [(ANNA,)]
