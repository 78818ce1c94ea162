"""The README's commands work: the test runs its five minutes as printed."""

import csv
import os
import re
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import pytest

from reports.catalogue.catalogue import catalogue
from tests.serving import serving

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def block(mark: str) -> str:
    """The shell commands that follow a mark."""
    match = re.search(rf"<!-- {mark} -->\n```sh\n(.*?)```", README, re.DOTALL)
    assert match is not None
    return match[1]


@pytest.mark.skipif(
    shutil.which("curl") is None and "CI" not in os.environ, reason="the README's commands need curl, which is not here"
)
def test_the_five_minutes_end_with_a_sale_in_the_report(folder: Path, fresh_ledger: str) -> None:
    with serving(folder, DATABASE_URL=fresh_ledger) as service:
        commands = block("five minutes").replace("http://127.0.0.1:8321", service.url)
        done = subprocess.run(
            ["bash", "-euc", commands],
            cwd=ROOT,
            env=os.environ | {f"CALLTALLY_{name}": service.settings[name] for name in ("DATABASE_URL", "HOME")},
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    *receipts, heading, total, ada = done.stdout.strip().splitlines()
    assert [re.findall(r'"status":"(\w+)"', receipt) for receipt in receipts] == [["created"]] * 3
    rows = list(csv.DictReader(StringIO(f"{heading}\n{total}\n{ada}")))
    assert {(row["agent"], row["conv_per_conversation"]) for row in rows} == {("ada", "1.0"), ("", "1.0")}


def test_the_readme_counts_the_metrics_right() -> None:
    assert f"[{len(catalogue())} metrics](docs/metrics.md)" in README


def test_every_page_the_documents_point_to_is_there() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"


def test_every_command_the_documents_name_exists() -> None:
    commands = {path.stem.replace("_", "-").strip("-") for path in (ROOT / "service" / "commands").glob("[!_]*.py")}
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        named = set(re.findall(r"(?:`|bin/)calltally ([a-z]+)", page.read_text()))
        assert named <= commands, f"{page.name}: {named - commands}"
