"""The demo floor of an account: an account of its own with simulated calls, to look around in and to remove.

It is a separate account, so that no simulated call can ever count among real ones. It has no users and no address for
dialers; people of the account it belongs to look at it with a session of its own key.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from service.accounts.keys import Access, create_key
from service.accounts.sessions import open_session
from service.platform.db import Connection, Pool, account_transaction
from sql import load

State: TypeAlias = Literal["filling", "ready", "failed"]

_SQL = load("demo")
_KEY_NAME = "demo floor"
# What a visitor may do there: everything but changing keys, dialers and users.
_SCOPES = frozenset({"configure", "reports", "rows", "phone-numbers"})


@dataclass(frozen=True)
class DemoFloor:
    """A demo floor. account_id: its own account. is_stuck: filling it was interrupted."""

    account_id: int
    state: State
    calls: int
    is_stuck: bool


async def find_demo(connection: Connection, account_id: int) -> DemoFloor | None:
    """The demo floor of an account, if it has one."""
    row = await connection.fetchrow(_SQL["find"], account_id)
    if row is None:
        return None
    state = cast("State", row["state"])
    return DemoFloor(row["demo_account_id"], state, row["calls"], state == "filling" and row["is_old"])


async def make_demo(connection: Connection, zone: str, calls: int) -> int | None:
    """Make the empty account of a demo floor, in a transaction of the account that wants it; returns its id.

    None if the account has calls of its own, has a demo floor, or is one.
    """
    return await connection.fetchval(_SQL["make"], zone, calls)


async def set_demo_state(pool: Pool, account_id: int, state: State) -> None:
    """Note how far the demo floor of an account is."""
    async with account_transaction(pool, account_id) as connection:
        await connection.execute(_SQL["set_state"], account_id, state)


async def remove_demo(pool: Pool, account_id: int) -> bool:
    """Remove the demo floor of an account with everything in it; returns whether there was one."""
    async with account_transaction(pool, account_id) as connection:
        return await connection.fetchval(_SQL["remove"])


async def has_calls(connection: Connection, account_id: int) -> bool:
    """Whether an account has calls of its own."""
    return await connection.fetchval(_SQL["has_calls"], account_id)


async def visit_demo(pool: Pool, demo_account_id: int, device: str) -> str:
    """Open a session in a demo floor; returns the token for the browser. Nobody ever gets the key behind it."""
    async with account_transaction(pool, demo_account_id) as connection:
        prefix: str | None = await connection.fetchval(_SQL["key"], demo_account_id)
        if prefix is None:
            _, prefix = await create_key(connection, demo_account_id, name=_KEY_NAME, scopes=_SCOPES)
        return await open_session(connection, Access(demo_account_id, prefix, _SCOPES, None), device)
