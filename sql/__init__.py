"""The ledger's SQL: migrations, named queries and extracts, read from the files beside this module."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"

_HEADER = re.compile(r"^-- name: \w+\((.*)\) -> many$", re.MULTILINE)
_BELIEVED = re.compile(r"\bbelieved\.(\w+)")
_THEN = (
    r"(SELECT * FROM \1_versions WHERE account_id = $1::integer"
    r" AND recorded_at <= {as_of} AND superseded_at > {as_of})"
)
_NAME = re.compile(r"^-- name: (\w+)\(.*\) -> (?:none|one|optional|many)$", re.MULTILINE)


@cache
def load(table: str) -> dict[str, str]:
    """The statements of queries/<table>.sql by name, as asyncpg takes them ($1, $2, ... in the order of the header).

    A header reads `-- name: find_key(prefix) -> optional`: the arguments in order, then how many rows come back.
    """
    return split((FOLDER / "queries" / f"{table}.sql").read_text())


@dataclass(frozen=True)
class Extract:
    """One query of believed facts, and the names of its arguments in order."""

    text: str
    arguments: tuple[str, ...]


@cache
def extract(name: str, *, versions: bool) -> Extract:
    """The query of extracts/<name>.sql: over what is believed now, or over every version that `as_of` believed.

    It reads `believed.<table>` where a table's rows depend on when one asks, and `believed.<name>` where a query of
    believed/<name>.sql makes such rows. Its first argument is account_id; over versions, as_of is the last one.
    """
    written = (FOLDER / "extracts" / f"{name}.sql").read_text()
    header = _HEADER.search(written)
    if header is None:
        raise ValueError(f"the extract {name} has no header")
    arguments = tuple(argument.strip() for argument in header[1].split(","))
    [body] = split(written).values()
    for made in (FOLDER / "believed").glob("*.sql"):
        body = body.replace(f"believed.{made.stem} ", f"({made.read_text()}) ")
    if not versions:
        return Extract(_BELIEVED.sub(r"\1", body), arguments)
    as_of = f"${len(arguments) + 1}::timestamptz"
    then = _THEN.format(as_of=as_of)
    return Extract(_BELIEVED.sub(then, body), (*arguments, "as_of"))


def split(text: str) -> dict[str, str]:
    r"""Cut a file of named statements at its headers.

    >>> split("-- name: now() -> one\\nSELECT now();\\n")
    {'now': 'SELECT now()'}
    """
    parts = _NAME.split(text)
    names, bodies = parts[1::2], parts[2::2]
    return {name: body.strip().rstrip(";") for name, body in zip(names, bodies, strict=True)}
