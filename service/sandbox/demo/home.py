"""Where the demonstration keeps its ledger: a folder of its own, so that a real ledger is never touched."""

import fcntl
import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.config import SetupError
from service.embedded import Server, Tell
from service.floor import Plan
from service.sandbox.demo.running import pid_of

_MARK = "floor.json"


@dataclass(frozen=True)
class DemoHome:
    """The folder, and the floor it holds."""

    path: Path

    def clear(self, tell: Tell) -> None:
        """Remove what an earlier demonstration left. Raises SetupError when the folder is in use or no demo's."""
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
                Server.under(self.path, {}, tell).stop()  # one whose demo was killed may still be running
            shutil.rmtree(self.path)

    def _way_to_stop(self) -> str:
        """What to do about a demonstration that holds the folder; its service outlives one that was killed."""
        try:
            return f"stop it with Ctrl-C, or: kill {pid_of(self.path).read_text()}"
        except FileNotFoundError:
            return "stop it with Ctrl-C"

    def remembered(self) -> Plan | None:
        """The floor played here before."""
        try:
            mark = json.loads((self.path / _MARK).read_text())
            return Plan(mark["seed"], datetime.fromisoformat(mark["until"]), mark["days"])
        except FileNotFoundError:
            return None

    def remember(self, plan: Plan) -> None:
        """Note which floor is played here, so that it can be played again to the same end."""
        self.path.mkdir(parents=True, exist_ok=True)
        mark = {"seed": plan.seed, "until": plan.until.isoformat(), "days": plan.days}
        (self.path / _MARK).write_text(json.dumps(mark))
