"""The service sees and writes one account's rows, whatever it asks for; told over every table there is.

On the embedded ledger the service logs in as its role and there is no way out of it. On a server of someone else's its
session is *in* that role: RESET ROLE returns to it, but SET ROLE NONE returns to the login, so let that be one that may
do nothing else. In either case no statement may ever be built from input.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from service.config import Settings
from service.platform.db import SERVICE_ROLE, Connection, Pool, account_transaction
from service.platform.embedded_server import service_url
from tests.conftest import Owner, make_account

# A value for a column that must have one, by the name of its type.
SAMPLES = {
    "text": "'x'",
    "code": "'x'",
    "bytea": r"'\x00'",
    "integer": "1",
    "bigint": "1",
    "jsonb": "'{}'",
    "boolean": "false",
    "date": "current_date",
    "timestamp with time zone": "now()",
    "scope[]": "'{}'",
    "xid8": "pg_current_xact_id()",
    "result": "'none'",
    "iso_country": "'US'",
    "iso_currency": "'USD'",
    "text[]": "'{}'",
    "delivery_status": "'taken'",
    "demo_state": "'ready'",
    "user_role": "'analyst'",
    "link_purpose": "'reset'",
    "actor_kind": "'service'",
    "audited_action": "'export'",
    "upload_state": "'uploaded'",
}

OWNED_TABLES = """
    SELECT c.relname, c.relrowsecurity
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
    ORDER BY c.relname
"""
NEEDED_COLUMNS = """
    SELECT attname, format_type(atttypid, NULL)
    FROM pg_attribute
    WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull AND attidentity = ''
      AND attname <> 'account_id'
"""


async def sample_row(owner: Connection, table: str) -> dict[str, str]:
    """The least a row of this table must have, as SQL expressions by column."""
    columns = await owner.fetch(NEEDED_COLUMNS, table)
    if table == "sessions":  # of a key or of a user
        columns = [*columns, ("key_prefix", "text")]
    return {name: "now() + interval '1 hour'" if name == "superseded_at" else SAMPLES[kind] for name, kind in columns}


def insertion(table: str, account_id: int, row: dict[str, str]) -> str:
    """A statement that puts the row into an account."""
    columns, values = ", ".join(["account_id", *row]), ", ".join([str(account_id), *row.values()])
    overriding = " OVERRIDING SYSTEM VALUE" if table == "accounts" else ""
    return f"INSERT INTO {table} ({columns}){overriding} VALUES ({values})"


@pytest.fixture(scope="module")
async def tables(ledger_url: str) -> list[str]:
    """Every table whose rows belong to an account."""
    connection = await asyncpg.connect(ledger_url)
    rows = await connection.fetch(OWNED_TABLES)
    await connection.close()
    assert len(rows) > 25
    assert all(row["relrowsecurity"] for row in rows), "a table without row-level security"
    return [row["relname"] for row in rows]


@pytest.fixture
async def two_accounts(owner: Owner, tables: list[str]) -> tuple[int, int]:
    """Two accounts, each with a row in every table."""
    accounts = await make_account(owner), await make_account(owner)
    await owner.execute("SET session_replication_role = replica")  # rows alone, without the rows they refer to
    for number, table in ((n, t) for n in accounts for t in tables if t != "accounts"):
        row = await sample_row(owner, table)
        # The prefix of a key is its own across accounts, and so is the token of a hook. One lead is never too few.
        own = {
            "prefix": f"'{number}'",
            "token_sha256": rf"'\x{number:08x}'",
            "fewest_leads": "10",
            "demo_account_id": str(number),
        }
        await owner.execute(insertion(table, number, row | {name: own[name] for name in own.keys() & row}))
    return accounts


REFUSALS = (asyncpg.InsufficientPrivilegeError, asyncpg.GeneratedAlwaysError)


@asynccontextmanager
async def refused(connection: Connection) -> AsyncIterator[None]:
    """What happens in the block is refused, and the transaction goes on."""
    with pytest.raises(REFUSALS):
        async with connection.transaction():
            yield


async def test_the_service_is_not_privileged(pool: Pool) -> None:
    row = await pool.fetchrow("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user")
    assert row is not None
    assert tuple(row) == (False, False, False)


async def test_the_role_survives_reset_and_reuse_but_not_its_explicit_removal(ledger_url: str, pool: Pool) -> None:
    async with pool.acquire() as connection:
        await connection.execute("RESET ROLE; RESET ALL")
        assert await connection.fetchval("SELECT current_user") == "calltally_service"
        await connection.execute("SET ROLE NONE")
        assert await connection.fetchval("SELECT current_user") == "calltally"  # the login: see the module's text
        await connection.execute("RESET ROLE")
    async with pool.acquire() as connection:
        assert await connection.fetchval("SELECT current_user") == "calltally_service"


async def test_without_an_account_nothing_is_seen(pool: Pool, tables: list[str], two_accounts: tuple[int, int]) -> None:
    async with pool.acquire() as connection:
        seen = {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in tables}
    assert set(seen.values()) == {0}, seen


async def test_an_account_ends_with_its_transaction(pool: Pool, two_accounts: tuple[int, int]) -> None:
    async with account_transaction(pool, two_accounts[0]) as connection:
        assert await connection.fetchval("SELECT count(*) FROM leads") == 1
    async with pool.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM leads") == 0


async def test_an_account_sees_its_own_rows_only(pool: Pool, tables: list[str], two_accounts: tuple[int, int]) -> None:
    mine, _ = two_accounts
    async with account_transaction(pool, mine) as connection:
        for table in tables:
            rows = await connection.fetch(f"SELECT account_id FROM {table}")
            assert [row["account_id"] for row in rows] == [mine], table


async def test_an_account_cannot_write_for_another(
    pool: Pool, owner: Owner, tables: list[str], two_accounts: tuple[int, int]
) -> None:
    mine, theirs = two_accounts
    async with account_transaction(pool, mine) as connection:
        for table in tables:
            async with refused(connection):
                await connection.execute(insertion(table, theirs, await sample_row(owner, table)))
            async with refused(connection):
                await connection.execute(f"UPDATE {table} SET account_id = {theirs} WHERE account_id = {mine}")


async def test_an_account_cannot_reach_the_rows_of_another(
    pool: Pool, tables: list[str], two_accounts: tuple[int, int]
) -> None:
    mine, theirs = two_accounts
    async with account_transaction(pool, mine) as connection:
        for table in tables:
            for command, start in (
                ("UPDATE", f"UPDATE {table} SET account_id = account_id"),
                ("DELETE", f"DELETE FROM {table}"),
            ):
                if await connection.fetchval("SELECT has_table_privilege($1, $2)", table, command):
                    assert await connection.execute(f"{start} WHERE account_id = {theirs}") == f"{command} 0", table


async def test_only_assignments_sessions_saved_mappings_and_what_expires_can_be_deleted(
    pool: Pool, tables: list[str]
) -> None:
    async with pool.acquire() as connection:
        deletable = [
            table for table in tables if await connection.fetchval("SELECT has_table_privilege($1, 'DELETE')", table)
        ]
    assert deletable == [
        "deliveries",
        "different_names",
        "import_mappings",
        "rejected_items",
        "sessions",
        "tracking_number_assignments",
    ]


async def test_a_key_is_found_before_its_account_is_known_and_only_by_its_prefix(
    pool: Pool, two_accounts: tuple[int, int]
) -> None:
    mine, _ = two_accounts
    async with pool.acquire() as connection:
        assert await connection.fetchval("SELECT account_id FROM find_api_key($1)", str(mine)) == mine
        assert await connection.fetch("SELECT prefix FROM api_keys") == []


async def test_a_hook_is_found_before_its_account_is_known_and_only_by_its_token(
    pool: Pool, two_accounts: tuple[int, int]
) -> None:
    mine, _ = two_accounts
    async with pool.acquire() as connection:
        matching_hooks = await connection.fetch("SELECT account_id FROM find_hook($1)", mine.to_bytes(4, "big"))
        assert [row["account_id"] for row in matching_hooks] == [mine]
        assert await connection.fetch("SELECT id FROM hooks") == []


async def test_the_service_of_an_embedded_ledger_can_become_nobody_else(ledger_url: str) -> None:
    url = await asyncio.to_thread(service_url, Settings(), ledger_url)
    connection = await asyncpg.connect(url, server_settings={"role": SERVICE_ROLE})
    try:
        for statement in ("RESET ROLE", "SET ROLE NONE"):
            await connection.execute(statement)
            assert (
                await connection.fetchval("SELECT current_user || ' ' || session_user")
                == f"{SERVICE_ROLE} {SERVICE_ROLE}"
            )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("SET ROLE calltally")
    finally:
        await connection.close()


async def test_the_service_reads_no_password_and_no_link(pool: Pool, two_accounts: tuple[int, int]) -> None:
    async with account_transaction(pool, two_accounts[0]) as connection:
        for secret in ("password_hash FROM users", "token_sha256 FROM user_links"):
            async with refused(connection):
                await connection.fetch(f"SELECT {secret}")
        for change in ("users SET email = 'y'", "user_links SET expires_at = now()", "users SET account_id = 1"):
            async with refused(connection):
                await connection.execute(f"UPDATE {change}")
