"""The second factor: codes of an authenticator app (TOTP) beside the password, and recovery codes that work once.

Every function works in the caller's transaction. The ledger holds the shared secret encrypted, and only fingerprints of
recovery codes. A code works once: the ledger remembers its time step.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import asyncpg
import pyotp
import segno

from service.platform.db import Connection
from service.platform.secret_encryption import SecretCipher
from sql import load

_ISSUER = "calltally"
_RECOVERY_CODES = 10
# Clocks of telephones may be a step of 30 seconds off.
_STEPS = (0, -1, 1)
_SQL = load("second_factors")


@dataclass(frozen=True)
class Need:
    """Whether the account asks everybody for a second factor, and whether a person has set one up."""

    required: bool
    confirmed: bool

    @property
    def any(self) -> bool:
        """Whether a password alone does not let the person in."""
        return self.required or self.confirmed


@dataclass(frozen=True)
class SecondFactor:
    """The second factor of one person."""

    account_id: int
    user_id: int
    cipher: SecretCipher

    async def secret(self, connection: Connection) -> str:
        """The secret of the app; a new one unless there is one already."""
        if row := await self._row(connection):
            return self.cipher.open(row["secret"], self._place)
        secret = pyotp.random_base32()
        await connection.execute(_SQL["start"], *self._key, self.cipher.close(secret, self._place))
        return secret

    async def confirm(self, connection: Connection, code: str) -> list[str]:
        """Begin to ask for the factor, if the app's code is right. Answers recovery codes; none for a wrong code."""
        row = await self._row(connection)
        step = None if row is None or row["confirmed_at"] else self._step(row, code)
        if step is None:
            return []
        codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(_RECOVERY_CODES)]
        await connection.execute(_SQL["confirm"], *self._key, step, [_fingerprint(code) for code in codes])
        return codes

    async def check(self, connection: Connection, code: str) -> bool:
        """Whether a code of the app, or a recovery code, is right; it does not work a second time."""
        row = await self._row(connection)
        if row is None or row["confirmed_at"] is None:
            return False
        if (step := self._step(row, code)) is not None:
            await connection.execute(_SQL["use_step"], *self._key, step)
            return True
        mark = _fingerprint(code)
        if not any(hmac.compare_digest(mark, known) for known in row["recovery_sha256"]):
            return False
        await connection.execute(_SQL["use_recovery"], *self._key, mark)
        return True

    async def remove(self, connection: Connection) -> None:
        """Ask this person for the password alone."""
        await connection.execute(_SQL["remove"], *self._key)

    def _step(self, row: asyncpg.Record, code: str) -> int | None:
        """The time step of a right code that is newer than the last one; None for any other text."""
        totp, now = pyotp.TOTP(self.cipher.open(row["secret"], self._place)), datetime.now(UTC)
        typed = "".join(code.split())
        for step in (totp.timecode(now) + offset for offset in _STEPS):
            if step > row["last_step"] and hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
                return step
        return None

    async def _row(self, connection: Connection) -> asyncpg.Record | None:
        return await connection.fetchrow(_SQL["read"], *self._key)

    @property
    def _key(self) -> tuple[int, int]:
        return self.account_id, self.user_id

    @property
    def _place(self) -> bytes:
        return f"second factor {self.account_id} {self.user_id}".encode()


async def need_of(connection: Connection, account_id: int, user_id: int) -> Need:
    """Whether a person needs a second factor."""
    row = await connection.fetchrow(_SQL["is_needed"], account_id, user_id)
    return Need(row["required"], row["confirmed"]) if row else Need(required=False, confirmed=False)


async def require_of_everybody(connection: Connection, account_id: int, *, required: bool) -> None:
    """Ask everybody in the account with a password for a second factor, or leave it to them."""
    await connection.execute(_SQL["require"], account_id, required)


def qr_code(secret: str, email: str) -> str:
    """The picture that an authenticator app reads, as SVG."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)
    return segno.make(address, error="m", micro=False).svg_inline(scale=4, light="#fff")


def _fingerprint(code: str) -> bytes:
    """The fingerprint of a recovery code, however it is typed. Its 48 random bits cannot be tried quickly here."""
    return sha256("".join(code.lower().split()).replace("-", "").encode(errors="replace")).digest()
