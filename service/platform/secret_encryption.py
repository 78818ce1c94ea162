"""Secrets that have to be read again are kept sealed: whoever has the ledger alone, or a backup of it, reads none.

AES-256-GCM with a key from the settings, which is not in the ledger. A sealed secret opens only in its own place.
"""

import os
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.config import Settings, SetupError

_NONCE_BYTES = 12


class CannotDecrypt(Exception):
    """The key is not the one that this was sealed with, or it was sealed for another place."""


class SecretCipher:
    """Seals and opens with one key."""

    def __init__(self, key: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"calltally secrets of hooks")
        self._cipher = AESGCM(derived.derive(key.encode()))

    def close(self, secret: str, place: bytes) -> bytes:
        """The secret, sealed for one place: other bytes every time."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), place)

    def open(self, sealed: bytes, place: bytes) -> str:
        """The secret that was sealed for this place. Raises CannotUnseal."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place).decode()
        except (InvalidTag, ValueError):
            raise CannotDecrypt from None


def cipher_of(settings: Settings) -> SecretCipher:
    """The seal of an installation. Raises SetupError where a ledger elsewhere has no key in the settings."""
    if settings.secret_key is None and settings.database_url is not None:
        raise SetupError("Set CALLTALLY_SECRET_KEY to 32 random characters or more: it seals the secrets of dialers")
    return _seal(settings.secret_key, settings.home)


@cache
def _seal(key: str | None, home: Path) -> SecretCipher:
    return SecretCipher(key or _key_of(home))


def _key_of(home: Path) -> str:
    """The key of an embedded ledger, made by whoever needs it first; nobody but its owner can read it."""
    path = home / "secret.key"
    if not path.exists():
        unfinished = home / f"secret.key.{os.getpid()}"
        made = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as file:
            file.write(os.urandom(32).hex())
            file.flush()
            os.fsync(made)
        try:
            os.link(unfinished, path)  # of two who make one at the same moment the first wins
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return path.read_text()
