"""An API key is shown once, works until it expires or is revoked, and says what its holder may do."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from service.accounts.keys import (
    FRESH_SECONDS,
    USUAL_SCOPES,
    Authenticator,
    create_key,
    list_keys,
    parse_key,
    revoke_key,
)
from service.errors import NotAllowed, NotAuthenticated
from service.platform.db import Pool, account_transaction
from tests.conftest import Owner, make_account


class Clock:
    """A time that passes when told to."""

    def __init__(self) -> None:
        self.passed = 1000.0

    def __call__(self) -> float:
        return self.passed

    def now(self) -> datetime:
        return datetime(2030, 1, 1, tzinfo=UTC) + timedelta(seconds=self.passed)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def authenticator(clock: Clock) -> Authenticator:
    return Authenticator(now=clock.now, clock=clock)


async def test_a_key_opens_its_account_with_its_scopes(
    pool: Pool, owner: Owner, account: int, authenticator: Authenticator
) -> None:
    text, prefix = await create_key(owner, account, name="floor", scopes=["reports", "ingest"], dialer="main")
    access = await authenticator.authenticate(pool, text)
    assert (access.account_id, access.prefix, access.dialer) == (account, prefix, "main")
    assert access.scopes == {"ingest", "reports"}
    access.require("ingest")
    with pytest.raises(NotAllowed, match="configure"):
        access.require("configure")


async def test_the_ledger_keeps_only_a_fingerprint(owner: Owner, account: int) -> None:
    text, prefix = await create_key(owner, account, name="floor")
    row = await owner.fetchrow("SELECT * FROM api_keys WHERE prefix = $1", prefix)
    assert row is not None
    assert row["secret_sha256"] == hashlib.sha256(text.encode()).digest()
    assert row["scopes"] == list(USUAL_SCOPES)
    assert text[len("ct_abcdefghij12_") :] not in str(dict(row))


async def test_the_service_s_role_may_make_and_revoke_keys_of_its_account(
    pool: Pool, owner: Owner, account: int
) -> None:
    other = await make_account(owner)
    _, theirs = await create_key(owner, other, name="theirs")
    async with account_transaction(pool, account) as connection:
        _, mine = await create_key(connection, account, name="mine")
        assert [row["name"] for row in await list_keys(connection)] == ["mine"]
        assert await revoke_key(connection, theirs) is None
        assert await revoke_key(connection, mine) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ct_",
        "ct_abc_def",
        "CT_abcdefghij12_" + "x" * 43,
        "ct_abcdefghij12_" + "x" * 42,
        "ct_abcdefghij12_" + "x" * 43 + "\n",
    ],
)
def test_what_is_not_formed_like_a_key_is_none(text: str) -> None:
    with pytest.raises(NotAuthenticated):
        parse_key(text)


async def test_neither_an_unknown_prefix_nor_a_wrong_secret_opens_anything(
    pool: Pool, owner: Owner, account: int, authenticator: Authenticator
) -> None:
    text, _ = await create_key(owner, account, name="floor")
    await authenticator.authenticate(pool, text)
    wrong = text[:-1] + ("A" if text[-1] != "A" else "B")
    for guess in (wrong, "ct_000000000000_" + "x" * 43):
        with pytest.raises(NotAuthenticated, match="not known"):
            await authenticator.authenticate(pool, guess)


async def test_a_key_stops_at_the_moment_it_expires(
    pool: Pool, owner: Owner, account: int, authenticator: Authenticator, clock: Clock
) -> None:
    text, _ = await create_key(owner, account, name="floor", expires_at=clock.now() + timedelta(seconds=1))
    await authenticator.authenticate(pool, text)
    clock.passed += 1
    with pytest.raises(NotAuthenticated, match="expired"):
        await authenticator.authenticate(pool, text)


async def test_a_revoked_key_stops_within_seconds_where_it_was_just_used_and_at_once_elsewhere(
    pool: Pool, owner: Owner, account: int, authenticator: Authenticator, clock: Clock
) -> None:
    text, prefix = await create_key(owner, account, name="floor")
    await authenticator.authenticate(pool, text)
    await revoke_key(owner, prefix)
    with pytest.raises(NotAuthenticated, match="revoked"):
        await Authenticator().authenticate(pool, text)
    clock.passed += FRESH_SECONDS - 0.1
    await authenticator.authenticate(pool, text)
    clock.passed += 0.1
    with pytest.raises(NotAuthenticated, match="revoked"):
        await authenticator.authenticate(pool, text)


async def test_revoking_twice_keeps_the_first_moment(owner: Owner, account: int) -> None:
    _, prefix = await create_key(owner, account, name="floor")
    first, second = await revoke_key(owner, prefix), await revoke_key(owner, prefix)
    assert first is not None
    assert first == second


async def test_the_last_use_is_written_once_a_minute_at_most(
    pool: Pool, owner: Owner, account: int, authenticator: Authenticator, clock: Clock
) -> None:
    text, prefix = await create_key(owner, account, name="floor")

    async def last_used() -> datetime:
        return await owner.fetchval("SELECT last_used_at FROM api_keys WHERE prefix = $1", prefix)

    async def age_last_use() -> None:
        await owner.execute(
            "UPDATE api_keys SET last_used_at = last_used_at - interval '1 hour' WHERE prefix = $1", prefix
        )

    await authenticator.authenticate(pool, text)
    await age_last_use()
    first = await last_used()
    clock.passed += 59
    await authenticator.authenticate(pool, text)
    assert await last_used() == first
    clock.passed += 1
    await authenticator.authenticate(pool, text)
    second = await last_used()
    assert second > first
    await Authenticator().authenticate(pool, text)  # another process, in the same minute
    assert await last_used() == second
