"""The changes of an account in a period, for charts and reports: read from the history of its settings and files."""

from collections.abc import Sequence

from reports.catalogue.catalogue import catalogue
from reports.model.annotations import Annotation
from reports.model.windows import Window
from service.platform.db import Pool, account_transaction
from sql import load

_QUERIES = load("annotations")


async def annotations(pool: Pool, account_id: int, window: Window) -> Sequence[Annotation]:
    """The changes within the window, the first one first."""
    async with account_transaction(pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(_QUERIES["list_changes"], account_id, window.start, window.end)
    return [
        Annotation(row["kind"], row["happened_at"], _subject(row["kind"], row["subject"]), row["campaign"])
        for row in rows
    ]


def _subject(kind: str, subject: str) -> str:
    """What a change is about, as people call it."""
    entry = catalogue().get(subject) if kind == "target" else None
    return entry.metric.label if entry else subject
