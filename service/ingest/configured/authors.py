"""Who changed the configuration: each version of an item has one author, a key or a person."""

from dataclasses import dataclass
from datetime import UTC, datetime

from service.accounts.keys import Access
from service.errors import ChangedMeanwhile
from service.platform.db import Connection
from sql import load

_QUERIES = load("configuration_edits")

# The version of an item that does not exist yet.
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Change:
    """A change that somebody is about to make.

    access: the key or the person; None for a command. seen: the version they saw, NEVER if the item is to be new; None
    to replace any version.
    """

    access: Access | None
    seen: datetime | None = None

    def check_seen(self, stored: datetime | None) -> None:
        """Refuse to overwrite a version that the author never saw. Raises ChangedMeanwhile."""
        if self.seen is not None and self.seen != (stored or NEVER):
            raise ChangedMeanwhile


async def sign(
    connection: Connection, account_id: int, change: Change, kind: str, key: str, recorded_at: datetime
) -> None:
    """Note the author of a version, in the transaction that writes it. A version keeps its first author."""
    prefix = change.access.prefix if change.access else None
    await connection.execute(_QUERIES["sign"], account_id, kind, key, recorded_at, prefix)
