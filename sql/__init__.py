"""The ledger's SQL: migrations, named queries and extracts, read from the files beside this module."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"

_NAME = re.compile(r"^-- name: (\w+)\(.*\) -> (?:none|one|optional|many)$", re.MULTILINE)


@cache
def load(table: str) -> dict[str, str]:
    """The statements of queries/<table>.sql by name, as asyncpg takes them ($1, $2, ... in the order of the header).

    A header reads `-- name: find_key(prefix) -> optional`: the arguments in order, then how many rows come back.
    """
    return split((FOLDER / "queries" / f"{table}.sql").read_text())


def split(text: str) -> dict[str, str]:
    r"""Cut a file of named statements at its headers.

    >>> split("-- name: now() -> one\\nSELECT now();\\n")
    {'now': 'SELECT now()'}
    """
    parts = _NAME.split(text)
    names, bodies = parts[1::2], parts[2::2]
    return {name: body.strip().rstrip(";") for name, body in zip(names, bodies, strict=True)}
