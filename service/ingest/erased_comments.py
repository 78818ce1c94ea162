"""Comments of erased people: words in surveys, evaluations and notes that an erasure removes, and keeps removed."""

from collections.abc import Sequence

from service.platform.db import Connection
from sql import load
from sql.erased import COMMENTS_OF_CALLS, COMMENTS_OF_LEADS
from sql.facts import Fact

_SQL = load("erased_comments")


async def erase_comments(
    connection: Connection,
    account_id: int,
    calls: tuple[Sequence[str], Sequence[str]],
    leads: Sequence[str],
    patterns: tuple[Sequence[str], Sequence[str]],
) -> int:
    """Empty the comments on a person's calls, of their leads, and those that tell their number; returns how many.

    calls: those that may be the person's, as dialers and ids. patterns: the endings and the digits of the numbers.
    """
    return await connection.fetchval(_SQL["erase_comments"], account_id, *calls, leads, *patterns)


async def empty_comments(
    connection: Connection, account_id: int, calls: Sequence[Sequence[str]], leads: Sequence[str] = ()
) -> None:
    """Empty the comments on calls, and of leads, that turn out to be an erased person's. calls: dialers and ids."""
    await connection.execute(_SQL["empty_surveys"], account_id, *calls, leads)
    await connection.execute(_SQL["empty_evaluations"], account_id, *calls, leads)
    await connection.execute(_SQL["empty_shared_calls"], account_id, *calls)


async def empty_merged_comments(connection: Connection, account_id: int, fact: Fact) -> None:
    """Empty the comments of a stage whose call or lead is an erased person's, once its rows are merged."""
    if fact not in COMMENTS_OF_CALLS:
        return
    rows = await connection.fetch(COMMENTS_OF_CALLS[fact], account_id)
    calls = [list(column) for column in zip(*rows, strict=True)] or [[], []]
    of_leads = await connection.fetch(COMMENTS_OF_LEADS[fact], account_id) if fact in COMMENTS_OF_LEADS else []
    if rows or of_leads:
        await empty_comments(connection, account_id, calls, [row["lead"] for row in of_leads])
