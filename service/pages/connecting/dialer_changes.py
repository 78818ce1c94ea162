"""What changes a connected dialer: its settings, mapping, address and secret, its end; and parsing deliveries again."""

from dataclasses import replace
from functools import partial

from litestar import post
from litestar.handlers import HTTPRouteHandler

from reports.model.language import translate
from service.errors import InvalidItem, NotFound
from service.hooks.call_settings import CallSettings, change_hook
from service.hooks.hooks import address, described_dialer, remap_hook, revoke_hook
from service.hooks.renewal import SecretForm, change_secret, renew_address
from service.hooks.reprocess import DeliveryFilter, reprocess_some
from service.hooks.vocabulary import STATUSES
from service.pages.components.forms import read_form
from service.pages.components.layout import redirect
from service.pages.connecting.deliveries import delivery_id
from service.pages.connecting.dialer import HookNumber, Page, page_of
from service.pages.connecting.dialers import CHANGE, PATH, address_page, read_hook
from service.pages.connecting.hook_forms import ConnectForm, call_settings_of, checked_preview, typed_form, validated
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.platform.secret_encryption import cipher_of
from service.web.requests import AnyRequest
from service.web.services import RequestContextDependency

# So many deliveries are parsed again in one request; the page offers to go on.
_AT_ONCE = 1_000


@post(f"{PATH}/{{hook_id:int}}/settings", opt=CHANGE, before_request=admit, status_code=200)
async def change_settings(request: AnyRequest, context: RequestContextDependency, hook_id: HookNumber) -> Page:
    """Change what an answered call means, and whether calls find their lead by number."""
    fields = await read_form(request)
    form = ConnectForm(fields)
    try:
        change = validated(CallSettings, call_settings_of(fields))
    except InvalidItem as error:
        return await page_of(request, context, hook_id, status=422, settings=form.with_faults(error))
    await read_hook(context, hook_id)
    async with account_transaction(context.pool, context.access.account_id) as connection:
        await change_hook(connection, context.access.account_id, hook_id, change)
    return redirect(f"{PATH}/{hook_id}?saved=settings")


@post(f"{PATH}/{{hook_id:int}}/mapping", opt=CHANGE, before_request=admit, status_code=200)
async def change_mapping(request: AnyRequest, context: RequestContextDependency, hook_id: HookNumber) -> Page:
    """Preview an example delivery under a changed mapping, or give the hook that mapping."""
    fields = await read_form(request)
    hook = await read_hook(context, hook_id)
    form = typed_form(fields | {"campaign": hook["campaign"], "code": hook["code"], "zone": hook["zone"]})
    try:
        if fields.get("step") == "preview":
            shown = replace(form, preview=checked_preview(form, hook["zone"]))
            return await page_of(request, context, hook_id, mapping=shown)
        async with account_transaction(context.pool, context.access.account_id) as connection:
            await remap_hook(connection, context.access.account_id, hook_id, form.values["mapping"])
    except InvalidItem as error:
        return await page_of(request, context, hook_id, status=422, mapping=form.with_faults(error))
    return redirect(f"{PATH}/{hook_id}?saved=mapping")


@post(f"{PATH}/{{hook_id:int}}/address", opt=CHANGE, before_request=admit, status_code=200)
async def new_address(request: AnyRequest, context: RequestContextDependency, hook_id: HookNumber) -> Page:
    """Make another address, show it once, and stop the old one."""
    await read_form(request)
    hook = await read_hook(context, hook_id)
    try:
        async with account_transaction(context.pool, context.access.account_id) as connection:
            cipher = partial(cipher_of, context.settings)
            token = await renew_address(connection, context.access.account_id, hook_id, cipher)
    except InvalidItem as error:
        return await page_of(request, context, hook_id, status=422, secret=ConnectForm({}).with_faults(error))
    dialer = described_dialer(hook)
    if token is None or dialer is None:
        raise NotFound(translate("The address of this dialer is closed. Connect the dialer again."))
    return await address_page(
        request, context, hook_id, dialer, address(context.settings.public_root, dialer.name, token)
    )


@post(f"{PATH}/{{hook_id:int}}/secret", opt=CHANGE, before_request=admit, status_code=200)
async def new_secret(request: AnyRequest, context: RequestContextDependency, hook_id: HookNumber) -> Page:
    """Store another secret, which is never shown."""
    fields = await read_form(request)
    await read_hook(context, hook_id)
    try:
        form = validated(SecretForm, {"secret": fields.get("secret", "")})
        async with account_transaction(context.pool, context.access.account_id) as connection:
            cipher = partial(cipher_of, context.settings)
            await change_secret(connection, context.access.account_id, hook_id, form, cipher)
    except InvalidItem as error:
        return await page_of(request, context, hook_id, status=422, secret=ConnectForm({}).with_faults(error))
    return redirect(f"{PATH}/{hook_id}?saved=secret")


@post(f"{PATH}/{{hook_id:int}}/close", opt=CHANGE, before_request=admit, status_code=200)
async def close_dialer(request: AnyRequest, context: RequestContextDependency, hook_id: HookNumber) -> Page:
    """Close the address for good."""
    await read_form(request)
    await read_hook(context, hook_id)
    async with account_transaction(context.pool, context.access.account_id) as connection:
        await revoke_hook(connection, context.access.account_id, hook_id)
    return redirect(f"{PATH}/{hook_id}?saved=closed")


@post(f"{PATH}/{{hook_id:int}}/replay", opt=CHANGE, before_request=admit, status_code=200)
async def replay(request: AnyRequest, context: RequestContextDependency, hook_id: HookNumber) -> Page:
    """Parse stored deliveries again, a thousand at a time, and say how many changed."""
    fields = await read_form(request)
    await read_hook(context, hook_id)
    status = fields.get("status")
    selected = DeliveryFilter(hook_id, status if status in STATUSES else None)
    after = delivery_id(fields.get("after", "")) or 0
    done = await reprocess_some(
        context.pool, context.access.account_id, selected, partial(cipher_of, context.settings), after, _AT_ONCE
    )
    return await page_of(request, context, hook_id, replayed=done, replayed_status=selected.status or "")


HANDLERS: list[HTTPRouteHandler] = [
    change_settings,
    change_mapping,
    new_address,
    new_secret,
    close_dialer,
    replay,
]
