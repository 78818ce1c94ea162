"""Names that may be spellings of each other: the same letters in another case, punctuation or order, or a slip apart.

>>> alike("Facebook Ads", "facebook-ads"), alike("Smith, John", "john smith"), alike("Google Ads", "Googel ads")
('case, spaces or punctuation', 'the order of words', 'one letter')
>>> alike("agent-1", "agent-2"), alike("spring 2025", "spring 2026"), alike("ad", "at")
(None, None, None)
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from reports.model.language import marked

# Names with fewer letters differ in a letter because they are different names.
_SHORTEST_WITH_SLIP = 5
_SHORTEST_WITH_TWO_SLIPS = 10
# A longer name has too many neighbours to look up.
_LONGEST_WITH_TWO_SLIPS = 40
_LONGEST = 120

_WORD = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DIGITS = re.compile(r"\d+")


def alike(name: str, other: str) -> str | None:
    """How two names differ, if they may be spellings of each other; None if they are different names."""
    words, other_words = _words(name), _words(other)
    letters, other_letters = "".join(words), "".join(other_words)
    if not letters or not other_letters:
        return None
    if letters == other_letters:
        return marked("case, spaces or punctuation")
    if sorted(words) == sorted(other_words):
        return marked("the order of words")
    if _DIGITS.findall(letters) != _DIGITS.findall(other_letters):
        return None  # another number is another campaign, year or extension
    shorter = min(len(letters), len(other_letters))
    slips = distance(letters, other_letters, _slips(shorter))
    return {1: marked("one letter"), 2: marked("two letters")}.get(slips or 0)


def proposals(names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The pairs of names that may be spellings of each other, each with how they differ."""
    for first, second in sorted(_candidates(sorted(set(names)))):
        if difference := alike(first, second):
            yield first, second, difference


def _candidates(names: list[str]) -> set[tuple[str, str]]:
    """Pairs that share their words or a neighbour: far fewer than all pairs of thousands of names."""
    sharing: dict[str, list[str]] = defaultdict(list)
    for name in names:
        words = _words(name)
        for key in {*_neighbours("".join(words)), " ".join(sorted(words))}:
            sharing[key].append(name)
    return {pair for group in sharing.values() if len(group) > 1 for pair in combinations(group, 2)}


def _neighbours(letters: str) -> set[str]:
    """The letters, and what is left of them without as many letters as they may have slips. Digits stay."""
    around = {letters}
    if len(letters) > _LONGEST:
        return around
    most = min(_slips(len(letters)), 1 if len(letters) > _LONGEST_WITH_TWO_SLIPS else 2)
    for _ in range(most):
        around |= {
            text[:place] + text[place + 1 :]
            for text in around
            for place, letter in enumerate(text)
            if not letter.isdigit()
        }
    return around


def _slips(length: int) -> int:
    return 0 if length < _SHORTEST_WITH_SLIP else 1 if length < _SHORTEST_WITH_TWO_SLIPS else 2


def _words(name: str) -> list[str]:
    """The words and numbers of a name in lower case, without accents: `Café_Ads2` reads cafe, ads, 2."""
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", name))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _WORD.findall(letters.casefold())


def distance(name: str, other: str, most: int) -> int | None:
    """How many letters to add, leave out, replace or swap with the next one; None if more than `most`.

    >>> distance("facebook", "fcaebok", 2), distance("facebook", "linkedin", 2)
    (2, None)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(name, 1):
        earlier, before, row = before, row, [place]
        for column, compared in enumerate(other, 1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != compared))
            if place > 1 and column > 1 and letter == other[column - 2] and name[place - 2] == compared:
                cost = min(cost, earlier[column - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
