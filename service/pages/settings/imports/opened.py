"""One upload as its pages open it: its record, its folder, and who may see what is in the file."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from litestar import Response
from litestar.params import PathParameter

from reports.model.language import translate
from service.errors import NotAllowed, NotFound
from service.importing.guess.shape import DateOrder
from service.importing.uploads.folder import UploadFolder
from service.importing.uploads.records import Upload, Uploads
from service.importing.uploads.runner import folder_of
from service.importing.uploads.shapes import usual_order
from service.pages.components.layout import html_response, render
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext

PATH = "/settings/import"
PAGE = page_options("ingest")

UploadId = Annotated[str, PathParameter(description="The id of an upload.")]


@dataclass(frozen=True)
class OpenedUpload:
    """An upload, its folder, and the usual order of day and month in its account."""

    upload: Upload
    folder: UploadFolder
    uploads: Uploads
    order: DateOrder
    sees_content: bool

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"{PATH}/{self.upload.id}"

    @property
    def may_be_imported(self) -> bool:
        """Whether its rows were checked, and were not imported since."""
        is_open = self.upload.state in {"checked", "cancelled", "failed"} and self.upload.removed_at is None
        return is_open and self.upload.valid is not None

    def require_choices(self) -> None:
        """Refuse to choose how a file is read that is in work, imported or gone. Raises NotFound and NotAllowed."""
        self.require_content()
        if self.upload.state not in {"uploaded", "checked", "cancelled", "failed"} or not self.folder.has_file:
            raise NotFound(
                translate("The file is being imported, or is no longer here. Upload it again to read it otherwise.")
            )

    def require_content(self) -> None:
        """Refuse to show what is in the file. Raises NotAllowed."""
        if not self.sees_content:
            raise NotAllowed(
                translate("Only the person who uploaded the file and people who may see phone numbers see its rows.")
            )


async def open_upload(context: RequestContext, upload_id: str) -> OpenedUpload:
    """The upload of this id. Raises NotFound."""
    uploads = Uploads(context.pool, context.access.account_id)
    upload = await uploads.find(upload_id)
    if upload is None:
        raise NotFound(translate("There is no such upload. Uploaded files are removed after a day."))
    sees_content = upload.created_by == context.access.prefix or "phone-numbers" in context.access.scopes
    order = usual_order(await context.accounts.get(context.access.account_id))
    return OpenedUpload(upload, folder_of(context.settings.home, upload_id), uploads, order, sees_content)


def page_of(request: AnyRequest, template: str, status: int = 200, **variables: Any) -> Response[str | bytes]:
    """A page of the import. Other pages must not keep it: it may show people's numbers."""
    page = partial(render, template, session=request.user, here=PATH)
    return html_response(page(**variables), status)
