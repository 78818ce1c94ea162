"""Settings, Demo floor: a simulated sales team in an account of its own, one click away, and removed with one click."""

import asyncio
from datetime import UTC, datetime

import structlog
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from reports.model.language import translate
from service.accounts.demo_floors import (
    DemoFloor,
    find_demo,
    has_calls,
    make_demo,
    remove_demo,
    set_demo_state,
    visit_demo,
)
from service.accounts.sessions import COOKIE, Session, close_session, find_session
from service.errors import NotFound
from service.pages.components.forms import read_form
from service.pages.components.layout import SIGN_IN, html_response, redirect, render
from service.pages.sign_in import HOME, OWN_COOKIE, admit, session_cookie
from service.platform.db import Pool, account_transaction
from service.sandbox.bulk.filling import fill
from service.sandbox.demo import floor
from service.sandbox.demo.defaults import DAYS, SEED
from service.sandbox.scenario.plan import ZONE, Plan
from service.web.devices import device_of
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

PATH = "/settings/demo"
_CHANGE = page_options("configure", "admin")
_REFRESH_SECONDS = 2

Page = Response[str | bytes]

_log = structlog.get_logger()
# The floors that this process is filling; a task without a reference may vanish.
_filling: set[asyncio.Task[None]] = set()


@get(PATH, opt=_CHANGE, before_request=admit)
async def demo_page(request: AnyRequest, context: RequestContextDependency) -> Page:
    """What the demo floor is, how far it is, and the buttons that make, open and remove it."""
    demo, real = await _demo_of(context)
    page = render(
        "settings_demo.html",
        session=request.user,
        demo=demo,
        has_calls=real,
        refresh=_REFRESH_SECONDS if demo and demo.state == "filling" and not demo.is_stuck else None,
        saved=request.query_params.get("saved"),
    )
    return html_response(page)


@post(PATH, opt=_CHANGE, before_request=admit, status_code=200)
async def make(request: AnyRequest, context: RequestContextDependency) -> Page:
    """Make the demo floor, and fill it in the background."""
    await read_form(request)
    plan = floor.DemoFloor(SEED, datetime.now(UTC).replace(microsecond=0), DAYS).plan
    account = context.access.account_id
    async with account_transaction(context.pool, account) as connection:
        demo_account = await make_demo(connection, ZONE, plan.attempts)
    if demo_account is not None:
        task = asyncio.create_task(_fill(context.pool, account, demo_account, plan))
        _filling.add(task)
        task.add_done_callback(_filling.discard)
    return redirect(PATH)


async def _fill(pool: Pool, account: int, demo_account: int, plan: Plan) -> None:
    try:
        await fill(pool, demo_account, plan)
    except Exception as error:  # noqa: BLE001  the page says so, and offers to remove what is there
        _log.error("the demo floor could not be filled", error=type(error).__name__, exc_info=error)
        await set_demo_state(pool, account, "failed")
    else:
        await set_demo_state(pool, account, "ready")


@post(f"{PATH}/remove", opt=_CHANGE, before_request=admit, status_code=200)
async def remove(request: AnyRequest, context: RequestContextDependency) -> Page:
    """Remove the demo floor with everything in it. A floor that is still being filled is removed later."""
    await read_form(request)
    demo, _ = await _demo_of(context)
    if demo is not None and (demo.state != "filling" or demo.is_stuck):
        await remove_demo(context.pool, context.access.account_id)
        return redirect(f"{PATH}?saved=removed")
    return redirect(PATH)


@post(f"{PATH}/open", opt=_CHANGE, before_request=admit, status_code=200)
async def open_demo(request: AnyRequest, context: RequestContextDependency) -> Page:
    """Continue in the demo floor; the session of the own account waits in a cookie of its own."""
    await read_form(request)
    demo, _ = await _demo_of(context)
    if demo is None or demo.state != "ready":
        raise NotFound(translate("There is no demo floor to open. Make one first."))
    token = await visit_demo(context.pool, demo.account_id, device_of(request.headers.get("user-agent", "")))
    response = redirect(HOME)
    response.set_cookie(session_cookie(token, context.settings.public_root))
    response.set_cookie(session_cookie(request.cookies[COOKIE], context.settings.public_root, OWN_COOKIE))
    return response


@post("/demo/leave", opt=page_options("reports"), before_request=admit, status_code=200)
async def leave_demo(request: AnyRequest, context: RequestContextDependency) -> Page:
    """Back to the own account; a session that has ended meanwhile asks to sign in."""
    await read_form(request)
    session: Session = request.user
    token = request.cookies.get(OWN_COOKIE, "")
    own = await find_session(context.pool, token) if token and session.is_demo else None
    if session.is_demo:
        await close_session(context.pool, context.access, session.id)
    response = redirect(PATH if own else SIGN_IN)
    response.delete_cookie(OWN_COOKIE)
    if own:
        response.set_cookie(session_cookie(token, context.settings.public_root))
    return response


async def _demo_of(context: RequestContext) -> tuple[DemoFloor | None, bool]:
    """The demo floor of the account, and whether the account has calls of its own."""
    account = context.access.account_id
    async with account_transaction(context.pool, account, readonly=True) as connection:
        return await find_demo(connection, account), await has_calls(connection, account)


HANDLERS: list[HTTPRouteHandler] = [demo_page, make, remove, open_demo, leave_demo]
