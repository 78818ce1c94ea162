"""The embedded PostgreSQL server of one home: create it, start it, stop it, and start it again after a crash.

Only a command with exclusive access to the home may use these steps: see embedded_server.
"""

import shutil
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import quote

import psutil

from service.config import SetupError
from service.platform.patience import Patience, Tell
from service.platform.system_user import PROGRAMS_VERSION, SystemUser, find_programs, socket_folder, user_for

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

State: TypeAlias = Literal["absent", "starting", "ready", "stopping"]

# How to stop the server, and the seconds before the next step. An immediate stop and a kill lose nothing: the next
# start recovers from the log. PostgreSQL itself kills its processes 5 seconds after an immediate stop.
FAST, IMMEDIATE, KILL = (signal.SIGINT, 20.0), (signal.SIGQUIT, 7.0), (signal.SIGKILL, 10.0)
# Seconds before processes that outlived their server are killed. Usually they end by themselves at once.
_ORPHANS_END_WITHIN = 5.0
_CHECK_SECONDS = 0.5
_SHARED_MEMORY = "pre-existing shared memory block"


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
    def name(self) -> str:
        """The name of these files. Files that were restored from a backup, in place or elsewhere, have another.

        PostgreSQL never changes the file of its version. No copy can keep the time of its last change of state.
        """
        return f"{NAME}-{(self.data / 'PG_VERSION').stat().st_ctime_ns:x}"

    @property
    def url(self) -> str:
        """The URL for the owner of the database."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.sockets))}&port=5432"

    def start(self) -> None:
        """Return when the server accepts connections. Recovery after a crash has no time limit."""
        if not self.data.exists():
            self.create()
        self.check_version()
        patience = Patience(self.tell, "The ledger is starting; recovery after a crash can take minutes ...")
        launched = None
        while (state := self.state()) != "ready":
            if state == "absent" and (launched is None or not _alive(launched)):
                if launched is not None:
                    self.check_log(patience)
                launched = self.launch()
            if state == "stopping":
                self.stop()
            patience.wait()

    def stop(self) -> None:
        """Close all open connections and stop the server, cleanly if it can. A signal meanwhile stops it at once."""
        patience = Patience(self.tell, "Waiting for the ledger to be written out ...")
        interruption: BaseException | None = None
        for number, seconds in (FAST, IMMEDIATE, KILL):
            try:
                if self._ends(number, seconds, patience):
                    break
                self.tell("The ledger's server does not stop. It is stopped the hard way; nothing stored is lost.")
            except (KeyboardInterrupt, SystemExit) as signalled:
                interruption = signalled
        if self.sockets != self.folder:
            with suppress(OSError):  # remove the folder made for a short path, if it is empty
                self.sockets.rmdir()
        if interruption is not None:
            raise interruption

    def _ends(self, number: signal.Signals, seconds: float, patience: Patience) -> bool:
        """Whether the server ends within some seconds of a signal. SIGKILL goes to all of its processes."""
        process, until = self.process(), patience.waited + seconds
        if process is not None:
            with suppress(psutil.NoSuchProcess):
                processes = process.children() if number == signal.SIGKILL else []
                for running in [process, *processes]:
                    running.send_signal(number)
                process.resume()  # a suspended server heeds nothing but SIGKILL
        checks = patience.waited + _CHECK_SECONDS
        while self.process() is not None and patience.waited < until:
            if number == signal.SIGINT and patience.waited > checks:
                if self._cannot_stop_cleanly():
                    return False
                checks += _CHECK_SECONDS
            patience.wait()
        return self.process() is None

    def _cannot_stop_cleanly(self) -> bool:
        """Whether the server recovers from the death of a process. PostgreSQL 18 then hangs in a clean stop."""
        return "in crash recovery" in self.user.run([self.programs / "pg_controldata", "-D", self.data]).stdout

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
        except (ValueError, psutil.Error):
            return None
        return process if self._works_here(process) else None

    def _works_here(self, process: psutil.Process) -> bool:
        """Whether a process lives and works in the data directory."""
        with suppress(psutil.Error):
            return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == self.data
        return False

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
        settings = [f"--{name}={value}" for name, value in {"cluster_name": self.name, **self.extra}.items()]
        command = [self.programs / "postgres", "-D", self.data, "-k", self.sockets, *settings]
        script = '"$@" >>"$0" 2>&1 </dev/null & echo $!'
        return int(self.user.run(["/bin/sh", "-c", script, self.log, *command], start_new_session=True).stdout)

    def _clear_stale_files(self) -> None:
        """Remove lock files of a crashed server that PostgreSQL would refuse to start with.

        It refuses an empty file, and a file with a number that another process has now.
        """
        if self.process() is not None:
            return
        for path in (self.data / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            with suppress(FileNotFoundError):
                number = path.read_text(errors="replace").partition("\n")[0].strip()
                if not number.isdigit() or psutil.pid_exists(int(number)):
                    path.unlink()

    def check_log(self, patience: Patience) -> None:
        """Check the log after a failed start. Continue while a killed server's processes end; else raise SetupError."""
        lines = self.last_words()
        if _SHARED_MEMORY not in lines or patience.waited > 60:
            raise SetupError(f"The ledger's server does not start ({self.log}): {lines}")
        if patience.waited > _ORPHANS_END_WITHIN:
            self.end_orphans()

    def last_words(self) -> str:
        """The last lines of the server's log."""
        return _last_lines(self.log.read_text(errors="replace") if self.log.exists() else "")

    def end_orphans(self) -> None:
        """Kill processes that outlived their server: they hold its shared memory, and no server can start."""
        for process in psutil.process_iter():
            if self.process() is None and self._works_here(process) and process.name() == "postgres":
                with suppress(psutil.NoSuchProcess):
                    process.kill()


def _alive(number: int) -> bool:
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _last_lines(text: str) -> str:
    return " | ".join(text.strip().splitlines()[-3:])
