"""Receiving an uploaded file: it goes to disk as it arrives, and never stands in memory as a whole."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO

from multipart import MultipartError, MultipartSegment, PushMultipartParser  # pyright: ignore[reportMissingTypeStubs]

from reports.model.language import marked, translate
from service.accounts.sessions import Session
from service.config import SetupError
from service.errors import BodyTooLarge, Fault, InvalidItem, MalformedBody, NotAllowed
from service.importing.uploads.folder import safe_name
from service.importing.uploads.records import Uploads
from service.importing.uploads.runner import folder_of, remove_upload
from service.importing.uploads.shapes import choose_shape, usual_order
from service.web.requests import AnyRequest
from service.web.services import RequestContext

# Other parts of the form are short.
_MOST_TEXT = 4096
_BLOCK = 1 << 20
_MOST_FILES = 20


async def receive_upload(request: AnyRequest, context: RequestContext) -> str:
    """Store the file of a form on disk; returns the id of the upload.

    Raises NotAllowed for a form that is not of this session, InvalidItem for a file that cannot be imported, and
    BodyTooLarge.
    """
    _check_announced(request, context.settings.max_upload_bytes)
    uploads = Uploads(context.pool, context.access.account_id)
    if await uploads.count_on_disk() >= _MOST_FILES:
        raise _refused(translate("Too many uploaded files wait to be imported. Import or remove some of them first."))
    arriving = _Arriving(request, context, uploads)
    try:
        await arriving.read()
        await arriving.check()
    except BaseException:
        await arriving.give_up()
        raise
    return arriving.upload_id


def _check_announced(request: AnyRequest, most: int) -> None:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most + 16 * _MOST_TEXT:
        raise _too_large(most)


def _too_large(most: int) -> BodyTooLarge:
    return BodyTooLarge(
        translate("The file is larger than {size} MB. Compress it as .gz or .zip, or split it.", size=most >> 20)
    )


def _refused(message: str) -> InvalidItem:
    return InvalidItem(faults=(Fault("file", message),))


@dataclass
class _Arriving:
    """A file that arrives. upload_id: empty until its first byte is here."""

    request: AnyRequest
    context: RequestContext
    uploads: Uploads
    upload_id: str = ""
    size: int = 0
    texts: dict[str, bytearray] = field(default_factory=dict[str, bytearray])

    async def read(self) -> None:
        """Read the form to its end."""
        with ExitStack() as stack:
            await self._read(stack)
        if not self.size:
            raise _refused(translate("Choose a file with at least one row."))
        await self.uploads.complete(self.upload_id, self.size)

    async def _read(self, stack: ExitStack) -> None:
        segment: MultipartSegment | None = None
        file: IO[bytes] | None = None
        waiting = bytearray()
        async for piece in self._pieces():
            if isinstance(piece, MultipartSegment):
                segment = piece
                if segment.filename:
                    file = await self._open(stack, segment.filename)
            elif segment is not None and segment.filename and file is not None:
                waiting += piece or b""
                self._count(len(piece or b""))
                if len(waiting) >= _BLOCK or piece is None:
                    block, waiting = bytes(waiting), bytearray()
                    await asyncio.to_thread(file.write, block)
            elif segment is not None and piece:
                self._note(segment.name or "", piece)

    async def _pieces(self) -> AsyncIterator[MultipartSegment | bytes | bytearray | None]:
        """The parts of the form: their heads, their content, and None at the end of each."""
        kind, options = self.request.content_type
        if kind != "multipart/form-data" or not options.get("boundary"):
            raise MalformedBody(translate("Send the file with the form of this page."))
        try:
            with PushMultipartParser(options["boundary"], max_segment_count=16) as parser:
                async for chunk in self.request.stream():
                    for piece in parser.parse(chunk) if chunk else ():
                        yield piece
        except MultipartError:
            raise MalformedBody(translate("The upload did not arrive whole. Try again.")) from None

    async def _open(self, stack: ExitStack, name: str) -> IO[bytes]:
        """The file on disk, once the form has proven to be of this session."""
        session: Session = self.request.user
        if not session.wrote(self.texts.get("form_token", bytearray()).decode("utf-8", "replace")):
            raise NotAllowed(translate("This form is not of your session; load the page again."))
        if self.upload_id:
            raise _refused(translate("Upload one file at a time."))
        self.upload_id = await self.uploads.begin(safe_name(name), self.context.access.prefix)
        return stack.enter_context(folder_of(self.context.settings.home, self.upload_id).receive(name))

    def _count(self, more: int) -> None:
        self.size += more
        if self.size > self.context.settings.max_upload_bytes:
            raise _too_large(self.context.settings.max_upload_bytes)

    def _note(self, name: str, piece: bytes | bytearray) -> None:
        text = self.texts.setdefault(name, bytearray())
        text += piece
        if len(text) > _MOST_TEXT:
            raise MalformedBody(translate("A field of the form is too long."))

    async def check(self) -> None:
        """Unpack what came in an archive, and look at the first rows. Raises InvalidItem if it is no table."""
        folder = folder_of(self.context.settings.home, self.upload_id)
        order = usual_order(await self.context.accounts.get(self.context.access.account_id))
        try:
            await asyncio.to_thread(folder.unpack)
            await asyncio.to_thread(choose_shape, folder, {}, order)
        except SetupError as error:
            raise _refused(folder.plain(str(error))) from None

    async def give_up(self) -> None:
        """Remove what has arrived."""
        if self.upload_id:
            await self.uploads.stop(
                self.upload_id, "failed", marked("The upload did not arrive whole, or is no table.")
            )
            await remove_upload(self.uploads, self.context.settings.home, self.upload_id)
