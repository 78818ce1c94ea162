"""People of an account: who they are, and the rules for adding, changing and disabling them.

One e-mail address signs in to one account of an installation. Every function works in the caller's transaction.
"""

import re
from collections.abc import Collection
from typing import Any

import asyncpg
from asyncpg.exceptions import UniqueViolationError

from reports.model.times import TimeFormError, read_zone
from service.accounts.keys import Access
from service.accounts.passwords import fault_of_password, hash_password, is_password
from service.accounts.roles import ROLES, RoleName
from service.accounts.sessions import access_of_user, close_other_sessions
from service.errors import Fault, InvalidItem, NotAllowed, NotFound
from service.platform.db import Connection, Pool, account_transaction, acquire
from sql import load

_SQL = load("users")
_LEDGER = load("ledger")
_EMAIL = re.compile(r"[^\s@<>\",;:\\()\[\]]{1,64}@[^\s@<>\",;:\\()\[\]]+\.[^\s@<>\",;:\\()\[\].]{2,}")
_LONGEST = 200
LANGUAGES = {"en": "English", "zh": "中文", "id": "Bahasa Indonesia", "ro": "Română"}


def read_email(text: str) -> str:
    """An e-mail address in the one spelling that the ledger holds. Raises InvalidItem."""
    email = text.strip().lower()
    if len(email) > _LONGEST or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise InvalidItem(faults=(Fault("email", "must be an e-mail address, such as ada@example.com"),))
    return email


def read_name(text: str) -> str:
    """The name of a person. Raises InvalidItem."""
    name = _tidy(text)
    if faults := _name_faults(name):
        raise InvalidItem(faults=tuple(faults))
    return name


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _name_faults(name: str) -> list[Fault]:
    good = 0 < len(name) <= _LONGEST and name.isprintable()
    return [] if good else [Fault("name", f"must have 1 to {_LONGEST} characters")]


def _password_faults(password: str, *names: str) -> list[Fault]:
    fault = fault_of_password(password, names)
    return [] if fault is None else [Fault("password", fault)]


def check_limits(role: str, teams: Collection[str], agent: str | None) -> None:
    """Check a role with its limits: a manager has teams, an agent is an agent, nobody else has either.

    Raises InvalidItem.
    """
    if role not in ROLES:
        raise InvalidItem(faults=(Fault("role", f"must be {', '.join(ROLES)}"),))
    limit, faults = ROLES[role].limit, list[Fault]()
    if limit == "teams" and not teams:
        faults.append(Fault("teams", "must name at least one team for this role"))
    if limit == "agent" and not agent:
        faults.append(Fault("agent", "must name the agent for this role"))
    if faults:
        raise InvalidItem(faults=tuple(faults))


async def add_user(
    connection: Connection,
    account_id: int,
    *,
    email: str,
    role: RoleName,
    name: str = "",
    teams: Collection[str] = (),
    agent: str | None = None,
) -> int:
    """Add a person who has not joined yet; returns the id. Raises InvalidItem if the account has the address."""
    check_limits(role, teams, agent)
    limits = _limits(role, teams, agent)
    await _mention(connection, account_id, agent)
    user_id = await connection.fetchval(_SQL["add"], account_id, read_email(email), name, role, *limits)
    if user_id is None:
        raise InvalidItem(faults=(Fault("email", "is already a user of this account"),))
    return user_id


async def _mention(connection: Connection, account_id: int, agent: str | None) -> None:
    """Make the account know the agent of a person before the first call arrives."""
    if agent:
        await connection.execute(_LEDGER["mention_agents"], account_id, [agent])


def _limits(role: RoleName, teams: Collection[str], agent: str | None) -> tuple[list[str], str | None]:
    """The limits as the ledger holds them: only those that the role has."""
    limit = ROLES[role].limit
    return sorted(set(teams)) if limit == "teams" else [], agent if limit == "agent" else None


async def list_users(connection: Connection, account_id: int) -> list[asyncpg.Record]:
    """Everybody of the account, the disabled last."""
    return await connection.fetch(_SQL["list"], account_id)


async def read_user(connection: Connection, account_id: int, user_id: int) -> asyncpg.Record:
    """A person. Raises NotFound."""
    row = await connection.fetchrow(_SQL["read"], account_id, user_id)
    if row is None:
        raise NotFound("There is no such user in this account.")
    return row


async def find_in_account(connection: Connection, account_id: int, email: str) -> int | None:
    """The id of the person with this address in an account, who may not have joined. Raises InvalidItem."""
    return await connection.fetchval(_SQL["find_in_account"], account_id, read_email(email))


async def change_role(
    connection: Connection,
    account_id: int,
    user_id: int,
    *,
    role: RoleName,
    teams: Collection[str] = (),
    agent: str | None = None,
) -> None:
    """Give a person another role or other limits. Raises NotFound, and InvalidItem for the last owner."""
    check_limits(role, teams, agent)
    if role != "owner":
        await _leave_an_owner(connection, account_id, user_id)
    await read_user(connection, account_id, user_id)
    await _mention(connection, account_id, agent)
    await connection.execute(_SQL["change_role"], account_id, user_id, role, *_limits(role, teams, agent))


async def disable_user(connection: Connection, account_id: int, user_id: int) -> None:
    """Let a person sign in no more, and end their sessions. Raises NotFound, and InvalidItem for the last owner."""
    await _leave_an_owner(connection, account_id, user_id)
    await read_user(connection, account_id, user_id)
    await connection.execute(_SQL["disable"], account_id, user_id)
    await close_other_sessions(connection, account_id, user_id=user_id, but=None)


async def enable_user(connection: Connection, account_id: int, user_id: int) -> None:
    """Let a disabled person sign in again. Raises NotFound, and InvalidItem if the address signs in elsewhere."""
    await read_user(connection, account_id, user_id)
    try:
        await connection.execute(_SQL["enable"], account_id, user_id)
    except UniqueViolationError:
        raise _signs_in_elsewhere() from None


async def _leave_an_owner(connection: Connection, account_id: int, user_id: int) -> None:
    """Refuse to take the last owner from an account. Raises InvalidItem."""
    owners = [row["id"] for row in await connection.fetch(_SQL["lock_owners"], account_id)]
    if owners == [user_id]:
        raise InvalidItem(
            faults=(Fault("role", "must stay owner: the account has no other. Name another owner first"),)
        )


def check_may_manage(access: Access, *roles: str) -> None:
    """Check that these roles are within the reach of an access: only owners manage owners. Raises NotAllowed."""
    access.require("admin")
    if "owner" in roles and access.role != "owner":
        raise NotAllowed("Only an owner may add, change or disable an owner.")


async def join(connection: Connection, account_id: int, user_id: int, *, name: str, password: str) -> None:
    """Let an invited person in, with the name and the password that they have chosen.

    Raises InvalidItem with every faulty field.
    """
    row, name = await read_user(connection, account_id, user_id), _tidy(name)
    if faults := [*_name_faults(name), *_password_faults(password, name, row["email"])]:
        raise InvalidItem(faults=tuple(faults))
    await connection.execute(_SQL["set_password"], account_id, user_id, await hash_password(password))
    await join_without_password(connection, account_id, user_id, name)


async def join_without_password(connection: Connection, account_id: int, user_id: int, name: str) -> None:
    """Let a person in who signs in by a link, or by another provider. Raises InvalidItem."""
    try:
        await connection.execute(_SQL["join"], account_id, user_id, read_name(name))
    except UniqueViolationError:
        raise _signs_in_elsewhere() from None


def _signs_in_elsewhere() -> InvalidItem:
    fault = Fault("email", "already signs in to another account here. Ask for an invitation to another address")
    return InvalidItem(faults=(fault,))


async def set_password(connection: Connection, account_id: int, user_id: int, password: str) -> None:
    """Give a person a new password. Raises InvalidItem."""
    row = await read_user(connection, account_id, user_id)
    if faults := _password_faults(password, row["name"], row["email"]):
        raise InvalidItem(faults=tuple(faults))
    await connection.execute(_SQL["set_password"], account_id, user_id, await hash_password(password))


async def change_profile(
    connection: Connection, account_id: int, user_id: int, *, name: str, language: str = "", zone: str = ""
) -> None:
    """Change what people choose for themselves; an empty language or zone is no choice. Raises InvalidItem."""
    name = _tidy(name)
    if faults := [*_name_faults(name), *_language_faults(language), *_zone_faults(zone)]:
        raise InvalidItem(faults=tuple(faults))
    await connection.execute(_SQL["change_profile"], account_id, user_id, name, language or None, zone or None)


def _language_faults(language: str) -> list[Fault]:
    known = not language or language in LANGUAGES
    return [] if known else [Fault("language", f"must be {', '.join(LANGUAGES)}")]


def _zone_faults(zone: str) -> list[Fault]:
    try:
        _ = zone and read_zone(zone)
    except TimeFormError as error:
        return [Fault("zone", str(error))]
    return []


async def change_password(
    connection: Connection, account_id: int, user_id: int, *, current: str, new: str, session_id: int
) -> None:
    """Change an own password, and end the other sessions. Raises InvalidItem.

    current: the old password; somebody who signed in by a link may have none yet.
    """
    old_hash = await _password_hash(connection, account_id, user_id)
    if old_hash is not None and not await is_password(old_hash, current):
        raise InvalidItem(faults=(Fault("current", "is not your password"),))
    await set_password(connection, account_id, user_id, new)
    await close_other_sessions(connection, account_id, user_id=user_id, but=session_id)


async def has_password(connection: Connection, account_id: int, user_id: int) -> bool:
    """Whether a person has chosen a password."""
    return await _password_hash(connection, account_id, user_id) is not None


async def _password_hash(connection: Connection, account_id: int, user_id: int) -> str | None:
    user = await read_user(connection, account_id, user_id)
    row = await connection.fetchrow(_SQL["find"], user["email"])
    if row is None or (row["account_id"], row["id"]) != (account_id, user_id):
        raise NotFound("This user does not sign in.")
    return row["password_hash"]


async def find_user(pool: Pool, email: str) -> asyncpg.Record | None:
    """Who signs in with an address: account_id, id and password_hash; None for nobody."""
    if not email.isprintable():
        return None
    async with acquire(pool) as connection:
        return await connection.fetchrow(_SQL["find"], email.strip().lower())


async def check_password(pool: Pool, email: str, password: str) -> Access | None:
    """The access of the person with this address and password; None for a wrong one. Both take the same time."""
    row = await find_user(pool, email)
    if not await is_password(None if row is None else row["password_hash"], password) or row is None:
        return None
    async with account_transaction(pool, row["account_id"], readonly=True) as connection:
        return await access_of(connection, row["account_id"], row["id"])


async def access_of(connection: Connection, account_id: int, user_id: int) -> Access:
    """What a person may do now. Raises NotFound."""
    row = await read_user(connection, account_id, user_id)
    return access_of_user({**row, "account_id": account_id, "user_id": user_id})


async def choices(connection: Connection, account_id: int) -> tuple[list[str], list[Any]]:
    """The teams and the agents (code, name) of an account, which forms offer."""
    teams = await connection.fetch(_SQL["teams"], account_id)
    return [row["team"] for row in teams], await connection.fetch(_SQL["agents"], account_id)
