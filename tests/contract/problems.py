"""What every refusal must look like, wherever it comes from."""

from typing import Any

import httpx
from pydantic import TypeAdapter

from service.app import create_app
from service.config import Settings
from service.openapi.operations import Operation, operations
from service.web.response_types import ProblemDocument

OPERATIONS = operations(create_app(Settings(), "postgresql:///"))
GUARDED = [operation for operation in OPERATIONS if operation.guarded]
WITH_BODY = [operation for operation in OPERATIONS if operation.body]
CAPTURED = [operation for operation in OPERATIONS if operation.options.resource]

_ADDRESS = {
    "code": "ada",
    "number": "+14155550100",
    "from_at": "2026-03-01T00:00:00Z",
    "item_id": "1",
    "hook_id": "1",
    "dialer": "vicidial",
    "token": "guessed",
    "preset": "outbound",
    "name": "attempts",
    "team": "closers",
    "metric": "attempts",
    "kind": "invalid-item",
    "fact": "attempts",
    "prefix": "nobodyskey12",
}
# What must never leave the service: the database's words, and where our code stands.
_INTERNAL = ("Traceback", "asyncpg", "pydantic", "litestar", "psycopg", "SELECT", "INSERT", ".py", "sqlstate")

_PROBLEM: TypeAdapter[ProblemDocument] = TypeAdapter(ProblemDocument)


def name_of(operation: Operation) -> str:
    return operation.name


def address_of(operation: Operation) -> str:
    """An address the operation's path stands for."""
    return operation.path.format(**_ADDRESS)


def refused(answer: httpx.Response, status: int, kind: str | None, *pointers: str) -> dict[str, Any]:
    """The problem of an answer, after checking that it is one, of a kind, and that it names these places and no others.

    kind: as in its type; None for what the server refuses before any of our code has seen it.
    """
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]
    return problem(answer.json(), status, kind, *pointers)


def problem(document: dict[str, Any], status: int, kind: str | None, *pointers: str) -> dict[str, Any]:
    """A problem document, after checking it as `refused` does."""
    _PROBLEM.validate_python(document, strict=True)
    assert document["type"] == ("about:blank" if kind is None else f"/problems/{kind}"), document
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert [fault["pointer"] for fault in document.get("errors", [])] == list(pointers), document
    assert not any(word in str(document) for word in _INTERNAL), document
    return document
