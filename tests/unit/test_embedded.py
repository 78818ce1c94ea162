"""The embedded ledger runs while any process uses it, even when other processes start, end or die.

The tests start and kill real processes.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, cast
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psutil
import pytest

from service.config import SetupError
from service.platform.embedded_server import running_ledger
from service.platform.postgres_server import CONFIGURATION, Server
from service.platform.system_user import PROGRAMS_VERSION, installed_programs
from tests.conftest import FAST

# Uses the ledger of a home until its standard input ends.
USER = """
import sys
from pathlib import Path
from service.platform.embedded_server import running_ledger
with running_ledger(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""

StartUser = Callable[..., "subprocess.Popen[str]"]

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")


@pytest.fixture
def start_user(home: Path) -> Iterator[StartUser]:
    """Start a process that uses the home. After the test, the server and all remaining processes end."""
    started: list[subprocess.Popen[str]] = []

    def start(**environment: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", USER, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process:  # closes its pipes and waits
            process.kill()
    if (home / "ledger").exists():
        server_of(home).stop()


def server_of(home: Path) -> Server:
    """The server of a home."""
    return Server.under(home, {}, lambda _: None)


def server_number(home: Path) -> int:
    """The number of the running server's main process."""
    process = server_of(home).process()
    assert process is not None
    return process.pid


def read_url(user: "subprocess.Popen[str]") -> str:
    """Wait until the user has its ledger."""
    line = cast("IO[str]", user.stdout).readline().strip()
    assert line, cast("IO[str]", user.stderr).read()
    return line


def leave(user: "subprocess.Popen[str]") -> None:
    """Let the user go, and check that it ends without an error."""
    _, errors = user.communicate(timeout=30)
    assert user.returncode == 0, errors
    # On a busy machine, a process that waits for another prints a notice.
    assert errors in {"", "Waiting for another calltally command to start or stop the ledger ...\n"}


def run(url: str, statement: str) -> object:
    """The first value that a statement returns."""

    async def fetch() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    with asyncio.Runner() as runner:
        return runner.run(fetch())


def kill_server(home: Path) -> None:
    """SIGKILL, as the kernel does when memory runs out."""
    process = psutil.Process(server_number(home))
    process.kill()
    while server_of(home).process() is not None:
        time.sleep(0.01)


def test_commands_at_the_same_moment_on_a_new_home_share_one_server(home: Path, start_user: StartUser) -> None:
    users = [start_user() for _ in range(3)]
    assert len({read_url(user) for user in users}) == 1
    number = server_number(home)
    for user in users[:2]:
        leave(user)
        assert server_number(home) == number
    leave(users[2])
    assert server_of(home).state() == "absent"


def test_a_killed_server_comes_back_with_what_was_committed(home: Path, start_user: StartUser) -> None:
    user = start_user()
    run(read_url(user), "CREATE TABLE kept AS SELECT 42 AS value")
    kill_server(home)
    leave(user)
    with running_ledger(home) as url:
        assert run(url, "SELECT value FROM kept") == 42
    assert server_of(home).state() == "absent"


def test_a_command_brings_a_killed_server_back_for_those_still_there(home: Path, start_user: StartUser) -> None:
    first = start_user()
    read_url(first)
    kill_server(home)
    second = start_user()
    assert run(read_url(second), "SELECT 1") == 1
    leave(second)
    assert server_of(home).state() == "ready"
    leave(first)
    assert server_of(home).state() == "absent"


def test_the_next_user_stops_the_server_that_a_killed_user_left_behind(home: Path, start_user: StartUser) -> None:
    user = start_user()
    read_url(user)
    number = server_number(home)
    user.kill()
    user.wait()
    assert server_number(home) == number
    with running_ledger(home):
        assert server_number(home) == number
    assert server_of(home).state() == "absent"


def test_ctrl_c_at_one_terminal_leaves_the_server_to_the_others(home: Path, start_user: StartUser) -> None:
    starter = start_user()
    read_url(starter)
    other = start_user()
    url = read_url(other)
    os.killpg(starter.pid, signal.SIGINT)
    starter.communicate(timeout=30)
    assert starter.returncode == -signal.SIGINT
    assert run(url, "SELECT 1") == 1
    leave(other)
    assert server_of(home).state() == "absent"


def test_uses_within_one_process_count_each(home: Path) -> None:
    with running_ledger(home, extra=FAST):
        with running_ledger(home) as url:
            assert run(url, "SELECT 1") == 1
        assert server_of(home).state() == "ready"
    assert server_of(home).state() == "absent"


def test_the_server_is_durable_local_and_says_nothing_of_what_is_stored(home: Path) -> None:
    with running_ledger(home) as url:
        promises = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
        for name, value in {**CONFIGURATION, **dict.fromkeys(promises, "on")}.items():
            assert run(url, f"SELECT current_setting('{name}')") == value
        assert run(url, "SELECT datcollate || ' ' || datlocale FROM pg_database WHERE datname = 'calltally'") == (
            "C C.UTF-8"
        )
        with contextlib.suppress(asyncpg.PostgresError):
            run(url, "SELECT '+15550109999'::integer")
        run(url, "CREATE TABLE numbers (number text PRIMARY KEY)")
        for _ in range(2):
            with contextlib.suppress(asyncpg.PostgresError):
                run(url, "INSERT INTO numbers VALUES ('+15550109998')")
    log = (home / "ledger" / "server.log").read_text()
    assert "duplicate key" in log
    assert "15550109998" not in log


def test_only_the_server_s_user_can_enter_and_that_is_never_root(home: Path) -> None:
    with running_ledger(home, extra=FAST):
        process = psutil.Process(server_number(home))
        assert process.uids().effective == (home / "ledger").stat().st_uid != 0
        assert (home / "ledger").stat().st_mode & 0o777 == 0o700


def test_a_path_too_long_for_a_socket_is_no_obstacle(folder: Path) -> None:
    with running_ledger(folder / ("long-" * 25), extra=FAST) as url:
        assert run(url, "SELECT 1") == 1
        sockets = Path(parse_qs(urlsplit(url).query)["host"][0])
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert not sockets.exists()


def test_a_home_with_odd_characters_is_no_obstacle(folder: Path) -> None:
    with running_ledger(folder / 'it\'s a $HOME & "more" %41?', extra=FAST) as url:
        assert run(url, "SELECT 1") == 1


def test_a_stale_number_that_now_belongs_to_another_process_is_no_obstacle(home: Path) -> None:
    with running_ledger(home, extra=FAST):
        stale = (home / "ledger/data/postmaster.pid").read_text()
        number = stale.partition("\n")[0]
    (home / "ledger/data/postmaster.pid").write_text(stale.replace(number, str(os.getpid()), 1))
    with running_ledger(home, extra=FAST) as url:
        assert run(url, "SELECT 1") == 1


def test_a_ledger_whose_making_was_interrupted_is_made_anew(home: Path) -> None:
    (home / "ledger" / "data.new" / "base").mkdir(parents=True)
    home.chmod(0o755)
    with running_ledger(home, extra=FAST) as url:
        assert run(url, "SELECT 1") == 1


@pytest.mark.parametrize(
    ("extra", "message"), [({"max_connections": "none"}, "max_connections"), ({"nonsense": "on"}, "nonsense")]
)
def test_a_server_that_cannot_start_says_why(home: Path, extra: Mapping[str, str], message: str) -> None:
    with pytest.raises(SetupError, match=message), running_ledger(home, extra=extra):
        pass


def test_files_of_another_postgresql_are_refused(home: Path) -> None:
    with running_ledger(home, extra=FAST):
        pass
    (home / "ledger/data/PG_VERSION").write_text("17\n")
    with pytest.raises(SetupError, match="made by PostgreSQL 17"), running_ledger(home):
        pass


def test_a_home_that_cannot_be_made_is_said_so(folder: Path) -> None:
    (folder / "file").write_text("")
    with pytest.raises(SetupError, match="CALLTALLY_HOME"), running_ledger(folder / "file" / "home"):
        pass


@only_root
def test_a_home_the_server_s_user_cannot_reach_is_said_so(home: Path) -> None:
    home.mkdir(mode=0o700)
    with (
        pytest.raises(SetupError, match=r"cannot be reached by calltally.*CALLTALLY_HOME"),
        running_ledger(home / "in"),
    ):
        pass
    assert home.stat().st_mode & 0o777 == 0o700


@only_root
def test_programs_the_server_s_user_cannot_reach_are_copied_once(
    home: Path, folder: Path, start_user: StartUser
) -> None:
    hidden = folder / "hidden"
    hidden.mkdir(mode=0o700)
    package = installed_programs().parents[1]
    for name in (package.name, f"{package.name}.libs"):
        (hidden / name).symlink_to(package.with_name(name))
    for _ in range(2):
        user = start_user(PYTHONPATH=str(hidden))
        assert run(read_url(user), "SELECT 1") == 1
        leave(user)
    copies = [path.name for path in (home / "ledger").glob("postgresql-*")]
    assert copies == [f"postgresql-{PROGRAMS_VERSION}"]
