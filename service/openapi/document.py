"""Build the OpenAPI document."""

import sys
from collections.abc import Mapping
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
parameters are errors. What is refused is answered as `application/problem+json` (RFC 9457); each kind of problem has \
a page under `/problems/`."""
_NOT_MODIFIED = "The answer is the one whose ETag came as If-None-Match; it is not sent again."
_TEXT = {"type": "string"}
_ABOUT_KEY = "An API key, as `calltally key create` prints it. It belongs to one account and sees nothing of others."


def contract(app: Litestar) -> dict[str, Any]:
    """The OpenAPI document of an application."""
    all_operations = operations(app)
    schemas = Schemas(_types(all_operations))
    return {
        "openapi": "3.1.0",
        "info": {"title": "calltally", "version": version("calltally"), "description": _ABOUT},
        "tags": _tags(all_operations),
        "paths": _paths(all_operations, schemas),
        "components": {
            "schemas": dict(sorted((schemas.components | error_responses.schemas()).items())),
            "responses": _refusals(all_operations),
            "headers": error_responses.HEADERS,
            "securitySchemes": {_KEY: {"type": "http", "scheme": "bearer", "description": _ABOUT_KEY}},
        },
    }


def to_json(document: dict[str, Any]) -> bytes:
    """The document in its served and written form."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _types(all_operations: list[Operation]) -> Any:
    yield from ((kind, "serialization") for kind in (ProblemDocument, ReceiptDocument, SummaryDocument, CountsDocument))
    for operation in all_operations:
        yield operation.answer, "serialization"
        yield from ((value_type(field), "validation") for _, _, field in operation.parameters)
        if operation.body:
            yield operation.body, "validation"


def _tags(all_operations: list[Operation]) -> list[dict[str, str]]:
    """All tags, described by the first module with handlers of that tag."""
    modules = {tag: operation.handler.fn.__module__ for operation in reversed(all_operations) for tag in operation.tags}
    return [{"name": tag, "description": getdoc(sys.modules[modules[tag]]) or ""} for tag in sorted(modules)]


def _paths(all_operations: list[Operation], schemas: Schemas) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for operation in all_operations:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, schemas)
    return paths


def _operation(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    document: dict[str, Any] = {
        "operationId": operation.name,
        "tags": operation.tags,
        "summary": operation.handler.summary,
        "description": _description(operation),
    }
    if operation.guarded:
        document["security"] = [{_KEY: []}]
    if parameters := [_parameter(operation, schemas, *parameter) for parameter in operation.parameters]:
        document["parameters"] = parameters
    if operation.body:
        document["requestBody"] = _body(operation, schemas)
    return document | {"responses": _responses(operation, schemas)}


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


def _in_address(operation: Operation, name: str) -> dict[str, Any]:
    """The values of a parameter in the addresses of the body examples."""
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
    if operation.body:
        responses["201"] = _response("Taken; it is new.", {JSON: {"schema": answer}})
    for status, names in error_responses.refusals(operation).items():
        responses[str(status)] = {"$ref": f"#/components/responses/{error_responses.response_name(names)}"}
    return responses


def _about(operation: Operation) -> str:
    if operation.options.resource:
        return "Taken: the receipt of one object that was known, the summary of an array, or the receipts of a stream."
    return "Taken; it was known." if operation.body else "The answer."


def _content(operation: Operation, answer: dict[str, Any], schemas: Schemas) -> dict[str, Any]:
    if not operation.options.resource:
        return {kind: {"schema": answer if kind == JSON else {"type": "string"}} for kind in operation.media_types}
    summary, counts = (schemas.of(kind, "serialization") for kind in (SummaryDocument, CountsDocument))
    lines = {"type": "array", "items": {"anyOf": [answer, counts]}, "description": "A receipt a line, then the counts."}
    return {JSON: {"schema": {"anyOf": [answer, summary]}}, NDJSON: {"schema": lines}}


def _response(description: str, content: dict[str, Any], headers: Mapping[str, str] = {}) -> dict[str, Any]:
    described = {name: {"description": text, "required": True, "schema": _TEXT} for name, text in headers.items()}
    return {"description": description, "headers": error_responses.REQUEST_ID | described, "content": content}


def _refusals(all_operations: list[Operation]) -> dict[str, Any]:
    responses = (item for operation in all_operations for item in error_responses.refusals(operation).items())
    return dict(
        sorted(
            (error_responses.response_name(names), error_responses.response(status, names))
            for status, names in responses
        )
    )
