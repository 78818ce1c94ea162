"""The problems of each operation in the API document, with their exact types, statuses and titles."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from service.openapi.operations import Operation
from service.openapi.schemas import COMPONENT
from service.problems import MEDIA_TYPE, SERVER_TABLE, TABLE, Kind, slug
from service.web.response_types import ProblemDocument

REQUEST_ID = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
_ALSO: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"$ref": "#/components/headers/WwwAuthenticate"}},
    503: {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}},
}
HEADERS: dict[str, Any] = {
    "RequestId": {
        "description": "The id of this request, also in the log: the caller's own if it sent one.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    },
    "RetryAfter": {
        "description": "Seconds to wait before the next try.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "WwwAuthenticate": {
        "description": "How to authenticate.",
        "required": True,
        "schema": {"const": 'Bearer realm="calltally"'},
    },
}
# The server's own refusals have no page: their title is all there is to say (RFC 9457, section 4.2.1).
_SERVER_NAMES = {404: "NoSuchAddress", 500: "ServiceFault"}


def schemas() -> dict[str, Any]:
    """A component for every kind of problem, by name."""
    ours = {
        error.__name__: _schema(f"/problems/{slug(error)}", kind, (error.__doc__ or "").strip())
        for error, kind in TABLE.items()
    }
    servers = {
        name: _schema("about:blank", SERVER_TABLE[status], SERVER_TABLE[status].title)
        for status, name in _SERVER_NAMES.items()
    }
    return ours | servers


def _schema(type_: str, kind: Kind, description: str) -> dict[str, Any]:
    exact = {"type": {"const": type_}, "title": {"const": kind.title}, "status": {"const": kind.status}}
    base = COMPONENT.format(model=ProblemDocument.__name__)
    return {"allOf": [{"$ref": base}], "description": description, "properties": exact}


def problem_names(operation: Operation) -> dict[int, list[str]]:
    """The names of the problems of one operation, by status."""
    names: dict[int, list[str]] = defaultdict(list)
    for error in sorted(operation.problems, key=lambda error: error.__name__):
        names[TABLE[error].status].append(error.__name__)
    if any(field.annotation is not str for field in operation.path_parameters.values()):
        names[404].append(_SERVER_NAMES[404])
    names[500].append(_SERVER_NAMES[500])
    return dict(sorted(names.items()))


def response_name(names: Iterable[str]) -> str:
    """The name of the component for these problems."""
    return "Or".join(names)


_TITLES = {error.__name__: kind.title for error, kind in TABLE.items()} | {
    name: SERVER_TABLE[status].title for status, name in _SERVER_NAMES.items()
}


def response(status: int, names: list[str]) -> dict[str, Any]:
    """The response with one of these problems, all of one status."""
    refs = [{"$ref": COMPONENT.format(model=name)} for name in names]
    about = [_TITLES[name] for name in names]
    return {
        "description": "; or ".join([about[0], *(line[:1].lower() + line[1:] for line in about[1:])]),
        "headers": REQUEST_ID | _ALSO.get(status, {}),
        "content": {MEDIA_TYPE: {"schema": refs[0] if len(refs) == 1 else {"oneOf": refs}}},
    }
