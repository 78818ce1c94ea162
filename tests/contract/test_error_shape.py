"""Every refusal, on every path, is one problem document that says what is wrong and gives nothing away."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from service.accounts.keys import SCOPES, revoke_key
from service.openapi.operations import Operation
from tests.conftest import Owner
from tests.contract.conftest import Caller, NewCaller
from tests.contract.problems import CAPTURED, GUARDED, OPERATIONS, WITH_BODY, address_of, name_of, problem, refused
from tests.make import attempt
from tests.serving import Service

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"}

on_every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
on_every_guarded = pytest.mark.parametrize("operation", GUARDED, ids=name_of)
on_every_body = pytest.mark.parametrize("operation", WITH_BODY, ids=name_of)
on_every_resource = pytest.mark.parametrize("operation", CAPTURED, ids=name_of)


# Addresses and methods -----------------------------------------------------------------------------------------------


@on_every_operation
async def test_an_address_that_does_not_exist(operation: Operation, caller: Caller) -> None:
    for path in (f"{address_of(operation)}/no/such/thing", f"/nowhere{address_of(operation)}"):
        for method in (operation.method, "GET"):
            refused(await caller.send(method, path), 404, None)


@on_every_operation
async def test_a_method_that_is_not_allowed(operation: Operation, caller: Caller) -> None:
    allowed = {other.method.upper() for other in OPERATIONS if other.path == operation.path}
    for method in sorted(METHODS - allowed - {"HEAD"}):
        answer = await caller.send(method, address_of(operation))
        refused(answer, 405, None)
        assert set(answer.headers["allow"].replace(" ", "").split(",")) == allowed | {"OPTIONS"}
    answer = await caller.send("HEAD", address_of(operation))
    assert (answer.status_code, answer.content) == (405, b"")


async def test_a_request_that_is_none(service: Service) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(service.settings["PORT"]))
    writer.write(b"GET /v1/agents HTTP/1.1\r\nHost: a{b}\r\nConnection: close\r\n\r\n")
    answer = (await asyncio.wait_for(reader.read(), 5)).decode()
    writer.close()
    assert answer.startswith("HTTP/1.1 400 ")
    assert "content-type: application/problem+json" in answer
    problem(json.loads(answer.split("\r\n\r\n")[1]), 400, None)


@on_every_operation
async def test_which_methods_there_are_is_told_to_anyone(operation: Operation, client: httpx.AsyncClient) -> None:
    answer = await client.options(address_of(operation))
    assert (answer.status_code, answer.content) == (204, b"")
    assert "OPTIONS" in answer.headers["allow"]


# Keys ----------------------------------------------------------------------------------------------------------------


@on_every_guarded
async def test_no_key(operation: Operation, client: httpx.AsyncClient) -> None:
    for header in ({}, {"Authorization": "Bearer"}, {"Authorization": "Basic Zm9vOmJhcg=="}):
        answer = await client.request(operation.method, address_of(operation), headers=header)
        refused(answer, 401, "not-authenticated")
        assert answer.headers["www-authenticate"] == 'Bearer realm="calltally"'


@on_every_guarded
async def test_a_bad_key(operation: Operation, caller: Caller) -> None:
    other = caller.key[:-3] + ("AAA" if caller.key[-3:] != "AAA" else "BBB")
    for key in ("x", other, f"ct_{'a' * 12}_{'b' * 43}", caller.key.upper(), f"{caller.key} {caller.key}"):
        answer = await caller.client.request(
            operation.method, address_of(operation), headers={"Authorization": f"Bearer {key}"}
        )
        refused(answer, 401, "not-authenticated")
        assert key[5:] not in answer.text or key == "x"


@on_every_guarded
async def test_a_revoked_or_expired_key(operation: Operation, new_caller: NewCaller, server_owner: Owner) -> None:
    revoked = await new_caller()
    await revoke_key(server_owner, revoked.key.split("_")[1])
    answer = await revoked.send(operation.method, address_of(operation))
    assert "revoked" in refused(answer, 401, "not-authenticated")["detail"]
    expired = await new_caller(revoked.account_id, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    answer = await expired.send(operation.method, address_of(operation))
    assert "expired" in refused(answer, 401, "not-authenticated")["detail"]


@on_every_guarded
async def test_a_key_without_the_scope(operation: Operation, new_caller: NewCaller) -> None:
    caller = await new_caller(scopes=sorted(set(SCOPES) - set(operation.options.scopes)))
    answer = await caller.send(operation.method, address_of(operation), json={})
    detail = refused(answer, 403, "not-allowed")["detail"]
    assert detail == f"This needs an API key with the scope {' or '.join(operation.options.scopes)}."


@on_every_guarded
async def test_an_unknown_parameter(operation: Operation, caller: Caller) -> None:
    address = f"{address_of(operation)}?limt=3&desk=%2B14155550123"
    refused(await caller.send(operation.method, address, json={}), 400, "invalid-parameter", "limt", "desk")


# Bodies that cannot be read ------------------------------------------------------------------------------------------

MALFORMED: dict[str, bytes] = {
    "cut short": b'{"external_id": "call-1"',
    "not JSON": b"external_id=call-1",
    "NaN": b'{"talk_seconds": NaN}',
    "Infinity": b'{"talk_seconds": -Infinity}',
    "a number beyond a double": b'{"talk_seconds": 1e999}',
    "a number of 5,000 digits": b'{"talk_seconds": ' + b"9" * 5_000 + b"}",
    "a NUL byte": b"\x00",
    "a NUL byte in a string": b'{"external_id": "call\x00-1"}',
    "a line break in a string": b'{"external_id": "call\n-1"}',
    "bytes that are not UTF-8": b'{"external_id": "call-\xff"}',
    "a comma too many": b'{"external_id": "call-1",}',
    "two values": b"{}{}",
    "nesting without end": b"[" * 200_000,
}


@on_every_body
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
async def test_malformed_json(operation: Operation, body: bytes, caller: Caller) -> None:
    if "{item_id}" in operation.path:
        await caller.post("attempts", attempt(campaign=None))
        item = (await caller.get("rejected-items"))["items"][0]["id"]
        answer = await caller.raw(f"rejected-items/{item}/resubmit", body[:60_000])
    else:
        headers = {"Content-Type": "application/json"}
        answer = await caller.send(operation.method, address_of(operation), content=body, headers=headers)
    takes_long_bodies = operation.options.resource or operation.path == "/v1/exchange-rates"
    if len(body) > 65_536 and not takes_long_bodies and "{item_id}" not in operation.path:
        refused(answer, 413, "body-too-large")
    else:
        detail = refused(answer, 400, "malformed-body")["detail"]
        assert "call" not in detail


@on_every_resource
@pytest.mark.parametrize("body", [b"", b"3", b"null", b'"call-1"', b"true"])
async def test_a_body_that_holds_no_items(operation: Operation, body: bytes, caller: Caller) -> None:
    refused(await caller.raw(operation.path.removeprefix("/v1/"), body), 400, "malformed-body")


@on_every_body
async def test_a_wrong_content_type(operation: Operation, caller: Caller) -> None:
    await caller.post("attempts", attempt(campaign=None))
    item = (await caller.get("rejected-items"))["items"][0]["id"]
    address = address_of(operation).replace("/rejected-items/1/", f"/rejected-items/{item}/")
    wrong = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json", ";", ""]
    for kind in wrong if operation.options.resource else [*wrong, "application/x-ndjson"]:
        answer = await caller.send(operation.method, address, content=b"{}", headers={"Content-Type": kind})
        refused(answer, 415, "unsupported-media-type")
    for encoding in ("zstd", "br", "identity, gzip"):
        headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
        refused(
            await caller.send(operation.method, address, content=b"{}", headers=headers), 415, "unsupported-media-type"
        )


@on_every_resource
async def test_an_array_of_5001_items(operation: Operation, caller: Caller) -> None:
    path = operation.path.removeprefix("/v1/")
    detail = refused(await caller.post(path, [{}] * 5_001), 413, "batch-too-large")["detail"]
    assert "5,001" in detail
    assert (await caller.get("rejected-items"))["items"] == []
