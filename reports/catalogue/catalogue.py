"""The catalogue: every metric, read from the files of reports/metrics."""

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import cleandoc

from reports import metrics
from reports.measures.metric import Metric


@dataclass(frozen=True)
class Entry:
    """A metric and the docstring of its file: one sentence in plain words, then population and edge cases."""

    metric: Metric
    meaning: str
    definition: str


@cache
def catalogue() -> dict[str, Entry]:
    """Every metric by name, in alphabetical order."""
    return {name: _read(name) for name in sorted(module.name for module in pkgutil.iter_modules(metrics.__path__))}


def _read(name: str) -> Entry:
    module = import_module(f"{metrics.__name__}.{name}")
    meaning, _, definition = cleandoc(module.__doc__ or "").partition("\n\n")
    return Entry(module.METRIC, " ".join(meaning.split()), definition)
