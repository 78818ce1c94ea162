"""The command line as a newcomer meets it: on an empty machine, with typing mistakes, and ending in the middle."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.__main__ import commands
from service.commands.key import Duration, Instant
from service.platform.embedded_server import running_ledger
from tests.conftest import FAST

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def calltally(home: Path) -> Run:
    """Run the command on a home of its own."""

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "service", *arguments],
            env=os.environ | {"CALLTALLY_HOME": str(home)} | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


@pytest.fixture
def held(home: Path) -> Iterator[None]:
    """Keep the home's server running between commands, which saves a second for each."""
    with running_ledger(home, extra=FAST):
        yield


def test_a_key_can_be_made_on_an_empty_machine_listed_and_revoked(calltally: Run) -> None:
    assert "There are no keys yet" in calltally("key", "list").stdout
    made = calltally("key", "create", "--name", "floor", "--scope", "ingest", "--dialer", "main", "--expires-in", "90d")
    assert made.returncode == 0
    key = made.stdout.strip()
    assert re.fullmatch(r"ct_[a-z0-9]{12}_[\w-]{43}", key)
    prefix = key.split("_")[1]
    listed = calltally("key", "list").stdout
    assert re.search(rf"{prefix} +default +floor +ingest +main .*active until", listed)
    assert key not in listed
    assert f"Revoked key {prefix} of account default" in calltally("key", "revoke", key).stdout
    assert re.search(rf"{prefix} .*revoked", calltally("key", "list").stdout)


def test_an_account_is_made_once_and_gets_its_own_key(calltally: Run, held: None) -> None:
    create = ("account", "create", "acme", "--zone", "Europe/Berlin", "--region", "de", "--currency", "eur")
    assert calltally(*create).returncode == 0
    again = calltally(*create)
    assert (again.returncode, again.stderr) == (
        2,
        "calltally: The account acme already exists; see: calltally account list\n",
    )
    assert re.search("acme +acme +Europe/Berlin +DE +EUR", calltally("account", "list").stdout)
    assert calltally("key", "create", "--account", "acme").returncode == 0
    assert "the accounts are: acme, default" in calltally("key", "create", "--account", "amce").stderr


def test_migrate_tells_what_it_did_and_what_is_pending(calltally: Run, held: None) -> None:
    pending = calltally("migrate", "--check")
    assert pending.returncode == 1
    assert "pending: 0001_create_ledger" in pending.stdout
    assert "applied: 0001_create_ledger" in calltally("migrate").stdout
    assert calltally("migrate").stdout == "The ledger is up to date.\n"
    assert calltally("migrate", "--check").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["key", "revoke", "nobody"], {}, "There is no key with the prefix nobody"),
        (["migrate"], {"CALLTALLY_PORT": "http"}, "CALLTALLY_PORT: "),
        (["migrate"], {"CALLTALLY_DATABASE_URL": "postgresql://a:hush@127.0.0.1:1/b"}, "cannot be reached"),
        (["migrate"], {"CALLTALLY_HOME": "/dev/null/home"}, "set CALLTALLY_HOME to a folder of yours"),
        (["nonsense"], {}, "No such command 'nonsense'"),
    ],
)
def test_what_the_user_can_put_right_is_one_line_and_exit_code_2(
    calltally: Run, arguments: list[str], environment: dict[str, str], message: str
) -> None:
    failed = calltally(*arguments, **environment)
    assert failed.returncode == 2
    assert message in failed.stderr
    assert "Traceback" not in failed.stderr
    assert "hush" not in failed.stderr
    assert failed.stdout == ""


def test_a_refused_login_is_told_without_a_traceback(calltally: Run, server_url: str) -> None:
    failed = calltally("migrate", CALLTALLY_DATABASE_URL=server_url.replace("/calltally?", "/nowhere?"))
    assert (failed.returncode, failed.stderr) == (
        2,
        'calltally: The PostgreSQL server refused the connection: database "nowhere" does not exist\n',
    )


def test_a_misspelt_variable_is_pointed_out(calltally: Run) -> None:
    assert "did you mean CALLTALLY_PORT?" in calltally("config", CALLTALLY_PROT="1").stderr


def test_a_command_told_to_end_leaves_no_server_running(home: Path) -> None:
    code = (
        "import sys, time, signal; from service import __main__ as m\n"
        "from pathlib import Path\n"
        "from service.platform.embedded_server import running_ledger\n"
        "signal.signal(signal.SIGTERM, m.leave)\n"
        "with running_ledger(Path(sys.argv[1])): print(flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 128 + signal.SIGTERM
    assert not (home / "ledger/data/postmaster.pid").exists()


def test_without_a_command_the_help_says_where_to_begin() -> None:
    shown = CliRunner().invoke(commands)
    assert shown.exit_code == 0
    for first in ("calltally demo", "calltally serve", "calltally key"):
        assert first in shown.output


def test_every_command_has_help() -> None:
    context = commands.make_context("calltally", ["config"])
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        assert command is not None, name
        shown = CliRunner().invoke(command, ["--help"])
        assert shown.exit_code == 0, name
        assert len(shown.output.splitlines()) > 4, name


def test_a_report_can_be_asked_for_everything_and_is_written_by_the_ending_of_its_file(
    calltally: Run, held: None, folder: Path
) -> None:
    compared = ("--compare", "2026-02-02", "--matured", "--from", "2026-03-02", "--to", "2026-03-09")
    printed = calltally("report", "outbound", "--by", "agent", *compared, "--benchmarks", "--goal", "any")
    assert (printed.returncode, printed.stderr) == (0, "")
    assert "Compared with Mon, Feb 2, 2026 to Sun, Feb 8, 2026" in printed.stdout
    assert "success means: any" in printed.stdout
    file = folder / "outbound.xlsx"
    wrote = calltally("report", "outbound", "--stratify", "campaign", "--currency", "EUR", "--output", str(file))
    assert wrote.stderr.startswith(f"Wrote {file}: 0 calls")
    assert file.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["outbound", "--output", "report.xls"], "The format of a .xls file is not known: give --format"),
        (["outbound", "--metrics", "attempts"], "Name a report (outbound"),
        (["outbound", "--goal", "win"], "'win' is not one of"),
        (["outbound", "--format", "pdf"], "'pdf' is not one of"),
    ],
)
def test_a_report_nobody_can_write_is_refused_before_it_is_made(arguments: list[str], message: str) -> None:
    refused = CliRunner().invoke(commands, ["report", *arguments])
    assert refused.exit_code == 2
    assert message in refused.output


@pytest.mark.parametrize("text", ["", "90", "d", "-1d", "1.5h", "1y", "9999999d"])
def test_a_duration_needs_a_number_and_a_unit(text: str) -> None:
    with pytest.raises(Exception, match="not a number and a unit"):
        Duration().convert(text, None, None)


@pytest.mark.parametrize("text", ["", "tomorrow", "2027-01-31", "2027-01-31T18:00:00"])
def test_a_bare_local_time_is_no_expiry(text: str) -> None:
    with pytest.raises(Exception, match=r"must be an RFC 3339 time|needs an offset"):
        Instant().convert(text, None, None)
