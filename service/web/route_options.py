"""The options of a route beside its signature: its scopes, and its details for the API document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar.handlers import BaseRouteHandler
from litestar.typing import FieldDefinition

from service.errors import CalltallyError
from service.ingest.resources import Resource

_KEY = "route"


@dataclass(frozen=True, kw_only=True)
class RouteOptions:
    """The options of one route.

    - scopes: the key needs one of them; none: the route asks for no key
    - limited: it shows people with limits their own part of the account; without it they may not use the route
    - page: HTML for people, not in the API document
    - resource: the captured resource in the body: one item, an array, or a stream of lines
    - body: the model of a body that is one JSON object
    - body_optional: the body may be left out
    - query: query parameters beside those of the signature, by name
    - query_prefix: further query parameters start with it; the account decides on their names
    - answer: the type of the answer, if the handler's annotation does not state it
    - media_types: the media types of the answer, if it is not JSON alone
    - headers: the meaning of each header of the answer; a client that sends an ETag back may get 304
    - problems: kinds of problem that do not follow from the rest
    """

    scopes: tuple[str, ...] = ()
    limited: bool = False
    page: bool = False
    resource: Resource | None = None
    body: Any = None
    body_optional: bool = False
    query: Mapping[str, FieldDefinition] = field(default_factory=dict[str, FieldDefinition])
    query_prefix: str = ""
    answer: Any = None
    media_types: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    problems: tuple[type[CalltallyError], ...] = ()

    @property
    def opt(self) -> dict[str, Any]:
        """The options in Litestar's form: one entry. A layer around the route cannot change a part of it."""
        return {_KEY: self}


def page_options(*scopes: str, limited: bool = False) -> dict[str, Any]:
    """The options of a page that needs a session with one of these scopes; none: the page is public.

    limited: whether it shows people with limits their own part of the account.
    """
    return RouteOptions(page=True, scopes=scopes, limited=limited).opt


def options_of(handler: BaseRouteHandler) -> RouteOptions:
    """The options of a route; the defaults if it states none."""
    return handler.opt.get(_KEY) or RouteOptions()
