"""API keys as an administrator makes them: their purpose, what they may do, and until when."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal

import asyncpg
from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from service.accounts.keys import create_key, revoke_key
from service.accounts.scopes import USUAL_SCOPES
from service.errors import Fault, InvalidItem, NotFound
from service.ingest.fields import Code, Item, PlannedTime
from service.platform.db import Pool, account_transaction
from sql import load

_SQL = load("api_keys")

Scope = Literal["ingest", "configure", "reports", "rows", "phone-numbers", "admin"]


def _distinct(scopes: list[Scope]) -> list[Scope]:
    return list(dict.fromkeys(scopes))


class NewKey(Item):
    """An API key to create: a program sends calls or reads reports with it.

    A key may do no more than the key or the person that creates it.
    """

    name: Code = Field(description="The purpose of the key, as the list shows it.", examples=["CRM"])
    scopes: Annotated[list[Scope], AfterValidator(_distinct)] = Field(
        list(USUAL_SCOPES), min_length=1, description="What the key may do."
    )
    dialer: Code | None = Field(None, description="The dialer of items that name none.", examples=["castline"])
    expires_at: PlannedTime | None = Field(None, description="When the key ends; without it, until it is revoked.")

    @field_validator("expires_at")
    @classmethod
    def ends_later(cls, value: datetime | None, info: ValidationInfo[dict[str, datetime]]) -> datetime | None:
        """A key that has ended opens nothing."""
        if value is not None and value <= info.context["now"]:
            raise PydanticCustomError("already_over", "must be in the future")
        return value


class KeyDocument(TypedDict):
    """An API key without its secret."""

    prefix: Annotated[str, Field(description="The public part of the key, which names it.")]
    name: str
    scopes: list[Scope]
    dialer: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class CreatedKeyDocument(KeyDocument):
    """A new API key with its secret, which is shown this one time."""

    key: Annotated[str, Field(description="The key. Save it now: calltally keeps only its fingerprint.")]


class KeysPage(TypedDict):
    """A page of API keys, the oldest first."""

    items: list[KeyDocument]
    next: Annotated[str | None, Field(description="The `after` of the page that follows; null on the last.")]


async def make_key(pool: Pool, account_id: int, form: NewKey, own_scopes: Collection[str]) -> dict[str, Any]:
    """Create a key; returns it with its secret. own_scopes: what its creator may do. Raises InvalidItem."""
    faults = tuple(
        Fault(f"/scopes/{place}", "is not a scope of yours")
        for place, scope in enumerate(form.scopes)
        if scope not in own_scopes
    )
    if faults:
        raise InvalidItem(faults=faults)
    async with account_transaction(pool, account_id) as connection:
        text, prefix = await create_key(
            connection,
            account_id,
            name=form.name,
            scopes=form.scopes,
            dialer=form.dialer,
            expires_at=form.expires_at,
        )
        row = await connection.fetchrow(_SQL["read"], account_id, prefix)
    return {**dict(row or {}), "key": text}


async def list_account_keys(pool: Pool, account_id: int, after: str, most: int) -> list[dict[str, Any]]:
    """The keys of an account, the oldest first, without secrets. after: the prefix of the key before."""
    async with account_transaction(pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(_SQL["list_of_account"], account_id, after, most)
    return [dict(row) for row in rows]


async def end_key(pool: Pool, account_id: int, prefix: str) -> dict[str, Any]:
    """Revoke a key of an account for good, and so end its sessions; returns it. Raises NotFound."""
    async with account_transaction(pool, account_id) as connection:
        revoked: asyncpg.Record | None = await revoke_key(connection, prefix)
        row = await connection.fetchrow(_SQL["read"], account_id, prefix)
    if revoked is None or row is None:
        raise NotFound("The account has no such key.")
    return dict(row)
