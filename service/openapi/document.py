"""The API document as a whole: paths, schemas, responses and tags."""

import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from inspect import getdoc
from typing import Any

import orjson
from litestar import Litestar

from service.config import Settings
from service.openapi import error_responses
from service.openapi.files import examples
from service.openapi.operations import Operation, constraints, operations, value_type
from service.openapi.schemas import Schemas
from service.web.requests import JSON, NDJSON
from service.web.response_types import CountsDocument, ProblemDocument, ReceiptDocument, SummaryDocument

_MOST_ITEMS: int = Settings.model_fields["max_batch"].default
_KEY = "key"
_ABOUT = """\
The ledger and the arithmetic of an outbound sales floor: every dial once, every number with its rows.

Codes are the caller's own strings. Times are RFC 3339 with an offset. Durations are seconds. Unknown fields and \
parameters are errors. Refusals come as `application/problem+json` (RFC 9457); each kind of problem has a page under \
`/problems/`."""
_NOT_MODIFIED = "The content has not changed since the ETag in If-None-Match, so it is not sent again."
_TEXT = {"type": "string"}
_ABOUT_KEY = "An API key, as `calltally key create` prints it. It belongs to one account and sees no other."


def api_document(app: Litestar) -> dict[str, Any]:
    """The OpenAPI document of an application."""
    described = operations(app)
    schemas = Schemas(_types(described))
    return {
        "openapi": "3.1.0",
        "info": {"title": "calltally", "version": version("calltally"), "description": _ABOUT},
        "tags": _tags(described),
        "paths": _paths(described, schemas),
        "components": {
            "schemas": dict(sorted((schemas.components | error_responses.schemas()).items())),
            "responses": _problem_responses(described),
            "headers": error_responses.HEADERS,
            "securitySchemes": {_KEY: {"type": "http", "scheme": "bearer", "description": _ABOUT_KEY}},
        },
    }


def to_json(document: dict[str, Any]) -> bytes:
    """The document as it is written and served."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _types(described: list[Operation]) -> Any:
    yield from ((kind, "serialization") for kind in (ProblemDocument, ReceiptDocument, SummaryDocument, CountsDocument))
    for operation in described:
        yield operation.answer, "serialization"
        yield from ((value_type(field), "validation") for _, _, field in operation.parameters)
        if operation.body:
            yield operation.body, "validation"


def _tags(described: list[Operation]) -> list[dict[str, str]]:
    """All tags, each described by the docstring of the first module that uses it."""
    modules = {tag: operation.handler.fn.__module__ for operation in reversed(described) for tag in operation.tags}
    return [{"name": tag, "description": getdoc(sys.modules[modules[tag]]) or ""} for tag in sorted(modules)]


def _paths(described: list[Operation], schemas: Schemas) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for operation in described:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, schemas)
    return paths


def _operation(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    operation_object: dict[str, Any] = {
        "operationId": operation.name,
        "tags": operation.tags,
        "summary": operation.handler.summary,
        "description": _description(operation),
    }
    if operation.guarded:
        operation_object["security"] = [{_KEY: []}]
    parameters = [_parameter(operation, schemas, *parameter) for parameter in operation.parameters]
    if parameters or operation.options.query_prefix:
        operation_object["parameters"] = [*parameters, *_open_parameters(operation.options.query_prefix)]
    if operation.body:
        operation_object["requestBody"] = _body(operation, schemas)
    return operation_object | {"responses": _responses(operation, schemas)}


def _description(operation: Operation) -> str:
    text = operation.handler.description or getdoc(operation.handler.fn) or ""
    if not operation.guarded:
        return text
    return f"{text}\n\nNeeds a key with the scope {' or '.join(f'`{scope}`' for scope in operation.options.scopes)}."


def _parameter(operation: Operation, schemas: Schemas, name: str, place: str, field: Any) -> dict[str, Any]:
    about = getattr(field.kwarg_definition, "description", None)
    rules = constraints(field)
    schema = rules if "$ref" in rules else schemas.of(value_type(field), "validation") | rules
    parameter = {"name": name, "in": place, "required": place == "path" or field.is_required, "schema": schema}
    shown = {key: {"value": value} for key, value in _in_address(operation, name).items()}
    return parameter | ({"description": about} if about else {}) | ({"examples": shown} if shown else {})


def _open_parameters(prefix: str) -> Iterator[dict[str, Any]]:
    """Query parameters whose names the account decides on: one object, with a parameter for each property."""
    if prefix:
        yield {
            "name": "attributes",
            "in": "query",
            "required": False,
            "style": "form",
            "explode": True,
            "schema": {
                "type": "object",
                "patternProperties": {f"^{prefix}": _TEXT},
                "additionalProperties": False,
            },
            "description": f"Only rows of leads with this attribute, such as {prefix}industry=Bank; repeatable. The"
            " account declares its attributes under /v1/lead-attributes. Empty: only rows without a value.",
        }


def _in_address(operation: Operation, name: str) -> dict[str, Any]:
    """The values of this path parameter in the examples of the body."""
    shown = examples(operation.name)
    return {key: example["x-path"][name] for key, example in shown.items() if name in example.get("x-path", {})}


def _body(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    item = schemas.of(operation.body, "validation")
    shown = examples(operation.name)
    content: dict[str, Any] = {JSON: {"schema": item, "examples": shown}}
    if operation.options.resource:
        many = {"type": "array", "items": item, "maxItems": _MOST_ITEMS}
        lines = {"type": "array", "items": item, "description": "One item a line, as many as there are."}
        content = {JSON: {"schema": {"oneOf": [item, many]}, "examples": shown}, NDJSON: {"schema": lines}}
    return {"required": not operation.options.body_optional, "content": content}


def _responses(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    answer = schemas.of(operation.answer, "serialization")
    responses = {"200": _response(_about(operation), _content(operation, answer, schemas), operation.headers)}
    if "ETag" in operation.headers:
        responses["304"] = {"description": _NOT_MODIFIED, "headers": error_responses.REQUEST_ID}
    if operation.body and operation.method != "patch":
        responses["201"] = _response("Taken; the item is new.", {JSON: {"schema": answer}})
    for status, names in error_responses.problem_names(operation).items():
        responses[str(status)] = {"$ref": f"#/components/responses/{error_responses.response_name(names)}"}
    return responses


def _about(operation: Operation) -> str:
    if operation.options.resource:
        return "Taken: the receipt of one known object, the summary of an array, or the receipts of a stream."
    return "Taken; the item was known." if operation.body else "The answer."


def _content(operation: Operation, answer: dict[str, Any], schemas: Schemas) -> dict[str, Any]:
    if not operation.options.resource:
        return {kind: {"schema": answer if kind == JSON else {"type": "string"}} for kind in operation.media_types}
    summary, counts = (schemas.of(kind, "serialization") for kind in (SummaryDocument, CountsDocument))
    lines = {"type": "array", "items": {"anyOf": [answer, counts]}, "description": "A receipt a line, then the counts."}
    return {JSON: {"schema": {"anyOf": [answer, summary]}}, NDJSON: {"schema": lines}}


def _response(description: str, content: dict[str, Any], headers: Mapping[str, str] = {}) -> dict[str, Any]:
    own = {name: {"description": text, "required": True, "schema": _TEXT} for name, text in headers.items()}
    return {"description": description, "headers": error_responses.REQUEST_ID | own, "content": content}


def _problem_responses(described: list[Operation]) -> dict[str, Any]:
    items = (item for operation in described for item in error_responses.problem_names(operation).items())
    return dict(
        sorted(
            (error_responses.response_name(names), error_responses.response(status, names)) for status, names in items
        )
    )
