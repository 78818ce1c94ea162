"""Former ids: attempts that an earlier mapping brought under another id keep it, so that no call counts twice."""

from collections.abc import Mapping

import polars as pl

from service.importing.cells import translated
from service.importing.chunks import Chunk
from service.importing.language.mapping import FileMapping
from service.platform.db import Connection
from sql.facts import ATTEMPTS, DISPOSITIONS
from sql.merge import stage_name

# An attempt with the former id is the same call if it called the same number. $1 account, $2 places, $3 former ids.
_KEEP = f"""
    UPDATE {stage_name(ATTEMPTS)} i
    SET external_id = f.former_id
    FROM unnest($2::integer[], $3::text[]) f (idx, former_id), attempts a
    WHERE f.idx = i.idx
        AND (a.account_id, a.dialer, a.external_id) = ($1, i.dialer, f.former_id)
        AND a.dialed_at IS NOT NULL
        AND a.to_number = i.to_number
    RETURNING i.idx"""  # noqa: S608  names of our own
_FOLLOW = f"""
    UPDATE {stage_name(DISPOSITIONS)} d
    SET attempt = i.external_id
    FROM {stage_name(ATTEMPTS)} i
    WHERE i.idx = d.idx AND d.idx = ANY($1::integer[])"""  # noqa: S608  the same


def former_ids(chunk: Chunk, mapping: FileMapping) -> dict[int, str]:
    """The former id of each row that has one, by its place."""
    if mapping.former is None:
        return {}
    cells, _ = translated(chunk, mapping.former)
    rows = pl.DataFrame({"place": pl.int_range(len(chunk), eager=True), "id": cells.cast(pl.String)})
    return dict(rows.drop_nulls().iter_rows())


async def keep_former_ids(
    connection: Connection, account_id: int, former: Mapping[int, str], *, has_dispositions: bool
) -> None:
    """Give staged attempts the ids under which the ledger already knows them, and their dispositions too."""
    if not former:
        return
    rows = await connection.fetch(_KEEP, account_id, list(former), list(former.values()))
    if rows and has_dispositions:
        await connection.execute(_FOLLOW, [row["idx"] for row in rows])
