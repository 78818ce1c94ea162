"""How far a simulation has come: a bar on a terminal, a line for each tenth elsewhere."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

_LINES = 10


@contextmanager
def shown(console: Console, attempts: int) -> Generator[Callable[[int], None]]:
    """A function that takes the number of attempts copied so far and shows it on this console."""
    if not console.is_terminal:
        yield _lines(console, attempts)
        return
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed:,.0f} attempts "),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("simulating", total=attempts)
        yield lambda count: progress.update(task, completed=count)


def _lines(console: Console, attempts: int) -> Callable[[int], None]:
    began, shown_tenths = time.monotonic(), 0

    def show(count: int) -> None:
        nonlocal shown_tenths
        if count * _LINES // attempts > shown_tenths:
            shown_tenths = count * _LINES // attempts
            console.print(f"{count:,} attempts, {count / (time.monotonic() - began):,.0f}/s", soft_wrap=True)

    return show
