"""A manager sees own teams and an agent own numbers: no page and no answer of the API holds anything of others."""

import re
from collections.abc import Iterable
from urllib.parse import urlencode

import asyncpg
import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from reports.catalogue.catalogue import catalogue
from reports.catalogue.presets import PRESETS
from reports.charts import charts
from service.accounts.keys import SCOPES, create_key
from service.web.route_options import options_of
from tests.api.conftest import Caller, client, service
from tests.conftest import Owner, make_account
from tests.make import at, earlier_today
from tests.pages.test_pages import Browser, form_token
from tests.pages.users import browser_of

__all__ = ["client", "service"]

pytestmark = pytest.mark.timeout(240)

DAYS = {"from": "2026-03-02", "to": "2026-03-04"}
OWN, MATE, OTHER = "nora", "nils", "zeta-hidden"
TEAMS = {OWN: "north", MATE: "north", OTHER: "hidden-south"}
# Fewer rows of each than of both together, so that a total of all is another number.
CALLS = {OWN: 3, MATE: 2, OTHER: 7}
# What no answer to a limited person may hold.
HIDDEN = ("zeta-hidden", "hidden-south", "lead-of-zeta")


def _items(agent: str) -> list[tuple[str, dict[str, object]]]:
    """Everything that a floor knows of one agent."""
    lead, call, name = f"lead-of-{agent.partition('-')[0]}", f"call-{agent}", {"external_id": f"of-{agent}"}
    own = {"agent": agent}
    times = {"arrived_at": at(1), "queued_at": at(2), "answered_at": at(3), "ended_at": at(8)}
    return [
        ("leads", {"external_id": lead, "received_at": at(-60), "owner": agent, "phone_number": "+14155550123"}),
        *(
            ("attempts", {**own, "external_id": f"{call}-{number}", "campaign": "spring", "source": "web", "lead": lead,
                          "dialed_at": at(10 * number), "answered_at": at(10 * number + 1), "talk_seconds": 90,
                          "ended_at": at(10 * number + 4), "network_result": "answered", "answered_by": "human"})
            for number in range(CALLS[agent])
        ),
        ("attempts", {**own, "external_id": f"now-{agent}", "campaign": "spring", "dialed_at": earlier_today(5)}),
        ("dispositions", {**own, "attempt": f"{call}-0", "code": "SALE", "set_at": at(5)}),
        ("inbound-calls", {**own, **times, "external_id": f"in-{agent}", "queue": "desk", "lead": lead,
                           "offers": [{"agent": agent, "from_at": at(2), "to_at": at(3), "answered": True}]}),
        ("appointments", {**own, **name, "lead": lead, "set_at": at(6), "scheduled_at": at(days=3), "status": "set",
                          "status_at": at(6), "attempt": f"{call}-0"}),
        ("follow-ups", {**own, **name, "lead": lead, "channel": "call", "due_at": at(40)}),
        ("agent-states", {**own, "state": "talking", "from_at": at(), "to_at": at(5)}),
        ("agent-states", {**own, "state": "talking", "from_at": earlier_today(10)}),
        ("schedules", {**own, "activity": "work", "from_at": at(), "to_at": at(240)}),
        ("staff", {**own, **name, "team": TEAMS[agent], "joined_on": "2026-01-01"}),
        ("surveys", {**own, **name, "kind": "csat", "asked_at": at(10), "answered_at": at(40), "score": 4}),
        ("cases", {**own, **name, "opened_at": at(), "lead": lead}),
        ("evaluations", {**own, **name, "form": "sales", "evaluated_at": at(90), "evaluator": "quinn",
                         "call": f"{call}-0", "scores": [{"item": "greeting", "points": 4}]}),
        ("shared-calls", {**name, "call": f"{call}-0", "team": "north", "manager": "quinn", "shared_at": at(120)}),
    ]  # fmt: skip


@pytest.fixture(scope="module")
async def floor(client: httpx.AsyncClient, ledger_url: str) -> Caller:
    """An account with two teams that did the same. The tests share it, because they hardly write."""
    owner = await asyncpg.connect(ledger_url)
    account = await make_account(owner)
    key, _ = await create_key(owner, account, name="test", scopes=SCOPES)
    await owner.close()
    caller = Caller(client, key, account)
    await caller.post("form-items", {"form": "sales", "item": "greeting", "max_points": 5, "observed_at": at()})
    items: dict[str, list[dict[str, object]]] = {}
    for agent, team in TEAMS.items():
        await caller.put(f"agents/{agent}", {"name": agent, "team": team})
        await caller.put(f"calendars/{team}", {"zone": "UTC", "hours": {"monday": ["09:00-17:00"]}})
        for path, item in _items(agent):
            items.setdefault(path, []).append(item)
    for path, batch in items.items():
        summary = await caller.post(path, batch)
        assert summary["created"] == len(batch), (path, summary)
    await caller.put("targets/answer_rate", {"value": 0.5, "agent": OTHER})
    return caller


ROWS = (
    "attempts",
    "callback_backlog",
    "evaluations",
    "shared_calls",
    "leads",
    "offers",
    "appointments_set",
    "surveys_sent",
)
SLOW = re.compile("^/charts/|compare=previous")
PAGES = ("/overview", "/agents", "/teams", "/quality", "/people", "/service", "/lead-response", "/best-time")
QUERIES: dict[str, list[dict[str, str]]] = {
    "/v1/reports": [
        {**DAYS, "metrics": ",".join(catalogue())},
        {**DAYS, "metrics": ",".join(catalogue()), "by": "agent", "compare": "previous"},
        {**DAYS, "metrics": "attempts,answer_rate", "by": "team", "benchmarks": "all", "format": "csv"},
        {"metrics": "attempts", "by": "agent", "from": "2026-03-01", "to": "2026-03-02"},
    ],
    "/v1/reports/{preset}": [{**DAYS, "by": "agent"}],
    "/v1/reports/rows": [{**DAYS, "metric": name} for name in ROWS] + [{**DAYS, "metric": "attempts", "format": "csv"}],
    "/look/rows": [{**DAYS, "metric": name} for name in ROWS],
    "/look/{preset}": [{**DAYS, "by": "agent"}, {**DAYS, "by": "team", "compare": "previous"}],
    "/charts/{name}": [DAYS],
    "/attempt": [{"dialer": "default", "external_id": f"call-{OWN}-0"}],
    "/inbound-call": [{"dialer": "default", "external_id": f"in-{OWN}"}],
    "/coaching/share": [{"dialer": "default", "external_id": f"call-{OWN}-0"}],
    "/lead": [{"external_id": f"lead-of-{OWN}"}],
    "/agent": [{**DAYS, "agent": OWN}],
    "/v1/staffing": [{"calls": "100", "handle_time": "180"}],
    "/staffing": [{"calls": "100", "handle_time": "180"}],
    **{path: [DAYS] for path in PAGES},
}  # fmt: skip
VALUES = {"preset": [*PRESETS], "/charts/{name}": [*charts()], "name": ["attempts"]}


def _addresses(app: Litestar, *, limited: bool) -> list[str]:
    """Every address that answers GET and needs a scope: those for people with limits, or all others."""
    addresses = list[str]()
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or "GET" not in route.methods or route.path.endswith("/events"):
            continue
        [handler] = [handler for handler in route.route_handlers if "GET" in handler.http_methods]
        options = options_of(handler)
        if not options.scopes or options.limited is not limited:
            continue
        names = re.findall(r"\{(\w+)\}", route.path_format)
        values = (VALUES.get(route.path_format) or VALUES.get(names[0], ["1"])) if names else [""]
        for value in values:
            path = route.path_format.format(**dict.fromkeys(names, value))
            queries = QUERIES.get(route.path_format, [{}])
            addresses += [f"{path}?{urlencode(query)}" if query else path for query in queries]
    return addresses


async def _walk(addresses: Iterable[str], browser: Browser, *hidden_names: str) -> int:
    """Read addresses for people with limits; answers how many hold the reader's own agent."""
    own = 0
    for address in addresses:
        answer = await browser.ask("GET", address)
        assert answer.status_code == 200, (address, answer.status_code, answer.text[:600])
        seen = [hidden for hidden in hidden_names if hidden in answer.text]
        assert seen == [], (address, seen)
        assert 'class="wrong"' not in answer.text, address
        own += OWN in answer.text
    return own


async def test_every_other_address_is_closed_to_people_with_limits(
    service: tuple[Litestar, httpx.AsyncClient], floor: Caller, owner: Owner
) -> None:
    app = service[0]
    browser = await browser_of(
        service[1], owner, floor.account_id, f"cl-{floor.account_id}@example.com", role="manager", teams=["north"]
    )
    addresses = _addresses(app, limited=False)
    assert {"/v1/agents", "/v1/exports/1", "/v1/calendars", "/v1/targets", "/sources"} <= set(addresses)
    for address in addresses:
        assert (await browser.ask("GET", address)).status_code in {403, 404}, address


async def test_a_manager_sees_own_teams_only(
    service: tuple[Litestar, httpx.AsyncClient], floor: Caller, owner: Owner
) -> None:
    browser = await browser_of(
        service[1], owner, floor.account_id, f"mo-{floor.account_id}@example.com", role="manager", teams=["north"]
    )
    assert await _walk(_addresses(service[0], limited=True), browser, *HIDDEN) > 40
    total = (await browser.ask("GET", f"/v1/reports/calls?{urlencode(DAYS)}")).json()["total"]["attempts"]["value"]
    assert total == CALLS[OWN] + CALLS[MATE]
    everything = await floor.get("reports/calls", **DAYS)
    assert everything["total"]["attempts"]["value"] == sum(CALLS.values())


async def test_an_agent_sees_own_numbers_only(
    service: tuple[Litestar, httpx.AsyncClient], floor: Caller, owner: Owner
) -> None:
    browser = await browser_of(
        service[1], owner, floor.account_id, f"ag-{floor.account_id}@example.com", role="agent", agent=OWN
    )
    # Charts and comparisons read through the same door as for a manager.
    skipped = re.compile(f"{SLOW.pattern}|^/coaching")  # agents share no calls
    few = [address for address in _addresses(service[0], limited=True) if not skipped.search(address)]
    assert await _walk(few, browser, *HIDDEN, MATE) > 25
    total = (await browser.ask("GET", f"/v1/reports/calls?{urlencode(DAYS)}")).json()["total"]["attempts"]["value"]
    assert total == CALLS[OWN]


async def test_a_wider_filter_is_refused_by_name_and_another_call_is_not_there(
    service: tuple[Litestar, httpx.AsyncClient], floor: Caller, owner: Owner
) -> None:
    browser = await browser_of(
        service[1], owner, floor.account_id, f"wi-{floor.account_id}@example.com", role="manager", teams=["north"]
    )
    unknown = {"agent": "nobody"}
    for name, value in (("agent", OTHER), ("team", "hidden-south"), ("agent", ""), ("team", ""), *unknown.items()):
        query = urlencode({**DAYS, "metrics": "attempts", name: value})
        answer = await browser.ask("GET", f"/v1/reports?{query}")
        assert (answer.status_code, answer.json()["errors"]) == (
            403,
            [{"pointer": name, "message": "is outside what your role may see"}],
        ), (name, value)
    both = f"/v1/reports?{urlencode({**DAYS, 'metrics': 'attempts'})}&agent={OWN}&agent={OTHER}"
    assert (await browser.ask("GET", both)).status_code == 403
    for path in ("/agent", "/agents", "/overview", "/look/calls"):
        assert (await browser.ask("GET", f"{path}?{urlencode({'agent': OTHER})}")).status_code == 403, path
    for address in (
        f"/attempt?dialer=default&external_id=call-{OTHER}-0",
        f"/inbound-call?dialer=default&external_id=in-{OTHER}",
        "/lead?external_id=lead-of-zeta",
    ):
        assert (await browser.ask("GET", address)).status_code == 404, address
    mate = await browser.ask("GET", f"/v1/reports?{urlencode({**DAYS, 'metrics': 'attempts', 'agent': MATE})}")
    assert mate.json()["total"]["attempts"]["value"] == CALLS[MATE]
    assert (await browser.ask("GET", "/staffing")).status_code == 403


async def test_a_manager_shares_calls_of_own_teams_with_own_teams(
    service: tuple[Litestar, httpx.AsyncClient], floor: Caller, owner: Owner
) -> None:
    boss = await browser_of(
        service[1], owner, floor.account_id, f"sh-{floor.account_id}@example.com", role="manager", teams=["north"]
    )
    address = f"/coaching/share?dialer=default&external_id=call-{OWN}-0"
    form = await boss.look(address)
    fields = {"dialer": "default", "call": f"call-{OWN}-0", "external_id": "share-own", "team": "north"}
    token = {"form_token": form_token(form)}
    shared = await boss.ask("POST", "/coaching/share", data=token | fields)
    assert shared.status_code == 303
    wrong = await boss.ask("POST", "/coaching/share", data=token | fields | {"team": "hidden-south"})
    assert (wrong.status_code, "is not one of your teams" in wrong.text) == (422, True)
    other = await boss.ask("POST", "/coaching/share", data=token | fields | {"call": f"call-{OTHER}-0"})
    assert other.status_code == 404
    assert (await boss.ask("GET", address.replace(OWN, OTHER))).status_code == 404
    assert (await boss.ask("POST", "/coaching/withdraw", data=token | {"external_id": "share-own"})).status_code == 303
    agent = await browser_of(
        service[1], owner, floor.account_id, f"sa-{floor.account_id}@example.com", role="agent", agent=OWN
    )
    assert (await agent.ask("GET", address)).status_code == 403


async def test_a_call_that_went_through_two_teams_names_only_own_agents(
    service: tuple[Litestar, httpx.AsyncClient], floor: Caller, owner: Owner
) -> None:
    parts = [{"agent": OWN, "state": "left", "from_at": at(1)}, {"agent": OTHER, "from_at": at(3)}]
    call = {"external_id": "through-two", "campaign": "other", "agent": OWN, "dialed_at": at(days=5)}
    await floor.post("attempts", {**call, "participants": parts}, 201)
    browser = await browser_of(
        service[1], owner, floor.account_id, f"tw-{floor.account_id}@example.com", role="manager", teams=["north"]
    )
    page = await browser.look("/attempt?dialer=default&external_id=through-two")
    assert OTHER not in page
    assert "another agent" in page
    # A lead that both teams have worked on shows the calls and records of the own team.
    common = {"lead": f"lead-of-{OWN}", "agent": OTHER, "external_id": "of-the-others"}
    await floor.post("attempts", {**common, "campaign": "other", "dialed_at": at(days=5)}, 201)
    await floor.post("inbound-calls", {**common, "arrived_at": at(days=5), "queue": "hidden-south"}, 201)
    await floor.post("follow-ups", {**common, "channel": "call", "due_at": at(days=6)}, 201)
    seen_lead = await browser.look(f"/lead?external_id=lead-of-{OWN}")
    assert [text for text in (*HIDDEN, "of-the-others") if text in seen_lead] == []
    assert f"call-{OWN}-0" in seen_lead


async def test_a_cached_report_of_all_is_not_the_answer_to_a_manager(
    service: tuple[Litestar, httpx.AsyncClient], floor: Caller, owner: Owner
) -> None:
    browser = await browser_of(
        service[1], owner, floor.account_id, f"ca-{floor.account_id}@example.com", role="manager", teams=["north"]
    )
    query = f"reports/calls?{urlencode(DAYS)}"
    for _ in range(2):
        assert (await floor.get("reports/calls", **DAYS))["total"]["attempts"]["value"] == sum(CALLS.values())
        answer = await browser.ask("GET", f"/v1/{query}")
        assert answer.json()["total"]["attempts"]["value"] == CALLS[OWN] + CALLS[MATE]


async def test_the_board_shows_own_agents_and_calls(
    service: tuple[Litestar, httpx.AsyncClient], floor: Caller, owner: Owner
) -> None:
    everybody = Browser(floor.client)
    await everybody.sign_in(floor.key)
    assert OTHER in await everybody.look("/live")
    browser = await browser_of(
        service[1], owner, floor.account_id, f"li-{floor.account_id}@example.com", role="agent", agent=MATE
    )
    board = await browser.look("/live")
    assert (MATE in board, OWN in board, OTHER in board) == (True, False, False)
