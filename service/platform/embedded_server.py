"""The ledger without a separate database server: an embedded PostgreSQL under the home folder.

The server runs while at least one command uses it. Every command that uses the ledger holds a shared lock on
`ledger.users` for as long as it runs. The last command stops the server. The kernel drops the lock of a killed
command, so no list of users can go stale. A second lock, `ledger.start`, lets one command at a time check, start or
stop the server.
"""

import asyncio
import fcntl
import shutil
import signal
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal, TypeAlias
from urllib.parse import quote

import asyncpg
import click
import psutil

from service.config import Settings, SetupError
from service.platform.db import SERVICE_ROLE
from service.platform.system_user import PROGRAMS_VERSION, SystemUser, find_programs, make_home, socket_folder, user_for
from sql import load
from sql.migrate import migrate

NAME = "calltally"  # the name of the database and of its owner
LARGEST_LOG = 10_000_000  # bytes; the next start sets a larger server log aside

# For a machine with 2 cores and little memory. PostgreSQL's guarantees of durability all remain.
CONFIGURATION = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "wal_compression": "pglz",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # The detail and the statement of an error can hold phone numbers. No log may hold them.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
}

Tell: TypeAlias = Callable[[str], None]
State: TypeAlias = Literal["absent", "starting", "ready", "stopping"]


def tell_on_stderr(message: str) -> None:
    """Show a message to the person at the terminal, separate from the command's output."""
    click.echo(message, err=True)


@contextmanager
def ledger_url(settings: Settings, *, migrated: bool = True, tell: Tell = tell_on_stderr) -> Generator[str]:
    """The URL of the ledger for as long as the block runs: the configured server, else the embedded server.

    The ledger is first migrated to this version's schema, unless `migrated` is False.
    """
    if settings.database_url is not None:
        yield _migrated(settings.database_url, migrated=migrated)
        return
    with running_ledger(settings.home, tell=tell) as url:
        yield _migrated(url, migrated=migrated)


def service_url(settings: Settings, url: str) -> str:
    """The service's URL of a ledger. url: the owner's URL of the same ledger.

    On the embedded ledger the service logs in with its own role and cannot switch to another. On an external server
    the service switches to that role after any login in the configured URL.
    """
    if settings.database_url is not None:
        return url
    asyncio.run(_let_service_log_in(url))
    return url.replace(f"//{NAME}@", f"//{SERVICE_ROLE}@", 1)


async def _let_service_log_in(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(load("migrations")["let_service_log_in"])
    finally:
        await connection.close()


def _migrated(url: str, *, migrated: bool) -> str:
    if migrated:
        asyncio.run(migrate(url))
    return url


@contextmanager
def running_ledger(
    home: Path, *, extra: Mapping[str, str] | None = None, tell: Tell = tell_on_stderr
) -> Generator[str]:
    """The owner's URL of the embedded ledger under this home. Creates and starts the ledger when needed.

    `extra` are PostgreSQL settings for this run of the server (tests switch fsync off). Raises SetupError.
    """
    home = home.resolve()
    try:
        make_home(home)
        users = (home / "ledger.users").open("ab")
    except OSError as error:
        raise SetupError(f"{home} cannot be used ({error.strerror}): set CALLTALLY_HOME to a folder of yours") from None
    with users:
        server = None
        try:
            with _alone(home, tell):
                fcntl.flock(users, fcntl.LOCK_SH)
                server = Server.under(home, extra or {}, tell)
                server.start()
            yield server.url
        finally:
            with _alone(home, tell):
                # A change of lock releases it for a moment. The start lock keeps other commands out meanwhile.
                if server is not None and _lock(users):
                    server.stop()


@contextmanager
def _alone(home: Path, tell: Tell) -> Generator[None]:
    """Exclusive access: while the block runs, no other command checks, starts or stops this ledger."""
    with (home / "ledger.start").open("ab") as file:
        patience = Patience(tell, "Waiting for another calltally command to start or stop the ledger ...")
        while not _lock(file):
            patience.wait()
        yield


def _lock(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@dataclass
class Patience:
    """Waits in short steps. After two seconds it states once the reason for the wait."""

    tell: Tell
    reason: str
    since: float = field(default_factory=time.monotonic)
    announced: bool = False

    def wait(self) -> None:
        """Wait for one step."""
        if not self.announced and time.monotonic() - self.since > 2:
            self.announced = True
            self.tell(self.reason)
        time.sleep(0.01)


@dataclass(frozen=True)
class Server:
    """The server of one home: its files and its system user. Use it only with exclusive access to the home."""

    folder: Path
    sockets: Path
    programs: Path
    user: SystemUser
    extra: Mapping[str, str]
    tell: Tell

    @classmethod
    def under(cls, home: Path, extra: Mapping[str, str], tell: Tell) -> "Server":
        """The server of this home. Creates its folder."""
        folder = home / "ledger"
        user = user_for(folder)
        user.own(folder)
        user.enter(folder)
        return cls(folder, socket_folder(folder, user), find_programs(folder, user), user, extra, tell)

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The log file of the server."""
        return self.folder / "server.log"

    @property
    def url(self) -> str:
        """The URL for the owner of the database."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.sockets))}&port=5432"

    def start(self) -> None:
        """Return when the server accepts connections. Recovery after a crash has no time limit."""
        if not self.data.exists():
            self.create()
        self.check_version()
        patience = Patience(
            self.tell, "The ledger is recovering after a crash; with much to redo this takes minutes ..."
        )
        launched = None
        while (state := self.state()) != "ready":
            if state == "absent" and (launched is None or not _alive(launched)):
                if launched is not None:
                    self.check_log(patience)
                launched = self.launch()
            patience.wait()

    def stop(self) -> None:
        """Close all open connections and stop the server cleanly."""
        process = self.process()
        if process is not None:
            process.send_signal(signal.SIGINT)
        patience = Patience(self.tell, "Waiting for the ledger to be written out ...")
        while self.process() is not None:
            patience.wait()
        if self.sockets != self.folder:
            with suppress(OSError):  # remove the folder made for a short path, if it is empty
                self.sockets.rmdir()

    def create(self) -> None:
        """Create an empty database. An interrupted creation never has the final name."""
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        settings = [f"--set={name}={value}" for name, value in CONFIGURATION.items()]
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        sync = ["--no-sync"] if self.extra.get("fsync") == "off" else []
        self._run("initdb", "--pgdata", unfinished, "--username", NAME, "--auth=trust", *locale, *settings, *sync)
        self._run("postgres", "--single", "-D", unfinished, "postgres", input=f"CREATE DATABASE {NAME};\n")
        unfinished.rename(self.data)

    def _run(self, program: str, *arguments: str | Path, **options: str) -> None:
        done = self.user.run([self.programs / program, *arguments], **options)
        if done.returncode != 0:
            raise SetupError(f"The ledger cannot be made in {self.folder}: {_last_lines(done.stderr)}")

    def check_version(self) -> None:
        """Refuse files that another major version of PostgreSQL made."""
        made_by = (self.data / "PG_VERSION").read_text().strip()
        ours = PROGRAMS_VERSION.partition(".")[0]
        if made_by != ours:
            raise SetupError(f"{self.data} was made by PostgreSQL {made_by}; this calltally brings PostgreSQL {ours}")

    def state(self) -> State:
        """The state that the server reports in the last line of its postmaster.pid."""
        if self.process() is None:
            return "absent"
        lines = self._pid_file().splitlines()
        status = lines[7].strip() if len(lines) > 7 else "starting"
        return "ready" if status == "ready" else "stopping" if status == "stopping" else "starting"

    def process(self) -> psutil.Process | None:
        """The server's main process, identified by its work in the data directory. Its number alone may be stale."""
        try:
            process = psutil.Process(int(self._pid_file().partition("\n")[0]))
            works_here = process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == self.data
        except (ValueError, psutil.Error):
            return None
        return process if works_here else None

    def _pid_file(self) -> str:
        try:
            return (self.data / "postmaster.pid").read_text()
        except FileNotFoundError:
            return ""

    def launch(self) -> int:
        """Start the server detached from this command. Neither Ctrl-C nor the end of the command stops it."""
        self._clear_stale_files()
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.rename(self.log.with_suffix(".log.1"))
        settings = [f"--{name}={value}" for name, value in self.extra.items()]
        command = [self.programs / "postgres", "-D", self.data, "-k", self.sockets, *settings]
        script = '"$@" >>"$0" 2>&1 </dev/null & echo $!'
        return int(self.user.run(["/bin/sh", "-c", script, self.log, *command], start_new_session=True).stdout)

    def _clear_stale_files(self) -> None:
        """Remove files of a crashed server. PostgreSQL would refuse to start if another process now has its number."""
        number = self._pid_file().partition("\n")[0]
        if number.isdigit() and psutil.pid_exists(int(number)) and self.process() is None:
            (self.data / "postmaster.pid").unlink()
            (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def check_log(self, patience: Patience) -> None:
        """Check the log after a failed start. Continue while a killed server's processes end; else raise SetupError."""
        lines = _last_lines(self.log.read_text(errors="replace") if self.log.exists() else "")
        ending = "pre-existing shared memory block" in lines
        if not ending or time.monotonic() - patience.since > 60:
            raise SetupError(f"The ledger's server does not start ({self.log}): {lines}")


def _alive(number: int) -> bool:
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _last_lines(text: str) -> str:
    return " | ".join(text.strip().splitlines()[-3:])
