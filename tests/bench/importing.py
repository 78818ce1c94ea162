"""The import of a large file: attempts a second, and the most memory the command held."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.bench.floor import attempt
from tests.bench.lines import Line

_COLUMNS = (
    "external_id",
    "campaign",
    "agent",
    "lead",
    "to_number",
    "dialed_at",
    "ended_at",
    "network_result",
    "outcome",
)
_MAPPING = """
[attempt]
external_id = "external_id"
dialer = { constant = "bench" }
campaign = "campaign"
agent = "agent"
lead = "lead"
to_number = "to_number"
dialed_at = "dialed_at"
ended_at = "ended_at"
network_result = "network_result"

[disposition]
code = "outcome"
"""


def write_file(path: Path, attempts: int, people: int) -> None:
    """A CSV of attempts, one row each, some with their outcome."""
    with path.open("w") as file:
        file.write(",".join(_COLUMNS) + "\n")
        for number in range(attempts):
            call = attempt(number, people)
            outcome = call.get("disposition", {}).get("code", "")
            file.write(",".join(str(call[name]) for name in _COLUMNS[:-1]) + f",{outcome}\n")


def import_file(home: Path, attempts: int) -> list[Line]:
    """Import a file of so many attempts, to people called four times each, into the ledger of this home; twice."""
    file, mapping = home / "calls.csv", home / "calls.toml"
    write_file(file, attempts, attempts // 4)
    mapping.write_text(_MAPPING)
    seconds, peak = _run(home, file, mapping)
    again, _ = _run(home, file, mapping)
    return [
        Line(
            f"import of {attempts:,} attempts",
            f"{attempts / seconds:,.0f} attempts/s",
            f"at most {peak / 2**20:,.0f} MB",
        ),
        Line("the same file again", f"{attempts / again:,.0f} attempts/s", "changes nothing"),
    ]


def _run(home: Path, file: Path, mapping: Path) -> tuple[float, int]:
    command = [sys.executable, "-P", "-m", "service", "import", "attempts", str(file), "--mapping", str(mapping)]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | {"CALLTALLY_HOME": str(home)}, stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _memory(process.pid))
        time.sleep(0.1)
    assert process.returncode == 0, f"the import ended with exit code {process.returncode}"
    return time.perf_counter() - started, peak


def _memory(pid: int) -> int:
    """Bytes held by a process and its children together, the ledger's server left out."""
    try:
        main = psutil.Process(pid)
        family = [main, *main.children(recursive=True)]
        return sum(process.memory_info().rss for process in family if process.name() != "postgres")
    except psutil.NoSuchProcess:
        return 0
