"""Sentences and numbers as a page shows them, and what the API has to say for them to be true."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any, TypeAlias

# An answer of the API, or a part of it.
Answer: TypeAlias = Mapping[str, Any]
Check: TypeAlias = Callable[[re.Match[str], Answer], None]
Readers: TypeAlias = Sequence[tuple[str, Check]]

RATES = {
    "sale": "sales per contact",
    "appointment": "appointments per contact",
    "qualified": "qualified leads per contact",
    "any": "success rate (sale, appointment or qualified lead per contact)",
}
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_LARGE = {"M": 1e6, "B": 1e9, "": 1.0}
_SMALL_PRINT = re.compile(
    r'<details class="small-print">.*?</details>|<ul class="cards">.*?</ul>|<form [^>]*class="asking".*?</form>',
    re.DOTALL,
)
_BLOCK = re.compile(r"<(h1|h2|h3|figcaption|p|li)\b([^>]*)>(.*?)</\1>", re.DOTALL)
_ONLY_A_LINK = re.compile(r"<a\b[^>]*>[^<]*</a>")
# Dates, files and what is not there yet.
_NO_JUDGEMENT = {"about", "take", "waiting", "note"}
# The period, which check_window and check_periods read, and the legend of the marks.
_ABOUT_NUMBERS = re.compile(
    r"\w{3}, \w{3} \d+, \d{4} to .* data of .* UTC|Compared with .*|Marked: the best and worst of .*"
)
_NOTE = re.compile(r'<p class="note">(.*?)</p>', re.DOTALL)


def plain(html: str) -> str:
    """The words of a piece of HTML."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def sentences(page: str) -> dict[str, str]:
    """All sentences below each heading of a page, in its order; repeated headings are one."""
    heading, texts = "", dict[str, str]()
    for tag, attributes, body in _BLOCK.findall(_SMALL_PRINT.sub("", page.partition("<main")[2])):
        names = set("".join(re.findall(r'class="([^"]*)"', attributes)).split())
        if tag not in {"p", "li"}:
            heading = plain(body)
        elif names & _NO_JUDGEMENT or _ONLY_A_LINK.fullmatch(body.strip()) or _ABOUT_NUMBERS.match(plain(body)):
            continue
        else:
            texts[heading] = f"{texts.get(heading, '')} {plain(body)}".strip()
    return texts


def check_notes(page: str, *answers: Answer) -> None:
    """Every caveat on a page is one that the API sends along."""
    sent = {note for answer in answers for note in answer["notes"]}
    notes = {plain(note) for note in _NOTE.findall(page)}
    assert notes <= sent, notes - sent


def read_back(text: str, readers: Readers, answer: Answer) -> list[str]:
    """Read every sentence with the reader of its form; the forms in their order. A form without a reader fails."""
    forms = list[str]()
    while text:
        hits = [
            (match, check, form)
            for form, check in readers
            if (match := re.match(rf"(?:{form})(?= |$)", text, re.DOTALL))
        ]
        assert hits, f"no reader for: {text}"
        match, check, form = hits[0]
        check(match, answer)
        forms.append(form)
        text = text[match.end() :].strip()
    return forms


def no_claim(_match: re.Match[str], _answer: Answer) -> None:
    """An explanation: nothing in it depends on numbers."""


def is_note(match: re.Match[str], answer: Answer) -> None:
    """A caveat is one that the API sends along."""
    assert match[0] in answer["notes"]


def groups(answer: Answer, metric: str) -> dict[str | None, Answer]:
    """The cell of a metric in each group of a report by one dimension."""
    [dimension] = answer["by"]
    return {group["group"][dimension]: group["cells"][metric] for group in answer["groups"]}


def amount(text: str, unit: str) -> tuple[float, float]:
    """A number as its metric has it, and how much its last digit counts."""
    if unit == "s":
        parts = re.findall(r"([\d,.]+) ?([dhms])", text)
        assert parts, text
        size = sum(float(number.replace(",", "")) * _SECONDS[name] for number, name in parts)
        number, name = parts[-1]
        return size, _SECONDS[name] / 10 ** len(number.partition(".")[2])
    match = re.match(r"(-?)[$€£]?([\d,]+(?:\.(\d+))?)(?:(M|B)\b)?", text)
    assert match, text
    scale = _LARGE[match[4] or ""] / (100 if unit == "ratio" else 1)
    digits = match[1] + match[2].replace(",", "")
    return float(digits) * scale, scale / 10 ** len(match[3] or "")


def share(text: str) -> float:
    """A percentage as the share it is."""
    return amount(text, "ratio")[0]


def agrees(text: str, value: float | None, unit: str, low: float | None = None, high: float | None = None) -> None:
    """A number on a page is that of the API, but for the rounding of its last digit, or that within its interval."""
    assert value is not None, text
    shown, step = amount(text, unit)
    width = 0.0 if low is None or high is None else high - low
    assert abs(shown - value) <= step / 2 + width / 8 + 1e-9, (text, value, low, high)


def interval_agrees(text: str, low: float | None, high: float | None, unit: str) -> None:
    """An interval on a page has the ends of the API."""
    ends = re.fullmatch(r"(-?[^-]+?)(?: to |-)(-?[^-]+)", text)
    assert ends, text
    for end, value in zip(ends.groups(), (low, high), strict=True):
        agrees(end, value, unit, low, high)


def rate_agrees(
    text: str, ends: str, cell: Answer, names: tuple[str, str, str] = ("value", "ci_low", "ci_high")
) -> None:
    """A rate and its interval are those of a cell."""
    value, low, high = (cell[name] for name in names)
    agrees(text, value, "ratio", low, high)
    interval_agrees(ends, low, high, "ratio")


def count(text: str) -> int:
    """A whole number."""
    return int(text.replace(",", ""))


def names_in(text: str) -> list[str]:
    """The names of a list: web, radio and referral."""
    return re.split(r", | and ", text)


def code_of(head: str) -> str:
    """The code of a group by the head of its row, which shows the name of the group and has its code at hand."""
    code = re.match(r'\s*<(?:span|a)\b[^>]*title="([^"]*)"', head)
    return unescape(code[1]) if code else plain(head)


def table(page: str, label: str) -> Iterator[list[str]]:
    """The rows of a table by its label: the pieces of HTML in its cells, without pictures and signs."""
    [inside] = re.findall(rf'aria-label="{re.escape(label)}"><table[^>]*>.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    bare = re.sub(r"<svg.*?</svg>|<a class=\"means\".*?</a>|<span aria-hidden.*?</span>", "", inside, flags=re.DOTALL)
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", bare, re.DOTALL):
        yield re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
