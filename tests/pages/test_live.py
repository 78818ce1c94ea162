"""The live board: the numbers of the report of the same moment, and news for every open session."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from html import unescape
from typing import Any

import asyncpg
import httpx
import pytest

from service.accounts.keys import revoke_key
from service.pages.components.event_streams import MAX_STREAMS
from service.pages.components.live.board import SILENT
from tests.api.conftest import Caller, NewCaller, Server, caller, client, new_caller, server, service
from tests.make import Item, agent_state, attempt, earlier_today, inbound_call
from tests.pages.test_agents import row_links
from tests.pages.test_attempt import texts
from tests.pages.test_pages import Browser
from tests.pages.test_quality import table

__all__ = ["caller", "client", "new_caller", "server", "service"]

COUNTED = {
    "Calls": "attempts",
    "Answered": "answer_rate",
    "People reached": "human_rate",
    "Right contacts": "contacts",
    "Conversations": "conversations",
    "Appointments": "appointments",
    "Sales": "sales",
}


def call(number: int, **fields: Any) -> dict[str, Any]:
    """A call of a few minutes ago with a talk."""
    usual: dict[str, Any] = {"dialed_at": earlier_today(5), "network_result": "answered", "answered_by": "human"}
    return attempt(
        f"call-{number}", **{"lead": f"lead-{number}", "agent": "ada", "talk_seconds": 90, **usual, **fields}
    )


def figures(page: str) -> dict[str, str]:
    """The counters of a board or of a part of it."""
    cards = re.findall(r'<li><h3>(.*?)</h3>\s*<p class="figure">(.*?)</p>', page, re.DOTALL)
    return {title: re.sub(r"<[^>]+>", "", figure) for title, figure in cards}


async def reconciled(caller: Caller, page: str) -> dict[str, str]:
    """The counters of a page, after holding them to the very report that it leads to."""
    [link] = re.findall(r'href="/v1/(reports\?[^"]+format=json)"', page)
    report = (await caller.send("GET", unescape(link))).json()
    assert report["as_of"][:19].replace("T", " ") in page
    shown = figures(page)
    cells = report["total"]
    assert {title: shown[title] for title in COUNTED} == {
        title: f"{cells[name]['numerator']:,.0f}" for title, name in COUNTED.items()
    }
    return shown


class Stream:
    """The events of an open board."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()
        self.parts: dict[str, str] = {}

    async def events(self) -> AsyncGenerator[tuple[str, str]]:
        """Each event with its text; of a comment the kind is empty."""
        kind, data = "", list[str]()
        async for line in self._lines:
            name, _, text = line.partition(": ")
            if name == "event":
                kind = text
            elif name == "data":
                data.append(text)
            elif not line and kind:
                self.parts[kind] = "\n".join(data)
                yield kind, self.parts[kind]
                kind, data = "", []

    async def until(self, event_kind: str) -> str:
        """The text of the next event of a kind."""
        async with asyncio.timeout(30):
            async for kind, text in self.events():
                if kind == event_kind:
                    return text
        raise AssertionError(f"the stream ended without {event_kind}")


@asynccontextmanager
async def opened(browser: Browser, client: httpx.AsyncClient) -> AsyncIterator[Stream]:
    """The board of a browser, open as long as the block lasts."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    async with client.stream("GET", "/live/events", headers={"Cookie": cookies}) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Stream(answer)


@pytest.fixture
async def watcher(server: Server) -> AsyncIterator[tuple[Caller, Browser]]:
    """A browser signed in to a real service."""
    caller = await server.caller()
    async with caller.client:
        browser = Browser(caller.client)
        await browser.sign_in(caller.key)
        yield caller, browser


async def test_the_board_shows_the_report_of_its_moment_and_stays_so_when_asked(caller: Caller) -> None:
    await caller.put("disposition-codes/SOLD", {"result": "sale"})
    await caller.post("attempts", [call(1), call(2, disposition={"code": "SOLD"}), call(3, network_result="busy")])
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    page = await browser.look("/live")
    shown = await reconciled(caller, page)
    assert (shown["Calls"], shown["Sales"], shown["Right contacts"]) == ("3", "1", "1")
    [still] = set(re.findall(r'href="(/live\?as_of=[^"]+)">data of', page))
    await caller.post("attempts", call(4))
    assert (await reconciled(caller, await browser.look("/live")))["Calls"] == "4"
    frozen = await browser.look(unescape(still))
    assert figures(frozen) == shown
    assert "live.js" not in frozen
    assert "<b>as_of</b>" in await browser.look("/live", 400, as_of="soon")
    assert "<b>team</b>" in await browser.look("/live", 400, team="a")


async def test_agents_and_calls_are_told_as_they_are(caller: Caller, new_caller: NewCaller) -> None:
    began = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    states = [
        agent_state("ada", state="waiting", from_at=earlier_today(9), to_at=None),
        agent_state("ada-2", state="talking", from_at=earlier_today(3), to_at=None),
        agent_state("bo", state="paused", from_at=began.isoformat(), to_at=None, reason="<i>lunch</i>"),
    ]
    await caller.post("agent-states", states)
    await caller.put("agents/ada-2", {"merged_into": "ada"})
    await caller.post(
        "attempts",
        [call(1), call(2, dialed_at=earlier_today(1), network_result="no_answer", talk_seconds=None, answered_by=None)],
    )
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    before = datetime.now(UTC)
    page = await browser.look("/live")
    after = datetime.now(UTC)
    assert re.search(r'<th scope="row">ada</th>\s*<td class="text">talking', page)
    assert "&lt;i&gt;lunch&lt;/i&gt;" in page
    assert ('<b class="wrong">no data</b>' in page) in {moment - began > SILENT for moment in (before, after)}
    assert page.index("no answer") < page.index("a person answered"), "the latest first"
    assert 'href="/attempt?dialer=default&amp;external_id=call-1"' in page
    few = Browser(caller.client)
    await few.sign_in((await new_caller(caller.account_id, scopes=("reports",))).key)
    page = await few.look("/live")
    assert "a person answered" in page
    assert not re.findall(r"/attempt|/lead\?|lead-1|/look/rows|call-1", page)


async def test_news_comes_by_itself_and_is_the_reports(watcher: tuple[Caller, Browser]) -> None:
    caller, browser = watcher
    async with opened(browser, caller.client) as stream:
        await stream.until("made")
        assert figures(stream.parts["counters"])["Calls"] == "0"
        assert "No calls yet." in stream.parts["attempts"]
        await caller.post("attempts", [call(1), call(2)])
        await stream.until("made")
        assert (await reconciled(caller, stream.parts["counters"]))["Calls"] == "2"
        assert len(texts(stream.parts["attempts"], "th")) > 2
        assert "agents" in stream.parts


async def test_a_board_ends_with_its_session_and_with_its_key(watcher: tuple[Caller, Browser], server: Server) -> None:
    caller, browser = watcher
    other = Browser(caller.client)
    await other.sign_in(caller.key)
    page = await browser.look("/sessions")
    [token, *_] = re.findall(r'name="form_token" value="(\w+)"', page)
    async with opened(browser, caller.client) as mine, opened(other, caller.client) as theirs:
        await asyncio.gather(mine.until("made"), theirs.until("made"))
        assert (await browser.ask("POST", "/sign-out", data={"form_token": token})).status_code == 303
        assert await mine.until("over")
        assert [event async for event in mine.events()] == []
        owner = await asyncpg.connect(server.ledger_url)
        try:
            await revoke_key(owner, caller.key.split("_")[1])
        finally:
            await owner.close()
        assert await theirs.until("over")
    stranger = await caller.client.get("/live/events")
    assert (stranger.status_code, stranger.headers["location"]) == (303, "/sign-in?next=%2Flive%2Fevents")


async def test_there_is_room_for_so_many_boards_and_others_are_told(watcher: tuple[Caller, Browser]) -> None:
    caller, browser = watcher
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    async with AsyncExitStack() as stack:

        async def look() -> httpx.Response:
            stream = caller.client.stream("GET", "/live/events", headers={"Cookie": cookies}, timeout=60)
            return await stack.enter_async_context(stream)

        # There are two processes, and nobody knows which of them answers.
        answers = [await look() for _ in range(2 * MAX_STREAMS + 1)]
        refused = [answer for answer in answers if answer.status_code == 503]
        assert refused
        assert all(answer.headers["retry-after"] == "2" for answer in refused)
        assert {answer.status_code for answer in answers} == {200, 503}
        assert (await browser.ask("GET", "/live")).status_code == 200
    async with opened(browser, caller.client) as stream:
        await stream.until("made")


async def test_queues_show_who_waits_now_for_how_long_and_the_service_level_of_the_day(caller: Caller) -> None:
    def came(name: str, minutes: float, **fields: Any) -> Item:
        moment = earlier_today(minutes)
        return inbound_call(name, arrived_at=moment, queued_at=moment, queue="help", **fields)

    answered = {"outcome": "answered", "answered_at": earlier_today(29.9), "ended_at": earlier_today(20)}
    gone = {"outcome": "abandoned", "ended_at": earlier_today(25)}
    # How long they waited follows from the times: just after midnight, no call is as long as a wait in seconds.
    done = [came("done", 30, **answered), came("gone", 28, **gone)]
    await caller.post("inbound-calls", [*done, came("first", 5), came("second", 2)])
    await caller.post("inbound-calls", inbound_call("sold", arrived_at=earlier_today(30), queue="sales", **answered))
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    page = await browser.look("/live")
    queues = table(page, "Queues now")
    assert [queues["help"][place] for place in (0, 3, 4)] == ["2", "4", "1"]
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    report = await caller.get("reports", metrics="service_level", queue="help", **{"from": day})
    assert queues["help"][2] == f"{100 * report['total']['service_level']['value']:.0f}%"
    # Just after midnight, all times lie in the first second of the day.
    assert re.fullmatch(r"[45] m \d\d s|\d+ s", queues["help"][1])
    assert queues["sales"][:2] == ["0", "-"]
    assert list(queues)[1] == "help"
    [(behind, _)] = [link for link in row_links(page, "waiting_calls") if link[1] == "2"]
    assert "<b>2 " in await browser.look(behind)
