"""Answer time: how soon a call should be answered, which is the threshold of the service level.

The usual time is 20 seconds. An account may set another with its target of the service level, and others for single
queues.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from reports.model.language import current_language, translate, translate_plural

# The metric whose target sets the time. All modes of the service level use it.
TARGET_METRIC = "service_level"
# A title names so many queues at most.
_MOST_NAMED = 2


@dataclass(frozen=True)
class AnswerTime:
    """The time for the whole account, and for queues with a time of their own; in milliseconds."""

    usual_ms: int = 20_000
    queue_ms: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def text(self) -> str:
        """The time as titles and formulas name it: `20 s`, or `20 s, billing 60 s`."""
        others = [f"{queue} {_seconds(length)}" for queue, length in sorted(self.queue_ms.items())]
        if len(others) > _MOST_NAMED:
            others = [f"{len(others)} queues other"]
        return ", ".join([_seconds(self.usual_ms), *others])

    @property
    def label(self) -> str:
        """The time in the reader's language."""
        others = [f"{queue} {_seconds_label(length)}" for queue, length in sorted(self.queue_ms.items())]
        if len(others) > _MOST_NAMED:
            others = [translate_plural("{count} queue other", "{count} queues other", len(others))]
        return ", ".join([_seconds_label(self.usual_ms), *others])

    def of_queue(self, queue: pl.Expr) -> pl.Expr:
        """The time for each queue."""
        return queue.replace_strict(dict(self.queue_ms), default=self.usual_ms, return_dtype=pl.Int64)


USUAL = AnswerTime()


def _seconds(length_ms: int) -> str:
    return f"{_digits(length_ms)} s"


def _seconds_label(length_ms: int) -> str:
    return translate("{seconds} s", seconds=_digits(length_ms).replace(".", current_language().decimal))


def _digits(length_ms: int) -> str:
    return f"{length_ms / 1000:.3f}".rstrip("0").rstrip(".")
