"""The whole document, played against a server by schemathesis: what it allows, what it forbids, what it promises.

It runs as a command of its own: pytest would otherwise make its thousands of cases whenever it collects a test. Each
half of the operations is a test, so that two processors can share them. `make proof` plays more examples, and every
parameter of every report.
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

from reports.catalogue.dimensions import DIMENSIONS
from service.accounts.keys import SCOPES, create_key
from service.openapi.files import DOCUMENT
from tests.conftest import Owner, make_account
from tests.contract.problems import OPERATIONS
from tests.contract.schemathesis_hooks import LINES, MOST_ITEMS
from tests.proof import PROVING
from tests.serving import Service

CONFIG = Path(__file__).with_name("schemathesis.toml")
# The same code reads every stream, whatever it holds: this stream stands for all.
STREAMED = "/v1/agent-states"
# The same code reads what narrows a report: the reports without a preset stand for these.
NARROWED_ALIKE = ("/v1/reports/{preset}", "/v1/reports/rows", "/v1/staffing")
# The suite plays the same ten examples an operation every time, `make proof` others at every run.
EXAMPLES = ["--max-examples", "100"] if PROVING else ["--max-examples", "10", "--generation-deterministic"]
HALVES = {"--include-tag": "capture", "--exclude-tag": "capture"}


@pytest.mark.proof
@pytest.mark.timeout(0 if PROVING else 300)
@pytest.mark.parametrize(("choose", "tag"), HALVES.items(), ids=["capture", "everything else"])
async def test_the_service_does_what_the_document_says(
    service: Service, server_owner: Owner, tmp_path: Path, choose: str, tag: str
) -> None:
    key, _ = await create_key(server_owner, await make_account(server_owner), name="schemathesis", scopes=SCOPES)
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(shortened(json.loads(DOCUMENT.read_bytes()))))
    captured = [operation for operation in OPERATIONS if tag in operation.tags]
    operations = len(captured) if choose == "--include-tag" else len(OPERATIONS) - len(captured)
    assert await play(document, service.url, key, [choose, tag]) == operations


async def play(document: Path, url: str, key: str, operations: list[str]) -> int:
    """Play some of the operations; answers how many."""
    program = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", str(document)]
    playing = await asyncio.create_subprocess_exec(
        *program, "--url", url, "--no-color", *EXAMPLES, *operations,
        env=os.environ | {"CONTRACT_KEY": key},
        cwd=document.parent,
        stdout=PIPE,
        stderr=STDOUT,
    )  # fmt: skip
    output = (await playing.communicate())[0].decode()
    assert playing.returncode == 0, output
    tested = re.search(r"Tested: (\d+)", output)
    assert tested, output
    return int(tested[1])


def shortened(document: dict[str, Any]) -> dict[str, Any]:
    """The document with less of the same: one stream, arrays of few items (another test reaches their limit), and what
    narrows a report only once.
    """
    for path, methods in document["paths"].items():
        content = methods.get("post", {}).get("requestBody", {}).get("content", {})
        if LINES in content:
            content["application/json"]["schema"]["oneOf"][1]["maxItems"] = MOST_ITEMS
            if path != STREAMED:
                del content[LINES]
    for report in () if PROVING else (document["paths"][path]["get"] for path in NARROWED_ALIKE):
        report["parameters"] = [parameter for parameter in report["parameters"] if parameter["name"] not in DIMENSIONS]
    return document
