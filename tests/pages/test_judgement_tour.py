"""Over the demo's floor of 15 days, every sentence of judgement on a page says what the API's numbers say."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import asyncpg
import pytest

from service.sandbox.bulk.copying import write
from service.sandbox.demo.floor import DemoFloor
from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.pages.reading import agents, charts, headlines, sources
from tests.pages.reading.texts import Answer, Readers, check_notes, read_back, sentences
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

NOW = datetime(2026, 3, 20, 19, 40, tzinfo=UTC)  # a Friday
DAYS = 15
AS_OF = {"as_of": "2026-03-20T19:40:00Z"}
AGENT = "temp-14"
# Lists of what to do and of rows: the pages name no judgement there.
NO_JUDGEMENT = {
    "More to do",
    "New agent names",
    "New campaign names",
    "Unmapped disposition codes",
    "Calls without a disposition",
    "Callbacks due",
    "Tracking numbers",
    "Longest waiting leads",
    "Overdue callbacks",
    "Best time to call",
}
BY_AGENT = {
    "metrics": (
        "attempts,answer_rate,rpc_rate,conv_per_contact,conv_per_conversation,appointment_set_rate,"
        "avg_talk_time,occupancy,attempts_per_hour"
    ),
    "by": "agent",
    "goal": "any",
}
MONEY = (
    "marketing_cost,attributed_revenue,attributed_gross_profit,roas,marketing_roi,sales,conv_per_attempt,"
    "attempts,list_penetration,contacts,appointments"
)
RETURNS = {"metrics": MONEY, "by": "source"}
_MONEY_HEADINGS = {"source": "Needs attention: sources", "campaign": "Return on spend by campaign"}
Check = Callable[[str, Answer], object]


@pytest.fixture
async def browser(caller: Caller, ledger_url: str) -> Browser:
    """A signed-in browser over the floor of the demo, without names: sentences then name the codes of the API."""
    await write(ledger_url, caller.account_id, DemoFloor(7, NOW, DAYS).plan, lambda _: None)
    owner = await asyncpg.connect(ledger_url)
    for table in ("agents", "campaigns", "sources"):
        await owner.execute(f"UPDATE {table} SET name = NULL WHERE account_id = $1", caller.account_id)
    await owner.close()
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


async def ask(caller: Caller, preset: str = "", **parameters: str) -> Answer:
    """A report of the API, as of the moment of the tour."""
    return await caller.get(f"reports{preset}", **AS_OF, **parameters)


def check_answer(text: str, before: Answer, by_agent: Answer, returns: Answer) -> None:
    """The sentence for the whole names every metric, agent and source that the verdicts below it name."""
    lists = [
        (headlines.titles(before, "worse"), "is significantly worse", "are significantly worse"),
        (agents.clearly(by_agent, "below")[:3], "is significantly below average", "are significantly below average"),
        (sources.losing(returns), "loses money", "lose money"),
    ]
    phrases = [
        f"{' and '.join(', '.join(map(str, names)).rsplit(', ', 1))} {single if len(names) == 1 else several}"
        for names, single, several in lists
        if names
    ]
    expected = "; ".join(phrases)
    assert text == f"{expected[0].upper()}{expected[1:]}."


def check_all(page: str, checks: dict[str, tuple[Check | Readers, Answer]]) -> None:
    """Every heading with sentences has its reader, and every reader has sentences."""
    texts = {heading: text for heading, text in sentences(page).items() if heading not in NO_JUDGEMENT}
    assert set(texts) == set(checks)
    for heading, (check, answer) in checks.items():
        if callable(check):
            check(texts[heading], answer)
        else:
            read_back(texts[heading], check, answer)


async def check_overview(browser: Browser, caller: Caller) -> None:
    """Headlines against the period before, and who and what to worry about."""
    page = await browser.look("/overview", **AS_OF)
    before = await ask(caller, "/outbound", compare="previous")
    by_agent, returns = await ask(caller, **BY_AGENT), await ask(caller, **RETURNS)
    names = "attempts,answer_rate,human_rate,rpc_rate,conversations,sales"
    funnel, hours = await ask(caller, metrics=names), await ask(caller, metrics="attempts,rpc_rate", by="hour")
    assert agents.clearly(by_agent, "below") == [AGENT], "the floor has a verdict to read"
    assert (before["from"][:10], before["to"][:10]) == ("2026-03-13", "2026-03-20")
    headlines.check_cards(page, before)
    headlines.check_periods(page, before)
    headlines.check_window(page, before)
    check_notes(page, before, by_agent, returns, funnel, hours)
    moment = AS_OF["as_of"].replace(":", "%3A")
    assert f'href="/agents?as_of={moment}"' in page
    assert f'href="/agent?as_of={moment}&amp;agent={AGENT}&amp;goal={by_agent["goal"]}"' in page
    check_all(
        page,
        {
            "Needs attention": (lambda text, _: check_answer(text, before, by_agent, returns), before),
            "Metrics": (headlines.check_verdict, before),
            "Agents": (agents.check_verdict, by_agent),
            "Sources": (sources.check_verdict, returns),
            "From call to sale": (charts.FUNNEL, funnel),
            "Calls and right contacts by hour": (charts.BY_HOUR, hours),
            "Spend and gross profit by source": (sources.SPENT, returns),
        },
    )


async def check_agents(browser: Browser, caller: Caller) -> None:
    """Who stands out, by the rate and the goal of the overview."""
    page, answer = await browser.look("/agents", **AS_OF), await ask(caller, **BY_AGENT)
    headlines.check_window(page, answer)
    check_notes(page, answer)
    check_all(
        page,
        {
            "Success rate by agent": (agents.check_chart, answer),
        },
    )


async def check_agent(browser: Browser, caller: Caller) -> None:
    """An agent beside all agents, and against the period before."""
    page = await browser.look("/agent", agent=AGENT, **AS_OF)
    answer = await ask(caller, **BY_AGENT, compare="previous")
    own = partial(ask, caller, agent=AGENT)
    headlines.check_periods(page, answer)
    headlines.check_beside_all(page, AGENT, answer)
    check_notes(page, answer)
    check_all(
        page,
        {
            "Calls and right contacts by hour of the day": (
                agents.HOURS,
                await own(metrics="attempts,rpc_rate", by="hour_of_day"),
            ),
            "Talk time": (agents.TALKS, await own(metrics="attempts", by="talk_length")),
            "Dispositions": (agents.DISPOSITIONS, await own(metrics="attempts", by="disposition")),
        },
    )


async def check_subject(browser: Browser, caller: Caller, name: str, stratum: str) -> None:
    """The page of sources or campaigns."""
    page = await browser.look(f"/{name}s", **AS_OF)
    answer = await ask(caller, metrics=MONEY, by=name, stratify=stratum)
    headlines.check_window(page, answer)
    check_notes(page, answer)
    sources.check_mix(page, sentences(page)["Conversion, actual and mix-adjusted"], answer)
    check_all(
        page,
        {
            _MONEY_HEADINGS[name]: (sources.MONEY, answer),
            "Return on spend by attribution model": (sources.RETURNS, answer),
            "Conversion, actual and mix-adjusted": (sources.MIX, answer),
        },
    )


async def check_response(browser: Browser, caller: Caller) -> None:
    """Where leads wait too long, by one share."""
    page = await browser.look("/lead-response", **AS_OF)
    answer = await ask(caller, metrics="leads,open_leads,lead_response_time,called_within_1_hour", by="source")
    texts = sentences(page)
    response = " ".join(text for heading, text in texts.items() if heading not in NO_JUDGEMENT)
    headlines.check_window(page, answer)
    check_notes(page, answer)
    read_back(response, charts.RESPONSE, answer)


async def check_best_time(browser: Browser, caller: Caller) -> None:
    """Which hours of the week are better or worse, over four full weeks."""
    page = await browser.look("/best-time", **AS_OF)
    weeks = {"from": "2026-02-20", "to": "2026-03-20"}
    answer = await ask(caller, metrics="rpc_rate", by="callee_hour_of_week", **weeks)
    headlines.check_window(page, answer)
    check_notes(page, answer)
    check = partial(charts.check_best_time, page)
    check_all(page, {"By hour of week (customer's local time)": (check, answer)})


async def test_every_sentence_of_judgement_says_what_the_numbers_say(browser: Browser, caller: Caller) -> None:
    await check_overview(browser, caller)
    await check_agents(browser, caller)
    await check_agent(browser, caller)
    await check_subject(browser, caller, "source", "campaign")
    await check_subject(browser, caller, "campaign", "source")
    await check_response(browser, caller)
    await check_best_time(browser, caller)
