"""How a hook's calls are read: what an answered call means, and whether calls find their lead by number."""

from typing import Any, Self

import asyncpg
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from service.hooks.vocabulary import AnsweredMeans
from service.ingest.fields import Flag, Item
from service.ingest.quantities import Seconds
from service.platform.db import Connection
from sql import load

# Voicemail greetings are seldom longer, and a talk with a person seldom shorter.
DEFAULT_PERSON_AFTER_MS = 20_000

_SQL = load("hooks")


class CallSettings(Item):
    """How a hook's calls are read. What is missing has its default in a new hook, and stays in a changed one."""

    answered_means: AnsweredMeans | None = Field(
        None,
        description="The meaning of an answered call if the dialer does not tell who answered. `person`: a person did."
        " `unknown`: nobody knows. `person_after`, the default: a person did if the talk was long enough.",
        examples=["person_after"],
    )
    person_after_seconds: Seconds | None = Field(
        None, description="With `person_after`: how long the talk must be; 20 if missing.", examples=[20]
    )
    match_leads: Flag | None = Field(
        None, description="Whether a call that names no lead gets the lead with its number; true if missing."
    )

    @model_validator(mode="after")
    def agrees_with_itself(self) -> Self:
        """A number of seconds belongs to person_after only."""
        if self.person_after_seconds is not None and self.answered_means in ("person", "unknown"):
            raise PydanticCustomError(
                "seconds_without_person_after",
                "{field} belongs to answered_means person_after only",
                {"field": "person_after_seconds"},
            )
        return self

    @property
    def names_answer(self) -> bool:
        """Whether the form states what an answered call means."""
        return self.answered_means is not None or self.person_after_seconds is not None

    @property
    def person_after_ms(self) -> int | None:
        """The talk after which an answered call means a person; 0: always, None: never."""
        if self.answered_means in ("person", "unknown"):
            return 0 if self.answered_means == "person" else None
        return DEFAULT_PERSON_AFTER_MS if self.person_after_seconds is None else self.person_after_seconds


class CallSettingsDocument(TypedDict):
    """How a hook's calls are read. person_after_seconds is null unless answered_means is person_after."""

    answered_means: AnsweredMeans
    person_after_seconds: float | None
    match_leads: bool


def call_settings_document(row: asyncpg.Record) -> CallSettingsDocument:
    """The settings of a hook's row in the words of the API."""
    milliseconds: int | None = row["person_after_ms"]
    return {
        "answered_means": "unknown" if milliseconds is None else "person_after" if milliseconds else "person",
        "person_after_seconds": milliseconds / 1000 if milliseconds else None,
        "match_leads": row["match_leads"],
    }


def in_words(settings: CallSettingsDocument | dict[str, Any]) -> str:
    """What an answered call means, in words.

    >>> in_words({"answered_means": "person_after", "person_after_seconds": 20.0, "match_leads": True})
    'person after 20 s'
    """
    seconds = settings["person_after_seconds"]
    return f"person after {seconds:g} s" if seconds else str(settings["answered_means"])


async def change_hook(connection: Connection, account_id: int, hook_id: int, change: CallSettings) -> bool | None:
    """Change how a hook's calls are read; returns whether that changed anything, or None if there is no such hook.

    Calls that are stored already change when their deliveries are parsed again.
    """
    row = (account_id, hook_id, change.names_answer, change.person_after_ms, change.match_leads)
    return await connection.fetchval(_SQL["change"], *row)
