"""Waiting with a word: a command that waits longer than a second states once what it waits for."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Timer
from typing import TypeAlias

import click

SECONDS = 1.0

Tell: TypeAlias = Callable[[str], None]


def tell_on_stderr(message: str) -> None:
    """Show a message to the person at the terminal, separate from the command's output."""
    click.echo(message, err=True)


@dataclass
class Patience:
    """Waits in short steps. After a second it states once the reason for the wait."""

    tell: Tell
    reason: str
    since: float = field(default_factory=time.monotonic)
    announced: bool = False

    @property
    def waited(self) -> float:
        """Seconds since the wait began."""
        return time.monotonic() - self.since

    def wait(self) -> None:
        """Wait for one step."""
        if not self.announced and self.waited > SECONDS:
            self.announced = True
            self.tell(self.reason)
        time.sleep(0.01)


@contextmanager
def stating(tell: Tell, reason: str) -> Generator[None]:
    """State the reason once if the block runs for longer than a second."""
    timer = Timer(SECONDS, tell, [reason])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
