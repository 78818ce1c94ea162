"""Sessions: a browser signs in with an API key, and uses a session in place of the key for a working day at most.

The ledger keeps only a fingerprint of the token, so a reader of the ledger cannot sign in with it. A session has the
current rights of its key. Revoking a key ends its sessions.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import asyncpg

from service.accounts.keys import Access
from service.platform.db import Pool, account_transaction, acquire
from sql import load

LIFETIME = timedelta(hours=12)
COOKIE = "calltally"
_SQL = load("sessions")


@dataclass(frozen=True)
class Session:
    """A signed-in browser: the id of its session, its access, and the secret that its forms must repeat."""

    id: int
    access: Access
    form_token: str

    def wrote(self, token: str) -> bool:
        """Whether a form belongs to this session, and not to another site."""
        return hmac.compare_digest(self.form_token.encode(), token.encode(errors="replace"))


async def open_session(pool: Pool, access: Access) -> str:
    """Sign in with the access of a key; returns the token for the browser."""
    token = secrets.token_urlsafe(32)
    async with account_transaction(pool, access.account_id) as connection:
        await connection.execute(_SQL["forget"], access.account_id, LIFETIME)
        await connection.fetchval(_SQL["open"], access.account_id, _fingerprint(token), access.prefix, LIFETIME)
    return token


async def find_session(pool: Pool, token: str) -> Session | None:
    """The session of a token, as long as both the session and its key are valid."""
    async with acquire(pool) as connection:
        row = await connection.fetchrow(_SQL["find"], _fingerprint(token))
    if row is None:
        return None
    access = Access(row["account_id"], row["key_prefix"], frozenset(row["scopes"]), row["dialer"])
    return Session(row["id"], access, hmac.digest(token.encode(), b"forms", sha256).hex())


async def list_sessions(pool: Pool, access: Access) -> list[asyncpg.Record]:
    """All open sessions of the account, newest first."""
    async with account_transaction(pool, access.account_id, readonly=True) as connection:
        return await connection.fetch(_SQL["list"], access.account_id)


async def close_session(pool: Pool, access: Access, session_id: int) -> bool:
    """End a session; returns whether it was open."""
    async with account_transaction(pool, access.account_id) as connection:
        return await connection.fetchval(_SQL["close"], access.account_id, session_id) is not None


def _fingerprint(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()
