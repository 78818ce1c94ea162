"""Sessions: a browser signs in once, and uses a session for a working day at most.

A session belongs to a person, or to an API key. The ledger keeps only a fingerprint of the token, so a reader of the
ledger cannot sign in with it. A session has the current rights of its person or key: disabling the person or revoking
the key ends it.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import asyncpg

from service.accounts.keys import Access
from service.accounts.roles import ROLES
from service.platform.db import Connection, Pool, account_transaction, acquire
from sql import load

LIFETIME = timedelta(hours=12)
COOKIE = "calltally"
# The service writes when a session was last seen at most this often.
_SEEN = timedelta(minutes=1)
_SQL = load("sessions")


@dataclass(frozen=True)
class User:
    """The person of a session. language, zone: what the person has chosen; None: that of the browser or the account."""

    id: int
    email: str
    name: str
    language: str | None
    zone: str | None


@dataclass(frozen=True)
class Session:
    """A signed-in browser: its id, its access, the secret that its forms must repeat, and its person.

    user: None if it signed in with an API key. is_demo: whether it looks at a demo floor.
    """

    id: int
    access: Access
    form_token: str
    user: User | None = None
    is_demo: bool = False

    def wrote(self, token: str) -> bool:
        """Whether a form belongs to this session, and not to another site."""
        return hmac.compare_digest(self.form_token.encode(), token.encode(errors="replace"))


async def open_session(connection: Connection, access: Access, device: str = "") -> str:
    """Sign in with an access; returns the token for the browser. device: the browser, as people know it."""
    token = secrets.token_urlsafe(32)
    key = access.prefix if access.user_id is None else None
    await connection.execute(_SQL["forget"], access.account_id, LIFETIME)
    await connection.fetchval(
        _SQL["open"], access.account_id, fingerprint(token), key, access.user_id, device, LIFETIME
    )
    await connection.execute(_SQL["note_user_seen"], access.account_id, access.user_id)
    return token


async def find_session(pool: Pool, token: str) -> Session | None:
    """The session of a token, as long as the session and its key or person are valid."""
    async with acquire(pool) as connection:
        row = await connection.fetchrow(_SQL["find"], fingerprint(token))
    if row is None:
        return None
    if datetime.now(UTC) - row["last_seen_at"] > _SEEN:
        async with account_transaction(pool, row["account_id"]) as connection:
            await connection.execute(_SQL["note_seen"], row["account_id"], row["id"])
    form_token = hmac.digest(token.encode(), b"forms", sha256).hex()
    if row["user_id"] is None:
        key = Access(row["account_id"], row["key_prefix"], frozenset(row["scopes"]), row["dialer"])
        return Session(row["id"], key, form_token, is_demo=row["is_demo"])
    user = User(row["user_id"], row["email"], row["name"], row["language"], row["zone"])
    return Session(row["id"], access_of_user(dict(row)), form_token, user)


def access_of_user(row: Mapping[str, Any]) -> Access:
    """The access of a person: the scopes and the limits of the role. row: account_id, user_id, role, teams, agent."""
    return Access(
        row["account_id"],
        f"user:{row['user_id']}",
        ROLES[row["role"]].scopes,
        None,
        row["user_id"],
        row["role"],
        frozenset(row["teams"]),
        row["agent"],
    )


async def list_sessions(pool: Pool, access: Access) -> list[asyncpg.Record]:
    """All open sessions of the account, newest first."""
    async with account_transaction(pool, access.account_id, readonly=True) as connection:
        return await connection.fetch(_SQL["list"], access.account_id)


async def close_session(pool: Pool, access: Access, session_id: int) -> bool:
    """End a session; returns whether it was open."""
    async with account_transaction(pool, access.account_id) as connection:
        return await connection.fetchval(_SQL["close"], access.account_id, session_id) is not None


async def close_other_sessions(
    connection: Connection, account_id: int, *, user_id: int | None, key_prefix: str | None = None, but: int | None
) -> int:
    """End the sessions of a person or a key, in the caller's transaction; returns how many. but: one that stays."""
    return len(await connection.fetch(_SQL["close_others"], account_id, user_id, key_prefix, but))


def fingerprint(token: str) -> bytes:
    """The fingerprint of a secret of 256 random bits: SHA-256 is enough."""
    return sha256(token.encode(errors="replace")).digest()
