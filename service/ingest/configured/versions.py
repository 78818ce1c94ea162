"""The versions of a configured item: what it was, when, and who changed it; and how to write an earlier one again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import asyncpg
from pydantic import ValidationError

from service.errors import InvalidItem, NotFound
from service.ingest.configuration import Configured
from service.ingest.configured.authors import Change
from service.ingest.configured.items import ConfiguredItems
from service.ingest.parsing import faults_of
from service.ingest.receipts import Status
from service.platform.db import Connection, account_transaction
from sql import load

_QUERIES = load("configuration_edits")
MOST_VERSIONS = 100


@dataclass(frozen=True)
class Author:
    """Who changed something: the prefix of an API key, or `user:` and an id, with the name; both null for a command."""

    prefix: str | None
    name: str | None


@dataclass(frozen=True)
class Version:
    """One version of an item. author: None if the item came with a call, a lead or a file."""

    recorded_at: datetime
    values: Mapping[str, Any]
    author: Author | None

    def document(self) -> dict[str, Any]:
        """The version as the API lists it."""
        author = None if self.author is None else asdict(self.author)
        return {**self.values, "recorded_at": self.recorded_at, "author": author}


async def read_versions(items: ConfiguredItems, configured: Configured, key: str) -> list[Version]:
    """The versions of an item, newest first, at most a hundred."""
    async with account_transaction(items.pool, items.account_id, readonly=True) as connection:
        rows = await connection.fetch(_statement(configured), items.account_id, key, MOST_VERSIONS)
        return await with_authors(connection, items.account_id, configured.path, key, rows)


async def with_authors(
    connection: Connection, account_id: int, kind: str, key: str, rows: list[asyncpg.Record]
) -> list[Version]:
    """Versions from their rows, each with its author; the moment of a version is its recorded_at."""
    signed = await connection.fetch(_QUERIES["authors"], account_id, kind, key)
    authors = {row["recorded_at"]: Author(row["author"], row["author_name"]) for row in signed}
    return [
        Version(row["recorded_at"], values, authors.get(row["recorded_at"]))
        for row in rows
        if (values := {name: value for name, value in row.items() if name != "recorded_at"})
    ]


async def restore(
    items: ConfiguredItems, configured: Configured, key: str, recorded_at: datetime, change: Change
) -> Status:
    """Write the values of an earlier version as a new version, checked like any other change.

    An item that nobody had confirmed then waits to be confirmed again. Raises NotFound, InvalidItem and
    ChangedMeanwhile.
    """
    versions = {version.recorded_at: version for version in await read_versions(items, configured, key)}
    if recorded_at not in versions:
        raise NotFound("There is no such earlier version.")
    values = versions[recorded_at].values
    sent = {configured.renamed.get(name, name): _sent(value) for name, value in values.items()}
    added = {name: sent.pop(name) for name in configured.added}
    try:
        form = configured.form.model_validate(sent)
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None
    return await items.put(configured, key, form, change, added)


def _sent(value: Any) -> Any:
    """A stored value as a client would send it."""
    return value.isoformat() if isinstance(value, date) else value


def _statement(configured: Configured) -> str:
    columns = ", ".join((*configured.fact.values, "recorded_at"))
    return f"""
        SELECT {columns}
        FROM {configured.fact.table}_versions
        WHERE account_id = $1 AND {configured.key} = $2
        ORDER BY recorded_at DESC
        LIMIT $3"""  # noqa: S608  our own names
