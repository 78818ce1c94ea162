"""Compressed bodies are read as if they were plain: items, arrays, streams and deliveries; bombs are refused."""

import gzip
import zlib
from collections.abc import Callable

import orjson
import pytest

from tests.api.conftest import Caller
from tests.hooks.conftest import SECRET, NewHook, new_hook
from tests.make import attempt, attempts

__all__ = ["new_hook"]

JSON, LINES = "application/json", "application/x-ndjson"


def raw_deflate(body: bytes) -> bytes:
    """As some programs write deflate: without the header of zlib."""
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(body) + compressor.flush()


ENCODINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("GZIP", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("identity", bytes),
    ("", bytes),
]


async def send(caller: Caller, body: bytes, encoding: str, kind: str = JSON) -> tuple[int, bytes]:
    headers = {"Content-Type": kind, "Content-Encoding": encoding}
    answer = await caller.send("POST", "attempts", content=body, headers=headers)
    return answer.status_code, answer.content


@pytest.mark.parametrize(("encoding", "compress"), ENCODINGS)
async def test_an_item_an_array_and_a_stream_may_be_compressed(
    encoding: str, compress: Callable[[bytes], bytes], caller: Caller
) -> None:
    assert (await send(caller, compress(orjson.dumps(attempt("one"))), encoding))[0] == 201
    status, answer = await send(caller, compress(orjson.dumps(attempts(3))), encoding)
    assert (status, orjson.loads(answer)["created"]) == (200, 3)
    lines = b"\n".join(map(orjson.dumps, attempts(2_000, "line")))
    status, answer = await send(caller, compress(lines), encoding, LINES)
    assert (status, orjson.loads(answer.splitlines()[-1])["created"]) == (200, 2_000)


async def test_a_stream_may_have_several_members(caller: Caller) -> None:
    members = b"".join(gzip.compress(orjson.dumps(item) + b"\n", mtime=0) for item in attempts(5))
    _, answer = await send(caller, members, "gzip", LINES)
    assert orjson.loads(answer.splitlines()[-1])["created"] == 5


@pytest.mark.parametrize("kind", [JSON, LINES])
@pytest.mark.parametrize("body", [b"{}", gzip.compress(orjson.dumps(attempt()), mtime=0)[:-4], b"\x1f"])
async def test_a_damaged_body_is_malformed(body: bytes, kind: str, caller: Caller) -> None:
    status, answer = await send(caller, body, "gzip", kind)
    assert (status, orjson.loads(answer)["type"]) == (400, "/problems/malformed-body")
    assert "gzip" in orjson.loads(answer)["detail"]


@pytest.mark.parametrize("kind", [JSON, LINES])
async def test_a_small_body_that_expands_without_end_is_refused(kind: str, caller: Caller) -> None:
    status, answer = await send(caller, gzip.compress(b" " * 40_000_000, mtime=0), "gzip", kind)
    assert (status, orjson.loads(answer)["type"]) == (413, "/problems/body-too-large")


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
async def test_another_compression_is_named_as_unsupported(encoding: str, caller: Caller) -> None:
    status, answer = await send(caller, b"{}", encoding)
    assert (status, orjson.loads(answer)["type"]) == (415, "/problems/unsupported-media-type")
    assert "gzip, deflate or identity" in orjson.loads(answer)["detail"]


@pytest.mark.parametrize(
    ("encoding", "body", "status", "refused"),
    [
        ("gzip", gzip.compress(b'{"event": "/restapi/v1.0/none"}', mtime=0), 200, {}),
        ("gzip", gzip.compress(b" " * 1_100_000, mtime=0), 413, {"too large": 1}),
        ("gzip", b"plain", 400, {"damaged compression": 1}),
        ("br", b"{}", 415, {"unknown compression": 1}),
    ],
)
async def test_a_delivery_may_be_compressed(
    encoding: str, body: bytes, status: int, refused: dict[str, int], new_hook: NewHook
) -> None:
    hook = await new_hook("ringcentral", secret=SECRET)
    headers = {"Content-Type": JSON, "Content-Encoding": encoding, "Verification-Token": SECRET}
    path = hook.url.partition("/v1/")[2]
    answer = await hook.caller.client.post(f"/v1/{path}", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert (await hook.document())["refused"] == refused
    stored = (await hook.caller.get("deliveries"))["items"]
    assert [row["body"] for row in stored] == (['{"event": "/restapi/v1.0/none"}'] if status == 200 else [])
