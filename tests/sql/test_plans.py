"""A batch finds the rows it is about by their key, on a ledger that has never been analyzed as on any other."""

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from service.ingest.capture import lock_account
from service.platform.db import Pool
from sql.facts import ASSIGNMENTS, FACTS, Fact
from sql.merge import statements

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
