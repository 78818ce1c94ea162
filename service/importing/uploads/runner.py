"""The background work on uploads: checks and imports them one after the other, whichever worker gets to them first.

The progress is in the ledger, so a closed page stops nothing, and any worker can show it. If the service stops, the
next one goes on: an import continues after its last stored rows, and a check begins again.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import asyncpg
import structlog

from service.config import SetupError
from service.errors import LedgerUnavailable
from service.importing.file_mapping import mapping_of_file
from service.importing.file_time import FileTime
from service.importing.run import ImportJob, ImportResult, check_file, import_file
from service.importing.run_record import fingerprint
from service.importing.summary import remarks
from service.importing.uploads.folder import UploadFolder
from service.importing.uploads.records import Upload, Uploads, list_in_work
from service.platform.background import repeated
from service.platform.db import Pool, acquire
from sql import load

OBSERVED_AT = "observed_at"
KEPT_FOR = timedelta(days=1)
_SQL = load("uploads")
_LOOKS_EVERY_SECONDS, _REMOVES_EVERY_SECONDS = 1.0, 600.0
_PROGRESS_SECONDS = 0.5
_CHUNK = 10_000
_UPLOADED = "the time of the upload"
# A machine with the file begins within this time.
_OTHERS_HAVE = timedelta(minutes=10)
# A file that ends the process that reads it must not end every process after it.
_MOST_STARTS = 5
_TOO_MUCH = "The service stopped several times while it read this file. Split the file, or save it as CSV."
_AWAY = (LedgerUnavailable, ConnectionError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError)

_log = structlog.stdlib.get_logger(__name__)


def folder_of(home: Path, upload_id: str) -> UploadFolder:
    """The folder of an upload in the service's home."""
    return UploadFolder(home / "uploads" / upload_id)


def observed_at(choices: Mapping[str, str], now: datetime) -> datetime | None:
    """When a file knew its rows, if a person chose it: a local time in the zone of the file. Raises SetupError."""
    text = choices.get(OBSERVED_AT)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(choices.get("zone") or "UTC"))
    except (ValueError, ZoneInfoNotFoundError):
        raise SetupError("Enter a day and a time.") from None
    if moment > now:
        raise SetupError("Enter a time in the past.")
    return moment.astimezone(UTC)


def import_job(folder: UploadFolder, upload: Upload, account_id: int) -> ImportJob:
    """The job of the command for an uploaded file and its mapping. Raises SetupError."""
    path, resource = folder.file, upload.resource or ""
    mapping = mapping_of_file(path, resource, folder.mapping)
    known = fingerprint(path, folder.mapping, None, None)
    stated = observed_at(folder.read("file_choices") or {}, datetime.now(UTC))
    time = FileTime(stated, "as stated", is_stated=True) if stated else FileTime(upload.created_at, _UPLOADED)
    return ImportJob(path, mapping, known, account_id, time, folder.rejected(upload.state), _CHUNK)


@dataclass
class _Progress:
    """The progress of the current work."""

    share: float = 0.0
    rows: int = 0

    def show(self, share: float, rows: int) -> None:
        """Note how far the work is."""
        self.share, self.rows = share, rows


class _CancelledByPerson(Exception):
    """Somebody cancelled the work."""


@dataclass(frozen=True)
class UploadRunner:
    """Works on the uploads of all accounts. url: the ledger. home: the folder of the service."""

    pool: Pool
    url: str
    home: Path

    async def work(self) -> None:
        """Check and import what waits, the oldest first, as long as no other worker does."""
        async with acquire(self.pool) as connection:
            waiting = await list_in_work(connection)
        for account_id, upload_id in waiting:
            async with self._held(upload_id) as is_ours:
                if is_ours:
                    await self._work_on(Uploads(self.pool, account_id), upload_id)

    @asynccontextmanager
    async def _held(self, upload_id: str) -> AsyncGenerator[bool]:
        """Keep other workers away from an upload. The ledger lets go of it when this process dies."""
        async with acquire(self.pool) as connection:
            is_ours: bool = await connection.fetchval(_SQL["hold"], upload_id)
            try:
                yield is_ours
            finally:
                if is_ours:
                    with suppress(asyncpg.InterfaceError, asyncpg.PostgresConnectionError):
                        await connection.fetchval(_SQL["release"], upload_id)

    async def _work_on(self, uploads: Uploads, upload_id: str) -> None:
        upload, folder = await uploads.find(upload_id), folder_of(self.home, upload_id)
        if upload is None or (not folder.has_file and _is_recent(upload)):
            return  # another machine may have the file
        starts = await uploads.take(upload_id)
        if starts > _MOST_STARTS:
            await uploads.stop(upload_id, "failed", _TOO_MUCH)
        elif starts:
            await self._try(uploads, upload, folder)

    async def _try(self, uploads: Uploads, upload: Upload, folder: UploadFolder) -> None:
        """Check or import one file, and record the end of the work whatever it is."""
        try:
            await self._finish(uploads, upload, folder)
        except _CancelledByPerson:
            await uploads.stop(upload.id, "cancelled")
        except SetupError as error:
            await uploads.stop(upload.id, "failed", folder.plain(str(error)))
        except _AWAY:
            raise
        except Exception as error:  # noqa: BLE001  its message may quote the file, which belongs in no log
            _log.error("an uploaded file could not be imported", upload=upload.id, error=type(error).__name__)
            await uploads.stop(upload.id, "failed", "The file could not be imported because of an error in calltally.")

    async def _finish(self, uploads: Uploads, upload: Upload, folder: UploadFolder) -> None:
        """Check or import one file, and record the result."""
        await asyncio.to_thread(folder.begin, upload.state)
        job = await asyncio.to_thread(import_job, folder, upload, uploads.account_id)
        progress, is_check = _Progress(), upload.state == "checking"
        work = (check_file if is_check else import_file)(self.url, job, progress)
        result = await _watched(work, progress, uploads, upload.id)
        sentences = [folder.plain(sentence) for sentence in remarks(job, result)]
        await asyncio.to_thread(folder.note, upload.state, {"remarks": sentences, "skipped": dict(result.skipped)})
        if is_check:
            await uploads.close_check(upload.id, result)
        else:
            await uploads.close_import(upload.id, result)
            await asyncio.to_thread(folder.remove_file)

    async def remove_old(self) -> None:
        """Remove the files of uploads that are older than a day."""
        async with acquire(self.pool) as connection:
            rows = await connection.fetch(_SQL["to_remove"], KEPT_FOR)
        for account_id, upload_id in rows:
            await remove_upload(Uploads(self.pool, account_id), self.home, upload_id)


def _is_recent(upload: Upload) -> bool:
    return upload.begun_at is not None and datetime.now(UTC) - upload.begun_at < _OTHERS_HAVE


async def remove_upload(uploads: Uploads, home: Path, upload_id: str) -> None:
    """Remove the files of an upload."""
    await asyncio.to_thread(folder_of(home, upload_id).remove)
    await uploads.note_removed(upload_id)


async def _watched(
    work: Coroutine[Any, Any, ImportResult], progress: _Progress, uploads: Uploads, upload_id: str
) -> ImportResult:
    """The result of the work, whose progress is recorded while it runs. Raises _CancelledByPerson."""
    task = asyncio.create_task(work)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=_PROGRESS_SECONDS)
            if await uploads.advance(upload_id, progress.share, progress.rows) and not task.done():
                raise _CancelledByPerson
        return task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def imports(pool: Pool, url: str, home: Path) -> AsyncGenerator[asyncio.Event]:
    """Work on uploads until the block ends, and remove old ones. Yields what wakes the work when a file waits."""
    runner, waiting = UploadRunner(pool, url, home), asyncio.Event()

    async def pause(seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(waiting.wait(), seconds)
        waiting.clear()

    async with (
        repeated(
            runner.work, seconds=_LOOKS_EVERY_SECONDS, failure="uploaded files could not be imported", pause=pause
        ),
        repeated(runner.remove_old, seconds=_REMOVES_EVERY_SECONDS, failure="old uploads could not be removed"),
    ):
        yield waiting
