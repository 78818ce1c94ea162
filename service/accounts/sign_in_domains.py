"""The domain of an account: people with an address there join it when they sign in with the identity provider."""

import re

import asyncpg
from asyncpg.exceptions import UniqueViolationError

from service.accounts.identity_provider import Identity
from service.accounts.keys import Access
from service.accounts.users import access_of, add_user, find_in_account, find_user, join_without_password, read_user
from service.errors import Fault, InvalidItem, NotAuthenticated
from service.platform.db import Connection, Pool, account_transaction, acquire
from sql import load

# People who join by themselves may read; every other role needs an invitation.
JOINING_ROLES = ("analyst", "marketer")
_DOMAIN = re.compile(r"(?=.{4,200}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_SQL = load("sign_in_domains")


async def read_domain(connection: Connection, account_id: int) -> asyncpg.Record | None:
    """The domain of an account, and the role of people who join by it."""
    return await connection.fetchrow(_SQL["read"], account_id)


async def change_domain(connection: Connection, account_id: int, domain: str, role: str) -> None:
    """Let people of a domain join; an empty domain lets nobody. Raises InvalidItem."""
    domain = domain.strip().lower().removeprefix("@")
    if domain and not _DOMAIN.fullmatch(domain):
        raise InvalidItem(faults=(Fault("domain", "must be a domain, such as example.com"),))
    if role not in JOINING_ROLES:
        raise InvalidItem(faults=(Fault("role", f"must be one of {', '.join(JOINING_ROLES)}"),))
    before = await read_domain(connection, account_id)
    if (before["domain"], before["role"]) == (domain, role) if before else not domain:
        return
    await connection.execute(_SQL["remove"], account_id)
    try:
        if domain:
            await connection.execute(_SQL["add"], account_id, domain, role)
    except UniqueViolationError:
        raise InvalidItem(faults=(Fault("domain", "joins another account of this installation"),)) from None


async def access_of_identity(pool: Pool, identity: Identity) -> Access:
    """What a person may do whom the provider has confirmed; a stranger of a known domain joins its account first.

    Raises NotAuthenticated for every other stranger.
    """
    email = identity.email.strip().lower()
    if user := await find_user(pool, email):
        async with account_transaction(pool, user["account_id"], readonly=True) as connection:
            return await access_of(connection, user["account_id"], user["id"])
    async with acquire(pool) as connection:
        domain = await connection.fetchrow(_SQL["find"], email.rpartition("@")[2])
    if domain is None:
        raise NotAuthenticated(f"Nobody has invited {email} yet. Ask your administrator.")
    async with account_transaction(pool, domain["account_id"]) as connection:
        account_id = domain["account_id"]
        user_id = await find_in_account(connection, account_id, email)
        if user_id is not None and (await read_user(connection, account_id, user_id))["disabled_at"] is not None:
            raise NotAuthenticated("You can no longer sign in here. Ask your administrator.")
        if user_id is None:
            user_id = await add_user(connection, account_id, email=email, role=domain["role"])
        await join_without_password(connection, account_id, user_id, identity.name)
        return await access_of(connection, account_id, user_id)
