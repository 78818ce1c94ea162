"""Quality: who needs coaching, forms by section, evaluators against each other, and the rows behind every number."""

import re
from html import unescape
from typing import Any

from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.make import Item, at, evaluation, form_item, survey
from tests.pages.test_agents import row_links, words
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

WEEK = {"from": "2026-03-02", "to": "2026-03-09", "tz": "UTC"}
# The points that each agent gets in turn, and for how many calls.
SCORES = {"ada": ((4, 5), 12), "bo": ((5, 4), 12), "cy": ((1, 2), 12), "dee": ((3,), 2)}


def scored() -> list[Item]:
    return [
        evaluation(
            f"{agent}-{number}",
            agent=agent,
            evaluator="quinn" if number % 2 else "rae",
            evaluated_at=at(number),
            scores=[{"item": "greeting", "points": points[number % len(points)]}],
        )
        for agent, (points, count) in SCORES.items()
        for number in range(count)
    ]


def calibrated() -> list[Item]:
    """Two calls that both evaluators scored: 5 and 3, 4 and 4 of 5 points."""
    points = {("k1", "quinn"): 5, ("k1", "rae"): 3, ("k2", "quinn"): 4, ("k2", "rae"): 4}
    return [
        evaluation(
            f"{call}-{by}", call=call, evaluator=by, session="march", scores=[{"item": "greeting", "points": number}]
        )
        for (call, by), number in points.items()
    ]


def answered(agent: str, score: int, count: int) -> list[Item]:
    return [survey(f"s-{agent}-{number}", agent=agent, score=score) for number in range(count)]


async def furnish(caller: Caller) -> Browser:
    await caller.post("form-items", form_item("greeting", section="courtesy", script=True))
    await caller.post("evaluations", [*scored(), *calibrated()])
    await caller.post("surveys", [*answered("ada", 5, 40), *answered("cy", 2, 40), *answered("bo", 4, 3)])
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def table(page: str, label: str) -> dict[str, list[str]]:
    """The values of a table by the name of the line."""
    region = page.split(f'aria-label="{label}"')[1].split("</table>", maxsplit=1)[0]
    lines = re.findall(r"<tr>(.*?)</tr>", region, re.DOTALL)
    cells = [
        [re.sub(r"<[^>]+>", "", re.split("<small|<details|<span", cell)[0]) for cell in _cells(line)] for line in lines
    ]
    return {unescape(line[0]): [unescape(cell) for cell in line[1:]] for line in cells if line}


def _cells(line: str) -> list[Any]:
    return re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)


async def test_the_page_names_who_needs_coaching_and_keeps_quiet_about_too_few(caller: Caller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/quality", **WEEK)
    score, satisfied = words(page)[:2]
    # 12 calls with 4.5 of 5 points, twice; 12 with 1.5; 2 with 3: 132 of 190.
    assert score.startswith("QA score clearly below average: cy 30% (")
    assert "QA score clearly above average: " in score
    assert "dee" not in score
    assert "CSAT clearly below average: cy 0% (" in satisfied
    assert "CSAT clearly above average: ada 100% (" in satisfied
    scores = table(page, "Evaluations by agent")
    assert [scores[agent][0] for agent in ("ada", "cy", "dee")] == ["90%", "30%", "too few cases (2, shown from 5)"]
    assert scores["all"][1] == "38"
    answers = table(page, "Customer surveys by agent")
    assert answers["bo"][:2] == ["too few cases (3, shown from 30)", "3"]


async def test_a_number_is_shown_by_the_evaluations_that_it_is_made_of(caller: Caller) -> None:
    """Dee has two with points and four without any; Ada has five with points, but the script was rated once."""
    greeting, offer = {"item": "greeting", "points": 4}, {"item": "offer", "points": 5}
    scores = {"dee": [[greeting], [greeting], None, None, None, None], "ada": [[greeting]] * 4 + [[greeting, offer]]}
    await caller.post("form-items", [form_item("greeting"), form_item("offer", script=True)])
    await caller.post(
        "evaluations",
        [
            evaluation(f"{agent}-{number}", agent=agent, evaluated_at=at(number), scores=made)
            for agent, lists in scores.items()
            for number, made in enumerate(lists)
        ],
    )
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    shown = table(await browser.look("/quality", **WEEK), "Evaluations by agent")
    assert shown["dee"][0] == "too few cases (2, shown from 5)"
    assert shown["ada"][0] == "83%"  # 25 of 30 points
    assert "too few cases (1, shown from 5)" in shown["ada"]


async def test_every_number_of_the_page_opens_its_rows(caller: Caller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/quality", **WEEK)
    for metric, count in (("qa_score", 38), ("csat_answers", 83)):
        addresses = {address for address, _ in row_links(page, metric)}
        counts = [
            int(re.search(r"<b>([\d,]+) [^<]* counted</b>", await browser.look(address)).group(1))  # type: ignore[union-attr]
            for address in addresses
        ]
        assert max(counts) == count, metric


async def test_forms_and_evaluators_stand_beside_how_far_evaluators_agree(caller: Caller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/quality", **WEEK)
    forms, evaluators = table(page, "Forms"), table(page, "Evaluators")
    assert (forms["sales-call"][0], forms["sales-call"][-1]) == ("1", "20%")
    assert table(page, "Sections")["sales-call"][:2] == ["1", "courtesy"]
    # (0.4 + 0) / 2 of the most points between the two scores of a call.
    assert evaluators["all"][3] == "20%"
    assert "Calibration spread" in table(page, "Reference values")
    sessions = await caller.get("reports", **WEEK, metrics="calibration_spread")
    assert sessions["total"]["calibration_spread"]["value"] == 0.2


async def test_a_single_agent_or_none_is_compared_with_nobody(caller: Caller) -> None:
    browser = await furnish(caller)
    alone = await browser.look("/quality", agent="cy", **WEEK)
    assert words(alone)[0] == "QA score: only cy has enough data."
    empty = await browser.look("/quality", **{"from": "2026-05-04", "to": "2026-05-11"})
    assert "The account has evaluations from 2026-03-02 to 2026-03-02." in empty
