"""What becomes of an uploaded file: progress, the result of a check or an import, and the rejected rows."""

import asyncio
import tomllib
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import File

from reports.model.language import marked, translate
from service.config import SetupError
from service.errors import NotFound
from service.importing.language.mapping import read_mapping
from service.importing.uploads.folder import UploadFolder
from service.importing.uploads.records import Upload, author_names, find_mapping, save_mapping
from service.importing.uploads.rejected_rows import RejectedLine, first_rejected
from service.importing.uploads.runner import remove_upload
from service.pages.components.forms import read_form
from service.pages.components.layout import HEADERS, redirect
from service.pages.components.view import account_zone
from service.pages.settings.imports.opened import PAGE, PATH, OpenedUpload, UploadId, open_upload, page_of
from service.pages.settings.imports.upload import STATES, kind_title, local
from service.pages.settings.imports.words import for_page
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.services import RequestContext, RequestContextDependency
from service.web.trail import note

_REJECTED_SHOWN = 50
_LONGEST_NAME = 100
_REFRESH = {"Refresh": "2"}


@get(PATH + "/{upload_id:str}", opt=PAGE, before_request=admit)
async def upload_page(
    request: AnyRequest, context: RequestContextDependency, upload_id: UploadId
) -> Response[str | bytes]:
    """The progress of a check or an import, or its result."""
    opened = await open_upload(context, upload_id)
    if opened.upload.state == "uploaded" and opened.upload.removed_at is None:
        return redirect(f"{opened.path}/file")
    return await _page(request, context, opened)


async def _page(
    request: AnyRequest, context: RequestContext, opened: OpenedUpload, status: int = 200, problem: str = ""
) -> Response[str | bytes]:
    upload = opened.upload
    zone = await account_zone(context)
    names = await author_names(context.pool, context.access.account_id, [upload.created_by])
    words, badge = STATES.get(upload.state, (marked("Arriving"), "info"))
    work = "importing" if upload.state == "finished" else "checking"
    notes: dict[str, Any] = {} if upload.is_in_work else await asyncio.to_thread(opened.folder.read, work) or {}
    page = page_of(
        request,
        "import_upload.html",
        status,
        opened=opened,
        upload=upload,
        kind=kind_title(upload.resource),
        state=translate(words),
        badge=badge,
        uploaded=local(upload.created_at, zone),
        author=names.get(upload.created_by, ""),
        zone=zone.key,
        trouble=for_page(upload.problem or ""),
        remarks=[for_page(sentence) for sentence in notes.get("remarks", ()) if opened.sees_content],
        skipped=notes.get("skipped", {}),
        rejected=await asyncio.to_thread(_rejected, opened) if not upload.is_in_work else [],
        has_rejected=opened.folder.latest_rejected(_work(upload)) is not None,
        has_mapping=opened.folder.mapping.is_file(),
        problem=problem,
        saved=request.query_params.get("saved", ""),
    )
    if upload.is_in_work:
        page.headers.update(_REFRESH)
    return page


def _work(upload: Upload) -> str:
    """The work with the rejected rows to show: the check until rows were imported."""
    return "checking" if upload.state in {"checked", "checking"} else "importing"


def _rejected(opened: OpenedUpload) -> list[RejectedLine]:
    """The first rejected rows, for people who may see them."""
    folder: UploadFolder = opened.folder
    path = folder.latest_rejected(_work(opened.upload))
    if path is None or not opened.sees_content or not opened.upload.resource:
        return []
    try:
        mapping = read_mapping(folder.mapping, opened.upload.resource)
    except SetupError:
        return []
    return first_rejected(path, mapping, _REJECTED_SHOWN)


@get(PATH + "/{upload_id:str}/rejected", opt=PAGE, before_request=admit)
async def download_rejected(context: RequestContextDependency, upload_id: UploadId) -> Response[Any]:
    """The rejected rows as a file: all columns, with the line, the field and the reason. Mend it and upload it."""
    opened = await open_upload(context, upload_id)
    opened.require_content()
    path = await asyncio.to_thread(opened.folder.latest_rejected, _work(opened.upload))
    if path is None:
        raise NotFound(translate("There are no rejected rows, or they were removed: they are kept for a day."))
    await note(context, "export", "imports", opened.upload.file_name)
    stem = opened.upload.file_name.rpartition(".")[0] or opened.upload.file_name
    kind = "text/csv" if path.suffix == ".csv" else "application/x-ndjson"
    return File(path, filename=f"{stem}.rejected{path.suffix}", media_type=kind, headers=HEADERS)


@post(PATH + "/{upload_id:str}/import", opt=PAGE, before_request=admit, status_code=200)
async def start_import(
    request: AnyRequest, context: RequestContextDependency, upload_id: UploadId
) -> Response[str | bytes]:
    """Import the rows that were checked. An import that was cancelled goes on with the next row."""
    await read_form(request)
    opened = await open_upload(context, upload_id)
    if opened.may_be_imported and opened.upload.resource:
        await note(context, "create", "imports", opened.upload.file_name)
        await opened.uploads.start(opened.upload.id, opened.upload.resource, "importing")
        request.app.state.uploads_wait.set()
    return redirect(opened.path)


@post(PATH + "/{upload_id:str}/cancel", opt=PAGE, before_request=admit, status_code=200)
async def cancel_work(
    request: AnyRequest, context: RequestContextDependency, upload_id: UploadId
) -> Response[str | bytes]:
    """Stop the check or the import. Rows that are stored stay stored."""
    await read_form(request)
    opened = await open_upload(context, upload_id)
    await opened.uploads.cancel(opened.upload.id)
    return redirect(opened.path)


@post(PATH + "/{upload_id:str}/remove", opt=PAGE, before_request=admit, status_code=200)
async def remove_files(
    request: AnyRequest, context: RequestContextDependency, upload_id: UploadId
) -> Response[str | bytes]:
    """Remove the file and its rejected rows now. Rows that are stored stay stored."""
    await read_form(request)
    opened = await open_upload(context, upload_id)
    if not opened.upload.is_in_work:
        await remove_upload(opened.uploads, context.settings.home, opened.upload.id)
    return redirect(PATH)


@post(PATH + "/{upload_id:str}/mapping", opt=PAGE, before_request=admit, status_code=200)
async def save_upload_mapping(
    request: AnyRequest, context: RequestContextDependency, upload_id: UploadId
) -> Response[str | bytes]:
    """Save the mapping under a name, to choose it for the next file."""
    fields = await read_form(request)
    opened = await open_upload(context, upload_id)
    name = fields.get("name", "").strip()
    problem = await _name_problem(context, name, replaces=fields.get("replace") == "yes")
    if problem or not opened.upload.resource or not opened.folder.mapping.is_file():
        return await _page(
            request, context, opened, 422, problem or translate("The mapping was removed with the file.")
        )
    content = await asyncio.to_thread(opened.folder.mapping.read_text, encoding="utf-8")
    tomllib.loads(content)
    account_id = context.access.account_id
    await save_mapping(context.pool, account_id, name, opened.upload.resource, content, context.access.prefix)
    return redirect(f"{opened.path}?saved=mapping")


async def _name_problem(context: RequestContext, name: str, *, replaces: bool) -> str:
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        return translate("Enter a name of at most {count} characters.", count=_LONGEST_NAME)
    if not replaces and await find_mapping(context.pool, context.access.account_id, name):
        return translate("There is a mapping of this name. Tick the box to replace it, or choose another name.")
    return ""


HANDLERS: list[HTTPRouteHandler] = [
    upload_page,
    download_rejected,
    start_import,
    cancel_work,
    remove_files,
    save_upload_mapping,
]
