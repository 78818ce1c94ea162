"""Hooks: addresses that dialers deliver to. The secret part is shown once; the ledger stores only its SHA-256."""

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
from service.dialers import Delivery, Dialer, HookSettings, Refused, dialers
from service.errors import Fault, InvalidItem
from service.hooks.call_settings import CallSettings, call_settings_document
from service.ingest.capture import register_codes, store
from service.ingest.configuration import DISPOSITION_CODE, DispositionCode
from service.ingest.fields import Code, Text, Zone
from service.ingest.parsing import Entry
from service.ingest.resources import Sender
from service.platform.db import Connection, Pool, acquire
from service.platform.secret_encryption import CannotDecrypt, SecretCipher
from sql import load

# A revoked hook accepts deliveries for at most this many seconds, in processes that have just used it.
FRESH_SECONDS = 5.0
_MOST_REMEMBERED = 10_000

_SQL = load("hooks")
_log = structlog.get_logger()


class HookForm(CallSettings):
    """A hook to create: the dialer that delivers to it, and values that its deliveries leave out."""

    dialer: Code = Field(description="The kind of dialer.", examples=["twilio"])
    code: Code | None = Field(None, description="The dialer code of its calls; if missing, the kind of dialer.")
    campaign: Code = Field(description="The campaign of calls that do not name one.", examples=["spring-renewals"])
    zone: Zone | None = Field(None, description="The zone of times without a zone; if missing, the account's.")
    secret: Text | None = Field(
        None, description="The secret that account and vendor share; stored encrypted and never shown."
    )


@dataclass(frozen=True)
class Hook:
    """A hook, ready to verify and parse deliveries.

    secret_unreadable: its secret cannot be decrypted, so every delivery is refused.
    """

    account_id: int
    id: int
    dialer: Dialer
    settings: HookSettings
    secret_unreadable: bool = False

    @property
    def code(self) -> str:
        """The code of the dialer on its calls."""
        return self.settings.dialer

    def verify(self, delivery: Delivery) -> None:
        """Verify that a delivery comes from the dialer. Raises Refused."""
        if self.secret_unreadable:
            raise Refused("the secret cannot be opened")
        self.dialer.verify(delivery, self.settings)


class Hooks:
    """Finds hooks by their tokens, for one process, and caches them for a few seconds."""

    def __init__(self, cipher: Callable[[], SecretCipher], clock: Callable[[], float] = time.monotonic) -> None:
        self._cipher = cipher
        self._clock = clock
        self._known: dict[bytes, tuple[Hook, float]] = {}

    async def find(self, pool: Pool, dialer: str, token: str) -> Hook | None:
        """The hook of a token, unless it is revoked or of another dialer. Every look-up takes the same time."""
        token_sha256 = fingerprint(token)
        hook, loaded = self._known.get(token_sha256, (None, 0.0))
        if hook is None or self._clock() - loaded >= FRESH_SECONDS:
            async with acquire(pool) as connection:
                row = await connection.fetchrow(_SQL["find"], token_sha256)
            self._known.pop(token_sha256, None)
            hook = None if row is None or row["revoked_at"] is not None else self._remember(token_sha256, row)
        return hook if hook is not None and hook.dialer.name == dialer else None

    def _remember(self, token_sha256: bytes, row: asyncpg.Record) -> Hook | None:
        if row["dialer"] not in dialers():
            return None
        if len(self._known) >= _MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
        hook = hook_of_row(row, token_sha256, self._cipher)
        self._known[token_sha256] = hook, self._clock()
        return hook


def hook_of_row(row: asyncpg.Record, token_sha256: bytes, cipher: Callable[[], SecretCipher]) -> Hook:
    """The hook of a row, with its secret decrypted."""
    secret, secret_unreadable = None, False
    if row["secret"] is not None:
        try:
            secret = cipher().open(row["secret"], token_sha256)
        except (CannotDecrypt, SetupError):
            _log.error("the secret of a hook cannot be opened with the key of the settings", hook=row["id"])
            secret_unreadable = True
    person_after_ms: int | None = row["person_after_ms"]
    settings = HookSettings(
        dialer=row["code"],
        campaign=row["campaign"],
        zone=ZoneInfo(row["zone"]),
        secret=secret,
        person_after_seconds=None if person_after_ms is None else person_after_ms / 1000,
        match_leads=row["match_leads"],
    )
    return Hook(row["account_id"], row["id"], dialers()[row["dialer"]], settings, secret_unreadable)


def fingerprint(token: str) -> bytes:
    """The SHA-256 of a token, which the ledger stores; enough for a token of 256 random bits."""
    return sha256(token.encode(errors="surrogatepass")).digest()


async def create_hook(
    connection: Connection, account: Account, form: HookForm, cipher: Callable[[], SecretCipher]
) -> tuple[int, str]:
    """Create a hook in the caller's transaction; returns its id, and its token, which is never shown again.

    The dialer's own disposition codes get their usual meaning unless the account has defined them. Raises
    InvalidItem.
    """
    dialer = _check(form)
    token = secrets.token_urlsafe(32)
    token_sha256 = fingerprint(token)
    encrypted_secret = None if form.secret is None else cipher().close(form.secret, token_sha256)
    code = form.code or form.dialer
    await _add_codes(connection, account, dialer)
    await register_codes(connection, account, [("campaigns", form.campaign)])
    row = (
        account.account_id,
        dialer.name,
        code,
        form.campaign,
        form.zone or account.zone,
        token_sha256,
        encrypted_secret,
        form.person_after_ms,
        form.match_leads is not False,
    )
    return await connection.fetchval(_SQL["create"], *row), token


def _check(form: HookForm) -> Dialer:
    dialer = dialers().get(form.dialer)
    if dialer is None:
        raise InvalidItem(faults=(Fault("/dialer", f"must be one of {', '.join(dialers())}"),))
    if dialer.secret is not None and not form.secret:
        raise InvalidItem(faults=(Fault("/secret", f"is required for {dialer.title}: {dialer.secret}"),))
    if dialer.secret is None and form.secret is not None:
        raise InvalidItem(faults=(Fault("/secret", f"is not used by {dialer.title}: its address is the only proof"),))
    return dialer


async def _add_codes(connection: Connection, account: Account, dialer: Dialer) -> None:
    codes = list(dialer.dispositions)
    confirmed = {row["code"] for row in await connection.fetch(_SQL["confirmed_codes"], account.account_id, codes)}
    entries = [
        _code_entry(account, code, meaning) for code, meaning in dialer.dispositions.items() if code not in confirmed
    ]
    if entries:
        await store(connection, account, entries)


def _code_entry(account: Account, code: str, meaning: dict[str, Any]) -> Entry:
    resource = DISPOSITION_CODE.resource(code, confirmed=True)
    return Entry(0, resource, code, tuple(resource.observe(DispositionCode(**meaning), Sender.of(account))))


def address(root: str, dialer: str, token: str) -> str:
    """The address that a dialer delivers to.

    >>> address("https://calls.example.com", "twilio", "secret")
    'https://calls.example.com/v1/webhooks/twilio/secret'
    """
    return f"{root}/v1/webhooks/{dialer}/{token}"


def setup_text(dialer: Dialer, url: str) -> str:
    """What the dialer engineer pastes where."""
    return dialer.setup.replace("{url}", url)


async def list_hooks(connection: Connection, account_id: int, since: date, hook_id: int | None = None) -> list[Any]:
    """The hooks of an account in order of creation, each with its counts since a day."""
    rows = await connection.fetch(_SQL["list"], account_id, hook_id)
    counts = await connection.fetch(_SQL["counts"], account_id, hook_id, since)
    return [_document(row, [count for count in counts if count["hook"] == row["id"]]) for row in rows]


def _document(row: asyncpg.Record, counts: list[asyncpg.Record]) -> dict[str, Any]:
    dialer = dialers().get(row["dialer"])
    counts_by_name = {
        kind: {c["name"]: c["count"] for c in counts if c["kind"] == kind} for kind in ("refused", "unknown")
    }
    arrivals = [count["last_at"] for count in counts if count["kind"] != "refused"]
    own = ("id", "dialer", "code", "campaign", "zone", "created_at", "revoked_at")
    return {
        **{name: row[name] for name in own},
        **call_settings_document(row),
        "last_delivery_at": max(arrivals, default=None),
        "tells": dialer.answer_detection if dialer else "",
        "deliveries": dict(_totals(counts)),
        "refused": counts_by_name["refused"],
        "unknown_events": counts_by_name["unknown"],
        "without_content": sum(count["count"] for count in counts if count["kind"] == WITHOUT_CONTENT),
    }


KINDS = ("taken", "unknown", "unreadable", "rejected", "repeated")
# Counted beside them: deliveries over the limit of a day, and the bytes of the content of the others.
WITHOUT_CONTENT, STORED_BYTES = "without_content", "bytes"
# Senders choose the names of events, and could choose without end.
MOST_NAMES = 100


def _totals(counts: list[asyncpg.Record]) -> Iterator[tuple[str, int]]:
    for kind in KINDS:
        yield kind, sum(count["count"] for count in counts if count["kind"] == kind)


async def count(connection: Connection, account_id: int, counts: dict[tuple[int, date, str, str], int]) -> None:
    """Add to the counts of hooks: by hook, day in UTC, kind and name."""
    if not counts:
        return
    if named := sorted({hook for hook, _, _, name in counts if name}):
        await connection.execute(_SQL["lock_names"], account_id, named)
    columns = [list(column) for column in zip(*counts, strict=True)]
    numbers = list(counts.values())
    await connection.execute(_SQL["count"], account_id, *columns, numbers, datetime.now(UTC), MOST_NAMES)


async def revoke_hook(connection: Connection, account_id: int, hook_id: int) -> datetime | None:
    """Close a hook for good; returns when it was closed, or None if there is no hook of this id."""
    return await connection.fetchval(_SQL["revoke"], account_id, hook_id)
