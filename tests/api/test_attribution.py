"""Whose call it was: attempts follow the tracking number they showed, whatever is learned first."""

import asyncio
from datetime import datetime
from random import Random
from typing import Any

import asyncpg

from tests.api.conftest import Caller
from tests.conftest import Owner
from tests.ledger import broken_histories
from tests.make import at, attempt

LINE = "+14155550100"


async def put_line(caller: Caller, number: str = LINE) -> None:
    await caller.put(f"tracking-numbers/{number}", {})


async def assign(caller: Caller, from_at: str, to_at: str | None = None, status: int | None = None, **to: str) -> Any:
    body = {"from_at": from_at, "to_at": to_at, **to}
    return await caller.post(f"tracking-numbers/{LINE}/assignments", body, status)


async def attributed(owner: Owner, caller: Caller, external_id: str = "call-1") -> tuple[Any, ...]:
    query = """
        SELECT source, tracking_number, attributed_by::text
        FROM attempts WHERE account_id = $1 AND external_id = $2"""
    [row] = await owner.fetch(query, caller.account_id, external_id)
    return tuple(row)


async def history(owner: Owner, caller: Caller, external_id: str = "call-1") -> list[asyncpg.Record]:
    """Every version of an attempt, oldest first; the last has no end."""
    query = """
        SELECT source, recorded_at, superseded_at FROM attempts_history
        WHERE account_id = $1 AND external_id = $2
        UNION ALL
        SELECT source, recorded_at, NULL FROM attempts
        WHERE account_id = $1 AND external_id = $2
        ORDER BY recorded_at"""
    return await owner.fetch(query, caller.account_id, external_id)


async def test_a_call_from_an_assigned_number_belongs_to_its_source(caller: Caller, owner: Owner) -> None:
    await put_line(caller)
    await assign(caller, at(-60), source="radio")
    await caller.post("attempts", attempt(from_number="(415) 555-0100"))
    assert await attributed(owner, caller) == ("radio", LINE, "tracking_number")


async def test_an_assignment_told_after_the_call_attributes_it_and_keeps_what_was_believed(
    caller: Caller, owner: Owner
) -> None:
    await caller.post("attempts", attempt(from_number=LINE))
    assert await attributed(owner, caller) == (None, None, None)
    await put_line(caller)
    assert await attributed(owner, caller) == (None, LINE, None)
    await assign(caller, at(-60), source="radio")
    assert await attributed(owner, caller) == ("radio", LINE, "tracking_number")

    unknown, registered, assigned = await history(owner, caller)
    assert (unknown["source"], registered["source"], assigned["source"]) == (None, None, "radio")
    assert unknown["superseded_at"] == registered["recorded_at"]
    assert registered["superseded_at"] == assigned["recorded_at"]


async def test_the_source_the_sender_names_wins_over_the_number(caller: Caller, owner: Owner) -> None:
    await put_line(caller)
    await assign(caller, at(-60), source="radio")
    await caller.post("attempts", attempt(from_number=LINE, source="partner"))
    assert await attributed(owner, caller) == ("partner", LINE, "sender")
    await assign(caller, at(-60), source="television")
    assert await attributed(owner, caller) == ("partner", LINE, "sender")
    assert len(await history(owner, caller)) == 1


async def test_a_number_of_ours_is_named_even_when_nobody_holds_it_then(caller: Caller, owner: Owner) -> None:
    await put_line(caller)
    await assign(caller, at(10), source="radio")
    await caller.post("attempts", attempt(from_number=LINE))
    assert await attributed(owner, caller) == (None, LINE, None)
    await caller.post("attempts", attempt("call-2", from_number="+14155550199"))
    assert await attributed(owner, caller, "call-2") == (None, None, None)


async def test_an_interval_includes_its_first_moment_and_not_its_last(caller: Caller, owner: Owner) -> None:
    await put_line(caller)
    await assign(caller, at(0), at(10), source="radio")
    moments = {"before": -0.001, "first": 0, "inside": 5, "last": 10}
    items = [attempt(name, from_number=LINE, dialed_at=at(minute)) for name, minute in moments.items()]
    await caller.post("attempts", items)
    attributions = {name: (await attributed(owner, caller, name))[0] for name in moments}
    assert attributions == {"before": None, "first": "radio", "inside": "radio", "last": None}


async def test_correcting_an_assignment_moves_its_calls_and_history_keeps_the_old_answer(
    caller: Caller, owner: Owner
) -> None:
    await put_line(caller)
    await assign(caller, at(-60), source="radio")
    await caller.post("attempts", attempt(from_number=LINE))
    answer = await assign(caller, at(-60), status=200, source="television")
    assert answer["status"] == "updated"
    assert await attributed(owner, caller) == ("television", LINE, "tracking_number")
    radio, television = await history(owner, caller)
    assert radio["source"] == "radio"
    assert radio["recorded_at"] < radio["superseded_at"] == television["recorded_at"]


async def test_repeating_an_assignment_changes_nothing(caller: Caller, owner: Owner) -> None:
    await put_line(caller)
    await assign(caller, at(-60), source="radio")
    await caller.post("attempts", attempt(from_number=LINE))
    assert (await assign(caller, at(-60), status=200, source="radio"))["status"] == "unchanged"
    assert len(await history(owner, caller)) == 1


async def test_shortening_an_assignment_leaves_the_calls_after_it_unattributed(caller: Caller, owner: Owner) -> None:
    await put_line(caller)
    await assign(caller, at(-60), source="radio")
    await caller.post("attempts", [attempt(from_number=LINE), attempt("call-2", from_number=LINE, dialed_at=at(30))])
    await assign(caller, at(-60), at(15), source="radio")
    assert await attributed(owner, caller) == ("radio", LINE, "tracking_number")
    assert await attributed(owner, caller, "call-2") == (None, LINE, None)
    assert len(await history(owner, caller)) == 1
    assert [row["source"] for row in await history(owner, caller, "call-2")] == ["radio", None]


async def test_a_new_owner_takes_over_from_the_moment_it_gets_the_number(caller: Caller, owner: Owner) -> None:
    await put_line(caller)
    await assign(caller, at(-60), source="radio")
    await caller.post("attempts", [attempt(from_number=LINE), attempt("call-2", from_number=LINE, dialed_at=at(30))])
    answer = await assign(caller, at(15), status=201, source="television")
    spans = [(a["source"], a["from_at"], a["to_at"]) for a in answer["assignments"]]
    assert [(source, to_at is None) for source, _, to_at in spans] == [("radio", False), ("television", True)]
    assert spans[0][2] == spans[1][1]
    assert await attributed(owner, caller) == ("radio", LINE, "tracking_number")
    assert await attributed(owner, caller, "call-2") == ("television", LINE, "tracking_number")


async def test_an_assignment_made_in_error_can_be_taken_back(caller: Caller, owner: Owner) -> None:
    await put_line(caller)
    await assign(caller, at(-60), source="radio")
    await caller.post("attempts", attempt(from_number=LINE))
    left = await caller.delete(f"tracking-numbers/{LINE}/assignments/{at(-60)}")
    assert left["assignments"] == []
    assert await attributed(owner, caller) == (None, LINE, None)
    assert [row["source"] for row in await history(owner, caller)] == ["radio", None]
    stored = await owner.fetchval(
        "SELECT source FROM tracking_number_assignments_history WHERE account_id = $1", caller.account_id
    )
    assert stored == "radio"
    await caller.delete(f"tracking-numbers/{LINE}/assignments/{at(-60)}", status=404)


async def test_a_second_owner_at_one_moment_is_refused_and_nothing_changes(caller: Caller, owner: Owner) -> None:
    await put_line(caller)
    await assign(caller, at(0), at(60), source="radio")
    await caller.post("attempts", attempt(from_number=LINE, dialed_at=at(30)))
    for from_at, to_at in [(at(-10), at(1)), (at(30), at(90)), (at(59), None), (at(-10), None), (at(10), at(20))]:
        problem = await assign(caller, from_at, to_at, status=409, source="television")
        assert problem["type"] == "/problems/already-assigned"
        assert "radio" in problem["detail"]
    assert await attributed(owner, caller) == ("radio", LINE, "tracking_number")
    assert len((await caller.get(f"tracking-numbers/{LINE}"))["assignments"]) == 1
    # What only touches is no overlap.
    await assign(caller, at(60), at(70), status=201, source="television")
    await assign(caller, at(-10), at(0), status=201, source="print")


async def test_an_earlier_dialing_time_moves_a_call_to_the_owner_of_that_moment(caller: Caller, owner: Owner) -> None:
    await put_line(caller)
    await assign(caller, at(-60), at(0), source="radio")
    await assign(caller, at(0), source="television")
    await caller.post("attempts", attempt(from_number=LINE, dialed_at=at(1)))
    assert (await attributed(owner, caller))[0] == "television"
    await caller.post("attempts", attempt(dialed_at=at(-1)))
    assert (await attributed(owner, caller))[0] == "radio"


async def test_what_only_looks_like_a_number_is_no_tracking_number(caller: Caller) -> None:
    for name in ("anonymous", "+nobody", "+", "+%00", "12", "%2B1 415"):
        problem = await caller.put(f"tracking-numbers/{name}", {}, status=400)
        assert [fault["pointer"] for fault in problem["errors"]] == ["number"], name
        problem = await caller.post(f"tracking-numbers/{name}/assignments", {"from_at": at()}, status=400)
        assert [fault["pointer"] for fault in problem["errors"]] == ["number"], name


async def test_calls_captured_while_their_number_changes_hands_end_as_its_last_assignments_say(
    caller: Caller, owner: Owner
) -> None:
    chance = Random(11)
    changes = {"corrected": (at(0), None), "shortened": (at(0), at(20)), "handed on": (at(30), None)}

    async def change(number: str, how: str) -> None:
        place = f"tracking-numbers/{number}/assignments"
        if how == "taken back":
            await caller.delete(f"{place}/{at(0)}")
        else:
            from_at, to_at = changes[how]
            await caller.post(place, {"from_at": from_at, "to_at": to_at, "source": how})

    async def live(line: int, how: str) -> None:
        number = f"+141555502{line:02}"
        await put_line(caller, number)
        await caller.post(f"tracking-numbers/{number}/assignments", {"from_at": at(0), "source": "radio"})
        # Batches of many sizes, so that some are half done when the number changes hands.
        batches = [
            [
                attempt(f"{line}-{size}-{n}", from_number=number, dialed_at=at(chance.randrange(-5, 60)))
                for n in range(size)
            ]
            for size in (1, 12, 40, 90, 140)
        ]
        await asyncio.gather(*(caller.post("attempts", batch) for batch in batches), change(number, how))

    for line, how in enumerate([*changes, "taken back"] * 3):
        await live(line, how)

    spans = {
        (line["number"], _moment(held["from_at"]), _moment(held["to_at"] or at(days=9)), held["source"])
        for line in (await caller.get("tracking-numbers"))["items"]
        for held in line["assignments"]
    }
    calls = await owner.fetch(
        "SELECT from_number, dialed_at, source FROM attempts WHERE account_id = $1", caller.account_id
    )
    for call in calls:
        number, dialed_at, source = call
        owners = [who for held, start, end, who in spans if held == number and start <= dialed_at < end]
        assert [source] == (owners or [None])
    assert {source for _, _, source in calls} == {"radio", None, *changes}
    assert await broken_histories(owner, caller.account_id) == []


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def sources(owner: Owner, caller: Caller) -> dict[str, str | None]:
    """The source of each attempt."""
    rows = await owner.fetch(
        "SELECT external_id, source FROM attempts WHERE account_id = $1 ORDER BY dialed_at", caller.account_id
    )
    return {row["external_id"]: row["source"] for row in rows}


async def test_a_number_returns_to_its_holder_after_an_interim_and_so_do_its_calls(
    caller: Caller, owner: Owner
) -> None:
    await put_line(caller)
    await assign(caller, at(-60), source="radio")
    moments = {"before": -1, "first": 0, "last": 9, "returned": 10, "later": 300}
    calls = [attempt(name, from_number=LINE, dialed_at=at(minute)) for name, minute in moments.items()]
    await caller.post("attempts", calls)
    answer = await assign(caller, at(0), at(10), status=201, source="fair")
    assert answer["afterwards"] == f"From {at(10)} the number returns to radio."
    assert [held["source"] for held in answer["assignments"]] == ["radio", "fair", "radio"]
    assert await sources(owner, caller) == dict(zip(moments, ["radio", "fair", "fair", "radio", "radio"], strict=True))

    repeated = await assign(caller, at(0), at(10), status=200, source="fair")
    assert (repeated["status"], repeated["assignments"]) == ("unchanged", answer["assignments"])
    await assign(caller, at(0), at(5), status=200, source="fair")
    assert await sources(owner, caller) == dict(zip(moments, ["radio", "fair", "radio", "radio", "radio"], strict=True))
    left = await caller.delete(f"tracking-numbers/{LINE}/assignments/{at(0)}")
    assert [(held["source"], held["to_at"]) for held in left["assignments"]] == [("radio", None)]
    assert set((await sources(owner, caller)).values()) == {"radio"}
    assert await broken_histories(owner, caller.account_id) == []


async def test_an_interim_that_nobody_had_before_says_that_nobody_has_it_afterwards(caller: Caller) -> None:
    await put_line(caller)
    answer = await assign(caller, at(0), at(10), status=201, source="fair")
    assert answer["afterwards"] == f"From {at(10)} the number has no source."
    assert (await assign(caller, at(20), status=201, source="radio"))["afterwards"] is None


async def test_an_unknown_number_is_asked_about_before_it_is_made(caller: Caller) -> None:
    place, body = "tracking-numbers/+14155550177/assignments", {"from_at": at(0), "source": "radio"}
    problem = await caller.post(place, body, 404)
    assert "create=true" in problem["detail"]
    assert problem["errors"] == [{"pointer": "number", "message": "is not known"}]
    assert (await caller.get("tracking-numbers"))["items"] == []
    await caller.post(f"{place}?create=true", body, 201)
    assert [line["number"] for line in (await caller.get("tracking-numbers"))["items"]] == ["+14155550177"]


async def test_a_retired_number_has_no_holder_and_its_calls_wait_in_the_to_do_list(
    caller: Caller, owner: Owner
) -> None:
    await put_line(caller)
    await assign(caller, at(-60), source="radio")
    await caller.post("attempts", [attempt("a", from_number=LINE), attempt("b", from_number=LINE, dialed_at=at(30))])
    await caller.post("inbound-calls", {"external_id": "in", "to_number": LINE, "arrived_at": at(40)})
    assert (await caller.get("to-do"))["retired_numbers"] == []

    await caller.put(f"tracking-numbers/{LINE}", {"retired_at": at(15), "name": "Bus stops"}, 200)
    assert await sources(owner, caller) == {"a": "radio", "b": None}
    [line] = (await caller.get("to-do"))["retired_numbers"]
    assert {name: line[name] for name in ("number", "name", "attempts", "inbound_calls", "last_call_at")} == {
        "number": LINE,
        "name": "Bus stops",
        "attempts": 1,
        "inbound_calls": 1,
        "last_call_at": at(40),
    }
    for from_at, to_at in ((at(20), None), (at(20), at(30)), (at(0), None)):
        assert (await assign(caller, from_at, to_at, status=409, source="fair"))["type"] == "/problems/already-retired"
    await assign(caller, at(0), at(10), status=201, source="fair")

    [listed] = (await caller.get("tracking-numbers"))["items"]
    assert (listed["retired_at"], listed["name"]) == (at(15), "Bus stops")
    await caller.put(f"tracking-numbers/{LINE}", {"name": "Bus stops"}, 200)
    assert await sources(owner, caller) == {"a": "fair", "b": "radio"}
    assert (await caller.get("to-do"))["retired_numbers"] == []
