"""Streams of deliveries end in one state, however they come: in order, mixed up, doubled, or partly days later."""

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
from service.hooks.store import Inbox, letter
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
SEAL = SecretCipher("k" * 32)
# What differs from one telling to another: when it was learned, and which observation told which value last.
VOLATILE = {"account_id", "id", "observed_at", "stamps", "recorded_at", "changed_xid"}

State = dict[str, list[dict[str, Any]]]


async def hook_of(pool: Pool, account: int, vendor: str) -> Hook:
    """A hook of this vendor in an account."""
    secret = {"secret": SECRET} if vendor in SIGNERS else {}
    form = HookForm(dialer=vendor, campaign="spring-renewals", zone="America/New_York", **secret)
    async with account_transaction(pool, account) as connection:
        _, token = await create_hook(connection, await Accounts(pool).get(account), form, lambda: SEAL)
    hook = await Hooks(lambda: SEAL).find(pool, vendor, token)
    assert hook is not None
    return hook


def dated(hook: Hook, delivery: Delivery) -> bool:
    """Whether a delivery says the same whenever it arrives."""
    later = replace(delivery, received_at=delivery.received_at + timedelta(days=3))
    return hook.dialer.read(delivery, hook.sharing) == hook.dialer.read(later, hook.sharing)


async def told(pool: Pool, owner: Owner, vendor: str, stream: list[Delivery], *, together: bool = False) -> State:
    """What a new account has after these deliveries, in one batch or one each.

    What a dialer dates itself arrives a minute after the one before it, whichever that is; the rest keeps its time.
    """
    account = await make_account(owner)
    hook, accounts = await hook_of(pool, account, vendor), Accounts(pool)
    inbox, known = Inbox(pool, accounts), await accounts.get(account)
    arrived = [
        replace(one, received_at=RECEIVED_AT + timedelta(hours=1, minutes=number)) if dated(hook, one) else one
        for number, one in enumerate(stream)
    ]
    letters = [letter(hook, one, known) for one in arrived]
    for batch in [letters] if together else [[one] for one in letters]:
        await inbox.take(account, batch)
    assert await broken_histories(owner, account) == []
    return await state(owner, account)


async def state(owner: Owner, account: int) -> State:
    """Everything the ledger believes of calls now."""
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
async def test_a_stream_ends_in_one_state_however_it_comes(vendor: str, story: str, pool: Pool, owner: Owner) -> None:
    names = json.loads((OURS / vendor / "streams.json").read_text())[story]
    stream = [
        replace(sent(vendor, name), received_at=RECEIVED_AT + timedelta(minutes=number))
        for number, name in enumerate(names)
    ]
    tell = partial(told, pool, owner, vendor)
    chance = random.Random(story)
    expected = await tell(stream)
    assert any(expected.values())
    mixed = chance.sample(stream, len(stream))
    late = chance.sample(range(len(stream)), len(stream) // 2)
    assert await tell(stream[::-1]) == expected, "reversed"
    assert await tell(mixed) == expected, "mixed up"
    assert await tell([one for one in mixed for _ in range(2)], together=True) == expected, "doubled, in one batch"
    assert await tell([*stream, *mixed]) == expected, "told again"
    cut = [one for place, one in enumerate(stream) if place not in late]
    assert await tell([*cut, *(stream[place] for place in late)]) == expected, "partly late"
