"""Proposals to merge codes that may be spellings of each other, and pairs that people have told apart."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from reports.model.language import marked
from service.accounts.keys import Access
from service.ingest.configuration import Configured
from service.ingest.configured.items import ConfiguredItems
from service.ingest.configured.spellings import proposals
from service.ingest.configured.versions import Author
from service.platform.db import account_transaction
from sql import load

_QUERIES = load("configuration_edits")
_SAME_NAME = marked("nothing: both have this name")

_Pair = tuple[str, str]
_Items = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Proposal:
    """Merge `code` into `into`, because the two differ only in `difference`."""

    code: str
    into: str
    difference: str


@dataclass(frozen=True)
class ToldApart:
    """Two codes that look alike and are different, and who decided that."""

    code: str
    other: str
    recorded_at: datetime
    author: Author


async def propose_merges(
    items: ConfiguredItems, configured: Configured, rows: _Items, uses: Mapping[str, int]
) -> list[Proposal]:
    """Merges to propose among the documents of a kind's items, those of most calls first.

    uses: how many calls each code has. The code that is confirmed stays, else the one with more calls.
    """
    apart = {(pair.code, pair.other) for pair in await list_told_apart(items, configured)}
    return await asyncio.to_thread(pick_proposals, rows, uses, apart)


async def list_told_apart(items: ConfiguredItems, configured: Configured) -> list[ToldApart]:
    """The pairs of a kind that people have told apart, newest first; in a pair, the first in order comes first."""
    async with account_transaction(items.pool, items.account_id, readonly=True) as connection:
        pairs = await connection.fetch(_QUERIES["list_different"], items.account_id, configured.path)
    return [
        ToldApart(row["code"], row["other_code"], row["recorded_at"], Author(row["author"], row["author_name"]))
        for row in pairs
    ]


async def tell_apart(items: ConfiguredItems, configured: Configured, pair: _Pair, access: Access) -> None:
    """Remember that two known codes are different, so that no merge of them is proposed. Raises NotFound."""
    for code in pair:
        await items.read(configured, code)
    async with account_transaction(items.pool, items.account_id) as connection:
        await connection.execute(_QUERIES["tell_apart"], items.account_id, configured.path, *pair, access.prefix)


async def propose_again(items: ConfiguredItems, configured: Configured, pair: _Pair) -> None:
    """Forget that two codes are different."""
    async with account_transaction(items.pool, items.account_id) as connection:
        await connection.execute(_QUERIES["propose_again"], items.account_id, configured.path, *pair)


def pick_proposals(rows: _Items, uses: Mapping[str, int], apart: Collection[_Pair]) -> list[Proposal]:
    """Merges to propose among some items. apart: pairs that people told apart, each in the order of its codes."""
    by_code = {row["code"]: row for row in rows if row["merged_into"] is None}
    targets = {row["merged_into"] for row in rows}
    proposed: dict[_Pair, Proposal] = {}
    for first, second, difference in _pairs(by_code):
        pair = (min(first, second), max(first, second))
        # A code with other codes merged into it cannot be merged itself.
        if pair in proposed or pair in apart or targets.issuperset(pair):
            continue
        stays = max(pair, key=lambda code: (code in targets, by_code[code]["confirmed"], uses.get(code, 0)))
        goes = pair[1] if stays == pair[0] else pair[0]
        proposed[pair] = Proposal(goes, stays, difference)
    return sorted(proposed.values(), key=lambda p: (-uses.get(p.code, 0) - uses.get(p.into, 0), p.into, p.code))


@lru_cache(maxsize=16)
def _alike_labels(labels: frozenset[str]) -> list[tuple[str, str, str]]:
    """The labels that look alike. To compare thousands takes a second, and pages show the same ones again and again."""
    return list(proposals(labels))


def _pairs(by_code: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Codes that look alike by themselves or by their names, each pair with how they differ."""
    labelled: dict[str, list[str]] = defaultdict(list)
    for code, row in by_code.items():
        for label in {code, row["name"] or code}:
            labelled[label].append(code)
    for label, codes in labelled.items():
        yield from ((codes[0], code, _SAME_NAME) for code in codes[1:] if label)
    for label, other, difference in _alike_labels(frozenset(labelled)):
        for code in labelled[label]:
            yield from ((code, like, difference) for like in labelled[other] if like != code)
