"""The whole document, played against a server by schemathesis: what it allows, what it forbids, what it promises.

As a command of its own: its cases, some six thousand, would otherwise be made whenever any test is collected.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from service.contract.files import DOCUMENT
from service.keys import SCOPES, create_key
from tests.conftest import Owner, make_account
from tests.contract.problems import OPERATIONS
from tests.serving import Service

CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.mark.timeout(300)
async def test_the_service_does_what_the_document_says(service: Service, server_owner: Owner, tmp_path: Path) -> None:
    key, _ = await create_key(server_owner, await make_account(server_owner), name="schemathesis", scopes=SCOPES)
    # The limit of an array is reached by another test; here it would make many a body one of 5,000 items.
    played = tmp_path / "openapi.json"
    played.write_bytes(DOCUMENT.read_bytes().replace(b'"maxItems": 5000', b'"maxItems": 20'))
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
