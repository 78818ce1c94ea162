"""Hooks: addresses that dialers deliver to. The secret part is shown once; the ledger stores only its SHA-256."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
import structlog
from pydantic import Field

from service.accounts.accounts import Account
from service.config import SetupError
from service.dialers import Delivery, Dialer, HookSettings, Refused, dialers
from service.errors import Fault, InvalidItem
from service.hooks.call_settings import CallSettings, call_settings_document
from service.hooks.counts import WITHOUT_CONTENT, totals
from service.hooks.kinds import MAPPED, dialer_of, kinds, unknown_kind
from service.ingest.capture import register_codes, store
from service.ingest.configuration import DISPOSITION_CODE, DispositionCode
from service.ingest.fields import Code, LongText, Text, Zone
from service.ingest.parsing import Entry
from service.ingest.resources import Sender
from service.mapped.dialer import mapped_dialer
from service.mapped.mapping import HookMapping, MappingFaults, read_hook_mapping
from service.mapped.ready_mappings import ready
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

    dialer: Code = Field(
        description="The kind of dialer; `mapped` is any other dialer, which a mapping describes.", examples=["twilio"]
    )
    code: Code | None = Field(
        None, description="The dialer code of its calls; if missing, the one in the mapping, or the kind of dialer."
    )
    campaign: Code = Field(description="The campaign of calls that do not name one.", examples=["spring-renewals"])
    zone: Zone | None = Field(None, description="The zone of times without a zone; if missing, the account's.")
    secret: Text | None = Field(
        None, description="The secret that account and vendor share; stored encrypted and never shown."
    )
    mapping: LongText | None = Field(
        None, description="Only for `mapped`: the mapping of its calls as TOML, or the name of a ready mapping."
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
            hook = None
            if row is not None and row["revoked_at"] is None and row["dialer"] in kinds():
                hook = self._remember(token_sha256, row)
        return hook if hook is not None and hook.dialer.name == dialer else None

    def _remember(self, token_sha256: bytes, row: asyncpg.Record) -> Hook | None:
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
    dialer = dialer_of(row["dialer"], row["mapping"], settings)
    return Hook(row["account_id"], row["id"], dialer, settings, secret_unreadable)


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
    dialer, code, zone = checked_form(form, account.zone)
    check_secret(form.secret, dialer)
    token = secrets.token_urlsafe(32)
    token_sha256 = fingerprint(token)
    encrypted_secret = None if form.secret is None else cipher().close(form.secret, token_sha256)
    await _add_codes(connection, account, dialer)
    await register_codes(connection, account, [("campaigns", form.campaign)])
    row = (
        account.account_id,
        dialer.name,
        code,
        form.campaign,
        zone,
        token_sha256,
        encrypted_secret,
        form.person_after_ms,
        form.match_leads is not False,
        form.mapping,
    )
    return await connection.fetchval(_SQL["create"], *row), token


class CheckedForm(NamedTuple):
    """A form whose values fit together: the dialer, the code of its calls, and the zone of their times."""

    dialer: Dialer
    code: str
    zone: str


def checked_form(form: HookForm, default_zone: str) -> CheckedForm:
    """A form with its values filled in. default_zone: if neither form nor mapping name one. Raises InvalidItem."""
    if form.dialer not in kinds():
        raise InvalidItem(faults=(Fault("/dialer", unknown_kind(form.dialer)),))
    if form.dialer == MAPPED:
        mapping = checked_mapping(form.mapping, form.zone, default_zone)
        return CheckedForm(mapped_dialer(mapping), form.code or mapping.code or MAPPED, mapping.zone)
    if form.mapping is not None:
        raise InvalidItem(faults=(Fault("/mapping", f"is only for the dialer {MAPPED}"),))
    return CheckedForm(dialers()[form.dialer], form.code or form.dialer, form.zone or default_zone)


def checked_mapping(mapping: str | None, zone: str | None, default_zone: str) -> HookMapping:
    """A mapping of a hook without faults. Raises InvalidItem."""
    if not mapping:
        message = f"is required for the dialer {MAPPED}: TOML, or one of {', '.join(ready())}"
        raise InvalidItem(faults=(Fault("/mapping", message),))
    try:
        return read_hook_mapping(mapping, zone, default_zone)
    except MappingFaults as error:
        raise InvalidItem(faults=tuple(Fault("/mapping", fault) for fault in error.faults)) from None


def check_secret(secret: str | None, dialer: Dialer) -> None:
    """Refuse a missing secret, and a secret for a dialer that uses none. Raises InvalidItem."""
    if dialer.secret is not None and not secret:
        raise InvalidItem(faults=(Fault("/secret", f"is required for {dialer.title}: {dialer.secret}"),))
    if dialer.secret is None and secret is not None:
        raise InvalidItem(faults=(Fault("/secret", f"is not used by {dialer.title}: its address is the only proof"),))


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
    dialer = described_dialer(row)
    counts_by_name = {
        kind: {c["name"]: c["count"] for c in counts if c["kind"] == kind} for kind in ("refused", "unknown")
    }
    arrivals = [count["last_at"] for count in counts if count["kind"] != "refused"]
    own = ("id", "dialer", "code", "campaign", "zone", "mapping", "created_at", "revoked_at")
    return {
        **{name: row[name] for name in own},
        **call_settings_document(row),
        "last_delivery_at": max(arrivals, default=None),
        "tells": dialer.answer_detection if dialer else "",
        "deliveries": dict(totals(counts)),
        "refused": counts_by_name["refused"],
        "unknown_events": counts_by_name["unknown"],
        "without_content": sum(count["count"] for count in counts if count["kind"] == WITHOUT_CONTENT),
    }


async def campaign_codes(connection: Connection, account_id: int) -> list[str]:
    """The campaigns of an account, to choose one for calls that name none."""
    return [row["code"] for row in await connection.fetch(_SQL["campaigns"], account_id)]


def described_dialer(row: Mapping[str, Any] | asyncpg.Record) -> Dialer | None:
    """The dialer of a stored hook as people read about it; None if this version does not know its kind."""
    if row["dialer"] not in kinds():
        return None
    settings = HookSettings(dialer=row["code"], campaign=row["campaign"], zone=ZoneInfo(row["zone"]))
    return dialer_of(row["dialer"], row["mapping"], settings)


async def remap_hook(connection: Connection, account_id: int, hook_id: int, mapping: str) -> str | None:
    """Give a mapped hook another mapping; returns its dialer code, or None if there is no such hook.

    Deliveries that came before keep their results until they are parsed again. Raises InvalidItem.
    """
    hooks = await connection.fetch(_SQL["list"], account_id, hook_id)
    if not hooks or hooks[0]["dialer"] != MAPPED:
        return None
    checked_mapping(mapping, hooks[0]["zone"], hooks[0]["zone"])
    return await connection.fetchval(_SQL["remap"], account_id, hook_id, mapping)


async def revoke_hook(connection: Connection, account_id: int, hook_id: int) -> datetime | None:
    """Close a hook for good; returns when it was closed, or None if there is no hook of this id."""
    return await connection.fetchval(_SQL["revoke"], account_id, hook_id)
