"""Kinds of rows: attempts, inbound calls, later legs of a call, and rows that are not imported, with the reason."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from service.importing.cells import translated
from service.importing.chunks import Chunk
from service.importing.language.conditions import meets
from service.importing.language.router import Router

_WORDS = {
    **dict.fromkeys(("outbound", "out", "outgoing", "outbound-api", "outbound api", "outbound-dial"), "outbound"),
    **dict.fromkeys(("inbound", "in", "incoming"), "inbound"),
}


@dataclass(frozen=True)
class RowsByKind:
    """The rows of a chunk. places: by kind; skipped: how many rows are not imported, by reason."""

    places: Mapping[str, Sequence[int]]
    skipped: Counter[str] = field(default_factory=Counter[str])


def rows_by_kind(chunk: Chunk, router: Router, kinds: Sequence[str]) -> RowsByKind:
    """The rows of each kind that is imported. Rows that cannot be read are of the main kind, which rejects them."""
    if not router.skips and not _has_directions(chunk, router):
        return RowsByKind({router.main: range(len(chunk))})
    words = _directions(chunk, router)
    reasons = pl.select(pl.when(~words.is_in(kinds)).then(words)).to_series()
    for skip in router.skips:
        reasons = pl.select(pl.when(meets(chunk.cells, skip.where)).then(pl.lit(skip.reason)).otherwise(reasons))
        reasons = reasons.to_series()
    readable = ~pl.int_range(len(chunk), eager=True).is_in(list(chunk.broken))
    skipped = reasons.is_not_null() & readable
    places = {kind: (~skipped & (words == kind)).arg_true().to_list() for kind in kinds}
    return RowsByKind(places, Counter(reasons.filter(skipped).to_list()))


def _has_directions(chunk: Chunk, router: Router) -> bool:
    if router.direction is None or not router.is_usual:
        return router.direction is not None
    return any(chunk.cells[name].null_count() < len(chunk) for name in router.direction.columns_read)


def _directions(chunk: Chunk, router: Router) -> pl.Series:
    """The direction of each row as one of our words, or as the file writes it."""
    if router.direction is None:
        return pl.repeat(router.main, len(chunk), dtype=pl.String, eager=True)
    cells, _ = translated(chunk, router.direction)
    lower = cells.cast(pl.String).str.to_lowercase()
    words = lower.replace_strict(_WORDS, default=cells.cast(pl.String)).fill_null("no direction")
    is_broken = pl.int_range(len(chunk), eager=True).is_in(list(chunk.broken))
    return pl.select(pl.when(is_broken).then(pl.lit(router.main)).otherwise(words)).to_series()
