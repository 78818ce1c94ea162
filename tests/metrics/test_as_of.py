"""What a report said, it will always say: nothing learned afterwards reaches a report as of before."""

from collections.abc import AsyncGenerator
from datetime import datetime

import asyncpg
import pytest
from polars.testing import assert_frame_equal

from reports.catalogue.catalogue import catalogue
from reports.query.report import Report
from reports.query.run import run_report
from reports.store.copies import Copies
from reports.store.ledger import Ledger
from tests.conftest import Owner, make_account
from tests.metrics.floor import FIRST, LAST, LEARNED, Floor

# Every table with versions, from which a report as of a moment selects.
HISTORIES = """
    SELECT table_name::text FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'accounts'
        AND table_name || '_history' IN (
            SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'
        )
"""


@pytest.fixture(scope="module")
async def owner_of_all(ledger_url: str) -> AsyncGenerator[Owner]:
    owner = await asyncpg.connect(ledger_url, server_settings={"timezone": "UTC"})
    yield owner
    await owner.close()


async def report_as_of(owner: Owner, account: int, as_of: datetime, by: str) -> Report:
    able = [name for name, entry in catalogue().items() if set(by.split(",")) <= set(entry.metric.dimensions)]
    parameters = {
        "metrics": able,
        "by": [by],
        "from": [FIRST.isoformat()],
        "to": [LAST.isoformat()],
        "as_of": [as_of.isoformat()],
    }
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        return await run_report(Ledger(owner, account), Copies(), None, parameters)


async def only_what_was_known(owner: Owner, whole: int, as_of: datetime) -> int:
    """An account with the versions of another that were valid at a moment, and no later ones."""
    account = await make_account(owner)
    for table in [row["table_name"] for row in await owner.fetch(HISTORIES)]:
        columns = [
            row["column_name"]
            for row in await owner.fetch(
                "SELECT column_name::text FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name = $1 AND column_name NOT IN ('account_id', 'id')"
                " INTERSECT SELECT column_name::text FROM information_schema.columns WHERE table_name = $2",
                table,
                f"{table}_versions",
            )
        ]
        listed = ", ".join(columns)
        await owner.execute(
            f"INSERT INTO {table} (account_id, {listed}) SELECT $1, {listed} FROM {table}_versions"
            " WHERE account_id = $2 AND recorded_at <= $3 AND superseded_at > $3",
            account,
            whole,
            as_of,
        )
    return account


@pytest.mark.parametrize("by", ["agent,source", "day"])
async def test_a_report_as_of_a_moment_is_the_one_of_a_ledger_that_ends_there(owner_of_all: Owner, by: str) -> None:
    whole = await make_account(owner_of_all)
    await Floor(seed=31).write(owner_of_all, whole, attempts=300)
    for as_of in LEARNED[:2]:
        then = await only_what_was_known(owner_of_all, whole, as_of)
        ours, theirs = (
            await report_as_of(owner_of_all, whole, as_of, by),
            await report_as_of(owner_of_all, then, as_of, by),
        )
        assert_frame_equal(ours.groups, theirs.groups, rel_tol=1e-12, abs_tol=1e-12)
        assert_frame_equal(ours.total, theirs.total, rel_tol=1e-12, abs_tol=1e-12)
        assert (ours.excluded, ours.counted) == (theirs.excluded, theirs.counted)
