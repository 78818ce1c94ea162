"""Signing in with the identity provider of the installation: to it, and back from it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

import orjson
from litestar import Response, get
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler

from reports.model.language import translate
from service.accounts.identity_provider import IdentityProvider, Proofs, provider_of
from service.accounts.sign_in_domains import access_of_identity
from service.errors import Fault, InvalidItem, NotAuthenticated, NotFound
from service.pages.components.known_sentences import in_the_readers_language
from service.pages.components.layout import redirect
from service.pages.sign_in import next_address, open_signed_in, sign_in_form
from service.platform.db import account_transaction
from service.platform.secret_encryption import CannotDecrypt, cipher_of
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import Services, services_of

_COOKIE = "calltally-provider"
_LASTS = timedelta(minutes=10)
_PLACE = b"a sign-in with the provider"


@get("/oidc", opt=page_options())
async def to_provider(request: AnyRequest) -> Response[str | bytes]:
    """Send the browser to the provider, with the page that was asked for kept in a cookie."""
    services = services_of(request.app)
    try:
        address, proofs = await _provider(services).begin()
    except NotAuthenticated as error:
        return sign_in_form(request, 502, problem=error.detail)
    until = (datetime.now(UTC) + _LASTS).timestamp()
    text = orjson.dumps([*astuple(proofs), next_address(request), until]).decode()
    response = redirect(address)
    response.set_cookie(
        Cookie(
            key=_COOKIE,
            value=urlsafe_b64encode(cipher_of(services.settings).close(text, _PLACE)).decode(),
            max_age=int(_LASTS.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=services.settings.public_root.startswith("https://"),
        )
    )
    return response


@get("/oidc/return", opt=page_options())
async def from_provider(request: AnyRequest) -> Response[str | bytes]:
    """Sign the person in whom the provider has confirmed."""
    services, sent = services_of(request.app), request.query_params
    provider = _provider(services)
    try:
        proofs, asked_page = _proofs(request, services)
        identity = await provider.finish(sent.get("code", ""), proofs)
        access = await access_of_identity(services.pool, identity)
    except NotAuthenticated as error:
        response = sign_in_form(request, 403, problem=error.detail)
    except InvalidItem as error:
        response = sign_in_form(request, 403, problem="; ".join(_of_address(fault) for fault in error.faults))
    else:
        async with account_transaction(services.pool, access.account_id) as connection:
            response = await open_signed_in(request, connection, access)
        response.headers["Location"] = asked_page
    response.delete_cookie(_COOKIE)
    return response


def _provider(services: Services) -> IdentityProvider:
    provider = provider_of(services.settings)
    if provider is None:
        raise NotFound(translate("This installation has no identity provider."))
    return provider


def _proofs(request: AnyRequest, services: Services) -> tuple[Proofs, str]:
    """The secrets of this browser's sign-in, and the page that it asked for. Raises NotAuthenticated."""
    try:
        sealed = urlsafe_b64decode(request.cookies.get(_COOKIE, "").encode())
        *secrets, asked_page, until = orjson.loads(cipher_of(services.settings).open(sealed, _PLACE))
    except (CannotDecrypt, ValueError):
        raise NotAuthenticated(translate("This sign-in was not begun in this browser. Try again.")) from None
    if until < datetime.now(UTC).timestamp():
        raise NotAuthenticated(translate("That took too long. Try again."))
    proofs, state = Proofs(*secrets), request.query_params.get("state", "")
    if not compare_digest(proofs.state.encode(), state.encode(errors="replace")):
        raise NotAuthenticated(translate("This answer belongs to another sign-in. Try again."))
    return proofs, asked_page


def _of_address(fault: Fault) -> str:
    """What is wrong with the e-mail address of a person, in a sentence."""
    return translate("Your address {fault}", fault=in_the_readers_language(fault.message))


HANDLERS: list[HTTPRouteHandler] = [to_provider, from_provider]
