"""How an uploaded file is read: its format with the first rows, what its rows are, and which column is which."""

import asyncio
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from reports.model.language import marked, translate
from reports.model.times import zone_names
from service.config import SetupError
from service.errors import NotFound
from service.importing.guess.build import Choices, mapping_content, suggested_choices, unused_columns, with_shape
from service.importing.guess.columns import fits
from service.importing.guess.shape import FileShape
from service.importing.guess.words import KINDS
from service.importing.language.choices import shipped
from service.importing.language.mapping import read_mapping
from service.importing.language.toml_text import toml_text
from service.importing.uploads.records import find_mapping, list_mappings
from service.importing.uploads.runner import OBSERVED_AT, observed_at
from service.importing.uploads.shapes import changed_choices, choose_shape, read_shape
from service.pages.components.forms import read_form
from service.pages.components.layout import redirect
from service.pages.components.view import account_zone
from service.pages.settings.imports.field_choices import (
    field_groups,
    has_new_words,
    has_numbers,
    missing_fields,
    read_choices,
    word_choices,
)
from service.pages.settings.imports.format_words import format_fields, region_choices
from service.pages.settings.imports.opened import PAGE, PATH, OpenedUpload, UploadId, open_upload, page_of
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.services import RequestContext, RequestContextDependency
from service.web.trail import note_numbers

_ROWS_SHOWN = 20
# These kinds of rows are settings of the account.
_SETTINGS = frozenset({"tracking-numbers", "assignments", "exchange-rates"})
_NEW_WORDS = marked(
    "Some words in the file are not ours. Say below what they mean, or leave them: their rows are then rejected."
)
_FILE_CHOICES = ("kind", "mapping", "zone", OBSERVED_AT)
_OWN, _SHIPPED = "own:", "included:"


@get(PATH + "/{upload_id:str}/file", opt=PAGE, before_request=admit)
async def file_page(
    request: AnyRequest, context: RequestContextDependency, upload_id: UploadId
) -> Response[str | bytes]:
    """The first rows as they are read, and how to read them otherwise."""
    opened = await open_upload(context, upload_id)
    opened.require_choices()
    await note_numbers(context, "imports", opened.upload.file_name)
    return await _file_page(request, context, opened)


@post(PATH + "/{upload_id:str}/file", opt=PAGE, before_request=admit, status_code=200)
async def choose_file_format(
    request: AnyRequest, context: RequestContextDependency, upload_id: UploadId
) -> Response[str | bytes]:
    """Read the file otherwise, or go on to its columns."""
    fields = await read_form(request)
    opened = await open_upload(context, upload_id)
    opened.require_choices()
    try:
        shape = await asyncio.to_thread(read_shape, opened.folder, opened.order)
        choices = changed_choices(opened.folder, shape, fields)
        if choices != (opened.folder.read("shape_choices") or {}):
            await asyncio.to_thread(choose_shape, opened.folder, choices, opened.order)
    except (SetupError, ValueError) as error:
        return await _file_page(request, context, opened, 422, {"form": opened.folder.plain(str(error))}, fields)
    opened.folder.note("file_choices", {name: fields.get(name, "") for name in _FILE_CHOICES})
    if fields.get("action") == "preview":
        return redirect(f"{opened.path}/file")
    if problems := _file_problems(fields):
        return await _file_page(request, context, opened, 422, problems, fields)
    if fields.get("mapping"):
        return await _use_mapping(request, context, opened, fields)
    opened.folder.note("column_choices", None)
    return redirect(f"{opened.path}/columns")


def _file_problems(fields: Mapping[str, str]) -> dict[str, str]:
    problems: dict[str, str] = {}
    if fields.get("zone") not in zone_names():
        problems["zone"] = translate("Enter a time zone such as Europe/Lisbon.")
    if not fields.get("mapping") and fields.get("kind") not in KINDS:
        problems["kind"] = translate("Choose what the rows are.")
    try:
        observed_at(fields, datetime.now(UTC))
    except SetupError as error:
        problems[OBSERVED_AT] = str(error)
    return problems


async def _file_page(
    request: AnyRequest,
    context: RequestContext,
    opened: OpenedUpload,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
) -> Response[str | bytes]:
    shape = await asyncio.to_thread(read_shape, opened.folder, opened.order)
    noted: dict[str, str] = opened.folder.read("file_choices") or {}
    zone = (await account_zone(context)).key
    chosen = dict.fromkeys(_FILE_CHOICES, "") | {"zone": zone} | {name: value for name, value in noted.items() if value}
    return page_of(
        request,
        "import_file.html",
        status,
        opened=opened,
        shape=shape,
        rows=shape.rows(_ROWS_SHOWN),
        formats=format_fields(shape),
        kinds=[
            ("", translate("Choose")),
            *((name, f"{translate(title)}: {translate(about)}") for name, (title, about) in KINDS.items()),
        ],
        mappings=await _mappings(context, shape),
        zones=sorted(zone_names()),
        chosen=chosen | dict(fields or {}),
        problems=problems or {},
    )


async def _mappings(context: RequestContext, shape: FileShape) -> list[tuple[str, str]]:
    """The mappings to choose from, those that fit the columns first."""
    saved = await list_mappings(context.pool, context.access.account_id)
    choices = [
        (f"{_OWN}{row['name']}", f"{row['name']} ({translate(KINDS[row['resource']][0])})", row["content"])
        for row in saved
    ]
    choices += [
        (f"{_SHIPPED}{name}", translate("{name} (included)", name=name), path.read_text(encoding="utf-8"))
        for name, path in shipped().items()
    ]
    marked = [(value, text, fits(tomllib.loads(content), shape.columns)) for value, text, content in choices]
    marked.sort(key=lambda choice: not choice[2])
    return [
        ("", translate("Match the columns on the next page")),
        *(
            (value, translate("{text}, fits this file", text=text) if is_fit else text)
            for value, text, is_fit in marked
        ),
    ]


async def _use_mapping(
    request: AnyRequest, context: RequestContext, opened: OpenedUpload, fields: Mapping[str, str]
) -> Response[str | bytes]:
    """Check the rows with a saved or an included mapping."""
    shape = await asyncio.to_thread(read_shape, opened.folder, opened.order)
    resource, content = await _chosen_mapping(context, fields["mapping"])
    if fields["mapping"].startswith(_OWN):
        content = with_shape(content, shape.options, fields["zone"])
    else:
        content = {**content, "times": {**content.get("times", {}), "zone": fields["zone"]}}
    problem = await _check(request, context, opened, resource, content)
    if problem:
        return await _file_page(request, context, opened, 422, {"mapping": problem}, fields)
    return redirect(opened.path)


async def _chosen_mapping(context: RequestContext, choice: str) -> tuple[str, dict[str, Any]]:
    """The kind of rows and the tables of a mapping. Raises NotFound."""
    if choice.startswith(_OWN):
        row = await find_mapping(context.pool, context.access.account_id, choice.removeprefix(_OWN))
        if row:
            return row["resource"], tomllib.loads(row["content"])
    elif (path := shipped().get(choice.removeprefix(_SHIPPED))) is not None:
        return "attempts", tomllib.loads(path.read_text(encoding="utf-8"))
    raise NotFound(translate("There is no such mapping. It may have been removed."))


@get(PATH + "/{upload_id:str}/columns", opt=PAGE, before_request=admit)
async def columns_page(
    request: AnyRequest, context: RequestContextDependency, upload_id: UploadId
) -> Response[str | bytes]:
    """Which column fills which field, as the names of the columns suggest."""
    opened = await open_upload(context, upload_id)
    opened.require_choices()
    resource, zone = _kind_and_zone(opened)
    if not resource:
        return redirect(f"{opened.path}/file")
    shape = await asyncio.to_thread(read_shape, opened.folder, opened.order)
    noted = opened.folder.read("column_choices")
    choices = Choices(**noted) if noted else suggested_choices(resource, shape, zone)
    return await _columns_page(request, context, opened, shape, choices)


@post(PATH + "/{upload_id:str}/columns", opt=PAGE, before_request=admit, status_code=200)
async def choose_columns(
    request: AnyRequest, context: RequestContextDependency, upload_id: UploadId
) -> Response[str | bytes]:
    """Check the rows with these columns."""
    fields = await read_form(request)
    opened = await open_upload(context, upload_id)
    opened.require_choices()
    resource, zone = _kind_and_zone(opened)
    if not resource:
        return redirect(f"{opened.path}/file")
    shape = await asyncio.to_thread(read_shape, opened.folder, opened.order)
    choices = read_choices(resource, fields, shape, zone)
    opened.folder.note("column_choices", asdict(choices))
    if missing := missing_fields(resource, choices):
        return await _columns_page(request, context, opened, shape, choices, missing)
    if has_new_words(resource, fields, shape, choices):
        return await _columns_page(request, context, opened, shape, choices, {"form": translate(_NEW_WORDS)})
    problem = await _check(request, context, opened, resource, mapping_content(resource, shape, choices))
    if problem:
        return await _columns_page(request, context, opened, shape, choices, {"form": problem})
    return redirect(opened.path)


def _kind_and_zone(opened: OpenedUpload) -> tuple[str, str]:
    """The kind of rows and the time zone that the page before asked for."""
    noted: dict[str, str] = opened.folder.read("file_choices") or {}
    return noted.get("kind", ""), noted.get("zone") or "UTC"


async def _columns_page(
    request: AnyRequest,
    context: RequestContext,
    opened: OpenedUpload,
    shape: FileShape,
    choices: Choices,
    problems: Mapping[str, str] | None = None,
) -> Response[str | bytes]:
    resource, zone = _kind_and_zone(opened)
    account = await context.accounts.get(context.access.account_id)
    names = (*shape.columns, *shape.joined)
    examples = {name: next((text for text in shape.texts(name) if text), "") for name in names}
    return page_of(
        request,
        "import_columns.html",
        422 if problems else 200,
        opened=opened,
        kind=translate(KINDS[resource][0]),
        resource=resource,
        zone=zone,
        words=word_choices(resource, shape, choices),
        groups=field_groups(resource, choices, problems or {}),
        choices=choices,
        columns=[(name, f"{name} ({text[:30]})" if text else name) for name, text in examples.items()],
        unused=unused_columns(shape, choices),
        plain_columns=shape.columns,
        regions=region_choices(account.region) if has_numbers(resource) else [],
        problems=problems or {},
    )


async def _check(
    request: AnyRequest, context: RequestContext, opened: OpenedUpload, resource: str, content: Mapping[str, Any]
) -> str | None:
    """Store the mapping and begin to check the rows; returns what is wrong with the mapping, if anything."""
    if resource in _SETTINGS or content.get("disposition_codes"):
        context.access.require("configure")
    opened.folder.write_mapping(toml_text(content))
    try:
        await asyncio.to_thread(read_mapping, opened.folder.mapping, resource)
    except SetupError as error:
        return opened.folder.plain(str(error))
    if not await opened.uploads.start(opened.upload.id, resource, "checking"):
        return translate("The file is being imported, or is no longer here.")
    request.app.state.uploads_wait.set()
    return None


HANDLERS: list[HTTPRouteHandler] = [file_page, choose_file_format, columns_page, choose_columns]
