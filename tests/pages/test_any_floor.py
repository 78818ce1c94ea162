"""Every address that answers GET makes sense over any floor: an empty one, one of single items, and the oddest one."""

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, quote, urlencode

import asyncpg
import httpx
import polars as pl
import pytest
from litestar.routes import HTTPRoute

from reports.catalogue.presets import PRESETS
from reports.charts import charts
from service.accounts.keys import SCOPES, create_key
from service.api.exports import FACTS
from service.app import create_app
from service.config import Settings
from tests.api.conftest import Caller, NewCaller, client, new_caller, service
from tests.conftest import make_account
from tests.pages.odd_floor import DAYS, OTHER_NUMBER, TEXTS, compose, compose_one_of_each
from tests.pages.test_pages import Browser

__all__ = ["client", "new_caller", "service"]

Query = dict[str, str]

pytestmark = pytest.mark.timeout(300)

# What a program calls nothing, no end or no number, and what Python calls its values.
_NONSENSE = re.compile(
    r"\bNone\b(?! of )|\b(?:nan|NaN|NaT|inf|Infinity|undefined|0001-01-01|9999-12-31)\b|Decimal\(|datetime\.|<class "
)
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]+>", re.DOTALL)
_LINK = re.compile(r'<(?:a|img|link|script)\b[^>]*?\b(?:href|src)="([^"#]+)')
_CALLS = [{"dialer": "default", "external_id": name} for name in ("early", "bare", "never", "old", *TEXTS)]
_LEADS = [{"external_id": name} for name in ("early-lead", "bare", "never-lead", *TEXTS)]
_ROWS = [
    {**DAYS, "metric": name} for name in ("attempts", "sales", "conv_per_lead", "marketing_cost", "appointments_set")
]
# The values of each parameter in an address, and the queries of the addresses that need one.
_IN_PATH: dict[str, list[str]] = {
    "preset": list(PRESETS),
    "fact": list(FACTS),
    "code": ["unused", *TEXTS[:-2]],
    "/v1/disposition-codes/{code}": ["SALE", *TEXTS[:-2]],
    "/v1/disposition-codes/{code}/versions": ["SALE", *TEXTS[:-2]],
    "/language/{code}": ["en", "zh", "id", "ro"],
    "number": [OTHER_NUMBER],
    "team": [],
    "hook_id": [],
    "upload_id": [],
    "kind": ["not-found"],
    "dialer": [],
    "/v1/lead-attributes/{name}": ["industry"],
    "/v1/metrics/{name}": ["attempts"],
    "/definitions/{name}": ["attempts"],
    "/charts/{name}": list(charts()),
    "/assets/{name}": ["calltally.css", "calltally.js", "calltally.svg", "live.js"],
}
_QUERIES: dict[str, list[Query]] = {
    "/v1/reports": [{**DAYS, "metrics": "attempts", "by": by} for by in ("agent", "source", "campaign", "disposition")],
    "/v1/reports/rows": _ROWS,
    "/v1/reports/{preset}": [{**DAYS, "format": name} for name in ("json", "xlsx")],
    "/look/rows": _ROWS,
    "/look/{preset}": [DAYS, {**DAYS, "compare": "previous"}, {"from": "1970-12-01", "to": "1971-03-01"}],
    "/charts/{name}": [DAYS],
    "/attempt": _CALLS,
    "/inbound-call": [{"dialer": "default", "external_id": name} for name in ("bare", *TEXTS)],
    "/lead": _LEADS,
    "/agent": [{**DAYS, "agent": name} for name in ("ada", "ghost", "unused", *TEXTS)],
    "/tracking-number": [{**DAYS, "tracking_number": OTHER_NUMBER}, {"tracking_number": OTHER_NUMBER}],
    "/overview": [{}, DAYS],
    "/agents": [{}, DAYS, {**DAYS, "compare": "previous"}],
    "/sources": [{}, DAYS],
    "/campaigns": [{}, DAYS],
    "/lead-response": [{}, DAYS],
    "/best-time": [{}, DAYS],
    "/quality": [{}, DAYS],
    "/service": [{}, DAYS, {**DAYS, "metrics": "service_level_negative"}],
    "/people": [{}, DAYS],
    "/teams": [DAYS],
    "/tracking-numbers": [DAYS],
    "/coaching/share": [{"dialer": "default", "external_id": name} for name in ("early", "bare", "old")],
    "/staffing": [{}, {"calls": "100", "handle_time": "180"}],
    "/v1/staffing": [{"calls": "100", "handle_time": "180"}],
}
# These name a code, a call or a lead, which a floor of little does not have.
_NAMED = (
    "{code}",
    "/v1/lead-attributes/{name}",
    "{number}",
    "/attempt",
    "/inbound-call",
    "/lead",
    "/agent",
    "/tracking-number",
    "/coaching/share",
)
_KINDS = {"by", "part", "compare", "sort", "format", "offset"}
# No answer of a report: a stream without end, which tests/pages/test_live.py reads, what a dialer asks, and what a
# person opens by a link that works once (tests/pages/test_users.py).
_NOT_HERE = {
    "/sign-in",
    "/sign-in/{token}",
    "/invitation/{token}",
    "/reset/{token}",
    "/settings/users/{user_id}",
    "/second-factor",
    "/profile/second-factor",
    "/oidc",
    "/oidc/return",
    "/favicon.ico",
    "/live/events",
    "/v1/webhooks/{dialer}/{token}",
}


def addresses() -> Iterator[tuple[str, str]]:
    """Every route that answers GET, with addresses of it. A new route with a parameter needs values above."""
    for route in create_app(Settings(), "postgresql:///").routes:
        if not isinstance(route, HTTPRoute) or "GET" not in route.methods or route.path_format in _NOT_HERE:
            continue
        names = re.findall(r"\{(\w+)\}", route.path_format)
        values = (_IN_PATH.get(route.path_format) or _IN_PATH[names[0]]) if names else [""]
        for value in values:
            path = route.path_format.format(**dict.fromkeys(names, quote(value, safe="+")))
            for query in _QUERIES.get(route.path_format, [{}]):
                yield route.path_format, f"{path}?{urlencode(query)}" if query else path


ADDRESSES = list(addresses())


class Reader(Browser):
    """A browser that lists the answers without sense."""

    def __init__(self, client: httpx.AsyncClient, key: str) -> None:
        super().__init__(client)
        self.key = key
        self.faults: list[str] = []

    async def read(self, address: str, allowed: tuple[int, ...] = (200,)) -> str:
        """The text of an answer, after looking for nonsense in what a person sees."""
        answer = await self.ask("GET", address)
        if answer.status_code not in allowed:
            self.faults.append(f"{answer.status_code} of {address}")
        if answer.headers["content-type"] == "application/vnd.apache.parquet" and answer.status_code == 200:
            assert pl.read_parquet(answer.content).width > 3
        text = answer.text if "html" in answer.headers.get("content-type", "") else ""
        seen = " ".join(unescape(_TAGS.sub(" ", text)).split())
        self.faults += [
            f"{seen[max(hit.start() - 40, 0) : hit.end() + 20]!r} in {address}" for hit in _NONSENSE.finditer(seen)
        ]
        if 'class="wrong"' in text and answer.status_code == 200:
            self.faults.append(f"an error inside {address}")
        return text


@pytest.fixture(scope="module")
async def oddest(client: httpx.AsyncClient, ledger_url: str) -> Caller:
    """A caller over the oddest floor. The tests share it, because they only read."""
    owner = await asyncpg.connect(ledger_url)
    try:
        account = await make_account(owner)
        key, _ = await create_key(owner, account, name="test", scopes=SCOPES)
        caller = Caller(client, key, account)
        await compose(caller, owner)
    finally:
        await owner.close()
    return caller


async def _reader(caller: Caller) -> Reader:
    reader = Reader(caller.client, caller.key)
    await reader.sign_in(caller.key)
    return reader


def kind_of(address: str) -> tuple[str, ...]:
    """Links to one page that break down, compare or sort alike are one kind of link."""
    path, _, query = address.partition("?")
    path = "/definitions/*" if path.startswith("/definitions/") else path
    return (path, *sorted(name for name, _ in parse_qsl(query) if name in _KINDS))


def _allowed(route: str) -> tuple[int, ...]:
    """The answers that make sense: some addresses lead on, and calls that only others speak of may have no record."""
    if route in {"/", "/tracking-numbers/change", "/language/{code}"}:
        return (303,)
    unknown = {"/lead", "/attempt", "/v1/agents/{code}", "/v1/agents/{code}/versions"}
    return (200, 404) if route in unknown else (200,)


async def test_every_address_makes_sense_over_the_oddest_floor(oddest: Caller) -> None:
    reader = await _reader(oddest)
    for route, address in ADDRESSES:
        await reader.read(address, _allowed(route))
    assert not reader.faults, "\n".join(reader.faults)


async def test_every_link_of_every_page_leads_somewhere(oddest: Caller) -> None:
    reader = await _reader(oddest)
    first = f"/overview?{urlencode(DAYS)}"
    seen, waiting = {kind_of(first)}, deque([first])
    while waiting:
        page = await reader.read(waiting.popleft())
        for link in map(unescape, _LINK.findall(page)):
            # A choice of a language leads back.
            if link.startswith("/") and not link.startswith("/language/") and kind_of(link) not in seen:
                seen.add(kind_of(link))
                waiting.append(link)
    assert len(seen) > 30
    assert not reader.faults, "\n".join(reader.faults)


@pytest.mark.parametrize("single", [False, True], ids=["nothing", "one of each"])
async def test_every_address_makes_sense_over_a_floor_of_little(new_caller: NewCaller, *, single: bool) -> None:
    caller = await new_caller()
    if single:
        await compose_one_of_each(caller)
    reader = await _reader(caller)
    for route, address in ADDRESSES:
        if not any(name in route for name in _NAMED):
            await reader.read(address, _allowed(route))
    assert not reader.faults, "\n".join(reader.faults)
