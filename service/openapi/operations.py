"""The operations of the API: what each handler takes and answers, from its signature and its options."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import NoneType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import ParameterKwarg
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition

from service import errors
from service.errors import CalltallyError
from service.web.requests import JSON, NDJSON
from service.web.response_types import ReceiptDocument
from service.web.route_options import RouteOptions, options_of
from service.web.services import query_parameters

Mode: TypeAlias = Literal["validation", "serialization"]


@dataclass(frozen=True)
class Operation:
    """One method at one path."""

    path: str
    method: str
    handler: HTTPRouteHandler
    path_parameters: dict[str, FieldDefinition]

    @cached_property
    def options(self) -> RouteOptions:
        """What the route states beside its signature."""
        return options_of(self.handler)

    @property
    def name(self) -> str:
        """The operation id, which programs use as its name."""
        return str(self.handler.operation_id)

    @property
    def tags(self) -> list[str]:
        """The groups of the operation in the document."""
        return list(self.handler.tags or ())

    @property
    def guarded(self) -> bool:
        """Whether it needs an API key."""
        return bool(self.options.scopes)

    @property
    def body(self) -> Any:
        """The type of one item of the body; None where there is no body."""
        return self.options.resource.form if self.options.resource else self.options.body

    @property
    def answer(self) -> Any:
        """The type of the answer: as the options state, else as the handler is annotated."""
        if self.options.resource:
            return ReceiptDocument
        annotation = self.options.answer or self.handler.parsed_return_field.raw
        return get_args(annotation)[0] if get_origin(annotation) is Response else annotation

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media types of the answer."""
        if self.options.resource:
            return (JSON, NDJSON)
        return self.options.media_types or (str.__str__(self.handler.media_type) or JSON,)

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the answer with their meaning."""
        return self.options.headers

    @property
    def parameters(self) -> Iterator[tuple[str, Literal["path", "query"], FieldDefinition]]:
        """Every parameter with its place."""
        for name, field in self.path_parameters.items():
            yield name, "path", field
        for name, field in query_parameters(self.handler).items():
            yield name, "query", field

    @property
    def problems(self) -> set[type[CalltallyError]]:
        """The kinds of problem that it can answer."""
        kinds: set[type[CalltallyError]] = set(self.options.problems)
        if self.guarded:
            kinds |= {errors.NotAuthenticated, errors.NotAllowed, errors.InvalidParameter}
            kinds |= {errors.Busy, errors.LedgerUnavailable}
        if self.path_parameters and self.method in {"get", "patch", "delete"}:
            kinds |= {errors.NotFound}
        if self.body:
            kinds |= {errors.MalformedBody, errors.InvalidItem, errors.UnsupportedMediaType, errors.BodyTooLarge}
        if self.options.resource:
            kinds |= {errors.BatchTooLarge}
        return kinds


def operations(app: Litestar) -> list[Operation]:
    """Every operation of the application, in the order of paths and methods."""
    described = (
        Operation(route.path_format, method.lower(), handler, _path_parameters(route, handler))
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if not options_of(handler).page  # pages are for people
        for method in handler.http_methods
        if method != "OPTIONS"  # the server answers it for every path
    )
    return sorted(described, key=lambda operation: (operation.path, operation.method))


def _path_parameters(route: HTTPRoute, handler: HTTPRouteHandler) -> dict[str, FieldDefinition]:
    """The parameters of a path in order. One that the handler does not take is known by its type only."""
    fields = handler.parsed_fn_signature.parameters
    return {
        name: fields.get(name) or FieldDefinition.from_annotation(definition.type, name=name)
        for name, definition in route.path_parameters.items()
    }


def value_type(field: FieldDefinition) -> Any:
    """The type of a parameter's value when it is sent; leaving it out is not sending null."""
    kinds = tuple(kind for kind in field.args if kind is not NoneType)
    return Union[kinds] if field.is_optional else field.annotation  # noqa: UP007  known at run time only


def constraints(field: FieldDefinition) -> dict[str, Any]:
    """The rules for a parameter's values, from its marker, as JSON Schema."""
    kwarg = field.kwarg_definition
    if not isinstance(kwarg, ParameterKwarg):
        return {}
    rules = {name: getattr(kwarg, attribute) for attribute, name in _CONSTRAINTS.items()}
    default = {} if field.default in {None, ""} or not field.has_default else {"default": field.default}
    return {name: value for name, value in rules.items() if value is not None} | default | (kwarg.schema_extra or {})


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
