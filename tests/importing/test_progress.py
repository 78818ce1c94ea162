"""Progress: a bar on terminals, lines in logs."""

import io
import re

from rich.console import Console

from service.importing import progress


def shown(*, terminal: bool) -> str:
    text = io.StringIO()
    with progress.meter(Console(file=text, force_terminal=terminal, width=100)) as meter:
        meter.show(0.25, 250_000)
        meter.show(0.5, 500_000)
    return text.getvalue()


def test_a_terminal_shows_a_bar_with_rows_rate_and_remaining_time() -> None:
    assert re.search(r"50%.*500,000 rows  [0-9,]+ rows/s", shown(terminal=True))


def test_other_outputs_get_a_line_every_few_seconds() -> None:
    text = io.StringIO()
    lines = progress.Lines(Console(file=text, force_terminal=False, width=100))
    lines.show(0.25, 250_000)
    assert not text.getvalue()
    lines.started -= 100
    lines.last_printed -= 100
    lines.show(0.5, 500_000)
    assert re.fullmatch(
        r"500,000 rows, (4|5),\d\d\d rows/s, 50% of the file, about 3 min \d+ s left\n", text.getvalue()
    )
