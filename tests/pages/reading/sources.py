"""The verdicts on sources and campaigns read back: who loses money, who is ahead, and whose place changes."""

import re
from collections.abc import Mapping
from typing import Any

from tests.pages.reading.texts import (
    Answer,
    Readers,
    agrees,
    code_of,
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
_MODELS = {"lead source": "marketing_roi_lead_creation", "linear": "marketing_roi_linear"}
_BACK = r"of every (?P<spent>[^ ]+(?: [A-Z]{3})?) spent, (?P<back>[^;:]+?) came back as gross profit"
_SYMBOLS = {"USD": "$", "EUR": "€"}
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


def _money(amount: str, answer: Answer) -> str:
    return f"{_SYMBOLS[answer['currency']]}{amount}"


def _amounts_agree(match: re.Match[str], answer: Answer) -> list[Answer]:
    cells = returns(answer)[match["name"]]
    assert match["spent"] == _money("100", answer)
    by_model = _by_model(re.findall(r"(-?[\d,]+) with ([a-z ]+?) attribution(?: and |, |$)", match["back"]))
    back = [by_model[model] for model in _MODELS] if by_model else [match["back"]] * len(cells)
    for text, cell in zip(back, cells, strict=True):
        ends = [None if cell[end] is None else 100 * (1 + cell[end]) for end in ("ci_low", "ci_high")]
        agrees(text, 100 * (1 + cell["value"]), "", *ends)
    if "ends" in match.groupdict():
        ends = _by_model(
            re.findall(r"(-?[\d.,]+(?: to |-)-?[\d.,]+)% with ([a-z ]+?) attribution(?:, |$)", match["ends"])
        )
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
    for name, cost in re.findall(r"(\S+) \(([$€][\d,]+)\)", match[1]):
        [first, *_] = returns(answer)[name]
        assert first["value"] == -1
        assert cost.startswith(_SYMBOLS[answer["currency"]])
        agrees(cost, first["denominator"], "")


MONEY: Readers = [
    (
        rf"(?P<name>\S+) loses money: {_BACK}\. Even in the best case it loses money {_RETURN}\.",
        _worry,
    ),
    (r"([^.]+) also loses? money\.", _so_do),
    (
        (
            r"Every \w+ brings back more than it cost, even in the worst case\."
            rf" The lowest is (?P<name>\S+): {_BACK}\."
        ),
        _lowest_of_paying,
    ),
    (
        (
            r"No \w+ is clearly losing money\. (?P<name>\S+) has the lowest return \(significant\):"
            rf" {_BACK} {_RETURN}\."
        ),
        _lowest_apart,
    ),
    (
        (
            r"No \w+ is clearly losing money\. The lowest is (?P<name>\S+):"
            rf" {_BACK} \(return (?P<ends>[^)]+), not significant\)\."
        ),
        _lowest,
    ),
    (r"Nothing has come back yet from ((?:\S+ \([$€][\d,]+\)(?:, | and )?)+)\.", _empty),
    (r"Return: .*? look worse than they are\.", no_claim),
    (r"(?:Lead source|Linear): (?:All|Every) [^.]+\.", no_claim),
]


def check_verdict(text: str, answer: Answer) -> None:
    """The overview's verdict has the label of its numbers."""
    labels = {"loses money": bool(losing(answer)), "all profitable": not losing(answer) and _all_pay(answer)}
    [label] = [label for label in (*labels, "no clear loss") if text.startswith(f"{label} ")]
    assert label == next((label for label, holds in labels.items() if holds), "no clear loss")
    read_back(text.removeprefix(label).strip(), MONEY, answer)


def _spent(match: re.Match[str], answer: Answer) -> None:
    total = answer["total"]
    assert match[1].startswith(_SYMBOLS[answer["currency"]])
    agrees(match[1], total["marketing_cost"]["value"], "")
    agrees(match[2], total["attributed_gross_profit_lead_creation"]["value"], "")


def _lossy(match: re.Match[str], answer: Answer) -> None:
    lossy = {name for name, [first, *_] in returns(answer).items() if first["value"] < 0}
    assert set(match[1].split(", ") if match.lastindex else []) == lossy


SPENT: Readers = [
    (r"(\S+) spent, (\S+) gross profit came back \(with lead source attribution\)\.", _spent),
    (r"Brought back less than they cost: ([^.]+)\.", _lossy),
    (r"Every source brought back at least what it cost\.", _lossy),
]


def _end(match: re.Match[str], answer: Answer) -> None:
    named = match[2].split(", ")
    cells = returns(answer)[named[0]]
    for text, cell in zip(match.groups()[2:], cells, strict=True):
        agrees(text, cell["value"], "ratio", cell["ci_low"], cell["ci_high"])
    values = [first["value"] for first, *_ in returns(answer).values()]
    end = (min if match[1] == "Lowest" else max)(values)
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
            r"(Lowest|Highest) return: (.+?), (-?[\d,.]+%) with lead source attribution and (-?[\d,.]+%) with linear"
            r" attribution\."
        ),
        _end,
    ),
    (r"Not shown \(no spend entered in (\w+)\): ([^.]+)\.", _without_cost),
]


def places(answer: Answer) -> dict[str, tuple[int, int]]:
    """The place of each comparable group as counted and at the same mix; equal rates share the better place."""
    cells = {name: cell for name, cell in coded(answer, RATE).items() if cell["standardised"] is not None}
    rates = [{name: round(cell[part], 12) for name, cell in cells.items()} for part in ("value", "standardised")]
    ranks = [{name: 1 + sum(other > rate[name] for other in rate.values()) for name in rate} for rate in rates]
    return {name: (ranks[0][name], ranks[1][name]) for name in cells}


def _moved(answer: Answer) -> int:
    return sum(counted != mixed for counted, mixed in places(answer).values())


def _no_move(_match: re.Match[str], answer: Answer) -> None:
    assert _moved(answer) == 0


def _some_move(match: re.Match[str], answer: Answer) -> None:
    assert (int(match[1]), int(match[2])) == (_moved(answer), len(places(answer)))


def _tried(answer: Answer) -> list[str]:
    """The groups with a rate, those without a code among them."""
    return [name for name, cell in coded(answer, RATE).items() if cell["value"] is not None]


def _ahead(match: re.Match[str], answer: Answer) -> None:
    part = "standardised" if match["how"] == "Mix-adjusted" else "value"
    cells = {name: cell for name, cell in coded(answer, RATE).items() if name in places(answer)}
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
    (r"Actual is the rate as counted\. .*? \(direct standardisation\)\.", no_claim),
    (r"Rankings do not change when adjusted for mix\.", _no_move),
    (r"(\d+) of (\d+) ranks change when adjusted for mix, but no change is significant\.", _some_move),
    (r"Rankings change when adjusted for mix\.", no_claim),
    (r"Conversion per attempt: \S+ \([^)]*\) is ahead of .*?; see [^.]*\.", is_note),
    (
        (
            r"(?P<how>Actual|Mix-adjusted): highest (?P<first>[^()]+?) \((?P<high>[\d.]+%)\),"
            r" lowest (?P<last>[^()]+?) \((?P<low>[\d.]+%)\)\."
        ),
        _ahead,
    ),
    (r"(\d+) of (\d+) (?:is|are) not compared: too little in common with the others\.", _not_compared),
]


def check_mix(page: str, text: str, answer: Answer) -> None:
    """The sentences on the mix, and the places in the table."""
    read_back(text, MIX, answer)
    assert ("Rankings do not change" in text) == (_moved(answer) == 0)
    moved = places(answer)
    for head, _, _, mixed, place, place_mixed in table(page, "Conversion, actual and mix-adjusted"):
        name = code_of(head)
        if place == "-":
            assert name not in moved
            continue
        cell = coded(answer, RATE)[name]
        agrees(plain(mixed), cell["standardised"], "ratio", cell["standardised_low"], cell["standardised_high"])
        counted, at_mix = moved[name]
        assert int(place) == counted
        words = "" if counted == at_mix else "higher than actual" if at_mix < counted else "lower than actual"
        assert plain(place_mixed).split(maxsplit=1) == [str(at_mix), words][: 2 if words else 1]
