"""The attributes of leads that reports break down by: declare, change, withdraw and restore them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from reports.model.language import marked, translate
from reports.model.lead_attributes import USUAL_FEWEST
from service.accounts.sessions import Session
from service.errors import ChangedMeanwhile, InvalidItem, InvalidParameter
from service.ingest.configured.attributes import LeadAttributes
from service.ingest.configured.authors import Change
from service.ingest.configured.versions import Version, read_versions, restore
from service.ingest.lead_attributes import LEAD_ATTRIBUTE, AttributeName, LeadAttribute
from service.pages.components.forms import faults_by_field, read_form
from service.pages.components.layout import html_response, redirect, render
from service.pages.components.view import zone_of
from service.pages.settings.fields import FormField, read_typed, validate
from service.pages.settings.histories import author_text, history_lines, moment_of
from service.pages.settings.item_pages import ItemForm, items_of, version_text
from service.pages.sign_in import admit
from service.web.request_bodies import check_code
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

PATH = "/settings/lead-attributes"
_PAGE = page_options("configure")
_MOST = 1_000
_Answer = Response[str | bytes]

_FIELDS = (
    FormField("title", marked("Title"), marked("Its heading in reports; without it, its name.")),
    FormField(
        "values",
        marked("Values"),
        marked("One on each line, in the order of reports. Any other value counts as other."),
        "textarea",
    ),
    FormField(
        "bands",
        marked("Bands of a number"),
        marked("Where each band but the lowest begins: 18, 65 makes under 18, 18 to under 65, and 65 or more."),
    ),
    FormField(
        "fewest_leads",
        marked("Fewest leads"),
        marked("Reports withhold numbers about fewer leads of a value, so that nobody can be recognised."),
        "number",
        attributes={"min": "2"},
    ),
)
_REPORTED = FormField(
    "reported", marked("State"), choices=lambda: [("True", translate("used in reports")), ("False", "withdrawn")]
)
# The columns of a version.
_LABELS = {part.name: part for part in (*_FIELDS, _REPORTED)} | {"allowed": _FIELDS[1]}


def _attributes(context: RequestContext) -> LeadAttributes:
    return LeadAttributes(items_of(context))


@get(PATH, opt=_PAGE, before_request=admit)
async def show_attributes(request: AnyRequest, context: RequestContextDependency) -> _Answer:
    """The declared attributes, and names that leads have beside them."""
    attributes = _attributes(context)
    rows = await attributes.list_attributes("", _MOST)
    return html_response(
        render(
            "settings_attributes.html",
            session=request.user,
            here=PATH,
            rows=[{**row, "typed": _typed(row)} for row in rows],
            undeclared=await attributes.undeclared_names(),
            saved=request.query_params.get("saved", ""),
        )
    )


@get(f"{PATH}/item", opt=_PAGE, before_request=admit)
async def show_attribute(request: AnyRequest, context: RequestContextDependency) -> _Answer:
    """The form of one attribute; without a version, of a new one."""
    name = request.query_params.get("name", "")
    rows = await _attributes(context).list_attributes("", 1, name)
    versions = await read_versions(items_of(context), LEAD_ATTRIBUTE, name)
    seen = versions[0].recorded_at.isoformat() if versions else version_text(None)
    return await _form_page(context, request.user, ItemForm(name, _typed(rows[0]) if rows else {}, seen), versions)


@post(f"{PATH}/item", opt=_PAGE, before_request=admit, status_code=200)
async def save_attribute(request: AnyRequest, context: RequestContextDependency) -> _Answer:
    """Declare an attribute, or change its declaration."""
    sent = await read_form(request)
    form = ItemForm(sent.get("name", "").strip(), read_typed(_FIELDS, sent), sent.get("seen") or version_text(None))

    async def store() -> None:
        check_code("name", form.code, AttributeName)
        model = validate(LeadAttribute, _as_sent(form.values))
        await items_of(context).put(LEAD_ATTRIBUTE, form.code, model, _change(context, form))

    return await _answer(context, request.user, form, store)


@post(f"{PATH}/withdraw", opt=_PAGE, before_request=admit, status_code=200)
async def withdraw_attribute(request: AnyRequest, context: RequestContextDependency) -> _Answer:
    """Report by an attribute no longer. Its history stays, and can be restored."""
    sent = await read_form(request)
    form = ItemForm(sent.get("name", ""), _typed(await _attributes(context).read(sent.get("name", ""))), sent["seen"])

    async def store() -> None:
        await _attributes(context).withdraw(form.code, _change(context, form))

    return await _answer(context, request.user, form, store)


@post(f"{PATH}/undo", opt=_PAGE, before_request=admit, status_code=200)
async def undo_attribute(request: AnyRequest, context: RequestContextDependency) -> _Answer:
    """Write an earlier declaration again."""
    sent = await read_form(request)
    form = ItemForm(sent.get("code", ""), {}, sent.get("seen", ""))

    async def store() -> None:
        version = moment_of(sent.get("version", ""))
        await restore(items_of(context), LEAD_ATTRIBUTE, form.code, version, _change(context, form))

    return await _answer(context, request.user, form, store)


def _change(context: RequestContext, form: ItemForm) -> Change:
    return Change(context.access, moment_of(form.seen))


async def _answer(
    context: RequestContext, session: Session, form: ItemForm, store: Callable[[], Awaitable[None]]
) -> _Answer:
    """Store a change and go back to the list, or show the form again with the reason why not."""
    try:
        await store()
    except (InvalidItem, InvalidParameter) as error:
        faults = {name.partition("/")[0]: text for name, text in faults_by_field(error).items()}
        refused = ItemForm(form.code, form.values, form.seen, faults, translate("Please check the marked fields."))
        return await _form_page(context, session, refused, await _versions(context, form), 422)
    except ChangedMeanwhile:
        versions = await _versions(context, form)
        author = author_text(versions[0].author)
        message = translate(
            "{author} changed this attribute in the meantime. Nothing is saved yet. Save again to write your"
            " values over theirs.",
            author=author,
        )
        newest = versions[0].recorded_at.isoformat()
        late = ItemForm(form.code, form.values, newest, message=message)
        return await _form_page(context, session, late, versions, 409)
    return redirect(f"{PATH}?{urlencode({'saved': form.code})}")


async def _versions(context: RequestContext, form: ItemForm) -> list[Version]:
    return await read_versions(items_of(context), LEAD_ATTRIBUTE, form.code)


async def _form_page(
    context: RequestContext, session: Session, form: ItemForm, versions: list[Version], status: int = 200
) -> _Answer:
    rows = await _attributes(context).list_attributes("", 1, form.code) if versions else []
    typed = {**form.values, "fewest_leads": form.values.get("fewest_leads", USUAL_FEWEST)}
    return html_response(
        render(
            "settings_attribute.html",
            session=session,
            here=PATH,
            form=form,
            declared=bool(rows),
            new=form.seen == version_text(None),
            fields=[part.filled(typed, form.faults, {}) for part in _FIELDS],
            name_fault=form.faults.get("name", ""),
            unlisted=await _attributes(context).unlisted_values(rows[0]) if rows else [],
            history=history_lines(_LABELS, versions),
            zone=await zone_of(session, context),
        ),
        status,
    )


def _typed(row: Mapping[str, Any]) -> dict[str, str]:
    """A declaration as its form shows it."""
    return {
        "title": row["title"] or "",
        "values": "\n".join(row["values"] or ()),
        "bands": ", ".join(map(_band_text, row["bands"] or ())),
        "fewest_leads": str(row["fewest_leads"]),
    }


def _as_sent(typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed as a client of the API sends it; a text that is no number is left to the API to refuse."""
    sent: dict[str, Any] = dict(typed)
    if "values" in typed:
        sent["values"] = [line.strip() for line in typed["values"].splitlines() if line.strip()]
    if "bands" in typed:
        sent["bands"] = [_number(text) for text in typed["bands"].split(",")]
    if "fewest_leads" in typed:
        fewest = _number(typed["fewest_leads"])
        sent["fewest_leads"] = int(fewest) if isinstance(fewest, float) and fewest.is_integer() else fewest
    return sent


def _band_text(band: float) -> str:
    """The end of a band with all its digits."""
    return str(int(band)) if float(band).is_integer() else str(band)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


HANDLERS: list[HTTPRouteHandler] = [
    show_attributes,
    show_attribute,
    save_attribute,
    withdraw_attribute,
    undo_attribute,
]
