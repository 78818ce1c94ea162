"""FreeSWITCH's two legs of a call make one attempt: the b-leg knows whether the customer answered."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest

from service.importing.language.choices import shipped
from tests.importing.conftest import Workspace, counts

MAPPING = shipped()["freeswitch-cdr"].read_text()
HEADER = "uuid,call_uuid,originating_leg_uuid,bleg_uuid,leg,start,answer,end,billsec,duration,cause,dest"
FIELDS = "external_id, to_number, network_result::text, answered_at::text, talk_ms, ring_ms"

# 2026-03-02 10:00:00 UTC is 1772445600. The a-leg is answered at once, by a tone for the agent.
A_LEG = "a1,a1,,b1,a,1772445600,1772445601,1772445672,71,72,NORMAL_CLEARING,351210000011"
B_ANSWERED = "b1,a1,a1,,b,1772445602,1772445612,1772445672,60,70,NORMAL_CLEARING,351210000011"
B_UNKNOWN = "b1,a1,a1,,b,1772445602,0,1772445672,0,1,UNALLOCATED_NUMBER,351210000011"
B_EXTENSION = "b2,a1,a1,,b,1772445675,0,1772445690,0,15,NO_ANSWER,52"
NAIVE = """
[file]
empty = ["", "0"]
[times]
format = "unix"
[attempt]
external_id = "call_uuid"
dialer = { constant = "DIALER" }
campaign = { constant = "spring" }
to_number = "dest"
dialed_at = "start"
answered_at = "answer"
ended_at = "end"
talk_seconds = { column = "billsec", where = { leg = ["b"] } }
network_result = { column = "cause", values = { NORMAL_CLEARING = "answered", UNALLOCATED_NUMBER = "invalid_number" }, unmapped = "empty" }
"""  # noqa: E501  one rule in one line, as people write it


def calls(workspace: Workspace, dialer: str, *files: Sequence[str]) -> list[tuple[Any, ...]]:
    mapping = MAPPING.replace('"freeswitch" }\ncampaign', f'"{dialer}" }}\ncampaign')
    for number, legs in enumerate(files):
        file = workspace.write(f"{dialer}{number}.csv", "\n".join([HEADER, *legs]))
        outcome = workspace.run("attempts", file, mapping)
        assert outcome.code == 0, outcome.output
    return workspace.rows(f"SELECT {FIELDS} FROM attempts WHERE dialer = $1 ORDER BY 1", dialer)


def test_both_legs_are_one_call_in_every_order_and_over_two_files(workspace: Workspace) -> None:
    right = [("a1", "351210000011", "answered", "2026-03-02 10:00:12+00", 60_000, 15_000)]
    for number, (first, *rest) in enumerate(permutations((A_LEG, B_ANSWERED, B_EXTENSION))):
        assert calls(workspace, f"whole{number}", [first, *rest]) == right
        assert calls(workspace, f"split{number}", [first], rest) == right


def test_a_number_that_does_not_exist_is_no_answer_by_the_tone(workspace: Workspace) -> None:
    right = [("a1", "351210000011", "invalid_number", None, 0, None)]
    assert calls(workspace, "a", [A_LEG, B_UNKNOWN]) == right
    assert calls(workspace, "b", [B_UNKNOWN], [A_LEG]) == right


@pytest.mark.parametrize(
    ("leg", "right"),
    [
        (
            "a2,a2,,,a,1772445600,1772445610,1772456410,10800,10810,NORMAL_CLEARING,351210000012",
            ("answered", "2026-03-02 10:00:10+00", 10_800_000, None),
        ),
        (A_LEG, ("answered", None, 71_000, None)),
        ("a2,a2,,b2,a,1772445600,0,1772445630,0,30,NO_ANSWER,351210000012", ("no_answer", None, 0, 30_000)),
        ("a2,a2,,b2,a,1772445600,0,1772445609,0,9,ORIGINATOR_CANCEL,351210000012", ("cancelled", None, 0, 9_000)),
        ("a2,a2,,b2,a,1772445600,0,1772445602,0,2,USER_BUSY,351210000012", ("busy", None, 0, None)),
    ],
)
def test_an_a_leg_alone_counts(workspace: Workspace, leg: str, right: tuple[Any, ...]) -> None:
    [row] = calls(workspace, "alone", [leg])
    assert row[2:] == right


def test_a_mapping_that_overlooks_the_originating_leg_still_makes_one_call(workspace: Workspace) -> None:
    other_leg = "c9,c9,c8,,b,1772446000,0,1772446003,0,3,UNALLOCATED_NUMBER,351210000013"
    first_leg = "c8,c8,,c9,a,1772446000,1772446001,1772446003,2,3,NORMAL_CLEARING,351210000013"
    file = workspace.write("legs.csv", f"{HEADER}\n{B_ANSWERED}\n{other_leg}\n{A_LEG}\n{first_leg}\n")
    outcome = workspace.run("attempts", file, NAIVE)
    assert "Rows with an originating_leg_uuid were read as legs of that call" in outcome.output
    assert counts(outcome)["rejected"] == 0
    assert workspace.rows("SELECT external_id, network_result::text, talk_ms FROM attempts ORDER BY 1") == [
        ("a1", "answered", 60_000),
        ("c8", "invalid_number", None),
    ]
