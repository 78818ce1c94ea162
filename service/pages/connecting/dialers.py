"""Settings, Dialers: the hooks of the account, and the form that connects another dialer."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from reports.model.language import translate
from service.config import SetupError
from service.dialers import Dialer
from service.errors import Fault, InvalidItem, NotFound
from service.hooks.dialer_choices import ready_choices, vendors
from service.hooks.hooks import (
    address,
    campaign_codes,
    checked_form,
    create_hook,
    described_dialer,
    list_hooks,
    setup_text,
)
from service.hooks.kinds import MAPPED, kinds
from service.mapped.preview import as_text
from service.mapped.ready_mappings import ready
from service.pages.components.forms import read_form
from service.pages.components.layout import html_response, render
from service.pages.connecting.deliveries import live_state
from service.pages.connecting.hook_forms import (
    ANSWERED_MEANS,
    ConnectForm,
    blank_form,
    checked_preview,
    described_form,
    hook_form_of,
    typed_form,
    with_secret,
)
from service.pages.connecting.hook_signs import sign_of
from service.pages.connecting.markdown import html_of
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.platform.secret_encryption import cipher_of
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

PATH = "/settings/dialers"
SEE = page_options("configure", "admin")
CHANGE = page_options("admin")
COUNTED_DAYS = 30

Page = Response[str | bytes]


@get(PATH, opt=SEE, before_request=admit)
async def dialers_page(request: AnyRequest, context: RequestContextDependency) -> Page:
    """The dialers that deliver to the account, and those that can be connected."""
    account = context.access.account_id
    async with account_transaction(context.pool, account, readonly=True) as connection:
        hooks = await list_hooks(connection, account, counted_since())
    lines = [hook | {"title": title_of(hook), "sign": sign_of(hook)} for hook in reversed(hooks)]
    page = render(
        "settings_dialers.html",
        session=request.user,
        hooks=[line for line in lines if line["revoked_at"] is None],
        closed=[line for line in lines if line["revoked_at"] is not None],
        vendors=vendors(),
        ready=ready_choices(),
        may_change="admin" in context.access.scopes,
        saved=request.query_params.get("saved"),
    )
    return html_response(page)


@get(f"{PATH}/connect", opt=CHANGE, before_request=admit)
async def connect_page(request: AnyRequest, context: RequestContextDependency) -> Page:
    """The form that connects the chosen dialer. Raises NotFound for a dialer that calltally does not know."""
    dialer, mapping = request.query_params.get("dialer", MAPPED), request.query_params.get("mapping")
    if dialer not in kinds() or (mapping and mapping not in ready()):
        raise NotFound(translate("calltally does not know this dialer. Choose one from the list."))
    return await _form_page(request, context, blank_form(dialer, mapping))


@post(f"{PATH}/connect", opt=CHANGE, before_request=admit, status_code=200)
async def connect(request: AnyRequest, context: RequestContextDependency) -> Page:
    """Preview an example delivery, or create the hook and show once what to paste into the dialer."""
    fields = await read_form(request)
    form = typed_form(fields)
    try:
        if fields.get("step") == "preview":
            zone = (await context.accounts.get(context.access.account_id)).zone
            shown = ConnectForm(form.values, form.ready, preview=checked_preview(form, zone))
            return await _form_page(request, context, shown)
        return await _created_page(request, context, form)
    except InvalidItem as error:
        return await _form_page(request, context, form.with_faults(error), 422)


async def _created_page(request: AnyRequest, context: RequestContext, form: ConnectForm) -> Page:
    """Create the hook as the API does, and show its address this one time. Raises InvalidItem."""
    account = await context.accounts.get(context.access.account_id)
    sent = hook_form_of(form)
    dialer = checked_form(sent, account.zone).dialer
    sent, is_made = with_secret(sent, dialer)
    async with account_transaction(context.pool, account.account_id) as connection:
        try:
            hook_id, token = await create_hook(connection, account, sent, partial(cipher_of, context.settings))
        except SetupError as error:
            raise InvalidItem(
                faults=(Fault("/secret", translate("cannot be stored here: {error}", error=error)),)
            ) from None
    url = address(context.settings.public_root, dialer.name, token)
    return await address_page(request, context, hook_id, dialer, url, secret=sent.secret if is_made else None)


async def address_page(
    request: AnyRequest, context: RequestContext, hook_id: int, dialer: Dialer, url: str, *, secret: str | None = None
) -> Page:
    """The page that shows an address once, with the steps in the dialer. secret: if it was made here."""
    steps = setup_text(dialer, url)
    hook = await read_hook(context, hook_id)
    page = render(
        "settings_dialer_address.html",
        session=request.user,
        **await live_state(context, hook),
        title=dialer.title,
        url=url,
        secret=secret,
        steps=html_of(steps.replace("YOUR-SECRET", secret) if secret else steps),
        is_local=context.settings.public_url is None,
    )
    return html_response(page)


async def _form_page(request: AnyRequest, context: RequestContext, form: ConnectForm, status: int = 200) -> Page:
    account = await context.accounts.get(context.access.account_id)
    async with account_transaction(context.pool, account.account_id, readonly=True) as connection:
        campaigns = await campaign_codes(connection, account.account_id)
    dialer = described_form(form)
    page = render(
        "settings_dialer_connect.html",
        session=request.user,
        form=form,
        dialer=dialer,
        is_mapped=form.values["dialer"] == MAPPED,
        campaigns=campaigns,
        zone=account.zone,
        answered_means=[(name, translate(words)) for name, words in ANSWERED_MEANS],
        preview="\n".join(as_text(form.preview)) if form.preview else None,
        detection=html_of(dialer.answer_detection) if dialer else "",
        secret=html_of(dialer.secret) if dialer and dialer.secret else None,
    )
    return html_response(page, status)


def counted_since() -> Any:
    """The first day whose deliveries the pages count."""
    return datetime.now(UTC).date() - timedelta(days=COUNTED_DAYS)


def title_of(hook: dict[str, Any]) -> str:
    """The vendor of a stored hook, for people."""
    dialer = described_dialer(hook)
    return dialer.title if dialer else str(hook["dialer"])


async def read_hook(context: RequestContext, hook_id: int) -> dict[str, Any]:
    """A hook of the account with its counts. Raises NotFound."""
    account = context.access.account_id
    async with account_transaction(context.pool, account, readonly=True) as connection:
        hooks = await list_hooks(connection, account, counted_since(), hook_id)
    if not hooks:
        raise NotFound(translate("There is no dialer under this number. It may belong to another account."))
    return hooks[0]


HANDLERS: list[HTTPRouteHandler] = [dialers_page, connect_page, connect]
