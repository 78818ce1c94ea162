"""The migration that cleans agents which are phone numbers, on a ledger that was filled before it."""

import json
import shutil
from pathlib import Path

import asyncpg

from sql import MIGRATIONS
from sql.migrate import migrate
from tests.conftest import Owner

LAST_BEFORE = 12
CALL = """
    INSERT INTO attempts (account_id, dialer, external_id, agent, to_number, from_number, disposition_agent,
        participants, outcomes, stamps, observed_at, changed_xid)
    VALUES (1, 'main', $1, $2, '+14155550123', '+12125550100', $3, $4, $5, '{"agent": "2026-01-01T00:00:00Z"}', now(),
        '3')
"""
HISTORY = """
    INSERT INTO attempts_history (account_id, dialer, external_id, id, agent, observed_at, recorded_at, superseded_at,
        changed_xid)
    VALUES (1, 'main', $1, 9, $2, now(), now() - interval '2 days', now() - interval '1 day', '3')"""


async def test_numbers_become_no_agent_or_the_agent_they_were_merged_into(empty_database: str, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    for file in folder.glob("*.sql"):
        if int(file.name[:4]) > LAST_BEFORE:
            file.unlink()
    await migrate(empty_database, folder)
    owner = await asyncpg.connect(empty_database)
    try:
        await fill(owner)
        await migrate(empty_database)
        await check(owner)
    finally:
        await owner.close()


async def fill(owner: Owner) -> None:
    parts = json.dumps([{"agent": "+14155550199"}, {"agent": "101", "role": "closer"}])
    outcomes = json.dumps([{"code": "SALE", "agent": "4155550123"}, {"code": "DNC"}])
    await owner.execute(CALL, "number", "+14155550199", "101", None, None)
    await owner.execute(CALL, "own", "4155550123", "sip:12125550100@pbx", parts, outcomes)
    await owner.execute(CALL, "merged", "tel:+14155550177", None, None, "[]")
    await owner.execute(CALL, "user", "62288329016", "(415) 555-0199", None, None)
    await owner.execute(CALL, "then", "ada", None, None, None)
    await owner.execute(HISTORY, "then", "+14155550199")
    await owner.execute("""
        INSERT INTO agents (account_id, code, confirmed, merged_into) VALUES
            (1, '+14155550199', false, NULL), (1, '4155550123', false, NULL), (1, '62288329016', false, NULL),
            (1, 'tel:+14155550177', true, 'ada'), (1, 'ada', true, NULL), (1, '101', false, NULL)""")
    await owner.execute("""
        INSERT INTO inbound_calls (account_id, dialer, external_id, agent, from_number, observed_at)
        VALUES (1, 'main', 'in', '004915112345678', '+14155550123', now())""")
    await owner.execute("""
        INSERT INTO dispositions (account_id, dialer, attempt, set_at, code, agent, observed_at)
        VALUES (1, 'main', 'own', now(), 'SALE', '4155550123', now())""")
    await owner.execute("""
        INSERT INTO agent_states (account_id, agent, from_at, state, observed_at) VALUES
            (1, '+14155550199', now(), 'talking', now()), (1, 'ada', now(), 'talking', now())""")
    await owner.execute("""
        INSERT INTO leads (account_id, external_id, owner, observed_at) VALUES (1, 'lead-1', '+14155550177', now())""")


async def check(owner: Owner) -> None:
    rows = {row["external_id"]: row for row in await owner.fetch("SELECT * FROM attempts")}
    assert {name: (row["agent"], row["disposition_agent"]) for name, row in rows.items()} == {
        "number": (None, "101"),
        "own": (None, None),
        "merged": ("ada", None),
        "user": ("62288329016", None),
        "then": ("ada", None),
    }
    assert json.loads(rows["own"]["participants"]) == [{"agent": "101", "role": "closer"}]
    assert json.loads(rows["own"]["outcomes"]) == [{"code": "SALE"}, {"code": "DNC"}]
    assert rows["merged"]["outcomes"] == "[]"
    assert {name: row["stamps"] for name, row in rows.items() if row["stamps"] is None} == {"number": None, "own": None}
    # Copies of the ledger renew every call with a version that changed.
    assert all(int(row["changed_xid"]) > 3 for row in rows.values())
    assert await owner.fetchval("SELECT count(*) FROM attempts_history WHERE agent IS NOT NULL") == 0
    assert await owner.fetchval("SELECT agent FROM inbound_calls") is None
    assert await owner.fetchval("SELECT agent FROM dispositions") is None
    assert await owner.fetchval("SELECT array_agg(agent::text) FROM agent_states") == ["ada"]
    assert await owner.fetchval("SELECT owner FROM leads") is None
    agents = await owner.fetch("SELECT code FROM agents ORDER BY code")
    assert [row["code"] for row in agents] == ["101", "62288329016", "ada"]
