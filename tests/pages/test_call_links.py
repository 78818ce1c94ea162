"""Every row that names a call leads to that call, made or taken, and never to another of the same id."""

import re
from html import unescape
from typing import Any

import pytest

from reports.catalogue.catalogue import catalogue
from reports.measures.metric import Metric
from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.make import (
    appointment,
    at,
    attempt,
    case,
    evaluation,
    follow_up,
    form_item,
    inbound_call,
    lead,
    shared_call,
    survey,
)
from tests.pages.test_attempt import section, texts
from tests.pages.test_pages import Browser
from tests.pages.test_quality import table

__all__ = ["caller", "client", "new_caller", "service"]

WEEK = {"from": "2026-03-02", "to": "2026-03-09", "tz": "UTC"}
CALLER = "+14155550123"
RECORDING = "https://calls.example.com/in-1.mp3"
BOTH = "both"


def taken(name: str, minute: float = 0, **fields: Any) -> dict[str, Any]:
    """An answered call to the queue billing, with a menu, one wait and two offers."""
    parts = {
        "segments": [
            {"queue": "billing", "queued_at": at(minute + 1), "left_at": at(minute + 2), "outcome": "answered"}
        ],
        "offers": [
            {"agent": "bo", "from_at": at(minute + 1)},
            {"agent": "ada", "from_at": at(minute + 1.5), "answered": True},
        ],
    }
    times = {
        "arrived_at": at(minute),
        "queued_at": at(minute + 1),
        "answered_at": at(minute + 2),
        "ended_at": at(minute + 5),
    }
    usual = {"agent": "ada", "queue": "billing", "menu_path": "english > billing", **times, **parts}
    return inbound_call(name, **{**usual, **fields})


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    """Calls made and taken, one of each with the same id; quality of each, of a case, and of an unknown call."""
    await caller.post("leads", lead("lead-1", phone_number=CALLER, owner="bo"))
    await caller.post(
        "attempts",
        [
            attempt("out-1", lead="lead-1", agent="ada", network_result="answered", talk_seconds=90, ended_at=at(4)),
            attempt(
                BOTH, agent="ada", dialed_at=at(10), network_result="answered", answered_by="human", talk_seconds=90
            ),
        ],
    )
    missed = {"outcome": "abandoned", "agent": None, "answered_at": None, "offers": None, "segments": None}
    await caller.post(
        "inbound-calls",
        [
            taken("in-1", from_number=CALLER, recording={"uri": RECORDING}),
            taken(BOTH, 20, from_number="+14155550124"),
            taken("in-missed", 40, from_number=CALLER, **missed),
        ],
    )
    await caller.post("cases", case("case-1"))
    await caller.post("form-items", form_item("greeting"))
    of = {"out-1": {"call": "out-1"}, "in-1": {"call": "in-1"}, BOTH: {"call": BOTH}, "case": {"case": "case-1"}}
    of["nothing"] = {"call": "no-such-call"}
    disputed = {"dispute": "open", "dispute_at": at(95)}
    await caller.post("evaluations", [evaluation(f"e-{name}", **about, **disputed) for name, about in of.items()])
    await caller.post("surveys", [survey(f"s-{name}", **about) for name, about in of.items()])
    await caller.post("shared-calls", [shared_call(f"h-{name}", call=name) for name in ("out-1", "in-1", BOTH)])
    held = {"status": "held", "status_at": at(days=4)}
    await caller.post("appointments", appointment("visit", attempt="out-1", dialer="default", **held))
    await caller.post("follow-ups", follow_up("task", agent="ada"))
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def links(page: str) -> list[tuple[str, str]]:
    """The links to calls on a page, each with its text."""
    addresses = re.findall(r'<a href="(/(?:attempt|inbound-call)\?[^"]+)">([^<]+)</a>', page)
    return [(unescape(address), unescape(text)) for address, text in addresses]


def frames() -> dict[str, list[Metric]]:
    """The metrics that are counted from rows about calls, by their frame."""
    by_frame: dict[str, list[Metric]] = {}
    for entry in catalogue().values():
        if entry.metric.frame is not None and entry.metric.frame.calls:
            by_frame.setdefault(entry.metric.frame.name, []).append(entry.metric)
    return by_frame


async def test_every_row_of_every_fact_leads_to_its_own_call(browser: Browser) -> None:
    """For a metric of each frame with such rows, every link shows the call that its row names, made or taken."""
    seen = set[str]()
    for frame, metrics in frames().items():
        for metric in metrics:
            answer = await browser.ask("GET", "/look/rows", params={"metric": metric.name, **WEEK})
            if addresses := links(answer.text):
                await _follow(browser, metric, addresses)
                seen.add(frame)
                break
    taken_in = {"inbound_calls", "queue_waits", "inbound_talks", "callers", "offers"}
    made = {"attempts", "talks", "appointments", "meetings"}
    assert taken_in | made | {"evaluations", "evaluated_items", "disputes", "surveys", "shared_calls"} <= seen


async def _follow(browser: Browser, metric: Metric, addresses: list[tuple[str, str]]) -> None:
    [kind] = metric.base_frame.calls.values()
    # Of a call made and one taken with the same id, quality is about the one made.
    inbound = {"attempt": set[str](), "either": {"in-1"}}.get(kind, {"in-1", BOTH, "in-missed"})
    for address, call in addresses:
        assert address.startswith("/inbound-call?" if call in inbound else "/attempt?"), (metric.name, address)
        assert f"Call <b>{call}</b>" in await browser.look(address), (metric.name, address)


async def test_ids_of_evaluations_surveys_and_cases_are_not_called_calls(browser: Browser) -> None:
    for metric, label in (("evaluations", "Evaluation"), ("csat_answers", "Survey"), ("cases_opened", "Case")):
        page = await browser.look("/look/rows", metric=metric, **WEEK)
        assert texts(page, "th")[0] == label
        assert "no-such-call" not in [call for _, call in links(page)]
    best = table(await browser.look("/quality", **WEEK), "Best calls")
    assert {"no call", "in-1", "out-1", BOTH} <= set(best)
    assert not {name for name in best if name.startswith("e-")}


async def test_the_work_list_of_service_and_the_calls_of_quality_lead_to_their_calls(browser: Browser) -> None:
    page = await browser.look("/service", **WEEK)
    [(address, call)] = links(page)
    assert (address.split("?")[0], call) == ("/inbound-call", "in-missed")
    assert "abandoned" in await browser.look(address)
    quality = {call: address.split("?")[0] for address, call in links(await browser.look("/quality", **WEEK))}
    assert quality == {"in-1": "/inbound-call", "out-1": "/attempt", BOTH: "/attempt"}
    share = await browser.look("/coaching/share", dialer="default", external_id="in-1")
    assert links(share) == [("/inbound-call?dialer=default&external_id=in-1", "in-1")]


async def test_the_page_of_an_inbound_call_shows_its_way_and_what_it_counts_as(browser: Browser) -> None:
    page = await browser.look("/inbound-call", dialer="default", external_id="in-1", tz="UTC")
    fields = dict(zip(texts(page, "dt"), texts(page, "dd"), strict=True))
    assert {name: fields[name] for name in ("Outcome", "Queue", "Waited", "Agent", "Talk time", "Menu path")} == {
        "Outcome": "answered",
        "Queue": "billing",
        "Waited": "1 m 00 s",
        "Agent": "ada",
        "Talk time": "3 m 00 s",
        "Menu path": "english > billing",
    }
    assert texts(section(page, "Waits in queues"), "td")[:3] == [
        "billing",
        "2026-03-02 09:01:00",
        "2026-03-02 09:02:00",
    ]
    assert texts(section(page, "Offers to agents"), "td")[:2] == ["bo", "2026-03-02 09:01:00"]
    assert "Caller: +14155550123" in section(page, "History")
    assert f'<a href="{RECORDING}" rel="noreferrer">' in page
    assert "/lead?external_id=lead-1" in page


async def test_an_inbound_call_is_shown_as_of_a_moment_and_only_to_those_who_may_see_it(
    browser: Browser, caller: Caller, new_caller: NewCaller
) -> None:
    its = {"dialer": "default", "external_id": "in-1"}
    before = await browser.look("/inbound-call", as_of="2026-03-01T00:00:00Z", **its)
    assert "There was no data on this call at that time." in before
    assert "There is no inbound call" in await browser.look("/inbound-call", 404, dialer="default", external_id="out-1")
    for scopes, status in ((("reports", "rows"), 200), (("reports",), 403)):
        other = Browser(caller.client)
        await other.sign_in((await new_caller(caller.account_id, scopes=scopes)).key)
        page = await other.look("/inbound-call", status, **its)
        assert CALLER.removeprefix("+") not in page
        assert ("ends with 23" in page, "scope rows" in page) == (status == 200, status == 403)
    await caller.post("erasures", {"phone_number": CALLER})
    page = await browser.look("/inbound-call", **its)
    assert "has been erased" in page
    assert (CALLER.removeprefix("+") in page, RECORDING in page) == (False, False)
