"""The merge law: one final state for every order, repetition and grouping of observations of different moments.

Of two different observations of one moment, the one delivered last counts, and a repetition changes nothing. The
oracle is the law itself, written a second time in Python over the observations in the order of their first delivery,
without stamps, rounds or transactions.
"""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.accounts.accounts import Accounts
from service.ingest.capture import Capture
from service.ingest.parsing import read_item
from service.ingest.resources import Sender
from service.ingest.resources.attempts import RESOURCE as ATTEMPT
from service.ingest.resources.dispositions import RESOURCE as DISPOSITION
from service.platform.db import Pool
from tests.conftest import Owner, make_account
from tests.proof import examples

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DETECTORS = {"agent": 3, "amd": 2, "carrier": 1, None: 0}

moments = st.integers(0, 12).map(lambda minutes: START + timedelta(minutes=minutes))
texts = moments.map(datetime.isoformat)
codes = st.sampled_from(["a", "b", "c", "é", "Z"])


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


@st.composite
def attempts(draw: st.DrawFn) -> dict[str, Any]:
    seconds = st.integers(0, 5).map(lambda n: n * 1.5)
    fields = {
        "external_id": "call-1",
        "dialer": "main",
        "campaign": draw(codes),
        "dialed_at": draw(texts),
        "agent": draw(maybe(codes)),
        "lead": draw(maybe(codes)),
        "source": draw(maybe(codes)),
        "to_number": draw(maybe(st.sampled_from(["+14155550100", "020 7946 0123", "anonymous"]))),
        "talk_seconds": draw(maybe(seconds)),
        "ring_seconds": draw(maybe(seconds)),
        "network_result": draw(maybe(st.sampled_from(["unknown", "busy", "no_answer", "answered"]))),
        "answered_by": draw(maybe(st.sampled_from(["unknown", "machine", "human"]))),
        "detector": draw(maybe(st.sampled_from(["carrier", "amd", "agent"]))),
        "handled": draw(maybe(st.sampled_from(["none", "abandoned_by_us", "agent"]))),
        "test": draw(maybe(st.booleans())),
        "recording": draw(maybe(st.sampled_from([{"uri": "s3://a"}, {"uri": "s3://b", "seconds": 2}]))),
        "observed_at": draw(maybe(texts)),
        "disposition": draw(maybe(st.fixed_dictionaries({"code": codes, "set_at": texts, "agent": maybe(codes)}))),
    }
    return {name: value for name, value in fields.items() if value is not None}


@st.composite
def dispositions(draw: st.DrawFn) -> dict[str, Any]:
    fields = {
        "attempt": "call-1",
        "dialer": "main",
        "code": draw(codes),
        "set_at": draw(texts),
        "agent": draw(maybe(codes)),
    }
    return {name: value for name, value in fields.items() if value is not None}


observations = st.lists(
    st.tuples(st.just(ATTEMPT), attempts()) | st.tuples(st.just(DISPOSITION), dispositions()), min_size=1, max_size=7
)


def distinct_moments(sent: list[Any]) -> list[Any]:
    """The same observations, each of a moment of its own."""
    for place, (_, item) in enumerate(sent):
        item["observed_at"] = (START + timedelta(hours=1, seconds=37 * place % 11)).isoformat()
        for outcome in (item, item.get("disposition", {})):
            if "set_at" in outcome:
                outcome["set_at"] = (datetime.fromisoformat(outcome["set_at"]) + timedelta(seconds=place)).isoformat()
    return sent


def expected(delivered: list[tuple[Any, dict[str, Any]]]) -> dict[str, Any]:
    """The state the law gives for observations in the order of their delivery, repetitions among them."""
    sent = [observation for place, observation in enumerate(delivered) if observation not in delivered[:place]]
    items = [item for resource, item in sent if resource is ATTEMPT]
    outcomes = [_outcome(resource, item) for resource, item in sent if resource is DISPOSITION or "disposition" in item]
    current = _last(outcomes, lambda outcome: (outcome["set_at"], outcome["observed_at"]))

    def newest(name: str, rank: Any = lambda _: 0) -> Any:
        fields = [item for item in items if name in item]
        return _last(fields, lambda item: (rank(item), item.get("observed_at", item["dialed_at"]))).get(name)

    return {
        "dialed_at": min((item["dialed_at"] for item in items), default=None),
        "campaign": newest("campaign"),
        "agent": newest("agent"),
        "lead": newest("lead"),
        "source": newest("source"),
        "talk_ms": _ms(newest("talk_seconds")),
        "ring_ms": _ms(newest("ring_seconds")),
        "network_result": newest("network_result", lambda item: item["network_result"] != "unknown"),
        "answered_by": newest(
            "answered_by", lambda item: (item["answered_by"] != "unknown") * 4 + DETECTORS[item.get("detector")]
        ),
        "handled": newest("handled", lambda item: item["handled"] != "none"),
        "test": newest("test"),
        "disposition": current.get("code"),
        "disposition_agent": current.get("agent"),
    }


def _outcome(resource: Any, item: dict[str, Any]) -> dict[str, Any]:
    """A disposition with the time at which it was observed: when it was set, unless its item states another."""
    outcome = item if resource is DISPOSITION else item["disposition"]
    return outcome | {"observed_at": item.get("observed_at", outcome["set_at"])}


def _last(observations: list[dict[str, Any]], key: Any) -> dict[str, Any]:
    """The greatest by a key; of equals, the last one."""
    return max(reversed(observations), key=key, default={})


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


async def deliver(capture: Capture, account: int, batches: list[list[tuple[Any, dict[str, Any]]]]) -> None:
    sender = Sender.of(await Accounts(capture.pool).get(account))
    for batch in batches:
        entries = [read_item(resource, place, item, sender) for place, (resource, item) in enumerate(batch)]
        receipts = await capture.store_entries(account, entries)
        assert all(receipt.status != "rejected" for receipt in receipts), receipts


def scrambled(sent: list[Any], chance: random.Random) -> list[list[Any]]:
    """The same observations in another order, some twice, in other batches."""
    again = sent + chance.sample(sent, chance.randint(0, len(sent)))
    chance.shuffle(again)
    cuts = sorted(chance.sample(range(1, len(again)), chance.randint(0, len(again) - 1)))
    return [again[a:b] for a, b in zip([0, *cuts], [*cuts, len(again)], strict=True)]


VOLATILE = {"account_id", "id", "recorded_at", "changed_xid", "digests"}


async def state(owner: Owner, account: int) -> list[dict[str, Any]]:
    rows = await owner.fetch("SELECT * FROM attempts WHERE account_id = $1", account)
    rows += await owner.fetch("SELECT * FROM dispositions WHERE account_id = $1 ORDER BY set_at, code", account)
    return [{name: value for name, value in row.items() if name not in VOLATILE} for row in rows]


def _differences(first: list[dict[str, Any]], other: list[dict[str, Any]]) -> list[Any]:
    pairs = zip(first, other, strict=True)
    return [(name, a[name], b[name]) for a, b in pairs for name in a if a[name] != b[name]]


@pytest.fixture
def capture(pool: Pool) -> Capture:
    return Capture(pool, Accounts(pool))


@settings(max_examples=examples(60, 500), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=observations, seed=st.integers(0, 2**32))
async def test_every_order_repetition_and_grouping_ends_the_same(
    sent: list[Any], seed: int, capture: Capture, owner: Owner
) -> None:
    sent = distinct_moments(sent)
    chance = random.Random(seed)
    states = []
    for batches in [[sent], *(scrambled(sent, chance) for _ in range(3))]:
        account = await make_account(owner)
        await deliver(capture, account, batches)
        states.append(await state(owner, account))
    for other in states[1:]:
        assert _differences(states[0], other) == []
    assert _stored(states[0][0]) == expected(sent)


@settings(max_examples=examples(60, 500), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=observations, seed=st.integers(0, 2**32))
async def test_of_one_moment_the_last_delivery_counts_and_repetitions_change_nothing(
    sent: list[Any], seed: int, capture: Capture, owner: Owner
) -> None:
    account = await make_account(owner)
    batches = scrambled(sent, random.Random(seed))
    await deliver(capture, account, batches)
    before = await state(owner, account)
    assert _stored(before[0]) == expected([observation for batch in batches for observation in batch])
    await deliver(capture, account, scrambled(sent, random.Random(seed + 1)))
    assert _differences(before, await state(owner, account)) == []


def _stored(row: dict[str, Any]) -> dict[str, Any]:
    """The columns of a row that the oracle knows."""
    values = {name: row[name] for name in expected([])}
    return values | {"dialed_at": row["dialed_at"] and row["dialed_at"].isoformat()}


async def test_a_late_observation_is_archived_and_the_first_version_can_be_seen_as_of_then(
    capture: Capture, owner: Owner
) -> None:
    account = await make_account(owner)
    item = {"external_id": "call-1", "dialer": "main", "campaign": "c", "dialed_at": START.isoformat(), "agent": "ada"}
    await deliver(capture, account, [[(ATTEMPT, item)]])
    await deliver(
        capture, account, [[(ATTEMPT, item | {"agent": "bob", "observed_at": (START + timedelta(1)).isoformat()})]]
    )
    now = await owner.fetchrow("SELECT agent, recorded_at FROM attempts WHERE account_id = $1", account)
    before = await owner.fetch("SELECT agent, superseded_at FROM attempts_history WHERE account_id = $1", account)
    assert now is not None
    assert now["agent"] == "bob"
    assert [tuple(row) for row in before] == [("ada", now["recorded_at"])]


async def test_sending_the_same_again_writes_nothing(capture: Capture, owner: Owner) -> None:
    account = await make_account(owner)
    item = {"external_id": "call-1", "dialer": "main", "campaign": "c", "dialed_at": START.isoformat(), "agent": "ada"}
    await deliver(capture, account, [[(ATTEMPT, item)]])
    written = await owner.fetchval("SELECT xmin::text FROM attempts WHERE account_id = $1", account)
    await deliver(capture, account, [[(ATTEMPT, item)], [(ATTEMPT, item), (ATTEMPT, item)]])
    assert await owner.fetchval("SELECT xmin::text FROM attempts WHERE account_id = $1", account) == written
