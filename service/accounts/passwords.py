"""Passwords of people: which are good enough, and how to store and check them (Argon2id)."""

import asyncio
import re
import unicodedata
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
RULES = (
    f"At least {SHORTEST} characters. Not your name, not your e-mail address, and none of the most common passwords."
    " A few unrelated words make a good one."
)

# A password made of these and a few more characters is among the first that an attacker tries.
# fmt: off
_COMMON = (
    "administrator", "qwertyuiop", "1234567890", "0987654321", "password", "passwort", "passw0rd", "sunshine",
    "princess", "football", "baseball", "superman", "iloveyou", "trustno1", "abcdefgh", "calltally", "changeme",
    "whatever", "welcome", "letmein", "dragon", "monkey", "master", "shadow", "123123", "123456", "654321",
    "qwertz", "qwerty", "azerty", "asdfgh", "zxcvbn", "secret", "summer", "winter", "admin", "login",
    "1q2w3e4r", "1qaz2wsx", "abc123",
)
# fmt: on
_FEWEST_OTHER, _FEWEST_DIFFERENT = 5, 5
_NOT_PLAIN = re.compile(r"[\W_]+")

_HASHER = PasswordHasher()
# One check takes 64 MiB and a tenth of a second of a processor: two at once leave room for reports.
_THREADS = ThreadPoolExecutor(2, "passwords")


def fault_of_password(password: str, names: Collection[str]) -> str | None:
    """The fault of a new password, or None. names: what the person is called, such as name and e-mail address."""
    if len(password) < SHORTEST:
        return f"must have at least {SHORTEST} characters"
    if len(password) > LONGEST:
        return f"must have at most {LONGEST} characters"
    if len(set(password)) < _FEWEST_DIFFERENT:
        return f"must have at least {_FEWEST_DIFFERENT} different characters"
    if _is_made_of(password, [part for name in names for part in _parts(name)]):
        return "must not be your name or e-mail address"
    return "is too common: others use it too" if _is_made_of(password, _COMMON) else None


def _parts(name: str) -> list[str]:
    """A name or an address, and its parts that are long enough to build a password on."""
    return [name, *(part for part in re.split(r"[\W_]+", name) if len(part) >= 3)]


def _is_made_of(password: str, words: Collection[str]) -> bool:
    """Whether few characters are left of a password without these words."""
    rest = _plain(password)
    before = rest
    for word in sorted(map(_plain, words), key=len, reverse=True):
        rest = rest.replace(word, "") if word else rest
    return rest != before and len(rest) < _FEWEST_OTHER


def _plain(text: str) -> str:
    return _NOT_PLAIN.sub("", _normal(text).casefold())


def _normal(text: str) -> str:
    """One spelling of the same characters, because keyboards differ."""
    return unicodedata.normalize("NFKC", text)


async def hash_password(password: str) -> str:
    """The hash of a password, with its salt and parameters."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _HASHER.hash, _normal(password))


async def is_password(password_hash: str | None, password: str) -> bool:
    """Whether a password is right. Without a hash the answer is no, and takes as long."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _matches, password_hash, _normal(password))


def _matches(password_hash: str | None, password: str) -> bool:
    if password_hash is None:
        _HASHER.hash(password)
        return False
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
