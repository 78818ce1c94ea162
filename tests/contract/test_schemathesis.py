"""The whole document, played against a server by schemathesis: what it allows, what it forbids, what it promises.

As a command of its own: its cases, some six thousand, would otherwise be made whenever any test is collected.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from service.contract.files import DOCUMENT
from service.keys import SCOPES, create_key
from tests.conftest import Owner, make_account
from tests.contract.problems import OPERATIONS
from tests.serving import Service

# Streams are read by the same code whatever they hold: two stand for all.
STREAMED = ("/v1/attempts", "/v1/agent-states")
CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.mark.timeout(300)
async def test_the_service_does_what_the_document_says(service: Service, server_owner: Owner, tmp_path: Path) -> None:
    key, _ = await create_key(server_owner, await make_account(server_owner), name="schemathesis", scopes=SCOPES)
    played = tmp_path / "openapi.json"
    played.write_text(json.dumps(shortened(json.loads(DOCUMENT.read_bytes()))))
    program = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG)]
    done = subprocess.run(
        [*program, "run", str(played), "--url", service.url, "--no-color"],
        env=os.environ | {"CONTRACT_KEY": key},
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    tested = re.search(r"Operations:\s+(\d+) selected", done.stdout)
    assert tested, done.stdout
    assert int(tested[1]) == len(OPERATIONS)


def shortened(document: dict[str, Any]) -> dict[str, Any]:
    """The document with less of the same: few streams, and arrays whose limit, reached by another test, is near."""
    for path, methods in document["paths"].items():
        content = methods.get("post", {}).get("requestBody", {}).get("content", {})
        if "application/x-ndjson" in content:
            content["application/json"]["schema"]["oneOf"][1]["maxItems"] = 20
            if path not in STREAMED:
                del content["application/x-ndjson"]
    return document
