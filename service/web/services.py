"""The services of one process, and the context of one request: those services and the caller's key."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import get_origin

from litestar import Litestar
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter, SkipValidation
from litestar.typing import FieldDefinition

from reports.store.lake import Lake
from service.accounts.accounts import Accounts
from service.accounts.keys import Access, Authenticator
from service.accounts.limits import NO_LIMITS, Limits, limits_of
from service.accounts.sessions import COOKIE, find_session
from service.config import Settings
from service.errors import Fault, InvalidParameter, NotAuthenticated
from service.hooks.hooks import Hooks
from service.hooks.store import Inbox, ParsedDelivery
from service.ingest.capture import Capture
from service.ingest.parsing import Entry
from service.ingest.receipts import Receipt
from service.platform.batching import Batcher
from service.platform.concurrency_limit import ConcurrencyLimit
from service.platform.db import Pool, open_pool
from service.platform.secret_encryption import cipher_of
from service.reporting.account_reports import AccountReports, report_limit
from service.reporting.report_cache import ReportCache
from service.reporting.row_exports import export_limit
from service.web.admission import check_limits, name_request
from service.web.requests import AnyRequest, read_address
from service.web.route_options import options_of


@dataclass(frozen=True)
class Services:
    """The services of one process, opened when it starts."""

    settings: Settings
    pool: Pool
    accounts: Accounts
    capture: Capture
    batcher: Batcher[Entry, Receipt]
    hooks: Hooks
    inbox: Batcher[ParsedDelivery, bool]
    refused_deliveries: Batcher[tuple[int, str], None]
    authenticator: Authenticator
    lake: Lake
    report_cache: ReportCache
    report_limit: ConcurrencyLimit
    export_limit: ConcurrencyLimit

    def reports_of(self, account_id: int, limits: Limits = NO_LIMITS) -> AccountReports:
        """The reports of one account within limits, with the cache and the limit of this process."""
        return AccountReports(self.pool, self.lake, account_id, self.report_cache, self.report_limit, limits)


@dataclass(frozen=True)
class RequestContext(Services):
    """The services, and the access of the caller: a key or a person."""

    access: Access

    @property
    def limits(self) -> Limits:
        """The part of the account that the caller sees."""
        return limits_of(self.access)

    @property
    def reports(self) -> AccountReports:
        """The reports of the caller's account, within the caller's limits."""
        return self.reports_of(self.access.account_id, self.limits)


RequestContextDependency = NamedDependency[SkipValidation[RequestContext]]


@asynccontextmanager
async def open_services(settings: Settings, url: str, is_usable: Callable[[], bool]) -> AsyncGenerator[Services]:
    """Open everything one process needs, and close it in reverse order. The ledger may still be away."""
    pool = await open_pool(url, most=settings.pool_size, is_usable=is_usable)
    try:
        accounts = Accounts(pool)
        capture = Capture(pool, accounts)
        inbox = Inbox(pool, accounts, settings.hook_bytes_per_day)
        yield Services(
            settings,
            pool,
            accounts,
            capture,
            Batcher(capture.store_entries),
            Hooks(partial(cipher_of, settings)),
            Batcher(inbox.store),
            Batcher(inbox.count_refused),
            Authenticator(),
            Lake(settings.lake_root, settings.cache_root),
            ReportCache(),
            report_limit(),
            export_limit(),
        )
    finally:
        await pool.close()


def services_of(app: Litestar) -> Services:
    """The services of a running application."""
    return app.state.services


async def admit(request: AnyRequest) -> None:
    """Admit a request if its key has a scope of the route and the route knows its parameters.

    This is not a Litestar guard: guards copy the handler at every request, and the copy costs as much as all of this.
    Raises NotAuthenticated, NotAllowed and InvalidParameter.
    """
    if request.method == "OPTIONS":  # every client may request the list of methods
        return
    handler = request.route_handler
    access, email = await _access(request)
    name_request(request, access, email)
    access.require(*options_of(handler).scopes)
    check_limits(access, options_of(handler))
    _refuse_unknown(request, handler)
    read_address(request)
    request.scope["auth"] = access


async def _access(request: AnyRequest) -> tuple[Access, str | None]:
    """The access of an API key. GET also accepts a browser session, because pages link to files of the API.

    With it the e-mail of the person, if it is a session of one.
    """
    services, header = services_of(request.app), request.headers.get("authorization")
    token = request.cookies.get(COOKIE) if header is None and request.method == "GET" else None
    if token and (session := await find_session(services.pool, token)):
        return session.access, session.user and session.user.email
    kind, _, key = (header or "").partition(" ")
    if kind.lower() != "bearer" or not key:
        raise NotAuthenticated("Send an API key as `Authorization: Bearer <key>`; `calltally key create` makes one.")
    return await services.authenticator.authenticate(services.pool, key.strip()), None


async def request_context(request: AnyRequest) -> RequestContext:
    """The services and the access from admit()."""
    return RequestContext(**vars(services_of(request.app)), access=request.auth)


def query_parameters(handler: BaseRouteHandler) -> dict[str, FieldDefinition]:
    """The query parameters of a handler, from its signature and its options, by the names that clients send."""
    in_signature = {
        field.kwarg_definition.name or field.name: field
        for field in handler.parsed_fn_signature.parameters.values()
        if isinstance(field.kwarg_definition, QueryParameter)
    }
    return {**in_signature, **options_of(handler).query}


def _refuse_unknown(request: AnyRequest, handler: BaseRouteHandler) -> None:
    """Refuse unknown and repeated parameters: the answer would silently ignore them. Raises InvalidParameter."""
    if not request.query_params:
        return
    parameters = query_parameters(handler)
    prefix = options_of(handler).query_prefix
    unknown = [
        Fault(name, "is not a parameter here")
        for name in request.query_params
        if name not in parameters and not (prefix and name.startswith(prefix))
    ]
    values = request.query_params.dict()
    repeated = [
        Fault(name, "must be given only once")
        for name, field in parameters.items()
        if len(values.get(name, ())) > 1 and not _is_list(field)
    ]
    if unknown or repeated:
        raise InvalidParameter(faults=(*unknown, *repeated))


def _is_list(field: FieldDefinition) -> bool:
    return any(get_origin(kind) is list for kind in (field.annotation, *field.args))
