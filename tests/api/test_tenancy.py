"""Two accounts on one ledger never meet: same ids, same codes, same moments, and nothing of one is the other's."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar

from service.accounts.scopes import SCOPES
from tests.api.conftest import Caller, NewCaller
from tests.conftest import Owner
from tests.ledger import written
from tests.make import MAKERS, Item, at, attempt, disposition

LINE = "+14155550100"
FROM = at(-60)
CALENDAR: Item = {"zone": "Europe/Berlin", "hours": {"monday": ["09:00-17:00"]}}

Request = tuple[str, str, dict[str, Any]]


async def furnish(caller: Caller, mark: str) -> None:
    """Everything an account can hold, with a mark in every text."""
    for kind in ("sources", "campaigns", "agents", "disposition-codes"):
        await caller.put(f"{kind}/same", {"name": f"name {mark}"}, 201)
        await caller.put(f"{kind}/only-{mark}", {"name": f"name {mark}"}, 201)
    for team in ("same", f"only-{mark}"):
        await caller.put(f"calendars/{team}", CALENDAR | {"holidays": [{"on": "2026-03-09", "name": mark}]}, 201)
    await caller.put("targets/answer_rate", {"value": 0.5, "agent": f"only-{mark}"}, 201)
    await caller.put("lead-attributes/attempts", {"title": f"title {mark}", "values": [mark]}, 201)
    await caller.put(f"tracking-numbers/{LINE}", {"name": f"line {mark}"}, 201)
    held = {"from_at": FROM, "source": f"source-{mark}", "campaign": f"campaign-{mark}"}
    await caller.post(f"tracking-numbers/{LINE}/assignments", held, 201)
    for path, make in MAKERS.items():
        assert (await caller.post(path, make(), 201))["status"] == "created", path
    call = attempt("call-2", agent=f"agent-{mark}", from_number=LINE, lead=f"lead-{mark}")
    await caller.post("attempts", call | {"campaign": f"campaign-{mark}", "talk_seconds": 90}, 201)
    await caller.post("dispositions", disposition("call-2", code=f"CODE-{mark}"), 201)
    await caller.post("attempts", {"external_id": f"bad-{mark}"}, 422)
    hook = await caller.post("hooks", {"dialer": "vicidial", "campaign": f"campaign-{mark}"}, 201)
    address = hook["url"].partition("/v1/")[2]
    await caller.send(
        "GET", f"{address}?event=dispo&call_id=V{mark}&uniqueid=1767225500.1&lead_id={mark}&epoch=1767225600"
    )


@pytest.fixture
async def ours(new_caller: NewCaller) -> Caller:
    caller = await new_caller()
    await furnish(caller, "ours")
    return caller


@pytest.fixture
async def theirs(new_caller: NewCaller, ours: Caller) -> Caller:
    caller = await new_caller()
    await furnish(caller, "theirs")
    return caller


async def requests(app: Litestar, theirs: Caller) -> list[Request]:
    """A request to every place under /v1 and with every method, about what both accounts have, or only they."""
    [rejected] = (await theirs.get("rejected-items"))["items"]
    values = {"number": LINE, "from_at": FROM, "item_id": str(rejected["id"]), "preset": "outbound"}
    values |= {"name": "attempts", "metric": "answer_rate", "fact": "attempts"}
    [hook] = (await theirs.get("hooks"))["items"]
    values |= {"hook_id": str(hook["id"]), "prefix": "nobodyskey12"}
    rows = [
        request
        for route in app.routes
        if route.path.startswith("/v1/") and not route.path.startswith("/v1/webhooks/")
        for method in sorted(getattr(route, "methods", ()))
        for code in ("same", "only-theirs")
        for request in _of(method, route.path.removeprefix("/v1/"), values | {"code": code, "team": code})
    ]
    assert {path for _, path, _ in rows} >= {*MAKERS, "to-do", "agents/only-theirs", "reports/outbound"}
    return rows


def _of(method: str, template: str, values: dict[str, str]) -> Iterator[Request]:
    path = re.sub(r"\{(\w+):\w+\}", lambda name: values[name[1]], template)
    if method in {"GET", "DELETE"}:
        day = {"from": "2026-03-02", "to": "2026-03-03"}
        by = {"by": "agent,source,campaign"}
        special = {"reports": by | {"metrics": "attempts,conv_per_lead"}, "reports/rows": {"metric": "attempts"}}
        parameters = special.get(path, by)
        window = day | parameters if path.startswith("reports") else {}
        # Without calls to forecast from, a plan needs calls of its own.
        yield method, path, {"params": {"calls": "100", "handle_time": "180"} if path == "staffing" else window}
    elif method in {"PUT", "POST"}:
        yield method, path, {"json": _body(path)}


def _body(path: str) -> Item:
    make: Callable[..., Item] = MAKERS.get(path, attempt)
    if path.startswith(("calendars", "targets")):
        return CALENDAR if path.startswith("calendars") else {"value": 0.6, "agent": "same"}
    return {"from_at": FROM} if path.endswith("assignments") else make() if "/" not in path else {}


async def test_no_answer_to_one_account_holds_anything_of_the_other(
    service: tuple[Litestar, httpx.AsyncClient], ours: Caller, theirs: Caller
) -> None:
    answered = 0
    for method, path, options in await requests(service[0], theirs):
        if method == "GET":
            answer = await ours.send(method, path, **options)
            assert answer.status_code == (404 if "theirs" in path or path.startswith("hooks/") else 200), (
                path,
                answer.text,
            )
            # Definitions are everybody's, and say "theirs" of customers.
            assert "theirs" not in answer.text or path.startswith("metrics")
            answered += "ours" in answer.text
    assert answered > 10


async def test_nothing_one_account_does_reaches_the_other(
    service: tuple[Litestar, httpx.AsyncClient], ours: Caller, theirs: Caller, owner: Owner
) -> None:
    before = await written(owner, theirs.account_id)
    for method, path, options in await requests(service[0], theirs):
        answer = await ours.send(method, path, **options)
        assert answer.status_code < 500, (method, path, answer.text)
    assert await written(owner, theirs.account_id) == before
    assert (await theirs.get("to-do"))["rejected_items"] == 1
    assert [span["source"] for span in (await theirs.get(f"tracking-numbers/{LINE}"))["assignments"]] == [
        "source-theirs"
    ]


async def test_a_rejected_item_of_another_account_cannot_be_sent_again(ours: Caller, theirs: Caller) -> None:
    [rejected] = (await theirs.get("rejected-items"))["items"]
    answer = await ours.send("POST", f"rejected-items/{rejected['id']}/resubmit", json=attempt())
    assert answer.status_code == 404
    assert [item["id"] for item in (await theirs.get("rejected-items"))["items"]] == [rejected["id"]]


async def test_an_account_reports_its_own_calls_only(ours: Caller, theirs: Caller) -> None:
    parameters = {"from": "2026-03-02", "to": "2026-03-03", "by": "agent"}
    await theirs.post("attempts", [attempt(f"more-{n}") for n in range(5)])
    assert (await ours.get("reports/outbound", **parameters))["total"]["attempts"]["value"] == 2
    assert (await theirs.get("reports/outbound", **parameters))["total"]["attempts"]["value"] == 7


@pytest.mark.parametrize("scope", SCOPES)
async def test_a_key_may_do_what_its_scopes_say_and_no_more(
    scope: str, service: tuple[Litestar, httpx.AsyncClient], ours: Caller, new_caller: NewCaller
) -> None:
    limited = await new_caller(ours.account_id, scopes=[scope])
    for method, path, options in await requests(service[0], ours):
        answer = await limited.send(method, path, **options)
        allowed = scope in _scopes(method, path)
        assert (answer.status_code != 403) == allowed, (method, path, answer.status_code)


def _scopes(method: str, path: str) -> set[str]:
    """Who may ask what, in the words of the trade: dialers send, managers configure, managers read codes."""
    reading = {"configure", "reports"}
    if (path in MAKERS and method != "GET") or path.endswith("/resubmit"):
        return {"ingest"}
    if path == "reports/rows" or path.startswith("exports/"):
        return {"rows"}
    if path.startswith(("reports", "metrics", "staffing")):
        return {"reports"}
    if (
        path in {"account", "erasures", "audit-log"}
        or path.startswith("keys")
        or (path.startswith("hooks") and method != "GET")
    ):
        return {"admin"} | (reading if method == "GET" and path == "account" else set())
    if path.startswith(("hooks", "deliveries", "rejected-items")):
        return {"configure", "admin"}
    return reading if method == "GET" else {"configure"}
