"""The settings of an account that its owner may change: its name, time zone, country of numbers, and currency."""

from datetime import datetime
from typing import Annotated, Any, Self, cast

import asyncpg
import phonenumbers
from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from service.errors import NotFound
from service.ingest.configured.authors import Change, sign
from service.ingest.configured.versions import MOST_VERSIONS, Version, with_authors
from service.ingest.fields import Code, Country, Currency, Item, Zone
from service.platform.db import Connection
from sql import load

_SQL = load("accounts")

# What the history of changes calls the settings of the account.
KIND = "account"


def _with_numbers(region: str) -> str:
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise PydanticCustomError("region_form", "must be a country with phone numbers, such as US or DE")
    return region


class AccountSettings(Item):
    """Settings to change; a field left out stays as it is.

    Zone and currency affect reports at once, those of the past too. The region affects only numbers that arrive later:
    a number is read once, when it is stored.
    """

    name: Code | None = Field(None, description="The name that people read.")
    zone: Zone | None = Field(None, description="Time zone of reports and pages.", examples=["Europe/Berlin"])
    region: Annotated[Country, AfterValidator(_with_numbers)] | None = Field(
        None, description="Country of later phone numbers without a country code.", examples=["DE"]
    )
    currency: Currency | None = Field(None, description="Currency of reports that name none.", examples=["EUR"])

    @model_validator(mode="before")
    @classmethod
    def is_no_removal(cls, value: Any) -> Any:
        """An account always has all of them, so null is a mistake."""
        fields = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        if names := [name for name in cls.model_fields if fields.get(name, "") is None]:
            raise PydanticCustomError("setting_null", "{field} must not be null", {"field": names[0]})
        return cast("Any", value)

    @classmethod
    def written(cls, **options: str | None) -> Self:
        """The settings as a person writes them, countries and currencies in any case. Raises ValidationError."""
        capitals = {name: text.upper() for name in ("region", "currency") if (text := options.get(name))}
        return cls.model_validate({name: text for name, text in options.items() if text is not None} | capitals)


class AccountDocument(TypedDict):
    """An account and its settings."""

    code: str
    name: str
    zone: str
    region: Annotated[str, Field(description="Country of phone numbers without a country code.")]
    currency: str
    recorded_at: Annotated[datetime, Field(description="When these settings were saved.")]


async def read_settings_of(connection: Connection, account_id: int) -> asyncpg.Record:
    """The account as an AccountDocument. Raises NotFound."""
    row = await connection.fetchrow(_SQL["read"], account_id)
    if row is None:
        raise NotFound("There is no such account.")
    return row


async def are_as_installed(connection: Connection, account_id: int) -> bool:
    """Whether this is the account of a new installation, with settings that nobody has changed."""
    row = await read_settings_of(connection, account_id)
    return (row["code"], row["zone"], row["region"], row["currency"]) == ("default", "UTC", "US", "USD")


async def change_settings(
    connection: Connection, account_id: int, settings: AccountSettings, change: Change
) -> asyncpg.Record:
    """Change an account in the caller's transaction; returns it as an AccountDocument.

    The earlier settings stay in history. Raises NotFound and ChangedMeanwhile.
    """
    change.check_seen(await connection.fetchval(_SQL["lock"], account_id))
    values = (settings.name, settings.zone, settings.region, settings.currency)
    recorded_at = await connection.fetchval(_SQL["change"], account_id, *values)
    if recorded_at is not None:
        await sign(connection, account_id, change, KIND, "", recorded_at)
    return await read_settings_of(connection, account_id)


async def read_settings_versions(connection: Connection, account_id: int) -> list[Version]:
    """The settings and all earlier ones, newest first, each with its author."""
    rows = await connection.fetch(_SQL["versions"], account_id, MOST_VERSIONS)
    return await with_authors(connection, account_id, KIND, "", rows)
