"""Encryption of secrets that the service has to read again. The ledger or its backup alone reveals no secret.

The cipher is AES-256-GCM. The key comes from the settings and is not in the ledger. An encrypted secret can be
decrypted only in its own place.
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
    """The secret was encrypted with another key or for another place."""


class SecretCipher:
    """Encrypts and decrypts with one key."""

    def __init__(self, key: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"calltally secrets of hooks")
        self._cipher = AESGCM(derived.derive(key.encode()))

    def close(self, secret: str, place: bytes) -> bytes:
        """The secret, encrypted for one place. The bytes differ every time."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), place)

    def open(self, sealed: bytes, place: bytes) -> str:
        """The secret that was encrypted for this place. Raises CannotDecrypt."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place).decode()
        except (InvalidTag, ValueError):
            raise CannotDecrypt from None


def cipher_of(settings: Settings) -> SecretCipher:
    """The cipher of an installation. Raises SetupError if an external ledger has no key in the settings."""
    if settings.secret_key is None and settings.database_url is not None:
        raise SetupError("Set CALLTALLY_SECRET_KEY to 32 random characters or more: it seals the secrets of dialers")
    return _seal(settings.secret_key, settings.home)


@cache
def _seal(key: str | None, home: Path) -> SecretCipher:
    return SecretCipher(key or _key_of(home))


def _key_of(home: Path) -> str:
    """The key of an embedded ledger. The first process that needs it creates it. Only its owner can read it."""
    path = home / "secret.key"
    if not path.exists():
        unfinished = home / f"secret.key.{os.getpid()}"
        made = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as file:
            file.write(os.urandom(32).hex())
            file.flush()
            os.fsync(made)
        try:
            os.link(unfinished, path)  # if two processes make a key at once, the first wins
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return path.read_text()
