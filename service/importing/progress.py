"""Progress of an import: a bar on a terminal, a line every few seconds elsewhere."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

_SECONDS_BETWEEN_LINES = 5.0


class Meter(Protocol):
    """Shows progress."""

    def show(self, share: float, rows: int) -> None:
        """Show the share of the file that is imported, and the number of rows from this process."""
        ...


@dataclass
class Lines:
    """Prints a plain line every few seconds."""

    console: Console
    started: float = field(default_factory=time.monotonic)
    last_printed: float = field(default_factory=time.monotonic)
    first_share: float | None = None

    def show(self, share: float, rows: int) -> None:
        """Print a line if the last one is some seconds old."""
        now = time.monotonic()
        self.first_share = share if self.first_share is None else self.first_share
        if now - self.last_printed < _SECONDS_BETWEEN_LINES:
            return
        self.last_printed = now
        elapsed = now - self.started
        left = elapsed * (1 - share) / (share - self.first_share) if share > self.first_share else None
        about = "" if left is None else f", about {_spell(left)} left"
        rate = rows / elapsed
        self.console.print(f"{rows:,} rows, {rate:,.0f} rows/s, {share:.0%} of the file{about}", soft_wrap=True)


@dataclass
class Bar:
    """A bar with rows, rate and remaining time."""

    progress: Progress
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.task = self.progress.add_task("importing", total=1.0, rows=0, rate=0.0)

    def show(self, share: float, rows: int) -> None:
        """Move the bar."""
        rate = rows / max(time.monotonic() - self.started, 0.001)
        self.progress.update(self.task, completed=share, rows=rows, rate=rate)


@contextmanager
def meter(console: Console) -> Generator[Meter]:
    """The meter for this console."""
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,} rows  {task.fields[rate]:,.0f} rows/s "),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield Bar(progress)


def _spell(seconds: float) -> str:
    """A length of time in short form.

    >>> _spell(83)
    '1 min 23 s'
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
