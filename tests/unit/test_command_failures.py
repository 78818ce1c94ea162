"""What a user can correct is one line on standard error with exit code 2, for every command that meets it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from service.__main__ import commands, main

Outcome = tuple[int, str]
Run = Callable[..., Outcome]

# Every command that opens the ledger, with arguments that reach it. The service starts without one, and keeps trying.
LEDGER_COMMANDS = [
    "account list",
    "key list",
    "key create",
    "hook list",
    "hook create --dialer vicidial --campaign spring",
    "erase --lead lead-1 --yes",
    "import attempts attempts.csv --mapping attempts.toml",
    "migrate",
    "replay --hook 1",
    "report outbound",
    "simulate --attempts 10",
    "sync",
]
DATABASES = {
    "postgresql://a:hush@nowhere.invalid/b": "The host in CALLTALLY_DATABASE_URL is not known",
    "postgresql://a:hush@127.0.0.1:1/b": "The PostgreSQL server cannot be reached",
    "postgresql://a:hush@127.0.0.1:port/b": "CALLTALLY_DATABASE_URL: must have a number for its port",
    "postgresql://a:hush@127.0.0.1:1/b?sslmode=never": "CALLTALLY_DATABASE_URL is not valid: `sslmode` parameter must",
    "postgresql://a:hush@/b?host=/no/such/folder": "A file or folder in CALLTALLY_DATABASE_URL cannot be used",
}

MAPPING = """
[times]
format = "rfc3339"
[attempt]
external_id = "external_id"
campaign = "campaign"
dialed_at = "dialed_at"
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path) -> Iterator[Run]:
    """Run a command in this process: its exit code, and what it wrote to standard error."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}

    def run_command(line: str, **settings: str) -> Outcome:
        for name, value in {"HOME": str(home), **settings}.items():
            monkeypatch.setenv(f"CALLTALLY_{name}", value)
        monkeypatch.setattr(sys, "argv", ["calltally", *line.split()])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), capsys.readouterr().err

    yield run_command
    for number, handler in before.items():
        signal.signal(number, handler)


def is_one_line(outcome: Outcome, message: str) -> bool:
    code, text = outcome
    return code == 2 and text.count("\n") == 1 and text.startswith("calltally: ") and message in text


@pytest.mark.parametrize("line", LEDGER_COMMANDS)
def test_a_ledger_that_cannot_be_reached(line: str, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / "attempts.csv").write_text("external_id,campaign,dialed_at\na,b,2026-03-02T09:00:00Z\n")
    (folder / "attempts.toml").write_text(MAPPING)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = str(taken.getsockname()[1])
    for url, message in DATABASES.items():
        outcome = run(line, DATABASE_URL=url, PORT=free)
        assert is_one_line(outcome, message), outcome
        assert "hush" not in outcome[1]
    home = run(line, HOME="/dev/null/home", DATABASE_URL="", PORT=free)
    assert is_one_line(home, "set CALLTALLY_HOME to a folder of yours"), home


def test_the_service_does_not_wait_for_an_address_that_can_never_be_right(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = str(taken.getsockname()[1])
    outcome = run("serve", DATABASE_URL="postgresql://a:hush@127.0.0.1:1/b?sslmode=never", PORT=free)
    assert is_one_line(outcome, "CALLTALLY_DATABASE_URL is not valid: `sslmode` parameter must"), outcome


@pytest.mark.parametrize("line", [*LEDGER_COMMANDS, "serve", "demo --once", "config"])
def test_a_setting_that_is_wrong(line: str, run: Run) -> None:
    outcome = run(line, PORT="http", LAKE="")
    assert is_one_line(outcome, "CALLTALLY_PORT: "), outcome


@pytest.mark.parametrize("line", ["serve", "demo --once"])
def test_a_port_in_use(line: str, run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = run(f"{line} --port {taken.getsockname()[1]}")
    assert is_one_line(outcome, "choose another port with --port"), outcome


@pytest.mark.parametrize("line", ["serve", "demo --once"])
def test_a_service_without_a_home(line: str, run: Run) -> None:
    outcome = run(line, HOME="/dev/null/home")
    assert outcome[0] == 2, outcome
    assert outcome[1].count("\n") == 1, outcome


@pytest.mark.parametrize(
    ("lake", "message"), [("/dev/null/lake", "Cannot use /dev/null/lake"), ("s3://nowhere/lake", "The lake cannot be")]
)
def test_a_lake_that_cannot_be_written(lake: str, message: str, run: Run, ledger_url: str) -> None:
    code, text = run("sync", DATABASE_URL=ledger_url, LAKE=lake)
    assert code == 2
    assert text.strip().startswith(f"calltally: {message}"), text
    assert text.strip().count("\n") == 0, text


def test_a_store_that_cannot_be_written(run: Run, ledger_url: str, folder: Path) -> None:
    code, text = run("sync", DATABASE_URL=ledger_url, LAKE=str(folder / "lake"), CACHE="/dev/null/store")
    assert code == 2
    assert re.fullmatch(r"calltally: Cannot use /dev/null/store/\d+/\w+: Not a directory", text.strip()), text


def test_a_report_from_a_lake_that_cannot_be_read_and_to_a_folder_that_is_not_there(run: Run, ledger_url: str) -> None:
    code, text = run("report outbound --output /dev/null/report.csv", DATABASE_URL=ledger_url, LAKE="/dev/null/lake")
    assert (code, text.count("\n")) == (1, 1), text
    assert "report.csv" in text


def test_a_database_that_is_not_there_and_one_that_is_not_ours(run: Run, ledger_url: str, empty_database: str) -> None:
    missing = ledger_url.replace("/ledger_", "/nowhere_")
    outcome = run("report outbound", DATABASE_URL=missing)
    assert is_one_line(outcome, "refused the connection: database"), outcome


def test_an_interrupted_command_ends_without_a_traceback(home: Path) -> None:
    code = (
        "import os, signal, sys, threading; from service import __main__ as m\n"
        "sys.argv = ['calltally', 'metrics']\n"
        "import service.commands.metrics as c\n"
        "c.command.callback = lambda **_: os.kill(os.getpid(), signal.SIGINT) or signal.pause()\n"
        "m.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.strip()) == (1, "Aborted!")


WORK = Path(__file__).parents[2] / "service" / "commands" / "work"
# What no help needs: each takes a tenth of a second or more to import, or brings others that do.
HEAVY = {
    *(
        "altair",
        "asyncpg",
        "cryptography",
        "deltalake",
        "fastexcel",
        "granian",
        "httpx",
        "jinja2",
        "joserfc",
        "litestar",
    ),
    *("numpy", "phonenumbers", "polars", "pydantic", "pydantic_settings", "rich", "structlog", "uvloop"),
    *("vl_convert", "xlsxwriter"),
}


def imported(*arguments: str, **environment: str) -> tuple[str, set[str]]:
    """The output of a command in a process of its own, and the heavy modules that it imported."""
    code = (
        "import sys; from service.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('imported', *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | environment,
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    shown, _, modules = done.stdout.rpartition("imported ")
    return shown + done.stderr, HEAVY & set(modules.split())


def every_command(group: click.Group, *names: str) -> Iterator[tuple[str, ...]]:
    """The names of every command, of groups too, as they are typed."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*names, name)
        if isinstance(command, click.Group):
            yield from every_command(command, *names, name)


def test_no_help_imports_what_only_the_work_needs() -> None:
    lines = [(), *((*names, "--help") for names in [(), *every_command(commands)]), ("account",), ("hook",), ("repot",)]
    shown = {line: imported(*line) for line in lines}
    assert {line: modules for line, (_, modules) in shown.items() if modules} == {}
    assert [line for line, (text, _) in shown.items() if "Usage: calltally" not in text] == []
    assert "Start the service." in shown["--help",][0]
    assert "lead_creation,linear" in shown["report", "--help"][0]


@pytest.mark.parametrize(
    ("names", "unneeded"),
    [
        (
            [path.stem for path in WORK.glob("[!_]*.py") if path.stem not in {"demo", "openapi"}],
            {"litestar", "altair", "vl_convert"},
        ),
        (["account", "erase", "key", "migrate", "serve"], {"polars", "deltalake", "numpy"}),
        (["report"], {"numpy", "phonenumbers", "xlsxwriter", "cryptography"}),
    ],
)
def test_no_command_imports_what_its_work_does_not_need(names: list[str], unneeded: set[str]) -> None:
    code = "import sys; from importlib import import_module\n"
    code += "\n".join(f"import_module('service.commands.work.{name}')" for name in names)
    code += "\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60)
    assert unneeded & set(done.stdout.split()) == set()


def test_the_completion_of_a_shell_imports_no_more_than_the_help() -> None:
    words = {"_CALLTALLY_COMPLETE": "bash_complete", "COMP_WORDS": "calltally report --goal ", "COMP_CWORD": "3"}
    shown, modules = imported(**words)
    assert ("plain,appointment" in shown, modules) == (True, set())


def test_a_wrong_setting_is_reported_before_a_wrong_option_and_hides_no_help(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_one_line(run("key create --colour", PORT="http"), "CALLTALLY_PORT: ")
    assert "Create an API key" in imported("key", "create", "--help", CALLTALLY_PORT="http")[0]
    monkeypatch.delenv("CALLTALLY_PORT")
    code, text = run("key create --colour", PROT="1")
    assert (code, text.count("did you mean CALLTALLY_PORT?"), "No such option" in text) == (2, 1, True)


@pytest.mark.parametrize(("line", "meant"), [("repot outbound", "report"), ("key creat", "create")])
def test_a_misspelt_command_is_told_its_name(line: str, meant: str, run: Run) -> None:
    code, text = run(line)
    assert code == 2
    assert f"'{meant}'" in text
