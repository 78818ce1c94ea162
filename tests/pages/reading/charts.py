"""The captions of charts read back: the funnel, the hours of the day and of the week, and how soon leads are called."""

import re
from datetime import datetime

from tests.pages.reading.texts import (
    Answer,
    Readers,
    agrees,
    count,
    groups,
    interval_agrees,
    names_in,
    no_claim,
    plain,
    rate_agrees,
    read_back,
    share,
    table,
)

SHARE = "called_within_1_hour"
HOUR = "rpc_rate"
FEWEST = 30
_SHARE = r"([\d.]+%) \(([\d.-]+)%\)"


def _reached_agrees(text: str, cell: Answer) -> None:
    """Known, and at most: 320 to 347."""
    least, _, most = text.partition(" to ")
    assert count(least) == cell["numerator"]
    high = round(cell["range_high"] * cell["denominator"])
    assert count(most or least) == max(high, cell["numerator"])


def _funnel(match: re.Match[str], answer: Answer) -> None:
    total = answer["total"]
    assert count(match[1]) == total["attempts"]["value"]
    _reached_agrees(match[2], total["rpc_rate"])
    assert count(match[3]) == total["sales"]["value"]


_STEPS = ["attempts", "answer_rate", "human_rate", "rpc_rate", "conversations"]
_TITLES = ["Calls", "Answered", "Reached a person", "Reached the right contact", "Conversations"]


def _narrowest(match: re.Match[str], answer: Answer) -> None:
    counts = [answer["total"][name]["numerator"] for name in _STEPS]
    shares = {title: counts[at + 1] / counts[at] for at, title in enumerate(_TITLES[1:])}
    assert shares[match[1]] == min(shares.values())
    agrees(match[2], shares[match[1]], "ratio")


FUNNEL: Readers = [
    (r"([\d,]+) calls: ([\d,]+(?: to [\d,]+)?) reached the right contact, ([\d,]+) ended in a sale\.", _funnel),
    (r"Largest drop: ([^,]+), ([\d.]+%) of [a-z ]+\.", _narrowest),
]


def _busiest(match: re.Match[str], answer: Answer) -> None:
    calls = {hour: cell["value"] for hour, cell in groups(answer, "attempts").items() if hour}
    assert count(match[1]) == sum(calls.values()) == answer["total"]["attempts"]["value"]
    _reached_agrees(match[2], answer["total"]["rpc_rate"])
    clock = datetime.strptime(f"{match[3]} +0000", "%a, %b %d, %Y %H:%M %z")
    named = f"{clock:%Y-%m-%dT%H:%M}"
    [most] = [value for hour, value in calls.items() if hour.startswith(named)]
    assert count(match[4]) == most == max(calls.values())


BY_HOUR: Readers = [
    (
        (
            r"([\d,]+) calls, ([\d,]+(?: to [\d,]+)?) reached the right contact\. Busiest hour: "
            r"(\w{3}, \w{3} \d+, \d{4} \d\d:\d\d)"
            r" with ([\d,]+) calls\."
        ),
        _busiest,
    )
]


def slow(answer: Answer) -> list[str | None]:
    """The sources whose whole interval lies below that of all leads, the lowest share first."""
    cells, overall = groups(answer, SHARE), answer["total"][SHARE]["ci_low"]
    below = [name for name, cell in cells.items() if cell["ci_high"] is not None and cell["ci_high"] < overall]
    return sorted(below, key=lambda name: cells[name]["value"])


def _do_not_touch(lower: str, upper: str) -> bool:
    """Whether two intervals are apart by the digits on the page."""
    return share(lower.partition("-")[2]) < share(upper.partition("-")[0])


def _waits(match: re.Match[str], answer: Answer) -> None:
    cell, total = groups(answer, SHARE)[match[1]], answer["total"][SHARE]
    assert match[1] == slow(answer)[0]
    rate_agrees(match[2], match[3], cell)
    rate_agrees(match[4], match[5], total)
    assert _do_not_touch(match[3], match[5]), match[0]
    leads = [groups(answer, name)[match[1]]["value"] for name in ("open_leads", "leads")]
    assert [count(match[6]), count(match[7])] == leads


def _none_slow(_match: re.Match[str], answer: Answer) -> None:
    assert not slow(answer)


def _also_slow(match: re.Match[str], answer: Answer) -> None:
    assert names_in(match[1]) == slow(answer)[1:]


def _all_leads(match: re.Match[str], answer: Answer) -> None:
    total = answer["total"]
    rate_agrees(match[1], match[2], total[SHARE])
    if match[3]:
        median = total["lead_response_time"]
        agrees(match[3], median["value"], "s", median["ci_low"], median["ci_high"])
    else:
        assert total["lead_response_time"]["value"] is None
    assert [count(match[4]), count(match[5])] == [total[name]["value"] for name in ("open_leads", "leads")]


def _ends(match: re.Match[str], answer: Answer) -> None:
    cells = {name: cell for name, cell in groups(answer, SHARE).items() if name}
    values = [cell["value"] for cell in cells.values()]
    first, last = cells[match[1]], cells[match[4]]
    rate_agrees(match[2], match[3], first)
    rate_agrees(match[5], match[6], last)
    assert (first["value"], last["value"]) == (min(values), max(values))
    assert share(match[2]) < share(match[5])
    apart = match[7] == "significant"
    assert apart == (first["ci_high"] < last["ci_low"])
    assert not apart or _do_not_touch(match[3], match[6]), match[0]


def _drawn(match: re.Match[str], answer: Answer) -> None:
    assert int(match[1]) + int(match[2]) == len(answer["groups"])
    assert (" is in " in match[0]) == (match[2] == "1")


RESPONSE: Readers = [
    (
        (
            rf"Leads from (\S+) wait too long for their first call\. {_SHARE} are called within an hour, against"
            rf" {_SHARE} of all leads \(significant\)\. ([\d,]+) of ([\d,]+) still wait\."
        ),
        _waits,
    ),
    (r"No source is clearly slower than average\.", _none_slow),
    (r"Also clearly slower than average: ([^.]+)\.", _also_slow),
    (
        (
            rf"All leads: {_SHARE} called within an hour, (?:median wait ([\d hms.]+?)|fewer than half called so far),"
            r" ([\d,]+) of ([\d,]+) still waiting\."
        ),
        _all_leads,
    ),
    (
        (
            rf"Called within an hour: slowest (\S+), {_SHARE}; fastest (\S+), {_SHARE}"
            r" \((significant|no clear difference)\)\."
        ),
        _ends,
    ),
    (r"The chart shows the (\d+) sources with the most leads; (\d+) more (?:is|are) in the table\.", _drawn),
    (r"Tick marks: leads still waiting or closed\.", no_claim),
    (r"Leads without a call count .*? do not improve the result\.", no_claim),
    (r"View the full lead response report .*? first conversation\)", no_claim),
]


def _sides(answer: Answer) -> dict[str, str]:
    """The verdict on each hour with enough calls."""
    overall = answer["total"][HOUR]["value"]
    cells = {hour: cell for hour, cell in groups(answer, HOUR).items() if hour and cell["n"] >= FEWEST}
    return {
        hour: "better" if cell["ci_low"] > overall else "worse" if cell["ci_high"] < overall else "no clear difference"
        for hour, cell in cells.items()
    }


def _overall(match: re.Match[str], answer: Answer) -> None:
    [metric] = [metric for metric in answer["metrics"] if metric["name"] == HOUR]
    cell = answer["total"][HOUR]
    assert match[1] == metric["title"]
    agrees(match[2], cell["value"], "ratio", cell["ci_low"], cell["ci_high"])


def _hours(match: re.Match[str], answer: Answer) -> None:
    hours = {hour for hour, side in _sides(answer).items() if side == match[1]}
    named = re.findall(r"(\w{3} \d\d:00) \(([\d.-]+)%, n ([\d,]+)\)", match[2])
    assert len(named) + int(match[3] or 0) == len(hours)
    for hour, ends, cases in named:
        cell = groups(answer, HOUR)[hour]
        assert hour in hours
        assert count(cases) == cell["n"]
        interval_agrees(ends, cell["ci_low"], cell["ci_high"], "ratio")


def _no_hour(match: re.Match[str], answer: Answer) -> None:
    assert match[1] not in _sides(answer).values()


def _by_chance(match: re.Match[str], answer: Answer) -> None:
    assert int(match[1]) == len(_sides(answer))
    assert int(match[2]) == max(round(0.025 * int(match[1])), 1)


def _none_differs(match: re.Match[str], answer: Answer) -> None:
    sides = _sides(answer)
    assert int(match[1]) == len(sides)
    assert set(sides.values()) == {"no clear difference"}


def _thin(match: re.Match[str], answer: Answer) -> None:
    assert int(match[1]) == sum(cell["n"] < FEWEST for hour, cell in groups(answer, HOUR).items() if hour)


def _nowhere(match: re.Match[str], answer: Answer) -> None:
    assert count(match[1]) == groups(answer, HOUR)[None]["n"]


BEST_TIME: Readers = [
    (r"([A-Z][\w -]+) of all calls: ([\d.]+%)\.", _overall),
    (r"Significantly (better|worse): (.+?\))(?:, and (\d+) more)?\.", _hours),
    (r"No hour is clearly (better|worse)\.", _no_hour),
    (r"No clear difference between the (\d+) hours with 30 calls or more\.", _none_differs),
    (r"Of (\d+) hours, about (\d+) would differ this much on either side through normal variation\.", _by_chance),
    (r"(\d+) hours? ha(?:ve|s) fewer than 30 calls \(striped\)\.", _thin),
    (r"([\d,]+) calls? ha(?:ve|s) no hour: the customer's time zone is unknown\.", _nowhere),
]


def check_best_time(page: str, text: str, answer: Answer) -> None:
    """The sentences on the hours, and the verdict on every hour in the table."""
    forms = read_back(text, BEST_TIME, answer)
    sides = _sides(answer)
    assert len(forms) >= 3
    words = {"better": "significantly better", "worse": "significantly worse"}
    hours = {line[0]: plain(line[-1]) for line in table(page, "Hours of the week")}
    assert hours == {
        hour: words.get(sides[hour], "no clear difference") if hour in sides else "not enough data"
        for hour in groups(answer, HOUR)
        if hour
    }
