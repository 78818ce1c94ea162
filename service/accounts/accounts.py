"""The accounts that one process remembers, so storing a call needs no look-up."""

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from service.errors import NotFound
from service.platform.db import Connection, Pool, account_transaction
from sql import load

_LEDGER = load("ledger")

# A changed region of a campaign applies to numbers after this many seconds, at most.
_FRESH_SECONDS = 5.0


@dataclass
class Account:
    """An account's defaults, and the committed codes this process has seen. The ledger never deletes codes."""

    account_id: int
    zone: str
    region: str
    currency: str
    regions: dict[str, str]
    loaded: float
    known: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def remember(self, codes: Mapping[str, set[str]]) -> None:
        """Remember codes that the ledger has committed."""
        for table, mentioned in codes.items():
            self.known[table] |= mentioned


async def load_account(connection: Connection, account_id: int) -> Account:
    """The account as the ledger holds it now. Raises NotFound."""
    row = await connection.fetchrow(_LEDGER["account"], account_id)
    if row is None:
        raise NotFound("There is no such account.")
    regions = dict(zip(row["campaigns"], row["regions"], strict=True))
    return Account(account_id, row["zone"], row["region"], row["currency"], regions, time.monotonic())


class Accounts:
    """The accounts of one process. The process reads an account again when it is stale."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._accounts: dict[int, Account] = {}

    async def get(self, account_id: int) -> Account:
        """The account, a few seconds old at most. Raises NotFound."""
        account = self._accounts.get(account_id)
        if account is None or time.monotonic() - account.loaded > _FRESH_SECONDS:
            if account is not None and account.loaded > 0:
                account.loaded = time.monotonic()  # one request reads it again; the others use the copy
            account = self._accounts[account_id] = await self._load(account_id, account)
        return account

    def forget(self, account_id: int) -> None:
        """Drop the copy of an account after a change of configuration: the next use reads the account again."""
        if account := self._accounts.get(account_id):
            account.loaded = 0.0

    async def _load(self, account_id: int, before: Account | None) -> Account:
        async with account_transaction(self._pool, account_id, readonly=True) as connection:
            account = await load_account(connection, account_id)
        if before is not None:
            account.known = before.known
        return account
