"""One person is one number in whatever spelling, an extension is another person, and a lead may say where it is."""

from typing import Any

from tests.api.conftest import Caller
from tests.conftest import Owner
from tests.make import at, attempt, inbound_call, lead

DAY = {"from": "2026-03-02", "to": "2026-03-03", "tz": "UTC"}
LINE = "+12125550188"


async def stored(owner: Owner, caller: Caller, columns: str, table: str = "attempts") -> dict[str, tuple[Any, ...]]:
    """Some columns of every row of a table, by its external id."""
    query = f"SELECT external_id, {columns} FROM {table} WHERE account_id = $1"
    return {row[0]: tuple(row)[1:] for row in await owner.fetch(query, caller.account_id)}


async def test_spellings_of_one_number_are_one_person_for_leads_calls_and_own_numbers(
    caller: Caller, owner: Owner
) -> None:
    await caller.put("tracking-numbers/+5218112345000", {}, 201)
    await caller.post("tracking-numbers/+528112345000/assignments", {"from_at": at(-60), "source": "radio"}, 201)
    await caller.put("campaigns/rio", {"region": "BR"}, 201)
    await caller.post(
        "leads", [lead("mx", phone_number="+52 1 33 1234 5678"), lead("mx-2", phone_number="+523312345678")]
    )
    await caller.post("leads", [lead("br", phone_number="+5521987650123"), lead("ar", phone_number="+5491145678901")])
    numbers = {"mx": "+5213312345678", "br": "(21) 8765-0123", "ar": "+54 11 4567-8901"}
    calls = [
        attempt(name, campaign="rio", to_number=number, from_number="+52 1 81 1234 5000")
        for name, number in numbers.items()
    ]
    await caller.post("attempts", calls)
    await caller.post("inbound-calls", inbound_call("back", from_number="+541145678901", to_number="+528112345000"))
    assert await stored(owner, caller, "lead, source, tracking_number") == {
        "mx": ("mx", "radio", "+528112345000"),
        "br": ("br", "radio", "+528112345000"),
        "ar": ("ar", "radio", "+528112345000"),
    }
    assert (await stored(owner, caller, "lead, source", "inbound_calls"))["back"] == ("ar", "radio")
    report = await caller.get("reports", metrics="leads", **DAY)
    assert report["total"]["leads"]["value"] == 3


async def test_an_erased_person_is_erased_in_every_spelling(caller: Caller, owner: Owner) -> None:
    await caller.post(
        "leads", lead("vn", phone_number="+841687654321", attributes={"note": "0168 765 4321 at night"}), 201
    )
    await caller.post("attempts", attempt("vn", to_number="+84387654321"), 201)
    await caller.post("erasures", {"phone_number": "+84 168 765 4321"}, 201)
    await caller.post("attempts", attempt("again", to_number="+841687654321"), 201)
    await caller.post("attempts", attempt("sip", to_number="sip:+841687654321@carrier.example"), 201)
    numbers = {row[0] for row in (await stored(owner, caller, "to_number")).values()}
    assert len(numbers) == 1
    assert numbers.pop().startswith("erased-")
    # Numbers that were erased before the plan was known stand in the ledger under their former spelling.
    await owner.execute(
        "UPDATE erased_numbers e SET number_id = lake_id(a.lake_key, '+841687654321')"
        " FROM accounts a WHERE a.account_id = e.account_id AND e.account_id = $1",
        caller.account_id,
    )
    await caller.post("attempts", attempt("later", to_number="+84387654321"), 201)
    assert (await stored(owner, caller, "to_number"))["later"][0].startswith("erased-")


async def furnish(caller: Caller) -> None:
    """Two people and the line they share; each is a lead, and each was called."""
    people = {"line": LINE, "twelve": f"{LINE};ext=12", "thirteen": "(212) 555-0188 x13"}
    await caller.post("leads", [lead(name, phone_number=number) for name, number in people.items()])
    await caller.post("attempts", [attempt(name, to_number=number) for name, number in people.items()])


async def test_each_extension_of_a_line_is_a_person_of_its_own(caller: Caller, owner: Owner) -> None:
    await furnish(caller)
    assert {name: row[0] for name, row in (await stored(owner, caller, "lead")).items()} == {
        name: name for name in ("line", "twelve", "thirteen")
    }
    assert (await caller.get("reports", metrics="leads", **DAY))["total"]["leads"]["value"] == 3


async def test_erasing_an_extension_leaves_the_line_and_its_other_extensions(caller: Caller, owner: Owner) -> None:
    await furnish(caller)
    erasure = await caller.post("erasures", {"phone_number": "212-555-0188 ext. 12"}, 201)
    assert (erasure["leads"], erasure["attempts"]) == (1, 1)
    await caller.post("attempts", [attempt(f"again-{name}", to_number=f"{LINE} x{name}") for name in ("12", "13")])
    for table, column in (("leads", "phone_number"), ("attempts", "to_number")):
        rows = await stored(owner, caller, column, table)
        erased = {name for name, (number,) in rows.items() if number.startswith("erased-")}
        assert erased == {"twelve", "again-12"} & set(rows)


async def test_erasing_a_line_leaves_its_extensions(caller: Caller, owner: Owner) -> None:
    await furnish(caller)
    await caller.post("erasures", {"lead": "line"}, 201)
    await caller.post("attempts", [attempt("again", to_number=LINE), attempt("again-13", to_number=f"{LINE}x13")])
    numbers = {name: row[0] for name, row in (await stored(owner, caller, "to_number")).items()}
    assert {name for name, number in numbers.items() if number.startswith("erased-")} == {"line", "again"}
    assert numbers["again-13"] == numbers["thirteen"] == f"{LINE};ext=13"


async def test_an_extension_behind_an_own_number_is_the_number(caller: Caller, owner: Owner) -> None:
    await caller.put(f"tracking-numbers/{LINE}", {}, 201)
    await caller.post("attempts", attempt("call", from_number=f"{LINE} ext 101", agent=f"{LINE};ext=101"), 201)
    assert (await stored(owner, caller, "from_number, tracking_number, agent"))["call"] == (LINE, LINE, None)


async def test_the_hour_over_there_follows_the_zone_that_the_lead_states(caller: Caller) -> None:
    await caller.post("leads", lead(phone_number="+14155550123"), 201)
    await caller.post("attempts", [attempt("found", to_number="+14155550123"), attempt("stated", lead="lead-1")])
    assert await hours(caller) == {"Mon 01:00": 1, "None": 1}
    # 09:00 in UTC is 18:00 in Tokyo and 14:45 in Kathmandu.
    for zone, hour in (("Asia/Tokyo", "Mon 18:00"), ("Asia/Kathmandu", "Mon 14:00")):
        await caller.post("leads", lead(time_zone=zone, observed_at=at(0 if "Tokyo" in zone else 1)), 200)
        assert await hours(caller) == {hour: 2}
    problem = await caller.post("leads", lead(time_zone="Mars/Olympus"), 422)
    assert "/time_zone" in str(problem)


async def hours(caller: Caller) -> dict[str, int]:
    """The attempts of each hour of the called people's week."""
    report = await caller.get("reports", metrics="attempts", by="callee_hour_of_week", **DAY)
    return {
        str(group["group"]["callee_hour_of_week"]): group["cells"]["attempts"]["value"] for group in report["groups"]
    }
