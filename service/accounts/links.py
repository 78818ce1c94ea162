"""Links that let a person in once: an invitation, a new password, or signing in without one.

The ledger keeps only a fingerprint of a link. A later link of the same person replaces the earlier ones.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias

from service.accounts.sessions import close_other_sessions, fingerprint
from service.accounts.users import join, set_password
from service.errors import NotFound
from service.platform.db import Connection, Pool, acquire
from sql import load

Purpose: TypeAlias = Literal["invitation", "reset", "sign_in"]

LIFETIMES: dict[Purpose, timedelta] = {
    "invitation": timedelta(days=7),
    "reset": timedelta(hours=1),
    "sign_in": timedelta(hours=12),
}
_PATHS: dict[Purpose, str] = {"invitation": "/invitation", "reset": "/reset", "sign_in": "/sign-in"}
_OVER = "This link does not work: it was used, replaced by a later one, or is too old. Ask for a new one."
_SQL = load("user_links")


@dataclass(frozen=True)
class Link:
    """A link that still works, and its person. account_name: the name of the person's account."""

    id: int
    account_id: int
    user_id: int
    email: str
    name: str
    account_name: str


async def make_link(connection: Connection, account_id: int, user_id: int, purpose: Purpose, root: str) -> str:
    """A new link for a person, in the caller's transaction. root: the address of the service."""
    token = secrets.token_urlsafe(32)
    await connection.execute(_SQL["replace"], account_id, user_id)
    await connection.fetchval(_SQL["add"], account_id, user_id, purpose, fingerprint(token), LIFETIMES[purpose])
    return f"{root}{_PATHS[purpose]}/{token}"


async def was_just_made(connection: Connection, account_id: int, user_id: int, purpose: Purpose) -> bool:
    """Whether a person got such a link within the last minute: a stranger must not fill their mailbox."""
    return await connection.fetchval(_SQL["was_just_made"], account_id, user_id, purpose)


async def find_link(pool: Pool, token: str, purpose: Purpose) -> Link:
    """The link of a token. Raises NotFound if it does not work, or no longer."""
    async with acquire(pool) as connection:
        row = await connection.fetchrow(_SQL["find"], fingerprint(token), purpose)
    if row is None:
        raise NotFound(_OVER)
    return Link(row["id"], row["account_id"], row["user_id"], row["email"], row["name"], row["account_name"])


async def use_link(connection: Connection, link: Link) -> None:
    """Use up a link, in the caller's transaction. Raises NotFound if another request was faster."""
    if await connection.fetchval(_SQL["use"], link.account_id, link.id) is None:
        raise NotFound(_OVER)


async def accept_invitation(connection: Connection, link: Link, *, name: str, password: str) -> None:
    """Let an invited person in. Raises InvalidItem with every faulty field, and NotFound."""
    await use_link(connection, link)
    await join(connection, link.account_id, link.user_id, name=name, password=password)


async def reset_password(connection: Connection, link: Link, password: str) -> None:
    """Give a person a new password, and end all their sessions. Raises InvalidItem and NotFound."""
    await use_link(connection, link)
    await set_password(connection, link.account_id, link.user_id, password)
    await close_other_sessions(connection, link.account_id, user_id=link.user_id, but=None)
