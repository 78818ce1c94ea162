"""Hooks: addresses that dialers deliver to. The unguessable part of one is shown once; the ledger keeps its SHA-256."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import structlog
from pydantic import Field

from service.accounts.accounts import Account
from service.config import SetupError
from service.dialers import Delivery, Dialer, Refused, dialers
from service.dialers import Hook as Sharing
from service.errors import Fault, InvalidItem
from service.ingest.capture import register_codes, store
from service.ingest.configuration import DISPOSITION_CODE, DispositionCode
from service.ingest.fields import Code, Item, Text, Zone
from service.ingest.parsing import Entry
from service.ingest.resources import Sender
from service.platform.db import Connection, Pool, acquire
from service.platform.secret_encryption import CannotDecrypt, SecretCipher
from sql import load

# A hook that is revoked goes on taking deliveries for this many seconds at most, in processes that have just seen it.
FRESH_SECONDS = 5.0
_MOST_REMEMBERED = 10_000

_SQL = load("hooks")
_log = structlog.get_logger()


class HookForm(Item):
    """A hook to make: which dialer delivers to it, and what its deliveries leave unsaid."""

    dialer: Code = Field(description="Which kind of dialer.", examples=["twilio"])
    code: Code | None = Field(None, description="What its calls have as their dialer; without it, its kind.")
    campaign: Code = Field(description="Of calls that name none.", examples=["spring-renewals"])
    zone: Zone | None = Field(None, description="Of times that come without one; without it, the account's.")
    secret: Text | None = Field(None, description="What account and vendor share; kept sealed and never told again.")


@dataclass(frozen=True)
class Hook:
    """A hook as whoever takes a delivery needs it.

    sealed: its secret cannot be opened, and so nobody can be believed.
    """

    account_id: int
    id: int
    dialer: Dialer
    sharing: Sharing
    sealed: bool = False

    @property
    def code(self) -> str:
        """What its calls have as their dialer."""
        return self.sharing.dialer

    def verify(self, delivery: Delivery) -> None:
        """Let pass what is the dialer's own. Raises Refused."""
        if self.sealed:
            raise Refused("the secret cannot be opened")
        self.dialer.verify(delivery, self.sharing)


class Hooks:
    """Finds hooks by their tokens, for one process; remembers them for a few seconds."""

    def __init__(self, seal: Callable[[], SecretCipher], clock: Callable[[], float] = time.monotonic) -> None:
        self._seal = seal
        self._clock = clock
        self._known: dict[bytes, tuple[Hook, float]] = {}

    async def find(self, pool: Pool, dialer: str, token: str) -> Hook | None:
        """The hook of this token, unless it is revoked or another dialer's. Every token costs the same to look up."""
        wanted = fingerprint(token)
        hook, loaded = self._known.get(wanted, (None, 0.0))
        if hook is None or self._clock() - loaded >= FRESH_SECONDS:
            async with acquire(pool) as connection:
                row = await connection.fetchrow(_SQL["find"], wanted)
            self._known.pop(wanted, None)
            hook = None if row is None or row["revoked_at"] is not None else self._remember(wanted, row)
        return hook if hook is not None and hook.dialer.name == dialer else None

    def _remember(self, wanted: bytes, row: asyncpg.Record) -> Hook | None:
        if row["dialer"] not in dialers():
            return None
        if len(self._known) >= _MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
        hook = opened(row, wanted, self._seal)
        self._known[wanted] = hook, self._clock()
        return hook


def opened(row: asyncpg.Record, token_sha256: bytes, seal: Callable[[], SecretCipher]) -> Hook:
    """A hook of its row, its secret opened."""
    secret, sealed = None, False
    if row["secret"] is not None:
        try:
            secret = seal().open(row["secret"], token_sha256)
        except (CannotDecrypt, SetupError):
            _log.error("the secret of a hook cannot be opened with the key of the settings", hook=row["id"])
            sealed = True
    sharing = Sharing(dialer=row["code"], campaign=row["campaign"], zone=ZoneInfo(row["zone"]), secret=secret)
    return Hook(row["account_id"], row["id"], dialers()[row["dialer"]], sharing, sealed)


def fingerprint(token: str) -> bytes:
    """What the ledger keeps of a token: SHA-256, enough for one of 256 random bits."""
    return sha256(token.encode(errors="surrogatepass")).digest()


async def create_hook(
    connection: Connection, account: Account, form: HookForm, seal: Callable[[], SecretCipher]
) -> tuple[int, str]:
    """Make a hook within the caller's transaction; answers its id, and its token, which nobody can ever read again.

    The dialer's own disposition codes get their usual meaning where nobody has given them another. Raises InvalidItem.
    """
    dialer = _check(form)
    token = secrets.token_urlsafe(32)
    found = fingerprint(token)
    sealed = None if form.secret is None else seal().close(form.secret, found)
    code = form.code or form.dialer
    await _add_codes(connection, account, dialer)
    await register_codes(connection, account, [("campaigns", form.campaign)])
    row = (account.account_id, dialer.name, code, form.campaign, form.zone or account.zone, found, sealed)
    return await connection.fetchval(_SQL["create"], *row), token


def _check(form: HookForm) -> Dialer:
    dialer = dialers().get(form.dialer)
    if dialer is None:
        raise InvalidItem(faults=(Fault("/dialer", f"must be one of {', '.join(dialers())}"),))
    if dialer.secret is not None and not form.secret:
        raise InvalidItem(faults=(Fault("/secret", f"is required of {dialer.title}: {dialer.secret}"),))
    if dialer.secret is None and form.secret is not None:
        raise InvalidItem(faults=(Fault("/secret", f"is not known to {dialer.title}: its address is all the proof"),))
    return dialer


async def _add_codes(connection: Connection, account: Account, dialer: Dialer) -> None:
    codes = list(dialer.dispositions)
    known = {row["code"] for row in await connection.fetch(_SQL["confirmed_codes"], account.account_id, codes)}
    entries = [_code(account, code, said) for code, said in dialer.dispositions.items() if code not in known]
    if entries:
        await store(connection, account, entries)


def _code(account: Account, code: str, said: dict[str, Any]) -> Entry:
    resource = DISPOSITION_CODE.resource(code, confirmed=True)
    return Entry(0, resource, code, tuple(resource.observe(DispositionCode(**said), Sender.of(account))))


def address(root: str, dialer: str, token: str) -> str:
    """Where a dialer delivers to.

    >>> address("https://calls.example.com", "twilio", "secret")
    'https://calls.example.com/v1/webhooks/twilio/secret'
    """
    return f"{root}/v1/webhooks/{dialer}/{token}"


def setup_text(dialer: Dialer, url: str) -> str:
    """What the dialer engineer pastes where."""
    return dialer.setup.replace("{url}", url)


async def list_hooks(connection: Connection, account_id: int, since: date, hook_id: int | None = None) -> list[Any]:
    """The hooks of an account in the order they were made, each with what was counted at it since a day."""
    rows = await connection.fetch(_SQL["list"], account_id, hook_id)
    counted = await connection.fetch(_SQL["counts"], account_id, hook_id, since)
    return [_told(row, [count for count in counted if count["hook"] == row["id"]]) for row in rows]


def _told(row: asyncpg.Record, counted: list[asyncpg.Record]) -> dict[str, Any]:
    dialer = dialers().get(row["dialer"])
    named = {kind: {c["name"]: c["count"] for c in counted if c["kind"] == kind} for kind in ("refused", "unknown")}
    came = [count["last_at"] for count in counted if count["kind"] != "refused"]
    return {
        **row,
        "last_delivery_at": max(came, default=None),
        "tells": dialer.tells if dialer else "",
        "deliveries": dict(_totals(counted)),
        "refused": named["refused"],
        "unknown_events": named["unknown"],
    }


KINDS = ("taken", "unknown", "unreadable", "rejected", "repeated")


def _totals(counted: list[asyncpg.Record]) -> Iterator[tuple[str, int]]:
    for kind in KINDS:
        yield kind, sum(count["count"] for count in counted if count["kind"] == kind)


async def count(connection: Connection, account_id: int, counted: dict[tuple[int, date, str, str], int]) -> None:
    """Count what happened at hooks: by hook, day in UTC, kind and name."""
    if counted:
        hooks, days, kinds, names = (list(column) for column in zip(*counted, strict=True))
        numbers = list(counted.values())
        await connection.execute(_SQL["count"], account_id, hooks, days, kinds, names, numbers, datetime.now(UTC))


async def revoke_hook(connection: Connection, account_id: int, hook_id: int) -> datetime | None:
    """Close a hook for good; answers since when it is, or None where there is none of this id."""
    return await connection.fetchval(_SQL["revoke"], account_id, hook_id)
