"""Disposition codes of an import: configure codes that the mapping defines, and list codes without a definition."""

from collections.abc import Iterable

import asyncpg

from service.accounts.accounts import Account
from service.importing.language.mapping import FileMapping
from service.ingest.capture import store
from service.ingest.configuration import DISPOSITION_CODE
from service.ingest.parsing import Entry
from service.ingest.resources import Sender
from service.platform.db import Pool, account_transaction
from sql import load

_LIST = load("configuration")["list_disposition_codes"]
_CONFIRMED = True
_MOST = 1000


async def configure(pool: Pool, account: Account, mapping: FileMapping) -> None:
    """Configure the codes that the mapping defines. Codes that are configured already stay unchanged."""
    async with account_transaction(pool, account.account_id) as connection:
        entries: list[Entry] = []
        for code, form in mapping.codes.items():
            if not await connection.fetch(_LIST, account.account_id, code, _CONFIRMED, "", 1):
                resource = DISPOSITION_CODE.resource(code, confirmed=True)
                observations = tuple(resource.observe(form, Sender.of(account)))
                entries.append(Entry(len(entries), resource, code, observations))
        await store(connection, account, entries)


async def unexplained(pool: Pool, account: Account, codes: Iterable[str]) -> list[str]:
    """Those of these codes without a definition."""
    async with account_transaction(pool, account.account_id, readonly=True) as connection:
        rows: list[asyncpg.Record] = await connection.fetch(_LIST, account.account_id, None, not _CONFIRMED, "", _MOST)
    return sorted({row["code"] for row in rows}.intersection(codes))
