"""The walk-through that connects a made-up dialer works as printed, without a line of Python."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.serving import Service, serving

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "mapped-dialers.md").read_text()

needs_curl = pytest.mark.skipif(
    shutil.which("curl") is None and "CI" not in os.environ, reason="the page's commands need curl, which is not here"
)


def block(mark: str) -> str:
    """The block of code that follows a mark."""
    match = re.search(rf"<!-- walk-through: {mark} -->\n```\w*\n(.*?)```", PAGE, re.DOTALL)
    assert match is not None, mark
    return match[1]


def run(service: Service, folder: Path, mark: str, code: int = 0) -> str:
    """The output of a block's commands, run in a folder as they are printed."""
    settings = {f"CALLTALLY_{name}": service.settings[name] for name in ("DATABASE_URL", "HOME", "PORT", "SECRET_KEY")}
    done = subprocess.run(
        ["bash", "-uc", block(mark)],
        cwd=folder,
        env=os.environ | settings,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@needs_curl
def test_the_walk_through_ends_with_a_sale_in_the_report(folder: Path, fresh_ledger: str) -> None:
    (folder / ".venv").symlink_to(ROOT / ".venv")
    with serving(folder, DATABASE_URL=fresh_ledger, SECRET_KEY="k" * 32) as service:
        run(service, folder, "a delivery")
        run(service, folder, "the mapping")
        assert run(service, folder, "a first try", 3) == block("what it shows")
        corrected = run(service, folder, "corrected")
        assert "fault" not in corrected
        assert re.findall(r"network_result +(\w+)", corrected) == ["answered", "no_answer"]
        run(service, folder, "the hook")
        report = run(service, folder, "the report")
    assert report.startswith("ok")
    assert re.search(r"ada@floor\.example +2 +1 ", " ".join(report.replace("│", " ").split()))
