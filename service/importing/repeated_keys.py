"""Repeated keys: rows of one file that mean the same call, lead or cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from service.importing.chunks import Chunk
from sql.facts import Fact

_EXAMPLES = 3
_SEPARATOR = "\x1f"

Hashes = npt.NDArray[np.uint64]
Lines = npt.NDArray[np.int64]


def keys_of(frames: Mapping[Fact, Sequence[pl.DataFrame]]) -> pl.DataFrame:
    """The place and the key of each accepted row, in the order of the file."""
    parts = [
        frame.select(
            "place",
            pl.concat_str([pl.col(name).cast(pl.String) for name in fact.key], separator=_SEPARATOR).alias("key"),
        )
        for fact, rows in frames.items()
        for frame in rows
    ]
    return pl.concat(parts).sort("place") if parts else pl.DataFrame(schema={"place": pl.Int64, "key": pl.String})


@dataclass
class RepeatedKeys:
    """Counts the rows whose key an earlier row has, and remembers the first of them.

    Each key takes 16 bytes: a hash and its line, in sorted runs that grow like the powers of two.
    """

    count: int = 0
    examples: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])
    _runs: list[tuple[Hashes, Lines]] = field(default_factory=list[tuple[Hashes, Lines]])

    def add(self, chunk: Chunk, keys: pl.DataFrame) -> None:
        """Add the keys of the next chunk."""
        if keys.is_empty():
            return
        hashes = keys["key"].hash().to_numpy()
        lines = np.asarray(chunk.lines, dtype=np.int64)[keys["place"].to_numpy()]
        order = np.argsort(hashes, kind="stable")
        hashes, lines = hashes[order], lines[order]
        first = self._first_lines(hashes, lines)
        repeated = np.flatnonzero(first != lines)
        self.count += len(repeated)
        for at in sorted(repeated, key=lambda at: lines[at])[: _EXAMPLES - len(self.examples)]:
            self.examples.append((_shown(keys["key"][int(order[at])]), int(first[at]), int(lines[at])))
        self._remember(hashes[first == lines], lines[first == lines])

    def _first_lines(self, hashes: Hashes, lines: Lines) -> Lines:
        """The first line of the file with the key of each row."""
        _, starts, counts = np.unique(hashes, return_index=True, return_counts=True)
        first = np.repeat(lines[starts], counts)
        for known, known_lines in self._runs:
            at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            first = np.where(known[at] == hashes, known_lines[at], first)
        return first

    def _remember(self, hashes: Hashes, lines: Lines) -> None:
        while self._runs and len(self._runs[-1][0]) <= len(hashes):
            earlier, earlier_lines = self._runs.pop()
            hashes, lines = np.concatenate([earlier, hashes]), np.concatenate([earlier_lines, lines])
            order = np.argsort(hashes, kind="stable")
            hashes, lines = hashes[order], lines[order]
        if len(hashes):
            self._runs.append((hashes, lines))

    def sentences(self) -> Iterator[str]:
        """How many rows repeat a key, with examples."""
        if not self.count:
            return
        rows = "1 row has" if self.count == 1 else f"{self.count:,} rows have"
        examples = "; ".join(f"{key} in lines {first:,} and {line:,}" for key, first, line in self.examples)
        more = " ..." if self.count > len(self.examples) else ""
        yield f"{rows} the key of an earlier row of this file and count as one with it ({examples}{more})."


def _shown(key: str) -> str:
    """A key as people read it."""
    return key.replace(_SEPARATOR, "/")
