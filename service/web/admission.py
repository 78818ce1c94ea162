"""Who makes a request, as the audit log names it, and whether a route shows people with limits their own part only."""

import re
from urllib.parse import unquote_plus

from service.accounts.keys import Access
from service.errors import NotAllowed
from service.platform.actor import Actor, act_as
from service.web.requests import AnyRequest
from service.web.route_options import RouteOptions

# Numbers of people stand in ids and filters too; the log needs none of them.
_LONG_NUMBER = re.compile(r"\+?\d{7,}")
_LONGEST = 500


def name_request(request: AnyRequest, access: Access, email: str | None) -> None:
    """Name who makes a request: the person with this e-mail, or else the key."""
    kind, name = ("key", access.prefix) if email is None else ("user", email)
    act_as(Actor(kind, name, client_address(request), _address(request)))


def client_address(request: AnyRequest) -> str | None:
    """The network address that a request comes from; behind a trusted proxy, that of the proxy's client."""
    return request.client.host if request.client else None


def check_limits(access: Access, options: RouteOptions) -> None:
    """Keep people who see a part of the account from routes that show all of it. Raises NotAllowed."""
    if options.scopes and not options.limited and access.is_limited:
        raise NotAllowed("This is about the whole account. Your role sees its own part of it only.")


def _address(request: AnyRequest) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    text = f"{request.method} {request.scope['path']}{unquote_plus(query)}"
    return _LONG_NUMBER.sub("[number]", text)[:_LONGEST]
