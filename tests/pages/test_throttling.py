"""Guessing is slow: too many attempts of one address or about one person must wait, and nobody else has to."""

import asyncio
from typing import Any

import httpx
import pytest
from litestar import Litestar

from service.accounts.throttle import MOST_AT_ADDRESS, MOST_FROM_ADDRESS, MOST_OF_PERSON, attempt_of
from service.accounts.users import set_password
from service.errors import TooManyAttempts
from service.platform.db import Pool
from tests.api.conftest import running, service
from tests.conftest import Owner
from tests.pages.users import PASSWORD, make_user

__all__ = ["service"]

CLIENT = "198.51.100.7"


@pytest.fixture
async def email(owner: Owner, account: int) -> str:
    """The address of a person with the password of these tests."""
    address = f"eve-{account}@example.com"
    await make_user(owner, account, address)
    user_id = await owner.fetchval("SELECT id FROM users WHERE email = $1", address)
    await set_password(owner, account, user_id, PASSWORD)
    return address


@pytest.fixture
async def proxied(ledger_url: str) -> Any:
    """A service behind a proxy that says where its clients are."""
    async with running(ledger_url, trusted_proxies="127.0.0.0/8") as (_, client):
        yield client


async def sign_in(client: httpx.AsyncClient, email: str, password: str, address: str = CLIENT) -> httpx.Response:
    headers = {"X-Forwarded-For": address}
    return await client.post("/sign-in", data={"email": email, "password": password}, headers=headers)


async def test_after_a_few_wrong_passwords_everybody_at_the_address_waits(
    proxied: httpx.AsyncClient, email: str
) -> None:
    answers = [(await sign_in(proxied, email, "wrong")).status_code for _ in range(MOST_AT_ADDRESS)]
    assert answers == [401] * MOST_AT_ADDRESS
    refused = await sign_in(proxied, email, PASSWORD)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 300
    assert "There were too many attempts to sign in. Try again in 5 min." in refused.text
    assert (await sign_in(proxied, email, PASSWORD, "203.0.113.9")).status_code == 303, "the person elsewhere goes on"


async def test_a_right_password_takes_the_earlier_attempts_back(proxied: httpx.AsyncClient, email: str) -> None:
    for _ in range(3):
        for _ in range(MOST_AT_ADDRESS - 1):
            assert (await sign_in(proxied, email, "wrong")).status_code == 401
        assert (await sign_in(proxied, email, PASSWORD)).status_code == 303


async def test_attempts_at_once_count_as_many(proxied: httpx.AsyncClient, email: str) -> None:
    answers = await asyncio.gather(*(sign_in(proxied, email, "wrong") for _ in range(3 * MOST_AT_ADDRESS)))
    codes = [answer.status_code for answer in answers]
    assert (codes.count(401), codes.count(429)) == (MOST_AT_ADDRESS, 2 * MOST_AT_ADDRESS)


async def _attempts(pool: Pool, *attempts: tuple[str, str]) -> int:
    """How many of some attempts may go on; each is a person and an address."""
    allowed = 0
    for person, address in attempts:
        try:
            await attempt_of(person, address).begin(pool)
            allowed += 1
        except TooManyAttempts:
            pass
    return allowed


async def test_one_address_may_not_try_everybody(pool: Pool) -> None:
    tries = [(f"person-{number}@example.com", "192.0.2.1") for number in range(MOST_FROM_ADDRESS + 5)]
    assert await _attempts(pool, *tries) == MOST_FROM_ADDRESS


async def test_addresses_of_one_network_count_together(pool: Pool) -> None:
    tries = [(f"someone-{number}@example.com", f"2001:db8::{number:x}") for number in range(1, MOST_FROM_ADDRESS + 5)]
    assert await _attempts(pool, *tries) == MOST_FROM_ADDRESS


async def test_strangers_cannot_lock_out_a_person_where_the_person_signs_in(pool: Pool) -> None:
    home = attempt_of("ada@example.com", "192.0.2.50")
    await home.begin(pool)
    await home.succeed(pool)
    tries = [("ADA@example.com ", f"198.51.{number}.1") for number in range(MOST_OF_PERSON + 5)]
    assert await _attempts(pool, *tries) == MOST_OF_PERSON
    await home.begin(pool)
    assert await _attempts(pool, ("ada@example.com", "192.0.2.77")) == 0, "a new place waits a few minutes"


async def test_a_header_of_a_stranger_names_no_address(service: tuple[Litestar, httpx.AsyncClient], email: str) -> None:
    codes = [
        (await sign_in(service[1], email, "wrong", f"192.0.2.{number}")).status_code
        for number in range(MOST_AT_ADDRESS + 1)
    ]
    assert codes == [401] * MOST_AT_ADDRESS + [429]
