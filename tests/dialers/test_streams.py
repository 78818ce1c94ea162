"""A stream of deliveries ends in one state in any order: shuffled, doubled, or partly days late."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from service.accounts.accounts import Accounts
from service.dialers import Delivery
from service.hooks.hooks import Hook, HookForm, Hooks, create_hook
from service.hooks.store import Inbox, parsed_delivery
from service.platform.db import Pool, account_transaction
from service.platform.secret_encryption import SecretCipher
from sql.facts import ATTEMPTS, DISPOSITIONS, INBOUND_CALLS, LEADS
from tests.conftest import Owner, make_account
from tests.dialers.deliveries import OURS, RECEIVED_AT, SECRET, sent
from tests.dialers.signing import SIGNERS
from tests.ledger import broken_histories

STREAMS = [
    (folder.parent.name, story)
    for folder in sorted(OURS.glob("*/streams.json"))
    for story in json.loads(folder.read_text())
]
CIPHER = SecretCipher("k" * 32)
# Columns that differ between runs: when a row was recorded or arrived, and which observation set a value last.
VOLATILE = {
    "account_id",
    "id",
    "observed_at",
    "outcomes_received_at",
    "stamps",
    "digests",
    "recorded_at",
    "changed_xid",
}

State = dict[str, list[dict[str, Any]]]


async def hook_of(pool: Pool, account: int, vendor: str) -> Hook:
    """A hook of this vendor in an account."""
    secret = {"secret": SECRET} if vendor in SIGNERS else {}
    form = HookForm.model_validate(
        {"dialer": vendor, "campaign": "spring-renewals", "zone": "America/New_York", **secret}, context={}
    )
    async with account_transaction(pool, account) as connection:
        _, token = await create_hook(connection, await Accounts(pool).get(account), form, lambda: CIPHER)
    hook = await Hooks(lambda: CIPHER).find(pool, vendor, token)
    assert hook is not None
    return hook


def has_own_times(hook: Hook, delivery: Delivery) -> bool:
    """Whether a delivery has the same content whenever it arrives."""
    later = replace(delivery, received_at=delivery.received_at + timedelta(days=3))
    return hook.dialer.parse(delivery, hook.settings) == hook.dialer.parse(later, hook.settings)


async def final_state(
    pool: Pool, owner: Owner, vendor: str, stream: list[Delivery], *, in_one_batch: bool = False
) -> State:
    """The rows of a new account after these deliveries, in one batch or in single ones.

    Deliveries with their own times arrive a minute apart in stream order; the others arrive at their own time.
    """
    account = await make_account(owner)
    hook, accounts = await hook_of(pool, account, vendor), Accounts(pool)
    inbox, known = Inbox(pool, accounts), await accounts.get(account)
    arrived = [
        replace(sent, received_at=RECEIVED_AT + timedelta(hours=1, minutes=number))
        if has_own_times(hook, sent)
        else sent
        for number, sent in enumerate(stream)
    ]
    parsed = [parsed_delivery(hook, delivery, known) for delivery in arrived]
    for batch in [parsed] if in_one_batch else [[delivery] for delivery in parsed]:
        await inbox.store(account, batch)
    assert await broken_histories(owner, account) == []
    return await state(owner, account)


async def state(owner: Owner, account: int) -> State:
    """Every current row of calls in the ledger."""
    tables = {fact.table: ", ".join(fact.key) for fact in (ATTEMPTS, INBOUND_CALLS, DISPOSITIONS, LEADS)}
    query = "SELECT * FROM {} WHERE account_id = $1 ORDER BY {}"
    return {
        table: [
            {n: v for n, v in row.items() if n not in VOLATILE}
            for row in await owner.fetch(query.format(table, key), account)
        ]
        for table, key in tables.items()
    }


@pytest.mark.parametrize(("vendor", "story"), STREAMS)
async def test_a_stream_ends_in_one_state_in_any_order(vendor: str, story: str, pool: Pool, owner: Owner) -> None:
    names = json.loads((OURS / vendor / "streams.json").read_text())[story]
    stream = [
        replace(sent(vendor, name), received_at=RECEIVED_AT + timedelta(minutes=number))
        for number, name in enumerate(names)
    ]
    play = partial(final_state, pool, owner, vendor)
    chance = random.Random(story)
    expected = await play(stream)
    assert any(expected.values())
    mixed = chance.sample(stream, len(stream))
    late = chance.sample(range(len(stream)), len(stream) // 2)
    assert await play(stream[::-1]) == expected, "reversed"
    assert await play(mixed) == expected, "mixed up"
    assert await play([delivery for delivery in mixed for _ in range(2)], in_one_batch=True) == expected, (
        "doubled, in one batch"
    )
    assert await play([*stream, *mixed]) == expected, "sent again"
    on_time = [delivery for place, delivery in enumerate(stream) if place not in late]
    assert await play([*on_time, *(stream[place] for place in late)]) == expected, "partly late"
