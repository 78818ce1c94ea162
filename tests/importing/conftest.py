"""Importing files at a terminal: the command, on a ledger of the test's own."""

import asyncio
import gzip
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner

from service.__main__ import commands
from service.config import SetupError

MAPPINGS = Path(__file__).parents[2] / "docs" / "mappings"
BANK_SAMPLE = Path(__file__).parent / "bank-sample.csv"

Process = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Outcome:
    """The command's exit code and output."""

    code: int
    output: str


@dataclass(frozen=True)
class Workspace:
    """A ledger, a folder for files, and the command that imports them."""

    url: str
    folder: Path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        raw = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return path

    def run(
        self, what: str, file: Path, mapping: Path | str | None, *options: str, sent: bytes | None = None
    ) -> Outcome:
        """Import a file in this process. The mapping may be a path or its text; sent: the standard input."""
        arguments = self._arguments(what, file, mapping, options)
        result = CliRunner(env={"CALLTALLY_DATABASE_URL": self.url}).invoke(commands, arguments, input=sent)
        if isinstance(result.exception, SetupError):
            return Outcome(2, str(result.exception))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, result.output)

    def start(self, what: str, file: Path, mapping: Path | str, *options: str) -> "subprocess.Popen[str]":
        """Import a file in a separate process."""
        return subprocess.Popen(
            [sys.executable, "-m", "service", *self._arguments(what, file, mapping, options)],
            env=os.environ | {"CALLTALLY_DATABASE_URL": self.url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _arguments(self, what: str, file: Path, mapping: Path | str | None, options: tuple[str, ...]) -> list[str]:
        path = self.write("mapping.toml", mapping) if isinstance(mapping, str) else mapping
        return ["import", what, str(file), *(["--mapping", str(path)] if path else []), *options]

    def rows(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """The rows of a query as the ledger's owner."""

        async def fetch() -> list[tuple[Any, ...]]:
            connection = await asyncpg.connect(self.url)
            try:
                return [tuple(row) for row in await connection.fetch(query, *arguments)]
            finally:
                await connection.close()

        return asyncio.run(fetch())

    def row(self, query: str, *arguments: Any) -> Any:
        [row] = self.rows(query, *arguments)
        return row[0] if len(row) == 1 else row


@pytest.fixture
def workspace(fresh_ledger: str, tmp_path: Path) -> Workspace:
    return Workspace(fresh_ledger, tmp_path)


def counts(outcome: Outcome) -> dict[str, int]:
    """The summary's numbers by name."""
    numbers: dict[str, int] = {}
    for line in outcome.output.splitlines():
        name, _, number = line.strip().rpartition(" ")
        if name.strip() in {"created", "updated", "unchanged", "rejected", "valid"}:
            numbers[name.strip()] = int(number.replace(",", ""))
    return numbers
