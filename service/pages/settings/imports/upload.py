"""The first page of the import: drop a file, choose a saved mapping later, and see earlier imports."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from reports.model.language import marked, translate
from service.errors import BodyTooLarge, InvalidItem
from service.importing.guess.words import KINDS
from service.importing.uploads.records import Upload, Uploads, author_names, list_mappings, remove_mapping
from service.pages.components.forms import faults_by_field, read_form
from service.pages.components.layout import redirect
from service.pages.components.view import account_zone
from service.pages.settings.imports.opened import PAGE, PATH, page_of
from service.pages.settings.imports.receiving import receive_upload
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.services import RequestContext, RequestContextDependency

_MOST_LISTED = 25
# What a person reads of the state of an upload, and the kind of its badge.
STATES = {
    "uploaded": (marked("Not imported yet"), "neutral"),
    "checking": (marked("Checking"), "info"),
    "checked": (marked("Checked, not imported"), "neutral"),
    "importing": (marked("Importing"), "info"),
    "finished": (marked("Imported"), "good"),
    "failed": (marked("Failed"), "bad"),
    "cancelled": (marked("Cancelled"), "warn"),
}


@get(PATH, opt=PAGE, before_request=admit)
async def import_page(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Upload a file, and see earlier imports and saved mappings."""
    return await _page(request, context)


@post(PATH, opt=PAGE, before_request=admit, status_code=200)
async def upload_file(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Receive a file, and go on with how it is read."""
    try:
        upload_id = await receive_upload(request, context)
    except InvalidItem as error:
        return await _page(request, context, 422, faults_by_field(error)["file"])
    except BodyTooLarge as error:
        return await _page(request, context, 413, error.detail)
    return redirect(f"{PATH}/{upload_id}/file")


@post(f"{PATH}/remove-mapping", opt=PAGE, before_request=admit, status_code=200)
async def remove_saved_mapping(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Remove a saved mapping. Rows that were imported with it stay."""
    fields = await read_form(request)
    await remove_mapping(context.pool, context.access.account_id, fields.get("name", ""))
    return redirect(PATH)


async def _page(
    request: AnyRequest, context: RequestContext, status: int = 200, problem: str = ""
) -> Response[str | bytes]:
    zone = await account_zone(context)
    uploads = await Uploads(context.pool, context.access.account_id).list(_MOST_LISTED)
    mappings = await list_mappings(context.pool, context.access.account_id)
    authors = (*(upload.created_by for upload in uploads), *(row["saved_by"] for row in mappings))
    names = await author_names(context.pool, context.access.account_id, authors)
    return page_of(
        request,
        "import.html",
        status,
        problem=problem,
        most_megabytes=context.settings.max_upload_bytes >> 20,
        uploads=[_listed(upload, zone, names) for upload in uploads],
        mappings=[
            {
                "name": row["name"],
                "kind": kind_title(row["resource"]),
                "saved": local(row["saved_at"], zone),
                "saved_by": names.get(row["saved_by"], ""),
            }
            for row in mappings
        ],
        zone=zone.key,
    )


def _listed(upload: Upload, zone: ZoneInfo, names: Mapping[str, str]) -> dict[str, Any]:
    """An upload as the list shows it."""
    words, badge = STATES[upload.state]
    return {
        "upload": upload,
        "when": local(upload.created_at, zone),
        "author": names.get(upload.created_by, ""),
        "kind": kind_title(upload.resource),
        "state": translate(words),
        "badge": badge,
    }


def kind_title(resource: str | None) -> str:
    """What people call a kind of rows."""
    return translate(KINDS[resource][0]) if resource else ""


def local(moment: Any, zone: ZoneInfo) -> str:
    """A time on the clock of the account."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


HANDLERS: list[HTTPRouteHandler] = [import_page, upload_file, remove_saved_mapping]
