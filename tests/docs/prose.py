"""The rules of plain English that a machine can measure, for any text written as Markdown: pages, docstrings, help.

A sentence ends at a full stop, a question mark or an exclamation mark before a space and a capital letter, a digit, a
quotation or a piece of code. A colon or a semicolon does not end one. A paragraph, a list item and a heading end one
whatever their last character. Tables and code hold no sentences; the refused phrases are looked for in tables too.
"""

import re
from collections.abc import Iterator

MOST_WORDS = 25

# What a business writer would not write; each has a plain form that names the subject.
REFUSED = (
    "whoever",
    "whose",
    "whence",
    "whatever",
    "nobody told",
    "nobody has",
    "somebody",
    "anew",
    "what is",
    "of which",
    "such that",
)

_CODE = "`code`"
_FENCED = re.compile(r"^( *)(```+|~~~+).*?^\1\2 *$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INDENTED = re.compile(r"(?<=\n\n)(?:(?: {4}|\t)(?![-*\d]).*\n?)+")
_INLINE_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"\*\*|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])")
_TABLE_ROW = re.compile(r"^ *\|.*$", re.MULTILINE)
_ITEM = re.compile(r"^ *(?:[-*+]|\d+\.) +|^ *#+ +|^ *> ?")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]* +(?=[\"'(\[]*(?:[A-Z0-9`]|calltally\b))")
_WORD = re.compile(r"[^\s]*\w[^\s]*")


def sentences(markdown: str) -> Iterator[str]:
    """The sentences of a text, each on one line, with `code` in place of inline code."""
    for block in _blocks(_TABLE_ROW.sub("", _without_code(markdown))):
        yield from (sentence for sentence in _SENTENCE_END.split(block) if _WORD.search(sentence))


def faults(markdown: str) -> list[str]:
    """What breaks a rule, a line each: long sentences first, then refused phrases with what stands around them."""
    return [*_long_sentences(markdown), *_refused_phrases(markdown)]


def _long_sentences(markdown: str) -> Iterator[str]:
    for sentence in sentences(markdown):
        words = len(_WORD.findall(sentence))
        if words > MOST_WORDS:
            yield f"{words} words: {sentence}"


def _refused_phrases(markdown: str) -> Iterator[str]:
    text = " ".join(_without_code(markdown).split())
    for phrase in REFUSED:
        for match in re.finditer(rf"\b{phrase}\b", text, re.IGNORECASE):
            yield f"{phrase!r}: ... {text[max(0, match.start() - 40) : match.end() + 40]} ..."


def _without_code(markdown: str) -> str:
    """The text as a reader sees it, without blocks of code, comments, addresses of links and emphasis."""
    text = _COMMENT.sub("", _FENCED.sub("", markdown))
    text = _INLINE_CODE.sub(_CODE, _INDENTED.sub("", text))
    return _EMPHASIS.sub("", _LINK.sub(r"\1", text))


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs, list items and headings, each on one line."""
    lines: list[str] = []
    for line in text.splitlines():
        if not line.strip() or _ITEM.match(line):
            yield " ".join(lines).strip()
            lines = []
        lines.append(_ITEM.sub("", line).strip())
    yield " ".join(lines).strip()
