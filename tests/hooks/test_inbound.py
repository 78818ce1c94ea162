"""Inbound calls: observations in any order give one state, and tracking numbers attribute the calls."""

import random
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.accounts.accounts import Accounts
from service.ingest.capture import Capture
from service.ingest.parsing import read_item
from service.ingest.resources import Sender
from service.ingest.resources.inbound_calls import PARTIAL
from service.platform.db import Pool
from tests.api.conftest import Caller
from tests.conftest import Owner, make_account
from tests.ledger import broken_histories
from tests.make import NINE, Item, at, inbound_call
from tests.proof import examples

LINE = "+14155550100"
VOLATILE = ("account_id", "id", "recorded_at", "changed_xid", "observed_at", "stamps", "digests")


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


minutes = st.integers(0, 9).map(lambda number: (NINE + timedelta(minutes=number)).isoformat())
observations = st.fixed_dictionaries(
    {
        "external_id": st.sampled_from(["call-1", "call-2"]),
        "observed_at": minutes,
        "arrived_at": _maybe(st.sampled_from([at(), at(0.5)])),
        "answered_at": _maybe(st.sampled_from([at(1), at(2)])),
        "ended_at": _maybe(st.sampled_from([at(8), at(9)])),
        "agent": _maybe(st.sampled_from(["ada", "bob"])),
        "from_number": _maybe(st.sampled_from(["+14155550123", "anonymous", "(415) 555-0124"])),
        "queue_seconds": _maybe(st.integers(0, 3)),
        "outcome": _maybe(st.sampled_from(["unknown", "abandoned", "missed", "voicemail", "answered"])),
        "transferred": _maybe(st.booleans()),
        "disposition": _maybe(
            st.fixed_dictionaries(
                {"code": st.sampled_from("AB"), "set_at": minutes, "note": st.sampled_from(["x", "y"])}
            )
        ),
    }
).map(lambda item: {name: value for name, value in item.items() if value is not None})


def _moment_of(place: int, item: Item) -> Item:
    """A moment of its own for an observation and its outcome: of the same moment, the later delivery counts."""
    second = timedelta(seconds=place)
    moments: Item = {"observed_at": (datetime.fromisoformat(item["observed_at"]) + second).isoformat()}
    if outcome := item.get("disposition"):
        moments["disposition"] = outcome | {"set_at": (datetime.fromisoformat(outcome["set_at"]) + second).isoformat()}
    return moments


async def state(pool: Pool, owner: Owner, batches: list[list[Item]]) -> list[dict[str, Any]]:
    account = await make_account(owner)
    accounts = Accounts(pool)
    sender = Sender.of(await accounts.get(account), "main")
    for batch in batches:
        entries = [read_item(PARTIAL, 0, item, sender) for item in batch]
        receipts = await Capture(pool, accounts).store_entries(account, entries)
        assert "rejected" not in {receipt.status for receipt in receipts}
    assert await broken_histories(owner, account) == []
    rows = await owner.fetch("SELECT * FROM inbound_calls WHERE account_id = $1 ORDER BY external_id", account)
    return [{name: value for name, value in row.items() if name not in VOLATILE} for row in rows]


@settings(max_examples=examples(20, 200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(observations, min_size=1, max_size=7), seed=st.integers(0, 2**32))
async def test_every_order_repetition_and_grouping_gives_the_same_state(
    items: list[Item], seed: int, pool: Pool, owner: Owner
) -> None:
    items = [item | _moment_of(place, item) for place, item in enumerate(items)]
    chance = random.Random(seed)
    mixed = chance.sample([*items, *chance.choices(items, k=3)], len(items) + 3)
    assert await state(pool, owner, [mixed]) == await state(pool, owner, [[item] for item in items])


async def test_a_call_belongs_to_the_holder_of_the_number_at_its_arrival(caller: Caller, owner: Owner) -> None:
    async def sources() -> list[str | None]:
        query = "SELECT source FROM inbound_calls WHERE account_id = $1 ORDER BY external_id"
        return [row["source"] for row in await owner.fetch(query, caller.account_id)]

    await caller.put(f"tracking-numbers/{LINE}", {})
    await caller.post(f"tracking-numbers/{LINE}/assignments", {"from_at": at(), "source": "spring-ad"})
    calls = [inbound_call(f"call-{minute}", arrived_at=at(minute), to_number=LINE) for minute in (-1, 1, 9)]
    calls.append(inbound_call("named", to_number=LINE, source="friend"))
    assert (await caller.post("inbound-calls", calls))["created"] == 4
    assert await sources() == [None, "spring-ad", "spring-ad", "friend"]
    await caller.post(f"tracking-numbers/{LINE}/assignments", {"from_at": at(5), "source": "radio"})
    assert await sources() == [None, "spring-ad", "radio", "friend"]
    await caller.delete(f"tracking-numbers/{LINE}/assignments/{at(5)}")
    assert await sources() == [None, "spring-ad", None, "friend"]
