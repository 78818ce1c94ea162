"""What each handler takes and answers, read from its signature and its opt."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import NoneType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import ParameterKwarg
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition

from service import errors
from service.api.response_types import ReceiptDocument
from service.errors import CalltallyError
from service.web.requests import JSON, NDJSON
from service.web.services import query_parameters

Mode: TypeAlias = Literal["validation", "serialization"]


@dataclass(frozen=True)
class Operation:
    """One method at one path."""

    path: str
    method: str
    handler: HTTPRouteHandler
    path_parameters: dict[str, FieldDefinition]

    @property
    def opt(self) -> dict[str, Any]:
        """What the handler says of itself."""
        return self.handler.opt

    @property
    def name(self) -> str:
        """Its name for programs: the operation id."""
        return str(self.handler.operation_id)

    @property
    def tags(self) -> list[str]:
        """The groups it belongs to."""
        return list(self.handler.tags or ())

    @property
    def guarded(self) -> bool:
        """Whether it asks for a key."""
        return "scopes" in self.opt

    @property
    def form(self) -> Any:
        """The type of one item of the body; None where there is no body."""
        return self.opt["resource"].form if "resource" in self.opt else self.opt.get("form")

    @property
    def answer(self) -> Any:
        """The type of the answer: as the opt says, else as the handler is annotated."""
        if "resource" in self.opt:
            return ReceiptDocument
        annotation = self.opt.get("answer", self.handler.parsed_return_field.raw)
        return get_args(annotation)[0] if get_origin(annotation) is Response else annotation

    @property
    def media_types(self) -> tuple[str, ...]:
        """What the answer comes as."""
        if "resource" in self.opt:
            return (JSON, NDJSON)
        return self.opt.get("media_types") or (str.__str__(self.handler.media_type) or JSON,)

    @property
    def headers(self) -> dict[str, str]:
        """What the headers of the answer say, by name."""
        return self.opt.get("headers", {})

    @property
    def parameters(self) -> Iterator[tuple[str, Literal["path", "query"], FieldDefinition]]:
        """Every parameter with its place."""
        for name, field in self.path_parameters.items():
            yield name, "path", field
        for name, field in query_parameters(self.handler).items():
            yield name, "query", field

    @property
    def problems(self) -> set[type[CalltallyError]]:
        """The kinds of problem it can answer."""
        found: set[type[CalltallyError]] = set(self.opt.get("problems", ()))
        if self.guarded:
            found |= {errors.NotAuthenticated, errors.NotAllowed, errors.InvalidParameter}
            found |= {errors.Busy, errors.LedgerUnavailable}
        if self.path_parameters and self.method in {"get", "delete"}:
            found |= {errors.NotFound}
        if self.form:
            found |= {errors.MalformedBody, errors.InvalidItem, errors.UnsupportedMediaType, errors.BodyTooLarge}
        if "resource" in self.opt:
            found |= {errors.BatchTooLarge}
        return found


def operations(app: Litestar) -> list[Operation]:
    """Every operation of the application, in the order of paths and methods."""
    found = (
        Operation(route.path_format, method.lower(), handler, _path_parameters(route, handler))
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if not handler.opt.get("page")  # for people, not for programs
        for method in handler.http_methods
        if method != "OPTIONS"  # answered by the server for every path
    )
    return sorted(found, key=lambda operation: (operation.path, operation.method))


def _path_parameters(route: HTTPRoute, handler: HTTPRouteHandler) -> dict[str, FieldDefinition]:
    """The parameters of a path in its order; one that the handler does not ask for is known by its type only."""
    fields = handler.parsed_fn_signature.parameters
    return {
        name: fields.get(name) or FieldDefinition.from_annotation(definition.type, name=name)
        for name, definition in route.path_parameters.items()
    }


def value_type(field: FieldDefinition) -> Any:
    """The type of a parameter's value when it is sent: not to send it is not to send null."""
    kinds = tuple(kind for kind in field.args if kind is not NoneType)
    return Union[kinds] if field.is_optional else field.annotation  # noqa: UP007  known at run time only


def constraints(field: FieldDefinition) -> dict[str, Any]:
    """What a parameter's marker says of its values, as JSON Schema says it."""
    kwarg = field.kwarg_definition
    if not isinstance(kwarg, ParameterKwarg):
        return {}
    said = {name: getattr(kwarg, attribute) for attribute, name in _CONSTRAINTS.items()}
    default = {} if field.default in {None, ""} or not field.has_default else {"default": field.default}
    return {name: value for name, value in said.items() if value is not None} | default | (kwarg.schema_extra or {})


_CONSTRAINTS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "pattern": "pattern",
    "min_items": "minItems",
    "max_items": "maxItems",
}
