"""The verdicts on sources and campaigns read back: who loses money, who is ahead, and whose place changes."""

import re
from collections.abc import Mapping
from typing import Any

from tests.pages.reading.texts import (
    Answer,
    Readers,
    agrees,
    groups,
    interval_agrees,
    is_note,
    names_in,
    no_claim,
    plain,
    read_back,
    share,
    table,
)

RATE = "conv_per_attempt"
_MODELS = {"lead creation": "marketing_roi_lead_creation", "linear": "marketing_roi_linear"}
_BACK = r"of every 100 (?P<currency>\w+) spent on it, (?P<back>[^;:]+?) came back as gross profit"
_RETURN = r"\(return (?P<ends>[^)]+)\)"


def coded(answer: Answer, metric: str) -> dict[str, Answer]:
    """The cell of a metric in each group, by the name that people read."""
    return {name or "unattributed": cell for name, cell in groups(answer, metric).items()}


def returns(answer: Answer) -> dict[str, list[Answer]]:
    """The returns of each group with a cost, under each model."""
    cells = {model: coded(answer, name) for model, name in _MODELS.items()}
    return {
        group: [cells[model][group] for model in _MODELS]
        for group, cell in cells["linear"].items()
        if cell["value"] is not None
    }


def losing(answer: Answer) -> list[str]:
    """The groups that lose money at the upper end of each interval, the greatest loss first."""
    parts = {
        group: cells
        for group, cells in returns(answer).items()
        if all(cell["ci_high"] is not None and cell["ci_high"] < 0 for cell in cells)
    }
    return sorted(parts, key=lambda group: parts[group][0]["value"] * parts[group][0]["denominator"])


def _all_pay(answer: Answer) -> bool:
    parts = [cells for cells in returns(answer).values() if any(cell["ci_high"] is not None for cell in cells)]
    return all(cell["ci_low"] is not None and cell["ci_low"] > 0 for cells in parts for cell in cells)


def _by_model(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return {model: text for text, model in pairs}


def _amounts_agree(match: re.Match[str], answer: Answer) -> list[Answer]:
    cells = returns(answer)[match["name"]]
    assert match["currency"] == answer["currency"]
    by_model = _by_model(re.findall(r"(-?[\d,]+) under ([a-z ]+?)(?: and |, |$)", match["back"]))
    back = [by_model[model] for model in _MODELS] if by_model else [match["back"]] * len(cells)
    for text, cell in zip(back, cells, strict=True):
        ends = [None if cell[end] is None else 100 * (1 + cell[end]) for end in ("ci_low", "ci_high")]
        agrees(text, 100 * (1 + cell["value"]), "", *ends)
    if "ends" in match.groupdict():
        ends = _by_model(re.findall(r"(-?[\d.,]+(?: to |-)-?[\d.,]+) % under ([a-z ]+?)(?:, |$)", match["ends"]))
        for cell, model in zip(cells, _MODELS, strict=True):
            interval_agrees(ends[model], cell["ci_low"], cell["ci_high"], "ratio")
    return cells


def _worry(match: re.Match[str], answer: Answer) -> None:
    _amounts_agree(match, answer)
    assert match["name"] == losing(answer)[0]


def _so_do(match: re.Match[str], answer: Answer) -> None:
    assert names_in(match[1]) == losing(answer)[1:]


def _lowest(match: re.Match[str], answer: Answer) -> None:
    [first, *_] = _amounts_agree(match, answer)
    paying = [cells[0] for cells in returns(answer).values() if any(cell["ci_high"] is not None for cell in cells)]
    assert first["value"] == min(cell["value"] for cell in paying)
    assert not losing(answer)


def _lowest_of_paying(match: re.Match[str], answer: Answer) -> None:
    _lowest(match, answer)
    assert _all_pay(answer)


def _lowest_apart(match: re.Match[str], answer: Answer) -> None:
    _lowest(match, answer)
    others = [cells for name, cells in returns(answer).items() if name != match["name"]]
    for index, cell in enumerate(returns(answer)[match["name"]]):
        assert all(cells[index]["ci_low"] is None or cell["ci_high"] < cells[index]["ci_low"] for cells in others)


def _empty(match: re.Match[str], answer: Answer) -> None:
    for name, cost, currency in re.findall(r"(\S+) \(([\d,]+) (\w+)\)", match[1]):
        [first, *_] = returns(answer)[name]
        assert first["value"] == -1
        assert currency == answer["currency"]
        agrees(cost, first["denominator"], "")


MONEY: Readers = [
    (
        rf"Worry about (?P<name>\S+): {_BACK}\. Even at the best that chance allows it loses money {_RETURN}\.",
        _worry,
    ),
    (r"So (?:do|does) ([^.]+)\.", _so_do),
    (
        (
            r"There is no \w+ to worry about: at the worst that chance allows, each brings back more than it cost\."
            rf" The lowest(?: of those that brought anything back)? is (?P<name>\S+): {_BACK}\."
        ),
        _lowest_of_paying,
    ),
    (
        (
            r"No \w+ is sure to lose money\. (?P<name>\S+) brings back the least, apart from all the others by"
            rf" more than chance: {_BACK} {_RETURN}\."
        ),
        _lowest_apart,
    ),
    (
        (
            r"It cannot be told which \w+ to worry about: none is sure to lose money\. The lowest"
            rf"(?: of those that brought anything back)? is (?P<name>\S+): {_BACK}, but that may be chance {_RETURN}\."
        ),
        _lowest,
    ),
    (r"Nothing at all has come back yet of what was spent on ((?:\S+ \([\d,]+ \w+\)(?:, | and )?)+)\.", _empty),
    (r"Return is gross profit credited, .*? looks worse than it is\.", no_claim),
    (r"(?:Lead creation|Linear): (?:All|Every) [^.]+\.", no_claim),
]


def check_verdict(text: str, answer: Answer) -> None:
    """The overview's verdict has the label of its numbers."""
    labels = {"loses money": bool(losing(answer)), "all pay": not losing(answer) and _all_pay(answer)}
    [label] = [label for label in (*labels, "cannot tell") if text.startswith(f"{label} ")]
    assert label == next((label for label, holds in labels.items() if holds), "cannot tell")
    read_back(text.removeprefix(label).strip(), MONEY, answer)


def _spent(match: re.Match[str], answer: Answer) -> None:
    total = answer["total"]
    assert match[2] == answer["currency"]
    agrees(match[1], total["marketing_cost"]["value"], "")
    agrees(match[3], total["attributed_gross_profit_lead_creation"]["value"], "")


def _lossy(match: re.Match[str], answer: Answer) -> None:
    lossy = {name for name, [first, *_] in returns(answer).items() if first["value"] < 0}
    assert set(match[1].split(", ") if match.lastindex else []) == lossy


SPENT: Readers = [
    (r"([\d,.]+(?: M)?) (\w+) were spent, and (-?[\d,.]+(?: M)?) of gross profit came back by lead creation\.", _spent),
    (r"Less came back than was spent on ([^.]+)\.", _lossy),
    (r"No source brought less than it cost\.", _lossy),
]


def _end(match: re.Match[str], answer: Answer) -> None:
    named = match[2].split(", ")
    cells = returns(answer)[named[0]]
    for text, cell in zip(match.groups()[2:], cells, strict=True):
        agrees(text, cell["value"], "ratio", cell["ci_low"], cell["ci_high"])
    values = [first["value"] for first, *_ in returns(answer).values()]
    end = (min if match[1] == "lowest return" else max)(values)
    assert {returns(answer)[name][0]["value"] for name in named} == {end}


def _without_cost(match: re.Match[str], answer: Answer) -> None:
    assert match[1] == answer["currency"]
    costs = coded(answer, "marketing_cost")
    named, costless = set(match[2].split(", ")), costs.keys() - returns(answer).keys()
    assert costless - {"unattributed"} <= named <= costless, match[0]
    assert not any(costs[name]["value"] for name in match[2].split(", "))


RETURNS: Readers = [
    (
        (
            r"The (lowest return|highest) is that of ([^:]+): (-?[\d,.]+ %) under lead creation and"
            r" (-?[\d,.]+ %) under linear\."
        ),
        _end,
    ),
    (r"Not drawn, because they have no recorded cost in (\w+): ([^.]+)\.", _without_cost),
]


def places(answer: Answer) -> dict[str, tuple[int, int]]:
    """The place of each comparable group as counted and at the same mix; equal rates share the better place."""
    cells = {name: cell for name, cell in coded(answer, RATE).items() if cell["standardised"] is not None}
    rates = [{name: round(cell[part], 12) for name, cell in cells.items()} for part in ("value", "standardised")]
    ranks = [{name: 1 + sum(other > rate[name] for other in rate.values()) for name in rate} for rate in rates]
    return {name: (ranks[0][name], ranks[1][name]) for name in cells}


def _moved(answer: Answer) -> int:
    return sum(counted != mixed for counted, mixed in places(answer).values())


def _no_move(match: re.Match[str], answer: Answer) -> None:
    assert _moved(answer) == 0
    assert len(places(answer)) == (int(match[1]) if match[1] else len(_tried(answer)))


def _some_move(match: re.Match[str], answer: Answer) -> None:
    assert (int(match[1]), int(match[2])) == (_moved(answer), len(places(answer)))


def _tried(answer: Answer) -> list[str]:
    """The groups with a rate, those without a code among them."""
    return [name for name, cell in coded(answer, RATE).items() if cell["value"] is not None]


def _ahead(match: re.Match[str], answer: Answer) -> None:
    part = "standardised" if match["how"] == "At the same mix" else "value"
    cells = {name: cell for name, cell in coded(answer, RATE).items() if name in places(answer)}
    assert part == "standardised" or int(match["of"] or len(_tried(answer))) == len(cells), match[0]
    rates: Mapping[Any, float] = {name: cell[part] for name, cell in cells.items()}
    ends = ((match["first"], match["high"], max), (match["last"], match["low"], min))
    assert share(match["high"]) > share(match["low"])
    for names, text, end in ends:
        first, *_ = named = names_in(names)
        assert {round(rates[name], 9) for name in named} == {round(end(rates.values()), 9)}, match[0]
        agrees(text, rates[first], "ratio", cells[first]["ci_low"], cells[first]["ci_high"])


def _not_compared(match: re.Match[str], answer: Answer) -> None:
    assert (int(match[1]), int(match[2])) == (len(_tried(answer)) - len(places(answer)), len(_tried(answer)))


MIX: Readers = [
    (r"As counted is what really happened\. .*? called in\.", no_claim),
    (
        (
            r"No place changes(?: among the (\d+) that can be compared)?: the order as counted is the order at the same"
            r" mix\."
        ),
        _no_move,
    ),
    (
        (
            r"(\d+) of (\d+) places change at the same mix, but no two of those tried often enough turn round by a"
            r" difference that shows\."
        ),
        _some_move,
    ),
    (r"The order turns round\.", no_claim),
    (r"Conversion per attempt: \S+ \([^)]*\) is ahead of .*?; see [^.]*\.", is_note),
    (
        (
            r"(?:Of the (?P<of>\d+) that can be compared, )?(?P<how>[Aa]s counted|At the same mix)"
            r" (?P<first>[^()]+?) (?:is|are) ahead"
            r" \((?P<high>[\d.]+ %)\) and (?P<last>[^()]+?) last \((?P<low>[\d.]+ %)\)\."
        ),
        _ahead,
    ),
    (r"(\d+) of (\d+) could not be compared: they have too little in common with the rest\.", _not_compared),
]


def check_mix(page: str, text: str, answer: Answer) -> None:
    """The sentences on the mix, and the places in the table."""
    read_back(text, MIX, answer)
    assert ("No place changes" in text) == (_moved(answer) == 0)
    moved = places(answer)
    for name, _, _, mixed, place, place_mixed in table(page, "Conversion, as counted and at the same mix"):
        if place == "-":
            assert name not in moved
            continue
        cell = coded(answer, RATE)[name]
        agrees(plain(mixed), cell["standardised"], "ratio", cell["standardised_low"], cell["standardised_high"])
        counted, at_mix = moved[name]
        assert int(place) == counted
        words = "" if counted == at_mix else "higher than as counted" if at_mix < counted else "lower than as counted"
        assert plain(place_mixed).split(maxsplit=1) == [str(at_mix), words][: 2 if words else 1]
