"""The folder of the demo's own ledger: the demo never touches a real one."""

import fcntl
import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.config import SetupError
from service.platform.patience import Tell
from service.platform.postgres_server import Server
from service.sandbox.demo.floor import DemoFloor
from service.sandbox.demo.running import pid_of

_MARK = "floor.json"


@dataclass(frozen=True)
class DemoHome:
    """The folder, and the floor in it."""

    path: Path

    def clear(self, tell: Tell) -> None:
        """Remove the files of an earlier demo. Raises SetupError when the folder is in use or belongs to no demo."""
        if not self.path.exists():
            return
        if not (self.path / _MARK).exists() and any(self.path.iterdir()):
            raise SetupError(f"{self.path} was not made by calltally demo: move it away, or set CALLTALLY_HOME")
        with (self.path / "ledger.users").open("ab") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SetupError(f"Another demo is running on {self.path}: {self._way_to_stop()}") from None
            if (self.path / "ledger").exists():
                Server.under(self.path, {}, tell).stop()  # of a demo that was killed, the ledger may still run
            shutil.rmtree(self.path)

    def _way_to_stop(self) -> str:
        """How to stop the demo that uses the folder; the service of a demo that was killed goes on."""
        try:
            return f"stop it with Ctrl-C, or: kill {pid_of(self.path).read_text()}"
        except FileNotFoundError:
            return "stop it with Ctrl-C"

    def remembered(self) -> DemoFloor | None:
        """The floor that an earlier demo played here."""
        try:
            mark = json.loads((self.path / _MARK).read_text())
            return DemoFloor(mark["seed"], datetime.fromisoformat(mark["until"]), mark["days"])
        except FileNotFoundError:
            return None

    def remember(self, floor: DemoFloor) -> None:
        """Note the floor, so that a later demo can play it again up to the same moment."""
        self.path.mkdir(parents=True, exist_ok=True)
        mark = {"seed": floor.seed, "until": floor.until.isoformat(), "days": floor.days}
        (self.path / _MARK).write_text(json.dumps(mark))
