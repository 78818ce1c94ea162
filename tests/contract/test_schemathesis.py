"""The whole document, played against a server by schemathesis: what it allows, what it forbids, what it promises.

As a command of its own, twice at once: its cases, more than four thousand, would otherwise be made whenever any test is
collected, and by one processor.
"""

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path
from typing import Any

import pytest

from service.accounts.keys import SCOPES, create_key
from service.openapi.files import DOCUMENT
from tests.conftest import Owner, make_account
from tests.contract.problems import OPERATIONS
from tests.serving import Service

CONFIG = Path(__file__).with_name("schemathesis.toml")
# Streams are read by the same code whatever they hold: one stands for all.
STREAMED = "/v1/agent-states"


@pytest.mark.timeout(900)
async def test_the_service_does_what_the_document_says(service: Service, server_owner: Owner, tmp_path: Path) -> None:
    key, _ = await create_key(server_owner, await make_account(server_owner), name="schemathesis", scopes=SCOPES)
    played = tmp_path / "openapi.json"
    played.write_text(json.dumps(shortened(json.loads(DOCUMENT.read_bytes()))))
    halves = ["--include-tag", "capture"], ["--exclude-tag", "capture"]
    counts = await asyncio.gather(*(play(played, service.url, key, half) for half in halves))
    assert sum(counts) == len(OPERATIONS)


async def play(document: Path, url: str, key: str, operations: list[str]) -> int:
    """Play some of the operations; answers how many."""
    program = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", str(document)]
    playing = await asyncio.create_subprocess_exec(
        *program, "--url", url, "--no-color", *operations,
        env=os.environ | {"CONTRACT_KEY": key},
        cwd=document.parent,
        stdout=PIPE,
        stderr=STDOUT,
    )  # fmt: skip
    said = (await playing.communicate())[0].decode()
    assert playing.returncode == 0, said
    tested = re.search(r"Tested: (\d+)", said)
    assert tested, said
    return int(tested[1])


def shortened(document: dict[str, Any]) -> dict[str, Any]:
    """The document with less of the same: one stream, and arrays whose limit, reached by another test, is near."""
    for path, methods in document["paths"].items():
        content = methods.get("post", {}).get("requestBody", {}).get("content", {})
        if "application/x-ndjson" in content:
            content["application/json"]["schema"]["oneOf"][1]["maxItems"] = 20
            if path != STREAMED:
                del content["application/x-ndjson"]
    return document
