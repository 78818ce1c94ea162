"""A ledger comes to the current schema once, whoever starts it and however many at a time."""

import asyncio
import shutil
from pathlib import Path

import asyncpg
import pytest

from service.platform.db import open_pool
from sql import MIGRATIONS
from sql.migrate import MigrationError, list_pending, migrate, read_migrations
from tests.conftest import database_url
from tests.sql.schema import FILE, dump

NAMES = [migration.name for migration in read_migrations()]


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """The migrations of a version after this one."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / f"{len(NAMES) + 1:04}_add_colour.sql").write_text("ALTER TABLE accounts ADD COLUMN colour text;\n")
    return folder


async def test_a_new_ledger_gets_everything_and_a_second_time_nothing(empty_database: str) -> None:
    assert await list_pending(empty_database) == NAMES
    assert await migrate(empty_database) == NAMES
    assert await list_pending(empty_database) == []
    assert await migrate(empty_database) == []


async def test_starters_at_the_same_moment_do_not_collide(empty_database: str) -> None:
    applied = await asyncio.gather(*(migrate(empty_database) for _ in range(4)))
    assert sorted(name for names in applied for name in names) == NAMES


async def test_a_new_ledger_has_one_account_however_often_it_is_started(empty_database: str) -> None:
    for _ in range(3):
        await migrate(empty_database)
    connection = await asyncpg.connect(empty_database)
    rows = await connection.fetch("SELECT account_id, code FROM accounts")
    await connection.close()
    assert [tuple(row) for row in rows] == [(1, "default")]


async def test_a_later_version_adds_only_what_is_new(fresh_ledger: str, next_version: Path) -> None:
    assert await migrate(fresh_ledger, next_version) == [f"{len(NAMES) + 1:04}_add_colour"]


async def test_a_ledger_newer_than_the_code_is_refused(fresh_ledger: str, next_version: Path) -> None:
    await migrate(fresh_ledger, next_version)
    with pytest.raises(MigrationError, match=r"newer than this calltally.*add_colour"):
        await migrate(fresh_ledger)


async def test_a_file_changed_after_it_was_applied_is_refused(fresh_ledger: str, next_version: Path) -> None:
    with (next_version / f"{NAMES[0]}.sql").open("a") as file:
        file.write("-- one more word\n")
    with pytest.raises(MigrationError, match=f"{NAMES[0]} is not what was applied"):
        await migrate(fresh_ledger, next_version)


async def test_a_migration_that_fails_leaves_nothing_behind(fresh_ledger: str, next_version: Path) -> None:
    broken = next_version / f"{len(NAMES) + 1:04}_add_colour.sql"
    broken.write_text("CREATE TABLE colours (colour text); SELECT 1 / 0;")
    with pytest.raises(MigrationError, match="add_colour could not be applied: division by zero"):
        await migrate(fresh_ledger, next_version)
    broken.write_text("CREATE TABLE colours (colour text);")
    assert await migrate(fresh_ledger, next_version) == [broken.stem]


@pytest.mark.parametrize("name", ["0003_skip_one.sql", "create.sql", "0001_create_twice.sql"])
def test_misnumbered_files_are_refused(tmp_path: Path, name: str) -> None:
    for file in ("0001_create_ledger.sql", name):
        (tmp_path / file).write_text("SELECT 1")
    with pytest.raises(MigrationError):
        read_migrations(tmp_path)


async def test_a_login_without_superpowers_can_own_a_ledger(empty_database: str) -> None:
    administrator = await asyncpg.connect(empty_database)
    name = await administrator.fetchval("SELECT current_database()")
    login = f"login_of_{name}"
    await administrator.execute(f"CREATE ROLE {login} LOGIN CREATEROLE; ALTER DATABASE {name} OWNER TO {login}")
    url = database_url(empty_database, name).replace("calltally@", f"{login}@")
    with pytest.raises(MigrationError, match="GRANT calltally_service TO"):
        await migrate(url)
    await administrator.execute(f"GRANT calltally_service TO {login}")
    assert await migrate(url) == []
    async with await open_pool(url) as pool:
        assert await pool.fetchval("SELECT current_user") == "calltally_service"
    await administrator.execute(f"DROP OWNED BY {login}; ALTER DATABASE {name} OWNER TO calltally; DROP ROLE {login}")
    await administrator.close()


async def test_the_written_schema_is_the_one_the_migrations_make(fresh_ledger: str) -> None:
    assert dump(fresh_ledger) == FILE.read_text(), "run: make schema"
