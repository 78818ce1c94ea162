"""Campaigns, sources, agents and disposition codes in the browser: name them, confirm, merge, tell apart, and undo.

Every form is read by the model of the API and written by the function of the API.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from reports.model.language import translate
from service.accounts.sessions import Session
from service.errors import ChangedMeanwhile, InvalidItem, InvalidParameter
from service.ingest.configured.authors import Change
from service.ingest.configured.proposals import propose_again, tell_apart
from service.ingest.configured.versions import read_versions, restore
from service.pages.components.forms import faults_by_field, read_form
from service.pages.components.layout import redirect
from service.pages.settings.fields import read_typed
from service.pages.settings.histories import author_text, moment_of
from service.pages.settings.item_changes import amended_form, write_item, write_many
from service.pages.settings.item_pages import (
    ItemForm,
    current_row,
    form_page,
    items_of,
    list_page,
    stored_form,
    version_text,
)
from service.pages.settings.sections import SECTIONS, Section
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

_Answer = Response[str | bytes]


def _handlers(section: Section) -> list[HTTPRouteHandler]:
    """The pages of one section: its list, the form of an item, and what its buttons do."""
    path, page = section.path, page_options(*section.scopes)

    @get(path, opt=page, before_request=admit)
    async def show_list(request: AnyRequest, context: RequestContextDependency) -> _Answer:
        parameters = {name: values[-1] for name, values in request.query_params.dict().items()}
        return await list_page(context, request.user, section, parameters)

    @get(f"{path}/item", opt=page, before_request=admit)
    async def show_item(request: AnyRequest, context: RequestContextDependency) -> _Answer:
        code = request.query_params.get("code", "")
        form = await stored_form(context, section, code) if code else ItemForm("", {}, version_text(None))
        return await form_page(context, request.user, section, form)

    @post(f"{path}/item", opt=page, before_request=admit, status_code=200)
    async def save_item(request: AnyRequest, context: RequestContextDependency) -> _Answer:
        return await _save(context, request.user, section, await read_form(request))

    @post(f"{path}/undo", opt=page, before_request=admit, status_code=200)
    async def undo(request: AnyRequest, context: RequestContextDependency) -> _Answer:
        return await _undo(context, request.user, section, await read_form(request))

    @post(f"{path}/confirm", opt=page, before_request=admit, status_code=200)
    async def confirm(request: AnyRequest, context: RequestContextDependency) -> _Answer:
        return await _amend(context, request.user, section, await read_form(request), {})

    @post(f"{path}/merge", opt=page, before_request=admit, status_code=200)
    async def merge(request: AnyRequest, context: RequestContextDependency) -> _Answer:
        sent = await read_form(request)
        return await _amend(context, request.user, section, sent, {"merged_into": sent.get("into", "")})

    @post(f"{path}/many", opt=page, before_request=admit, status_code=200)
    async def save_many(request: AnyRequest, context: RequestContextDependency) -> _Answer:
        sent = await read_form(request)
        # A field without a value is not sent: to leave the team empty takes the agents out of their teams.
        changes = {"team": sent.get("team", "").strip()} if "move" in sent and "team" in section.labels else {}
        outcome = await write_many(context, section, sent, changes)
        return redirect(f"{path}?{urlencode({'done': outcome.saved, 'left': ', '.join(outcome.left)[:500]})}")

    @post(f"{path}/different", opt=page, before_request=admit, status_code=200)
    async def different(request: AnyRequest, context: RequestContextDependency) -> _Answer:
        sent = await read_form(request)
        pair = (sent.get("code", ""), sent.get("other", ""))
        await tell_apart(items_of(context), section.configured, pair, context.access)
        return redirect(f"{path}#spellings")

    @post(f"{path}/propose-again", opt=page, before_request=admit, status_code=200)
    async def compare_again(request: AnyRequest, context: RequestContextDependency) -> _Answer:
        sent = await read_form(request)
        await propose_again(items_of(context), section.configured, (sent.get("code", ""), sent.get("other", "")))
        return redirect(f"{path}#spellings")

    return [show_list, show_item, save_item, undo, confirm, merge, save_many, different, compare_again]


async def _save(context: RequestContext, session: Session, section: Section, sent: Mapping[str, str]) -> _Answer:
    """Write the form of an item, or show it again with what is wrong with it."""
    is_new = "seen" not in sent
    code = sent.get("code", "").strip() if is_new else sent.get("code", "")
    form = ItemForm(code, read_typed(section.fields, sent), sent.get("seen") or version_text(None))
    return await _write(context, session, section, form)


async def _amend(
    context: RequestContext, session: Session, section: Section, sent: Mapping[str, str], changes: Mapping[str, str]
) -> _Answer:
    """Confirm an item as it is, or with a few changes, if it is still the version on the page."""
    form = await amended_form(context, section, sent.get("code", ""), sent.get("seen", ""), changes)
    return await _write(context, session, section, form)


async def _write(context: RequestContext, session: Session, section: Section, form: ItemForm) -> _Answer:
    return await _answer(context, session, section, form, partial(write_item, context, section, form))


async def _undo(context: RequestContext, session: Session, section: Section, sent: Mapping[str, str]) -> _Answer:
    code, items = sent.get("code", ""), items_of(context)
    form = ItemForm(code, await items.read(section.configured, code), sent.get("seen", ""))

    async def store() -> None:
        change = Change(context.access, moment_of(form.seen))
        await restore(items, section.configured, code, moment_of(sent.get("version", "")), change)

    return await _answer(context, session, section, form, store)


async def _answer(
    context: RequestContext, session: Session, section: Section, form: ItemForm, store: Callable[[], Any]
) -> _Answer:
    """Store a change and go back to the list, or show the form again with the reason why not."""
    try:
        await store()
    except (InvalidItem, InvalidParameter) as error:
        faults = faults_by_field(error) or {"": error.detail}
        refused = ItemForm(form.code, form.values, form.seen, faults, translate("Please check the marked fields."))
        return await form_page(context, session, section, refused, 422)
    except ChangedMeanwhile:
        return await form_page(context, session, section, await _overtaken(context, section, form), 409)
    return redirect(f"{section.path}?{urlencode({'saved': form.code})}")


async def _overtaken(context: RequestContext, section: Section, form: ItemForm) -> ItemForm:
    """The form of a change that came too late: what was typed stays, and saving again writes it over the other."""
    row = await current_row(context, section, form.code)
    if form.seen == version_text(None):
        taken = {"code": translate("is in the list already")}
        return ItemForm(form.code, form.values, form.seen, taken, translate("Please check the marked fields."))
    versions = await read_versions(items_of(context), section.configured, form.code)
    author = author_text(versions[0].author if versions else None)
    message = translate(
        "{author} changed this while you had it open. Nothing of yours is saved yet. Compare with the history below;"
        " save again to write your values over theirs.",
        author=author,
    )
    return ItemForm(form.code, form.values, version_text(row), message=message, kind="warn")


HANDLERS: list[HTTPRouteHandler] = [handler for section in SECTIONS for handler in _handlers(section)]
