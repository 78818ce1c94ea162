"""The headlines of the overview read back: every card, and the verdict on all of them."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.pages.reading.texts import (
    Answer,
    Readers,
    agrees,
    count,
    groups,
    interval_agrees,
    plain,
    read_back,
    table,
)

WORDS = {
    "better": "better",
    "worse": "worse",
    "higher": "higher",
    "lower": "lower",
    "cannot_tell": "no clear difference",
}
# The kind of the badge of a verdict.
KINDS = {"better": "good", "worse": "bad", "higher": "info", "lower": "info", "cannot_tell": "neutral"}
_MOVED = r"(?P<moved>Up|Down) (?P<by>.+?)"
_HOW = r"(?P<how>not significant|significant)"
_CHANGE = rf"{_MOVED} from (?P<before>.+?) \({_HOW}\)"
_CARD = re.compile(
    r'<li>\s*<h3><a href="[^"]*" title="Definition: (\w+)">([^<]+)</a></h3>\s*<p class="value">(.*?)</p>(.*?)</li>',
    re.DOTALL,
)
_BADGE = re.compile(r'<div class="changed"><span class="badge (\w+)">([^<]+)</span>')
_DETAIL = re.compile(r"<small>(.*?)</small>", re.DOTALL)
# The number of the compared period, the change and its verdict.
_WAS = r"was (?P<before>.+?) · (?P<sign>[+-]?)(?P<by>.+?) (?P<word>better|worse|higher|lower|no clear difference)"


def allowed(cell: Answer, better: str) -> set[str | None]:
    """The verdicts that the interval of a difference allows; of a number with a band, both after a real change."""
    low, high = cell["difference_low"], cell["difference_high"]
    if cell["previous"] is None or cell["value"] is None:
        return {None}
    if low is None or high is None or low <= 0 <= high:
        return {"cannot_tell"}
    if better == "band":
        return {"better", "worse", "cannot_tell"}
    if better == "neutral":
        return {"higher" if low > 0 else "lower"}
    return {"better" if (low > 0) == (better == "higher") else "worse"}


def _metric(answer: Answer, key: str, name: str) -> Answer:
    [metric] = [metric for metric in answer["metrics"] if metric[key] == name]
    return metric


def _change_agrees(match: re.Match[str], cell: Answer, unit: str) -> None:
    agrees(match["before"], cell["previous"], unit, cell["difference_low"], cell["difference_high"])
    _moved_agrees(match, cell, unit)


def _moved_agrees(match: re.Match[str], cell: Answer, unit: str) -> None:
    assert (match["moved"] == "Up") == (cell["difference"] > 0), (match[0], cell)
    agrees(match["by"], abs(cell["difference"]), unit, cell["difference_low"], cell["difference_high"])
    assert (match["how"] == "not significant") == (cell["verdict"] == "cannot_tell"), (match[0], cell)


def check_cards(page: str, answer: Answer) -> None:
    """Every card has the numbers, the direction and the verdict of the API; and none is missing."""
    cards = _CARD.findall(page)
    assert [name for name, *_ in cards] == [name for name in answer["asked"] if name in answer["total"]]
    for name, title, value, rest in cards:
        metric, cell = _metric(answer, "name", name), answer["total"][name]
        assert title == metric["title"]
        _check_value(plain(value), cell, metric["unit"])
        details = [plain(detail) for detail in _DETAIL.findall(rest)]
        [(kind, label)] = _BADGE.findall(rest)
        if label == "Nothing to compare with":
            assert cell["verdict"] is None or plain(value).startswith("too few cases")
        else:
            assert kind == KINDS[cell["verdict"]], (name, kind, cell)
            assert cell["verdict"] in allowed(cell, metric["better"]), (name, kind, cell)
            _check_change(label, cell, metric["unit"])
            _check_was(details.pop(), cell, metric["unit"])
        for detail in details:
            _check_detail(detail, cell, metric["unit"])


def _check_value(text: str, cell: Answer, unit: str) -> None:
    if text.startswith(("too few cases", "not enough data")) or text in {"-", "not reached"}:
        assert cell["value"] is None or text.startswith("too few cases"), text
    else:
        agrees(text, cell["value"], unit, cell["ci_low"], cell["ci_high"])


def _check_change(text: str, cell: Answer, unit: str) -> None:
    if text == "No change":
        assert cell["difference"] == 0
        return
    match = re.fullmatch(rf"{_MOVED}, {_HOW}", text)
    assert match, text
    _moved_agrees(match, cell, unit)


def _check_was(text: str, cell: Answer, unit: str) -> None:
    match = re.fullmatch(_WAS, text)
    assert match, text
    ends = cell["difference_low"], cell["difference_high"]
    agrees(match["before"], cell["previous"], unit, *ends)
    agrees(match["by"], abs(cell["difference"]), unit, *ends)
    assert (match["sign"] == "-") == (cell["difference"] < 0), (text, cell)
    assert match["word"] == WORDS[cell["verdict"]], (text, cell)


def _check_detail(text: str, cell: Answer, unit: str) -> None:
    *ends, cases = text.split(" · ")
    if cases.startswith("range "):
        interval_agrees(cases.removeprefix("range "), cell["range_low"], cell["range_high"], unit)
        return
    assert count(cases.removeprefix("n ")) == cell["n"]
    for end in ends:
        interval_agrees(end, cell["ci_low"], cell["ci_high"], unit)


def _worse(match: re.Match[str], answer: Answer) -> None:
    metric = _metric(answer, "title", match["title"])
    cell = answer["total"][metric["name"]]
    assert cell["verdict"] == "worse", (match[0], cell)
    assert "worse" in allowed(cell, metric["better"]), (match[0], cell)
    agrees(match["value"], cell["value"], metric["unit"], cell["ci_low"], cell["ci_high"])
    _change_agrees(match, cell, metric["unit"])


def titles(answer: Answer, verdict: str) -> list[str]:
    """The headline numbers with a verdict, in their order."""
    verdicts = {name: answer["total"][name]["verdict"] for name in answer["asked"]}
    return [_metric(answer, "name", name)["title"] for name in verdicts if verdicts[name] == verdict]


def _none_worse(_match: re.Match[str], answer: Answer) -> None:
    assert not titles(answer, "worse")
    assert any(answer["total"][name]["verdict"] for name in answer["asked"])


def _better(match: re.Match[str], answer: Answer) -> None:
    # Some titles have a comma: Marketing ROI, linear.
    assert match[1] == ", ".join(titles(answer, "better"))


VERDICT: Readers = [
    (rf"worse (?P<title>[^.:;]+?): (?P<value>[^:;]+?)\. {_CHANGE}", _worse),
    (r"(?:better|no clear difference) No key metric is significantly worse than in the compared period\.", _none_worse),
    (r"Significantly better: ([^.]+)\.", _better),
]


def check_verdict(text: str, answer: Answer) -> None:
    """The verdict names every headline number that is worse, and every one that is better."""
    read_back(text, VERDICT, answer)
    assert re.findall(r"worse ([^.:;]+?): ", text) == titles(answer, "worse")
    assert ("Significantly better" in text) == bool(titles(answer, "better"))
    if "No key metric is" in text:
        assert text.startswith("better" if titles(answer, "better") else "no clear difference")


def check_periods(page: str, answer: Answer) -> None:
    """Every compared period on a page is that of the API, at the same age as this one."""
    period = answer["compared_with"]
    first, after, until = (datetime.fromisoformat(period[name]) for name in ("from", "to", "until"))
    start, end, now = (datetime.fromisoformat(answer[name]) for name in ("from", "to", "as_of"))
    assert (after, after - first, until - after) == (start, end - start, now - end)
    days = [f"{day:%a}, {day:%b} {day.day}, {day.year}" for day in (first, after - timedelta(days=1), until)]
    words = f"Compared with {days[0]} to {days[1]}, as known on {days[2]} {until:%H:%M}: "
    compared = list(_compared(page))
    assert compared
    assert all(sentence.startswith(words) for sentence in compared), (compared, words)


def _compared(page: str) -> Iterator[str]:
    return (plain(text) for text in re.findall(r"<p class=\"below\">(Compared with .*?)</p>", page, re.DOTALL))


def check_window(page: str, answer: Answer) -> None:
    """Every report on a page counts the same time as the API's."""
    shown = re.findall(r'<p class="below">(\w[^<]*?), UTC · <a [^>]*>data of ([^<]*) UTC</a>', page)
    start, end, now = (datetime.fromisoformat(answer[name]) for name in ("from", "to", "as_of"))
    first, last = (f"{day:%a}, {day:%b} {day.day}, {day.year}" for day in (start, end - timedelta(days=1)))
    assert set(shown) == {(f"{first} to {last}", f"{now:%Y-%m-%d %H:%M:%S}")}


def check_beside_all(page: str, agent: str, answer: Answer) -> None:
    """Every line of an agent's page: the number, that of all, the verdicts against all and against before."""
    lines = list(table(page, "Metrics of this agent"))
    titles = [plain(line[0]) for line in lines]
    assert titles == [metric["title"] for metric in answer["metrics"]], titles
    for metric, (_, own, overall, beside, _rank, before) in zip(answer["metrics"], lines, strict=True):
        total, cell = answer["total"][metric["name"]], groups(answer, metric["name"])[agent]
        _check_value(plain(own.partition("<small")[0].partition("<details")[0]), cell, metric["unit"])
        _check_value(plain(overall), total, metric["unit"])
        _check_beside(plain(beside), cell, total, metric["better"])
        _check_before(own, plain(before), cell, metric)


def _check_before(own: str, before: str, cell: Answer, metric: Answer) -> None:
    """An agent's number against the period before: the mark of its change, the line behind it, the earlier number."""
    changes = re.findall(r'<small class="change (\w+)">([^<]*)</small>', own)
    if not changes:
        assert before == "-"
        return
    [(kind, text)] = changes
    assert kind == KINDS[cell["verdict"]], (metric["name"], kind, cell)
    assert cell["verdict"] in allowed(cell, metric["better"]), (metric["name"], cell)
    significance = "not significant" if kind == "neutral" else "significant"
    _check_change(f"{text}, {significance}" if text else "No change", cell, metric["unit"])
    was = plain(_DETAIL.findall(own)[-1])
    _check_was(was, cell, metric["unit"])
    assert was.startswith(f"was {before} · ")


def _check_beside(text: str, cell: Answer, total: Answer, better: str) -> None:
    if match := re.fullmatch(r"([\d.]+%) of all", text):
        agrees(match[1], cell["value"] / total["value"], "ratio")
        return
    low, high = (cell.get(f"shrunk_{end}", cell[f"ci_{end}"]) for end in ("low", "high"))
    if text == "no clear difference":
        assert low <= total["value"] <= high
    elif text:
        above = low > total["value"]
        assert above or high < total["value"]
        judged = "better than average" if above == (better == "higher") else "worse than average"
        assert text == (judged if better in {"higher", "lower"} else "above average" if above else "below average")
