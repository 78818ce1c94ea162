"""A floor of everything that the ledger takes but nobody expects: bare items, wrong order, odd texts, no end."""

from sql.facts import FACTS
from tests.api.conftest import Caller
from tests.conftest import Owner
from tests.make import (
    MAKERS,
    Item,
    agent_state,
    appointment,
    at,
    attempt,
    disposition,
    follow_up,
    inbound_call,
    lead,
    spend,
    stage_change,
)

DAYS = {"from": "2026-03-01", "to": "2026-03-08"}
# Right to left, emoji, markup, line separators, quotes, and texts that mean something to a program.
TEXTS = (
    "\u202eevil\u202c שלום",
    "👩‍👩‍👧 call",
    "<script>alert(1)</script>",
    "a\u2028b\u2029c",
    "semi;colon,comma\"quote'tick`",
    "50%/slash\\back?x=1&y=2#z",
    "{{ 7 * 7 }} {% if %}",
    "line\nbreak\ttab",
    "=1+1",
    "-- DROP",
    "W" * 200,
    ".",
    "..",
)
NUMBER, OTHER_NUMBER = "+14155550123", "+14155550199"


async def compose(caller: Caller, owner: Owner) -> None:
    """Send the floor in the order in which each item does the most harm."""
    await _out_of_order(caller)
    await _bare(caller)
    await _orphans(caller)
    await _odd_texts(caller)
    await _extremes(caller)
    await caller.post("attempts", attempt("late", dialed_at="yesterday"), 422)
    await caller.post("attempts", {"external_id": TEXTS[2], "talk_seconds": "</script>"}, 422)
    await _unobserved(caller, owner)


async def _out_of_order(caller: Caller) -> None:
    """Records that refer to calls and leads come before those, so that the first version of each knows nothing."""
    await caller.post("dispositions", disposition("early", code="SALE"))
    await caller.post("appointments", appointment("early", lead="early-lead", attempt="early", dialer="default"))
    await caller.post("follow-ups", follow_up("early", lead="early-lead"))
    await caller.post("stage-changes", stage_change("early", lead="early-lead"))
    await caller.put("disposition-codes/SALE", {"result": "sale", "party": "right_party"})
    await caller.post("attempts", attempt("early", lead="early-lead", agent="ada", talk_seconds=60))
    await caller.post("leads", lead("early-lead", source="web", phone_number=NUMBER))


async def _bare(caller: Caller) -> None:
    """Items with nothing but what they must have."""
    await caller.post("attempts", attempt("bare", agent=None))
    await caller.post("attempts", attempt("bare-answered", network_result="answered"))
    await caller.post("inbound-calls", inbound_call("bare"))
    await caller.post("dispositions", {"attempt": "bare", "code": "NONE-YET", "set_at": at(1)})
    await caller.post("leads", lead("bare"))
    await caller.post("agent-states", agent_state("ghost", to_at=None))
    await caller.post("stage-changes", stage_change("bare", amount=None, currency=None, stage="lost", lead="bare"))
    await caller.post("spend", spend("bare", amount=0))


async def _orphans(caller: Caller) -> None:
    """Records of calls and leads that never come."""
    await caller.post("dispositions", disposition("never", code="SALE"))
    await caller.post("appointments", appointment("orphan", lead="never-lead", status="held", status_at=at(days=3)))
    await caller.post("follow-ups", follow_up("orphan", lead="never-lead", done_at=at(days=2)))
    await caller.put("sources/unused", {"name": "Unused"})
    await caller.put("campaigns/unused", {"name": "Unused"})
    await caller.put("lead-attributes/industry", {"title": "Industry", "values": ["retail"]}, 201)
    await caller.put("agents/unused", {"name": "Unused"})
    await caller.put(f"tracking-numbers/{OTHER_NUMBER}", {})
    await caller.put("targets/conv_per_attempt", {"value": 0.1})


async def _odd_texts(caller: Caller) -> None:
    calls = [
        attempt(text, campaign=text, agent=text, lead=text, source=text, note=text, dialed_at=at(number))
        | {"network_result": "answered", "answered_by": "human", "talk_seconds": 45}
        for number, text in enumerate(TEXTS)
    ]
    came_in = [inbound_call(text, queue=text, menu_path=text, note=text, from_number=NUMBER) for text in TEXTS]
    leads = [lead(text, source=text, campaign=text, owner=text) for text in TEXTS]
    codes = [disposition(text, code=text, agent=text, set_at=at(number + 2)) for number, text in enumerate(TEXTS)]
    spent = [spend(text, source=text) for text in TEXTS]
    sent = {"attempts": calls, "inbound-calls": came_in, "leads": leads, "dispositions": codes, "spend": spent}
    for path, items in sent.items():
        await caller.post(path, items)


async def _extremes(caller: Caller) -> None:
    """The first moment that the service takes, long and empty durations, and a plan ten years ahead."""
    old = attempt("old", dialed_at="1971-01-01T00:00:00Z", ended_at="1971-01-01T00:00:01Z")
    instant = attempt("instant", dialed_at=at(), answered_at=at(), ended_at=at(), talk_seconds=0, network_result="busy")
    long = attempt("long", talk_seconds=86_000, ring_seconds=0, wrap_seconds=86_000, network_result="answered")
    await caller.post("attempts", [old, instant, long])
    await caller.post("appointments", appointment("far", scheduled_at="2036-01-01T00:00:00Z"))


async def compose_one_of_each(caller: Caller) -> None:
    """A floor of one item of each resource."""
    for path, make in MAKERS.items():
        item: Item = make()
        await caller.post(path, item)


async def _unobserved(caller: Caller, owner: Owner) -> None:
    """Every current row as if nobody had said when it was observed."""
    for fact in FACTS:
        if fact.stamped:
            statement = f"UPDATE {fact.table} SET observed_at = '-infinity' WHERE account_id = $1"
            await owner.execute(statement, caller.account_id)
