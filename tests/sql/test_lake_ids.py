"""Outside the ledger an id stands for a phone number: the same within an account, and nothing to other accounts."""

from hashlib import sha256

import pytest

from service.platform.db import Pool, account_transaction
from tests.conftest import Owner, make_account

NUMBERS = ["+12125550123", "", "anonymous", "sip:ada@example.com", "☎ é", "\\", "\\x41", "a\\\\b\\101", "'; --"]


@pytest.mark.parametrize("number", NUMBERS)
async def test_an_id_is_the_start_of_the_keyed_hash(number: str, account: int, pool: Pool) -> None:
    async with account_transaction(pool, account) as connection:
        row = await connection.fetchrow("SELECT lake_key AS key, lake_id(lake_key, $1) AS id FROM accounts", number)
    assert row
    key: bytes = row["key"]
    assert row["id"] == int.from_bytes(sha256(key + number.encode()).digest()[:8], "big", signed=True)


async def test_no_number_has_no_id(account: int, pool: Pool) -> None:
    async with account_transaction(pool, account) as connection:
        assert await connection.fetchval("SELECT lake_id(lake_key, NULL) FROM accounts") is None


async def test_an_id_costs_no_call(account: int, pool: Pool) -> None:
    async with account_transaction(pool, account) as connection:
        plan = await connection.fetch(
            "EXPLAIN (VERBOSE) SELECT lake_id((SELECT lake_key FROM accounts), phone_number) FROM leads"
        )
    assert "lake_id(" not in str(plan)


async def test_an_account_has_a_key_of_its_own_that_no_other_can_read(account: int, owner: Owner, pool: Pool) -> None:
    other = await make_account(owner)
    rows = await owner.fetch("SELECT account_id, lake_key FROM accounts")
    keys: dict[int, bytes] = {row["account_id"]: row["lake_key"] for row in rows}
    assert {len(key) for key in keys.values()} == {32}
    assert len(set(keys.values())) == len(keys)
    async with account_transaction(pool, account) as connection:
        assert await connection.fetch("SELECT lake_key FROM accounts") == [(keys[account],)]
        assert await connection.fetch("SELECT FROM accounts WHERE account_id = $1", other) == []


async def test_the_service_can_tell_which_accounts_there_are_and_nothing_more(owner: Owner, pool: Pool) -> None:
    known = await owner.fetch("SELECT account_id, code FROM accounts ORDER BY account_id")
    async with pool.acquire() as connection:
        assert await connection.fetch("SELECT * FROM list_accounts()") == known
