"""A batch finds the rows it is about by their key, on a ledger that has never been analyzed as on any other."""

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from service.ingest.capture import lock_account
from service.platform.db import Pool
from sql.facts import ASSIGNMENTS, CALLS, FACTS, Fact
from sql.merge import stage_name, statements

# An assignment is told one at a time, and a number has few.
BATCHED = [fact for fact in FACTS if fact is not ASSIGNMENTS]


def scans(plan: dict[str, Any], table: str) -> Iterator[dict[str, Any]]:
    """The nodes of a plan that read a table."""
    if plan.get("Relation Name") == table and "Scan" in plan["Node Type"]:
        yield plan
    for part in plan.get("Plans", ()):
        yield from scans(part, table)


@pytest.mark.parametrize("fact", BATCHED, ids=lambda fact: fact.table)
async def test_a_batch_goes_to_its_rows_by_their_key(fact: Fact, pool: Pool, account: int) -> None:
    say = statements(fact)
    async with pool.acquire() as connection, connection.transaction():
        await lock_account(connection, account, (fact,))
        await connection.execute(say.stage)
        for name, statement in {"lock": say.lock, "merge": say.merge}.items():
            await connection.execute(f"PREPARE {name}_of_{fact.table} AS {statement}")
            explain = f"EXPLAIN (FORMAT JSON) EXECUTE {name}_of_{fact.table}({account}, '{{0, 1, 2}}')"
            plan = orjson.loads(await connection.fetchval(explain))[0]["Plan"]
            rows = list(scans(plan, fact.table))
            assert len(rows) == (1 if name == "lock" else 3)
            for scan in rows:
                assert scan.get("Index Name") == f"{fact.table}_pkey", (name, dict(scan))
                assert {"account_id", *fact.key} <= set(re.findall(r"\w+", scan["Index Cond"])), (name, dict(scan))


@pytest.mark.parametrize("fact", CALLS, ids=lambda fact: fact.table)
async def test_a_call_finds_its_lead_by_key_or_number(fact: Fact, pool: Pool, account: int) -> None:
    """An index on the account alone would read every lead of the account for every call."""
    say = statements(fact)
    async with pool.acquire() as connection, connection.transaction():
        locked = await lock_account(connection, account, (fact,))
        if stage_name(fact) not in locked.existing_stages:
            await connection.execute(say.stage)
        for name, statement, places in (("insert", say.insert, "0"), ("merge", say.merge, "'{0, 1, 2}'")):
            await connection.execute(f"PREPARE {name}_leads_of_{fact.table} AS {statement}")
            explain = f"EXPLAIN (FORMAT JSON) EXECUTE {name}_leads_of_{fact.table}({account}, {places})"
            plan = orjson.loads(await connection.fetchval(explain))[0]["Plan"]
            looks = list(scans(plan, "leads"))
            assert looks, name
            for look in looks:
                assert re.search(r"external_id|phone_number", look.get("Index Cond", "")), (name, look)


async def test_a_small_account_is_expected_to_have_many_rows(pool: Pool) -> None:
    """ANALYZE must not find out that an account has few rows, as plans for few rows are ruinous once it has many."""
    analyzed = """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attstattarget IS DISTINCT FROM 0"""
    assert await pool.fetch(analyzed) == []
