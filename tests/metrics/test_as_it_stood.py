"""An earlier period as it stood: the same numbers as from a ledger in which nothing happened after that moment."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime, timedelta

import asyncpg
import pytest
from polars.testing import assert_frame_equal

from reports.catalogue.catalogue import catalogue
from reports.query.prepare import prepare_request
from reports.query.report import Numbers
from reports.query.run import compute
from reports.store.copies import Copies
from reports.store.ledger import Ledger
from tests.conftest import Owner, make_account
from tests.metrics.floor import FIRST, LAST, Floor

TABLES = (
    *("sources", "campaigns", "agents", "disposition_codes", "tracking_numbers", "calendars", "targets"),
    *("leads", "attempts", "dispositions", "appointments", "follow_ups", "stage_changes", "spend", "agent_states"),
    *("inbound_calls", "cases", "exchange_rates"),
    *("schedules", "staff", "running_costs", "customers"),
    *("surveys", "form_items", "evaluations", "evaluation_scores", "shared_calls"),
)
# What a ledger of that moment lacks, told a second time: in SQL, for one account.
FORGET = """
DELETE FROM attempts WHERE account_id = $1 AND dialed_at > $2;
DELETE FROM dispositions WHERE account_id = $1 AND set_at > $2;
DELETE FROM appointments WHERE account_id = $1 AND set_at > $2;
DELETE FROM stage_changes WHERE account_id = $1 AND changed_at > $2;
DELETE FROM agent_states WHERE account_id = $1 AND from_at > $2;
DELETE FROM cases WHERE account_id = $1 AND opened_at > $2;
UPDATE cases SET
    resolved_at = CASE WHEN resolved_at <= $2 THEN resolved_at END,
    reopened_at = CASE WHEN reopened_at <= $2 THEN reopened_at END,
    closed_at = CASE WHEN closed_at <= $2 THEN closed_at END,
    escalated_at = CASE WHEN escalated_at <= $2 THEN escalated_at END
    WHERE account_id = $1;
DELETE FROM inbound_calls WHERE account_id = $1 AND arrived_at > $2;
UPDATE inbound_calls SET outcome = NULL, queue_ms = NULL
    WHERE account_id = $1 AND ended_at > $2 AND (answered_at IS NULL OR answered_at > $2);
UPDATE inbound_calls SET talk_ms = NULL, hold_ms = NULL, wrap_ms = NULL, shares = NULL, transferred = NULL
    WHERE account_id = $1 AND ended_at > $2;
UPDATE inbound_calls SET
    escalated_to = CASE WHEN escalated_at > $2 THEN NULL ELSE escalated_to END,
    escalated_at = CASE WHEN escalated_at <= $2 THEN escalated_at END,
    queued_at = CASE WHEN queued_at <= $2 THEN queued_at END,
    answered_at = CASE WHEN answered_at <= $2 THEN answered_at END,
    callback_chosen_at = CASE WHEN callback_chosen_at <= $2 THEN callback_chosen_at END,
    ended_at = CASE WHEN ended_at <= $2 THEN ended_at END
    WHERE account_id = $1;
DELETE FROM spend
    WHERE account_id = $1 AND from_on > ($2 AT TIME ZONE (SELECT zone FROM accounts WHERE account_id = $1))::date;
UPDATE attempts a SET (disposition, disposition_set_at, disposition_agent, callback_at) = (
    SELECT d.code, d.set_at, d.agent, d.callback_at
    FROM dispositions d
    LEFT JOIN disposition_codes c USING (account_id, code)
    LEFT JOIN disposition_codes k ON k.account_id = d.account_id AND k.code = COALESCE(c.merged_into, c.code)
    WHERE (d.account_id, d.dialer, d.attempt) = (a.account_id, a.dialer, a.external_id)
    ORDER BY d.set_at DESC, k.result DESC NULLS LAST, d.code DESC, d.agent DESC NULLS LAST
    LIMIT 1
) WHERE account_id = $1 AND disposition_set_at > $2;
UPDATE attempts SET network_result = NULL, answered_by = NULL, handled = NULL, ring_ms = NULL
    WHERE account_id = $1 AND ended_at > $2 AND (answered_at IS NULL OR answered_at > $2);
UPDATE attempts SET talk_ms = NULL, hold_ms = NULL, wrap_ms = NULL, dead_ms = NULL, shares = NULL
    WHERE account_id = $1 AND ended_at > $2;
UPDATE attempts SET
    rang_at = CASE WHEN rang_at <= $2 THEN rang_at END,
    answered_at = CASE WHEN answered_at <= $2 THEN answered_at END,
    agent_joined_at = CASE WHEN agent_joined_at <= $2 THEN agent_joined_at END,
    ended_at = CASE WHEN ended_at <= $2 THEN ended_at END
    WHERE account_id = $1;
UPDATE leads SET closed_at = NULL WHERE account_id = $1 AND closed_at > $2;
UPDATE leads SET owner = NULL, assigned_at = NULL WHERE account_id = $1 AND assigned_at > $2;
UPDATE leads SET received_at = NULL, source = NULL, campaign = NULL, owner = NULL, assigned_at = NULL,
    closed_at = NULL, test = NULL, phone_number = NULL, phone_country = NULL
    WHERE account_id = $1 AND received_at > $2;
UPDATE appointments SET status = 'set' WHERE account_id = $1 AND status_at > $2;
UPDATE follow_ups SET done_at = NULL WHERE account_id = $1 AND done_at > $2;
UPDATE agent_states SET to_at = NULL WHERE account_id = $1 AND to_at > $2;
DELETE FROM surveys WHERE account_id = $1 AND COALESCE(asked_at, answered_at) > $2;
UPDATE surveys SET answered_at = NULL, score = NULL WHERE account_id = $1 AND answered_at > $2;
DELETE FROM evaluations WHERE account_id = $1 AND evaluated_at > $2;
UPDATE evaluations SET dispute = NULL, dispute_at = NULL WHERE account_id = $1 AND dispute_at > $2;
DELETE FROM shared_calls WHERE account_id = $1 AND shared_at > $2;
UPDATE shared_calls SET withdrawn_at = NULL WHERE account_id = $1 AND withdrawn_at > $2
"""


@pytest.fixture(scope="module")
async def connection(ledger_url: str) -> AsyncGenerator[Owner]:
    owner = await asyncpg.connect(ledger_url, server_settings={"timezone": "UTC"})
    yield owner
    await owner.close()


async def twin(owner: Owner, whole: int, until: datetime) -> int:
    """An account with the current rows of another, without what happened after a moment."""
    account = await make_account(owner)
    for table in TABLES:
        rows = await owner.fetch(
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name = $1 AND column_name NOT IN ('account_id', 'id') AND is_generated = 'NEVER'",
            table,
        )
        columns = ", ".join(row["column_name"] for row in rows)
        await owner.execute(
            f"INSERT INTO {table} (account_id, {columns}) SELECT $1, {columns} FROM {table} WHERE account_id = $2",
            account,
            whole,
        )
    await owner.execute(
        "UPDATE accounts a SET zone = b.zone, lake_key = b.lake_key FROM accounts b"
        " WHERE a.account_id = $1 AND b.account_id = $2",
        account,
        whole,
    )
    for statement in FORGET.split(";"):
        await owner.execute(statement, account, until)
    return account


async def numbers(owner: Owner, account: int, by: str, until: datetime, *, cut: bool) -> Numbers:
    able = [name for name, entry in catalogue().items() if set(by.split(",")) - {""} <= set(entry.metric.dimensions)]
    edges = {"from": [FIRST.isoformat()], "to": [LAST.isoformat()], "tz": ["Europe/Berlin"]}
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        prepared = await prepare_request(Ledger(owner, account), None, {"metrics": able, "by": [by], **edges})
        request = replace(prepared.request, until=until, stood_at=until if cut else None)
        return await compute(prepared.snapshot(Copies()), request, prepared.codes)


async def test_what_happened_later_is_in_no_number(connection: Owner) -> None:
    whole = await make_account(connection)
    await Floor(seed=61).write(connection, whole, attempts=300)
    until = FIRST + timedelta(hours=61)
    then = await twin(connection, whole, until)
    for by in ("agent,source", "day"):
        stood = await numbers(connection, whole, by, until, cut=True)
        expected = await numbers(connection, then, by, until, cut=False)
        assert_frame_equal(stood.groups, expected.groups, rel_tol=1e-9)
        assert_frame_equal(stood.total, expected.total, rel_tol=1e-9)
        assert stood.counted == expected.counted
    uncut = await numbers(connection, whole, "day", until, cut=False)
    assert not uncut.total.equals(stood.total)
