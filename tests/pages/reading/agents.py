"""The verdicts on agents read back: the overview and the agents page judge by the same rate and the same goal."""

import re

from tests.pages.reading.texts import (
    RATES,
    Answer,
    Readers,
    agrees,
    count,
    groups,
    no_claim,
    rate_agrees,
    read_back,
    share,
)

RATE = "conv_per_contact"
_LIKELY = ("shrunk", "shrunk_low", "shrunk_high")
_ADJUSTED = r"adjusted for sample size: (?P<adjusted>[\d.]+%) \((?P<ends>[\d.]+-[\d.]+)%\)"
_AGENT = (
    r"(?P<agent>\S+): (?P<name>[a-z (),]+?) (?P<rate>[\d.]+%) \((?P<reached>[\d,]+) of (?P<n>[\d,]+) contacts\),"
    rf" all agents (?P<all>[\d.]+%); {_ADJUSTED},"
    r" (?:ranked (?P<first>\d+)[a-z]{2}(?:-(?P<last>\d+)[a-z]{2})? of (?P<of>\d+)|last of (?P<least>\d+))"
)
_STANDING_OUT = re.compile(rf"(?P<agent>\S+) (?P<rate>[\d.]+%) of (?P<n>[\d,]+) contacts \({_ADJUSTED}\)")


def clearly(answer: Answer, side: str) -> list[str | None]:
    """The agents whose whole adjusted range lies below, or above, the rate of all; the lowest adjusted rate first."""
    overall, cells = answer["total"][RATE]["value"], groups(answer, RATE)
    ranked = {agent: cell for agent, cell in cells.items() if agent and cell["shrunk"] is not None}
    low_first = sorted(ranked, key=lambda agent: ranked[agent]["shrunk"])
    if side == "below":
        return [agent for agent in low_first if ranked[agent]["shrunk_high"] < overall]
    return [agent for agent in low_first if ranked[agent]["shrunk_low"] > overall]


def _overall_agrees(text: str, answer: Answer) -> None:
    cell = answer["total"][RATE]
    agrees(text, cell["value"], "ratio", cell["ci_low"], cell["ci_high"])


def _agent_agrees(match: re.Match[str], answer: Answer) -> None:
    cell = groups(answer, RATE)[match["agent"]]
    agrees(match["rate"], cell["value"], "ratio", cell["ci_low"], cell["ci_high"])
    assert count(match["n"]) == cell["denominator"]
    rate_agrees(match["adjusted"], match["ends"], cell, _LIKELY)


def _sentence_agrees(match: re.Match[str], answer: Answer) -> None:
    _agent_agrees(match, answer)
    cells = groups(answer, RATE)
    cell = cells[match["agent"]]
    assert count(match["reached"]) == cell["numerator"]
    assert match["name"] == RATES[answer["goal"]]
    _overall_agrees(match["all"], answer)
    first = int(match["first"] or match["least"])
    assert (first, int(match["last"] or first)) == (cell["rank_low"], cell["rank_high"])
    assert int(match["of"] or match["least"]) == sum(cell["rank"] is not None for cell in cells.values())


def _worse(match: re.Match[str], answer: Answer) -> None:
    _sentence_agrees(match, answer)
    assert match["agent"] in clearly(answer, "below")
    # Also by the digits on the page.
    assert share(match["ends"].rpartition("-")[2]) < share(match["all"])


def _lowest(match: re.Match[str], answer: Answer) -> None:
    _sentence_agrees(match, answer)
    assert not clearly(answer, "below")
    cells = groups(answer, RATE).values()
    assert groups(answer, RATE)[match["agent"]]["shrunk"] == min(cell["shrunk"] for cell in cells if cell["rank"])


VERDICT: Readers = [
    (rf"below average {_AGENT} \(significant\)\.", _worse),
    (rf"no clear difference No agent is significantly below average\. Lowest: {_AGENT}\.", _lowest),
]


def check_verdict(text: str, answer: Answer) -> None:
    """The overview names the agents who are worse, the lowest first, and at most three."""
    read_back(text, VERDICT, answer)
    assert re.findall(r"below average (\S+):", text) == clearly(answer, "below")[:3]


def _overall(match: re.Match[str], answer: Answer) -> None:
    assert match[1] == RATES[answer["goal"]]
    _overall_agrees(match[2], answer)


def _nobody(_match: re.Match[str], answer: Answer) -> None:
    assert clearly(answer, "below") == clearly(answer, "above") == []


def _standing_out(match: re.Match[str], answer: Answer) -> None:
    phrases = match[2].split("; ")
    more = re.fullmatch(r"and (\d+) more", phrases[-1])
    outside = clearly(answer, match[1].lower())
    assert len(outside) == len(phrases) if not more else len(phrases) - 1 + int(more[1])
    for phrase in phrases[:-1] if more else phrases:
        named = _STANDING_OUT.fullmatch(phrase)
        assert named, phrase
        assert named["agent"] in outside
        _agent_agrees(named, answer)


def _others(match: re.Match[str], answer: Answer) -> None:
    ranked = sum(cell["rank"] is not None for cell in groups(answer, RATE).values())
    assert count(match[1]) == ranked - len(clearly(answer, "below")) - len(clearly(answer, "above"))


CHART: Readers = [
    (r"All agents: ([a-z (),]+?) ([\d.]+%)\.", _overall),
    (r"No agent is clearly better or worse; the differences are within normal variation\.", _nobody),
    (r"(Below|Above) average: (.+?\)|.+? more)\.", _standing_out),
    (r"No clear difference for the other (\d+)\.", _others),
    (r"Ranked by sample-adjusted rate; lines show actual rates with 95% ranges\.", no_claim),
]


def check_chart(text: str, answer: Answer) -> None:
    """The agents page names everybody who stands out, on the right side."""
    read_back(text, CHART, answer)
    for side in ("below", "above"):
        assert (f"{side.capitalize()} average:" in text) == bool(clearly(answer, side))


def _busiest(match: re.Match[str], answer: Answer) -> None:
    calls = {hour: cell["value"] for hour, cell in groups(answer, "attempts").items()}
    assert calls[match[1]] == count(match[2]) == max(calls.values())


def _hours(match: re.Match[str], answer: Answer) -> None:
    rates, overall = groups(answer, "rpc_rate"), answer["total"]["rpc_rate"]["value"]
    assert rates[match[1]]["value"] > overall > rates[match[3]]["value"]
    assert share(match[2]) > share(match[4])


HOURS: Readers = [
    (r"Busiest hour: (\d\d:00) with ([\d,]+) calls\.", _busiest),
    (r"No hour reaches the right contact clearly more often\.", no_claim),
    (
        (
            r"The right contact is reached most often at (\d\d:00) \(([\d.]+%) of calls, sample-adjusted\),"
            r" least often at (\d\d:00) \(([\d.]+%)\)\."
        ),
        _hours,
    ),
]
_SHORT = {"under 30 s", "30 s to 1 min"}


def _talks(match: re.Match[str], answer: Answer) -> None:
    talks = {length: cell["value"] for length, cell in groups(answer, "attempts").items() if length}
    total = sum(talks.values())
    assert count(match[1]) == total
    [first] = [length for length in talks if length.startswith("under 30")]
    below = sum(talks[length] for length in talks if length in _SHORT)
    agrees(match[2], talks[first] / total, "ratio")
    agrees(match[3], 1 - below / total, "ratio")


TALKS: Readers = [(r"([\d,]+) talks: (\d+%) ended within 30 seconds, (\d+%) lasted a minute or longer\.", _talks)]


def _dispositions(match: re.Match[str], answer: Answer) -> None:
    calls = {code: cell["value"] for code, cell in groups(answer, "attempts").items()}
    coded = {code: number for code, number in calls.items() if code}
    assert count(match[1]) == sum(coded.values())
    named = re.findall(r"(\S+) \(([\d.]+%)\)", match[2])
    assert [coded[code] for code, _ in named] == sorted(coded.values(), reverse=True)[: len(named)]
    for code, part in named:
        agrees(part, coded[code] / sum(coded.values()), "ratio")
    if match[3]:
        assert (count(match[3]), count(match[4])) == (calls[None], sum(calls.values()))


DISPOSITIONS: Readers = [
    (
        r"Most frequent of ([\d,]+) dispositions: (.+?\))\.(?: ([\d,]+) of ([\d,]+) calls have none\.)?",
        _dispositions,
    )
]
