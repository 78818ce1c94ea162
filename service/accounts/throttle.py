"""Throttling of sign-ins: how often one address, and one person from anywhere, may try before everybody must wait.

Attempts count from their start, so that a hundred at once are a hundred. A refused attempt does not count: nobody can
make another person wait longer by going on. A person is not held up by strangers at an address where the person has
signed in during the last month.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from service.errors import TooManyAttempts
from service.platform.db import Pool, acquire
from sql import load

_LASTS = timedelta(minutes=5)
# So many attempts in that time: of a person at one address, from one address (an office), of a person from anywhere.
MOST_AT_ADDRESS, MOST_FROM_ADDRESS, MOST_OF_PERSON = 5, 30, 30
_SQL = load("sign_in_attempts")
# The network of a customer: anybody with IPv6 has as many addresses as they like in one.
_IPV6_PREFIX_BITS = 64


@dataclass(frozen=True)
class SignInAttempt:
    """One attempt that counts: by whom, and from which network address."""

    person: str
    client: str

    @property
    def _place(self) -> bytes:
        return _fingerprint("place", self.person, self.client)

    @property
    def _others(self) -> list[bytes]:
        return [_fingerprint("client", self.client), _fingerprint("person", self.person)]

    async def begin(self, pool: Pool) -> None:
        """Count the attempt. Raises TooManyAttempts with the seconds to wait."""
        subjects, most = [self._place, *self._others], [MOST_AT_ADDRESS, MOST_FROM_ADDRESS, MOST_OF_PERSON]
        # Only the limit of a person from anywhere is lifted at a known place.
        places = [None, None, self._place]
        async with acquire(pool) as connection:
            again = await connection.fetchval(_SQL["begin"], subjects, most, [_LASTS] * len(most), places)
        if again is not None:
            raise TooManyAttempts.after(max(1, math.ceil((again - datetime.now(UTC)).total_seconds())))

    async def succeed(self, pool: Pool) -> None:
        """Take the attempt back: it was right."""
        async with acquire(pool) as connection:
            await connection.execute(_SQL["finish"], self._others, self._place)


def attempt_of(person: str, client: str | None) -> SignInAttempt:
    """An attempt to sign in. client: where it comes from.

    person: an e-mail address, or the public prefix of a key; empty for a text that is neither.
    """
    network = _network(client or "")
    return SignInAttempt(person.strip().lower() or network, network)


def _network(client: str) -> str:
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> (128 - _IPV6_PREFIX_BITS) << (128 - _IPV6_PREFIX_BITS)))
    return client


def _fingerprint(*parts: str) -> bytes:
    return sha256("\0".join(parts).encode(errors="replace")).digest()
