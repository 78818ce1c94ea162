"""API keys: `ct_`, a public prefix and a secret. The ledger keeps only a fingerprint, so calltally shows a key once."""

import hmac
import re
import secrets
import string
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Self

import asyncpg

from reports.model.language import translate
from service.accounts.roles import ROLES, RoleName
from service.accounts.scopes import SCOPES, USUAL_SCOPES
from service.errors import NotAllowed, NotAuthenticated
from service.platform.db import Connection, Pool, account_transaction, acquire
from sql import load

# A revoked key works for this many seconds more, at most, in processes that have just used it.
FRESH_SECONDS = 5.0
# The service writes a key's last use at most once in this many seconds.
_USE_SECONDS = 60.0
# Limits memory: more keys than any installation has.
_MOST_REMEMBERED = 10_000

_KEY = re.compile(r"ct_([a-z0-9]{12})_[A-Za-z0-9_-]{43}")
_SQL = load("api_keys")


@dataclass(frozen=True)
class Access:
    """What a key, or a person, may do in an account.

    prefix: the public part of the key, or `user:` and the id of the person; it names who wrote something.
    user_id, role: of a person; a key has none. teams: what a manager may see. agent: whom a user of this role is.
    """

    account_id: int
    prefix: str
    scopes: frozenset[str]
    dialer: str | None
    user_id: int | None = None
    role: RoleName | None = None
    teams: frozenset[str] = frozenset()
    agent: str | None = None

    @property
    def is_limited(self) -> bool:
        """Whether the person sees a part of the account only: own teams, or own numbers."""
        return self.role is not None and ROLES[self.role].limit != "account"

    def require(self, *scopes: str) -> Self:
        """The same access, if it has one of these scopes. Raises NotAllowed."""
        if self.scopes.isdisjoint(scopes):
            raise NotAllowed(self._refusal(scopes))
        return self

    def _refusal(self, scopes: Collection[str]) -> str:
        if self.role is None:
            return translate("This needs an API key with the scope {scopes}.", scopes=" or ".join(scopes))
        role = translate(ROLES[self.role].title)
        return translate("Your role ({role}) does not allow this. Ask an administrator.", role=role)


def public_part(text: str) -> str:
    """The public prefix of what may be a key; empty for any other text."""
    match = _KEY.fullmatch(text.strip())
    return match[1] if match else ""


def parse_key(text: str) -> str:
    """The public prefix of a key. Raises NotAuthenticated if the text does not have the form of a key."""
    match = _KEY.fullmatch(text)
    if match is None:
        raise NotAuthenticated("The API key is not known.")
    return match[1]


def fingerprint(text: str) -> bytes:
    """The fingerprint of a key: SHA-256 of the whole text, which is enough for a secret of 256 random bits."""
    return sha256(text.encode()).digest()


async def create_key(
    connection: Connection,
    account_id: int,
    *,
    name: str,
    scopes: Collection[str] = USUAL_SCOPES,
    dialer: str | None = None,
    expires_at: datetime | None = None,
) -> tuple[str, str]:
    """Create a key for an account; returns the key and its prefix. The caller shows the key this one time."""
    prefix = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(12))
    text = f"ct_{prefix}_{secrets.token_urlsafe(32)}"
    ordered = [scope for scope in SCOPES if scope in scopes]
    await connection.execute(_SQL["create"], account_id, prefix, fingerprint(text), name, ordered, dialer, expires_at)
    return text, prefix


async def list_keys(connection: Connection) -> list[asyncpg.Record]:
    """The keys that this connection may see, newest last, without secrets."""
    return await connection.fetch(_SQL["list"])


async def revoke_key(connection: Connection, prefix: str) -> asyncpg.Record | None:
    """Revoke a key for good; returns its row (name, account, revoked_at), or None if there is no such key."""
    return await connection.fetchrow(_SQL["revoke"], prefix)


@dataclass(frozen=True)
class _Known:
    """A key as the ledger held it a moment ago."""

    access: Access
    secret_sha256: bytes
    expires_at: datetime | None
    revoked_at: datetime | None
    loaded: float


class Authenticator:
    """Authenticates the requests of one process; remembers keys for a few seconds to save queries."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._used: dict[str, float] = {}

    async def authenticate(self, pool: Pool, text: str) -> Access:
        """The access of a key. Raises NotAuthenticated if the key is unknown, expired or revoked."""
        prefix = parse_key(text)
        known = await self._find(pool, prefix)
        if known is None or not hmac.compare_digest(known.secret_sha256, fingerprint(text)):
            raise NotAuthenticated("The API key is not known.")
        if known.revoked_at is not None:
            raise NotAuthenticated("The API key has been revoked.")
        if known.expires_at is not None and known.expires_at <= self._now():
            raise NotAuthenticated("The API key has expired.")
        await self._note_use(pool, known.access)
        return known.access

    async def _find(self, pool: Pool, prefix: str) -> _Known | None:
        known = self._known.get(prefix)
        if known is not None and self._clock() - known.loaded < FRESH_SECONDS:
            return known
        async with acquire(pool) as connection:
            row = await connection.fetchrow(_SQL["find"], prefix)
        self._known.pop(prefix, None)
        return None if row is None else self._remember(prefix, row)

    def _remember(self, prefix: str, row: asyncpg.Record) -> _Known:
        if len(self._known) >= _MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
        access = Access(row["account_id"], prefix, frozenset(row["scopes"]), row["dialer"])
        known = _Known(access, row["secret_sha256"], row["expires_at"], row["revoked_at"], self._clock())
        self._known[prefix] = known
        return known

    async def _note_use(self, pool: Pool, access: Access) -> None:
        now = self._clock()
        if now - self._used.get(access.prefix, float("-inf")) < _USE_SECONDS:
            return
        self._used[access.prefix] = now
        async with account_transaction(pool, access.account_id) as connection:
            await connection.execute(_SQL["note_use"], access.account_id, access.prefix)
