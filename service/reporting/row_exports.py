"""Exports: the rows of a fact as a file, produced while it is sent.

An Arrow stream is sent as its rows arrive from PostgreSQL. A Parquet file ends with its index, so it is written to disk
first, and sent after the ledger's connection is free again.
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
from reports.store.doubts import panics_as_errors
from reports.store.lake import stored
from reports.store.ledger import LedgerState
from service.errors import Fault, InvalidParameter
from service.platform.concurrency_limit import ConcurrencyLimit
from service.platform.db import Connection, Pool, acquire
from service.reporting.snapshots import open_snapshot

ExportFormat = Literal["parquet", "arrow"]
MEDIA_TYPES: dict[ExportFormat, str] = {
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
}

# A client that reads nothing for this long counts as gone.
_PATIENCE_SECONDS = 60.0
_PIECE_BYTES = 1024 * 1024
_ROWS_IN_A_GROUP = 131_072
_ARROW_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"


class _ClientGoneError(Exception):
    """The client reads no more of the file."""


def export_limit() -> ConcurrencyLimit:
    """The limit of one process. A slow client keeps its slot for long, so no export waits for one."""
    return ConcurrencyLimit(at_once=2, most_waiting=0, label="exports")


class FileStream:
    """Passes a file in pieces from the task that produces it to the answer that sends it.

    The task holds the ledger's connection, and so returns it in order even if the client disappears.
    """

    def __init__(self, produce: "Callable[[FileStream], Awaitable[None]]") -> None:
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue(1)
        self._gone = False
        self._started: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._failure: Exception | None = None
        self._production = asyncio.create_task(self._produce(produce))

    async def started(self) -> str:
        """Wait until the file starts. Answers the cursor of the next export; raises what went wrong before."""
        try:
            return await asyncio.shield(self._started)
        except asyncio.CancelledError:
            self._leave()
            raise

    async def pieces(self) -> AsyncGenerator[bytes]:
        """The pieces of the file. Raises what goes wrong on the way, so that no client takes a part for the whole."""
        try:
            while (piece := await self._pieces.get()) is not None:
                yield piece
            if self._failure is not None:
                raise self._failure
        finally:
            self._leave()

    def start(self, cursor: str) -> None:
        """Start the file. cursor: where the next export continues."""
        self._started.set_result(cursor)

    async def send(self, piece: bytes) -> None:
        """Pass on a piece as soon as there is room. Raises if the client reads no more."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await self._pieces.put(piece)
        if self._gone:
            raise _ClientGoneError

    def _leave(self) -> None:
        """Note that the client reads no more, and wake up a task that waits for room."""
        self._gone = True
        with suppress(asyncio.QueueEmpty):
            self._pieces.get_nowait()

    async def _produce(self, produce: "Callable[[FileStream], Awaitable[None]]") -> None:
        try:
            with panics_as_errors():
                await produce(self)
        except _ClientGoneError:
            return
        except Exception as failure:  # noqa: BLE001  any error is raised where the file is sent
            self._failure = failure
            if not self._started.done():
                self._started.set_exception(failure)
                return
        await self._pieces.put(None)


async def export(
    pool: Pool, account_id: int, selection: RowSelection, after: str | None, format_: ExportFormat, out: FileStream
) -> None:
    """Write the selected rows of one moment. after: the cursor of an earlier export, to continue from there.

    Raises InvalidParameter for a cursor of another ledger.
    """
    write = _write_arrow if format_ == "arrow" else _write_parquet
    with TemporaryDirectory(prefix="calltally-") as folder:
        async with open_snapshot(acquire(pool), account_id) as snapshot:
            owner = await snapshot.ledger.state()
            if after is not None:
                selection = replace(selection, after=_read_cursor(after, owner))
            finish = await write(snapshot.connection, owner, selection, Path(folder), out)
        await finish()


def _cursor(owner: LedgerState) -> str:
    """Where the next export continues: the ledger, and its oldest transaction that had not ended."""
    return urlsafe_b64encode(_mark(owner) + owner.watermark.to_bytes(8)).decode().rstrip("=")


def _read_cursor(text: str, owner: LedgerState) -> int:
    try:
        decoded = urlsafe_b64decode(f"{text}==")
    except ValueError:
        decoded = b""
    xid = int.from_bytes(decoded[8:])
    if len(decoded) != 16 or decoded[:8] != _mark(owner) or xid > owner.watermark:
        message = "is not a cursor of this account's present ledger; export everything once more without it"
        raise InvalidParameter(faults=(Fault("after", message),))
    return xid


def _mark(owner: LedgerState) -> bytes:
    return bytes.fromhex(owner.ledger_id)[:8]


Finish = Callable[[], Awaitable[None]]


async def _write_arrow(
    connection: Connection, owner: LedgerState, selection: RowSelection, _: Path, out: FileStream
) -> Finish:
    out.start(_cursor(owner))
    empty = _as_stream(pl.DataFrame(schema=stored(TABLES[selection.name])))
    await out.send(empty[: _schema_bytes(empty)])
    await stream(connection, owner.account.account_id, selection, _batches, out.send)

    async def finish() -> None:
        await out.send(_ARROW_END)

    return finish


def _batches(rows: pl.DataFrame) -> bytes:
    """The batches of some rows, as they appear in the middle of a stream."""
    whole = _as_stream(rows)
    return whole[_schema_bytes(whole) : -len(_ARROW_END)]


def _as_stream(rows: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    rows.write_ipc_stream(buffer, compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()


def _schema_bytes(whole: bytes) -> int:
    """The length of the schema at the start of a stream: a mark, a length, and as many bytes."""
    return 8 + int.from_bytes(whole[4:8], "little")


async def _write_parquet(
    connection: Connection, owner: LedgerState, selection: RowSelection, folder: Path, out: FileStream
) -> Finish:
    blocks: list[Path] = []
    paths = (folder / f"{number}.arrow" for number in count())

    def store(rows: pl.DataFrame) -> Path:
        path = next(paths)
        rows.write_ipc(path, compression="lz4")
        return path

    async def add(path: Path) -> None:
        blocks.append(path)

    await stream(connection, owner.account.account_id, selection, store, add)

    async def finish() -> None:
        whole = folder / "whole.parquet"
        await asyncio.to_thread(_join, selection.name, blocks, whole)
        out.start(_cursor(owner))
        with whole.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE_BYTES):
                await out.send(piece)

    return finish


def _join(name: str, blocks: list[Path], whole: Path) -> None:
    """Write one Parquet file from blocks of rows, with only a few of them in memory at once."""
    empty = pl.LazyFrame(schema=stored(TABLES[name]))
    rows = pl.concat([empty, *(pl.scan_ipc(path) for path in blocks)])
    rows.sink_parquet(whole, compression="zstd", compression_level=1, row_group_size=_ROWS_IN_A_GROUP)
