"""A hook with another address or another secret: for an address that leaked, and a secret that the vendor renewed."""

import secrets
from collections.abc import Callable
from typing import Any

import asyncpg
from pydantic import Field

from service.config import SetupError
from service.errors import Fault, InvalidItem
from service.hooks.hooks import check_secret, described_dialer, fingerprint
from service.ingest.fields import Item, Text
from service.platform.db import Connection
from service.platform.secret_encryption import CannotDecrypt, SecretCipher
from sql import load

_SQL = load("hooks")


class SecretForm(Item):
    """The secret that a hook gets."""

    secret: Text = Field(description="The secret that account and vendor share; stored encrypted and never shown.")


async def renew_address(
    connection: Connection, account_id: int, hook_id: int, cipher: Callable[[], SecretCipher]
) -> str | None:
    """Give an open hook another address; returns its token, which is never shown again, or None without such a hook.

    The old address stops accepting deliveries within seconds. Raises InvalidItem if the secret cannot be read here.
    """
    row = await connection.fetchrow(_SQL["lock"], account_id, hook_id)
    if row is None:
        return None
    token = secrets.token_urlsafe(32)
    sealed: bytes | None = row["secret"]
    if sealed is not None:
        sealed = _moved(sealed, row["token_sha256"], fingerprint(token), cipher)
    await connection.execute(_SQL["renew"], account_id, hook_id, fingerprint(token), sealed)
    return token


def _moved(sealed: bytes, before: bytes, after: bytes, cipher: Callable[[], SecretCipher]) -> bytes:
    """A sealed secret for the place of another token: one is sealed for its own place only."""
    try:
        return cipher().close(cipher().open(sealed, before), after)
    except (CannotDecrypt, SetupError):
        message = "cannot be read with the key of this installation: enter the secret of the hook again"
        raise InvalidItem(faults=(Fault("/secret", message),)) from None


async def change_secret(
    connection: Connection, account_id: int, hook_id: int, form: SecretForm, cipher: Callable[[], SecretCipher]
) -> bool:
    """Give an open hook another secret; returns whether there is such a hook. Raises InvalidItem."""
    row = await connection.fetchrow(_SQL["lock"], account_id, hook_id)
    if row is None:
        return False
    _check(row, form)
    try:
        sealed = cipher().close(form.secret, row["token_sha256"])
    except SetupError as error:
        raise InvalidItem(faults=(Fault("/secret", f"cannot be stored here: {error}"),)) from None
    await connection.execute(_SQL["renew"], account_id, hook_id, row["token_sha256"], sealed)
    return True


def _check(row: asyncpg.Record | dict[str, Any], form: SecretForm) -> None:
    """Refuse an empty secret, and any secret for a dialer that uses none. Raises InvalidItem."""
    dialer = described_dialer(row)
    if dialer is not None:
        check_secret(form.secret, dialer)
