"""Exports: the rows of a fact as a file, written while it is sent.

An Arrow stream is sent as its rows arrive from PostgreSQL. A Parquet file says at its end where everything is, so it is
written down first, and sent when the ledger is free again.
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

# Whoever takes nothing for so long has gone, or might as well have.
_PATIENCE_SECONDS = 60.0
_PIECE_BYTES = 1024 * 1024
_ROWS_IN_A_GROUP = 131_072
_ARROW_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"


class _GoneError(Exception):
    """Nobody takes the rest any more."""


class Handover:
    """The way of a file from the task that makes it to whoever sends it, a piece at a time.

    The task has the ledger's connection, so that it is given back in order however the sender ends.
    """

    def __init__(self, make: "Callable[[Handover], Awaitable[None]]") -> None:
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue(1)
        self._gone = False
        self._begun: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._failure: Exception | None = None
        self._making = asyncio.create_task(self._make(make))

    async def begun(self) -> str:
        """Wait for the first piece, or raise what came in between; answers the cursor of what is next."""
        try:
            return await asyncio.shield(self._begun)
        except asyncio.CancelledError:
            self._leave()
            raise

    async def pieces(self) -> AsyncGenerator[bytes]:
        """The file. Raises what went wrong on the way, so that nobody takes a part for the whole."""
        try:
            while (piece := await self._pieces.get()) is not None:
                yield piece
            if self._failure is not None:
                raise self._failure
        finally:
            self._leave()

    def begin(self, cursor: str) -> None:
        """The file can be made; cursor: where the next export goes on."""
        self._begun.set_result(cursor)

    async def give(self, piece: bytes) -> None:
        """Give on a piece, once there is room. Raises when nobody takes it."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await self._pieces.put(piece)
        if self._gone:
            raise _GoneError

    def _leave(self) -> None:
        """Nobody takes the rest; whoever waits for room with a piece is to know."""
        self._gone = True
        with suppress(asyncio.QueueEmpty):
            self._pieces.get_nowait()

    async def _make(self, make: "Callable[[Handover], Awaitable[None]]") -> None:
        try:
            await make(self)
        except _GoneError:
            return
        except Exception as failure:  # noqa: BLE001  whatever it is, it is raised where the file is sent
            self._failure = failure
            if not self._begun.done():
                self._begun.set_exception(failure)
                return
        await self._pieces.put(None)


async def export(
    pool: Pool, account_id: int, selection: RowSelection, after: str | None, form: Form, out: Handover
) -> None:
    """Write the selected rows of one moment. after: the cursor of an earlier export, where it goes on.

    Raises InvalidParameter for a cursor of something else.
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
    """Where the next export goes on: at the oldest transaction that had not ended; of which ledger is decoded too."""
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
    """The batches of some rows, as they stand in the middle of a stream."""
    whole = _as_stream(rows)
    return whole[_schema_bytes(whole) : -len(_ARROW_END)]


def _as_stream(rows: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    rows.write_ipc_stream(buffer, compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()


def _schema_bytes(whole: bytes) -> int:
    """The length of the schema that a stream begins with: a mark, the length of what follows, and that."""
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
    """One Parquet file of blocks of rows, a few of which are in memory at once."""
    empty = pl.LazyFrame(schema=stored(TABLES[name]))
    rows = pl.concat([empty, *(pl.scan_ipc(place) for place in blocks)])
    rows.sink_parquet(whole, compression="zstd", compression_level=1, row_group_size=_ROWS_IN_A_GROUP)
