"""Exports: the rows of a fact as a file, written while it is sent.

The service sends an Arrow stream as its rows arrive from PostgreSQL. A Parquet file has its index at the end, so the
service writes the file first and sends it after it has released the ledger.
"""

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import polars as pl

from reports.model.tables import TABLES
from reports.store.change_feed import RowSelection, stream
from reports.store.lake import stored
from reports.store.ledger import LedgerState
from service.errors import Fault, InvalidParameter
from service.platform.db import Connection, Pool, acquire
from service.reporting.snapshots import open_snapshot

Form = Literal["parquet", "arrow"]
MEDIA_TYPES: dict[Form, str] = {
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
}

# A client that takes nothing for this long counts as gone.
_PATIENCE_SECONDS = 60.0
_PIECE_BYTES = 1024 * 1024
_ROWS_IN_A_GROUP = 131_072
_ARROW_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"


class _GoneError(Exception):
    """The client no longer takes the rest of the file."""


class Handover:
    """Passes a file from the task that makes it to its sender, a piece at a time.

    The task holds the ledger's connection, so it returns the connection properly even if the sender fails.
    """

    def __init__(self, make: "Callable[[Handover], Awaitable[None]]") -> None:
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue(1)
        self._gone = False
        self._begun: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._failure: Exception | None = None
        self._making = asyncio.create_task(self._make(make))

    async def begun(self) -> str:
        """Wait until the file begins; returns the cursor for the next export. Raises the error that prevents it."""
        try:
            return await asyncio.shield(self._begun)
        except asyncio.CancelledError:
            self._leave()
            raise

    async def pieces(self) -> AsyncGenerator[bytes]:
        """The pieces of the file. Raises any error on the way, so no client mistakes a part for the whole."""
        try:
            while (piece := await self._pieces.get()) is not None:
                yield piece
            if self._failure is not None:
                raise self._failure
        finally:
            self._leave()

    def begin(self, cursor: str) -> None:
        """Report that the file begins; cursor: the start of the next export."""
        self._begun.set_result(cursor)

    async def give(self, piece: bytes) -> None:
        """Pass on a piece, once there is room. Raises TimeoutError or _GoneError if the client does not take it."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await self._pieces.put(piece)
        if self._gone:
            raise _GoneError

    def _leave(self) -> None:
        """Record that the client takes no more, and wake a task that waits with a piece."""
        self._gone = True
        with suppress(asyncio.QueueEmpty):
            self._pieces.get_nowait()

    async def _make(self, make: "Callable[[Handover], Awaitable[None]]") -> None:
        try:
            await make(self)
        except _GoneError:
            return
        except Exception as failure:  # noqa: BLE001  any error is raised again where the file is sent
            self._failure = failure
            if not self._begun.done():
                self._begun.set_exception(failure)
                return
        await self._pieces.put(None)


async def export(
    pool: Pool, account_id: int, selection: RowSelection, after: str | None, form: Form, out: Handover
) -> None:
    """Write the selected rows of one moment. after: the cursor of an earlier export; this export continues there.

    Raises InvalidParameter if the text is not a cursor of this account's ledger as it is now.
    """
    write = _write_arrow if form == "arrow" else _write_parquet
    with TemporaryDirectory(prefix="calltally-") as folder:
        async with open_snapshot(acquire(pool), account_id) as snapshot:
            owner = await snapshot.ledger.state()
            if after is not None:
                selection = replace(selection, after=_read_cursor(after, owner))
            finish = await write(snapshot.connection, owner, selection, Path(folder), out)
        await finish()


def _cursor(owner: LedgerState) -> str:
    """The start of the next export: the ledger, and its oldest transaction that had not ended."""
    return urlsafe_b64encode(_mark(owner) + owner.watermark.to_bytes(8)).decode().rstrip("=")


def _read_cursor(text: str, owner: LedgerState) -> int:
    try:
        decoded = urlsafe_b64decode(f"{text}==")
    except ValueError:
        decoded = b""
    xid = int.from_bytes(decoded[8:])
    if len(decoded) != 16 or decoded[:8] != _mark(owner) or xid > owner.watermark:
        message = "is no cursor of this account's ledger as it is now; export everything once more without it"
        raise InvalidParameter(faults=(Fault("after", message),))
    return xid


def _mark(owner: LedgerState) -> bytes:
    return bytes.fromhex(owner.ledger_id)[:8]


Finish = Callable[[], Awaitable[None]]


async def _write_arrow(
    connection: Connection, owner: LedgerState, selection: RowSelection, _: Path, out: Handover
) -> Finish:
    out.begin(_cursor(owner))
    empty = _as_stream(pl.DataFrame(schema=stored(TABLES[selection.name])))
    await out.give(empty[: _schema_bytes(empty)])
    await stream(connection, owner.account.account_id, selection, _batches, out.give)

    async def finish() -> None:
        await out.give(_ARROW_END)

    return finish


def _batches(rows: pl.DataFrame) -> bytes:
    """Rows as batches for the middle of a stream, without its schema and its end."""
    whole = _as_stream(rows)
    return whole[_schema_bytes(whole) : -len(_ARROW_END)]


def _as_stream(rows: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    rows.write_ipc_stream(buffer, compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()


def _schema_bytes(whole: bytes) -> int:
    """The length of the schema at the start of a stream: a mark, a length, and that many bytes."""
    return 8 + int.from_bytes(whole[4:8], "little")


async def _write_parquet(
    connection: Connection, owner: LedgerState, selection: RowSelection, folder: Path, out: Handover
) -> Finish:
    blocks: list[Path] = []
    places = (folder / f"{number}.arrow" for number in count())

    def store(rows: pl.DataFrame) -> Path:
        place = next(places)
        rows.write_ipc(place, compression="lz4")
        return place

    async def take(place: Path) -> None:
        blocks.append(place)

    await stream(connection, owner.account.account_id, selection, store, take)

    async def finish() -> None:
        whole = folder / "whole.parquet"
        await asyncio.to_thread(_join, selection.name, blocks, whole)
        out.begin(_cursor(owner))
        with whole.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE_BYTES):
                await out.give(piece)

    return finish


def _join(name: str, blocks: list[Path], whole: Path) -> None:
    """Write blocks of rows to one Parquet file, with only a few blocks in memory at once."""
    empty = pl.LazyFrame(schema=stored(TABLES[name]))
    rows = pl.concat([empty, *(pl.scan_ipc(place) for place in blocks)])
    rows.sink_parquet(whole, compression="zstd", compression_level=1, row_group_size=_ROWS_IN_A_GROUP)
