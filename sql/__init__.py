"""The ledger's SQL: migrations, named queries and the rows of facts, read from the files beside this module."""

import re
from functools import cache
from pathlib import Path

from sql.facts import FACTS

FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"

_NAME = re.compile(r"^-- name: (\w+)\(.*\) -> (?:none|one|optional|many)$", re.MULTILINE)
_KEYS = {fact.table: fact.key for fact in FACTS}


@cache
def load(table: str) -> dict[str, str]:
    """The statements of queries/<table>.sql by name, as asyncpg takes them ($1, $2, ... in the order of the header).

    A header reads `-- name: find_key(prefix) -> optional`: the arguments in order, then the number of rows returned.
    """
    return split((FOLDER / "queries" / f"{table}.sql").read_text())


@cache
def current_rows(table: str) -> str:
    """The current rows of fact_rows/<table>.sql that changed in transaction $2 or later: $1 account."""
    return _over(
        table,
        f"""
        SELECT t.*, NULL::timestamptz AS superseded_at FROM {table} t
        WHERE t.account_id = $1::integer AND t.changed_xid >= $2::text::xid8""",  # noqa: S608  our own names
    )


@cache
def rows_as_of(table: str) -> str:
    """The rows of fact_rows/<table>.sql as the ledger had them at a moment: $1 account, $2 the moment."""
    return _over(
        table,
        f"""
        SELECT t.* FROM {table}_versions t
        WHERE t.account_id = $1::integer AND t.recorded_at <= $2::timestamptz
            AND t.superseded_at > $2::timestamptz""",  # noqa: S608  our own names
    )


@cache
def versions(table: str, *, changed: bool) -> str:
    """All versions of rows of fact_rows/<table>.sql: $1 account.

    changed: only versions of rows that changed in transaction $2 or later. superseded_at is null in current versions.
    """
    columns = ", ".join(f"t.{column}" for column in _columns(table))
    rows = f"""
        SELECT {columns}, NULL::timestamptz AS superseded_at FROM {table} t
        WHERE t.account_id = $1::integer {"AND t.changed_xid >= $2::text::xid8" if changed else ""}
        UNION ALL
        SELECT {columns}, t.superseded_at FROM {table}_history t
        WHERE t.account_id = $1::integer"""  # noqa: S608  our own names
    if changed:
        key = ", ".join(_KEYS[table])
        rows += f"""
            AND ({key}) IN (
                SELECT {key} FROM {table} c WHERE c.account_id = $1::integer AND c.changed_xid >= $2::text::xid8
            )"""  # noqa: S608  our own names
    return _over(table, rows)


def split(text: str) -> dict[str, str]:
    r"""Cut a file of named statements at its headers.

    >>> split("-- name: now() -> one\\nSELECT now();\\n")
    {'now': 'SELECT now()'}
    """
    parts = _NAME.split(text)
    names, bodies = parts[1::2], parts[2::2]
    return {name: body.strip().rstrip(";") for name, body in zip(names, bodies, strict=True)}


def _columns(table: str) -> tuple[str, ...]:
    [fact] = [fact for fact in FACTS if fact.table == table]
    return fact.versioned


def _over(table: str, rows: str) -> str:
    """The query of fact_rows/<table>.sql over rows of its table."""
    text = (FOLDER / "fact_rows" / f"{table}.sql").read_text()
    return text.replace("FROM fact_rows ", f"FROM ({rows}) ")
