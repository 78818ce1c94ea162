"""The settings of the account: its name, time zone, currency and country, and the attributes of leads it reports by."""

from collections.abc import Mapping
from datetime import datetime

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from reports.model.language import marked
from service.accounts.sessions import Session
from service.errors import ChangedMeanwhile, InvalidItem
from service.ingest.account_settings import (
    AccountSettings,
    change_settings,
    read_settings_of,
    read_settings_versions,
)
from service.ingest.configured.authors import Change
from service.ingest.configured.versions import Version
from service.pages.components.forms import faults_by_field, read_form
from service.pages.components.layout import html_response, redirect, render
from service.pages.components.view import zone_of
from service.pages.settings.fields import FormField, countries, currencies, read_typed, validate, zones
from service.pages.settings.histories import history_lines, moment_of
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

PATH = "/settings/account"
_Answer = Response[str | bytes]

_FIELDS = (
    FormField("name", marked("Name"), marked("The name that people read."), required=True),
    FormField(
        "zone",
        marked("Time zone"),
        marked("Reports and pages use it at once, for past days too."),
        required=True,
        suggested="zones",
        attributes={"placeholder": "Europe/Berlin"},
    ),
    FormField("currency", marked("Currency"), marked("The currency of reports that name none."), choices=currencies),
    FormField(
        "region",
        marked("Country"),
        marked("The country of later phone numbers without a country code."),
        choices=countries,
    ),
)
_LABELS = {part.name: part for part in _FIELDS}


@get(PATH, opt=page_options("admin", "configure"), before_request=admit)
async def show_account(request: AnyRequest, context: RequestContextDependency) -> _Answer:
    """The settings, and how they changed. Those who may only configure read them."""
    account_id = context.access.account_id
    async with account_transaction(context.pool, account_id, readonly=True) as connection:
        row = await read_settings_of(connection, account_id)
    saved = "saved" in request.query_params
    return await _page(context, request.user, dict(row), row["recorded_at"].isoformat(), saved=saved)


@post(PATH, opt=page_options("admin"), before_request=admit, status_code=200)
async def save_account(request: AnyRequest, context: RequestContextDependency) -> _Answer:
    """Change the settings as the form has them."""
    sent = await read_form(request)
    return await _write(context, request.user, read_typed(_FIELDS, sent), sent.get("seen", ""))


@post(f"{PATH}/undo", opt=page_options("admin"), before_request=admit, status_code=200)
async def undo_account(request: AnyRequest, context: RequestContextDependency) -> _Answer:
    """Write earlier settings again."""
    sent = await read_form(request)
    versions = {version.recorded_at: version for version in await _versions(context)}
    version = versions.get(moment_of(sent.get("version", "")))
    if version is None:
        return redirect(PATH)
    return await _write(context, request.user, dict(version.values), sent.get("seen", ""))


async def _write(context: RequestContext, session: Session, typed: Mapping[str, str], seen: str) -> _Answer:
    account_id = context.access.account_id
    try:
        settings = validate(AccountSettings, {**dict.fromkeys(("name", "zone"), ""), **typed})
        async with account_transaction(context.pool, account_id) as connection:
            await change_settings(connection, account_id, settings, Change(context.access, moment_of(seen)))
    except InvalidItem as error:
        return await _page(context, session, typed, seen, faults=faults_by_field(error), status=422)
    except ChangedMeanwhile:
        newest = (await _versions(context))[0].recorded_at.isoformat()
        return await _page(context, session, typed, newest, overtaken=True, status=409)
    context.accounts.forget(account_id)
    return redirect(f"{PATH}?saved=yes")


async def _versions(context: RequestContext) -> list[Version]:
    account_id = context.access.account_id
    async with account_transaction(context.pool, account_id, readonly=True) as connection:
        return await read_settings_versions(connection, account_id)


async def _page(
    context: RequestContext,
    session: Session,
    values: Mapping[str, str | datetime],
    seen: str,
    *,
    faults: Mapping[str, str] | None = None,
    saved: bool = False,
    overtaken: bool = False,
    status: int = 200,
) -> _Answer:
    placed = faults or {}
    return html_response(
        render(
            "settings_account.html",
            session=session,
            here=PATH,
            seen=seen,
            fields=[part.filled(values, placed, {"zones": zones()}) for part in _FIELDS],
            other_faults=[text for name, text in placed.items() if name not in _LABELS],
            saved=saved,
            overtaken=overtaken,
            may_change="admin" in context.access.scopes,
            history=history_lines(_LABELS, await _versions(context)),
            zone=await zone_of(session, context),
        ),
        status,
    )


HANDLERS: list[HTTPRouteHandler] = [show_account, save_account, undo_account]
