"""Pages as a browser sees them: signing in, the API's numbers, a link to the rows of each, and one account only."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import httpx
import pytest

from service.accounts.keys import create_key, revoke_key
from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.conftest import Owner

__all__ = ["caller", "client", "new_caller", "service"]

DAY = {"from": "2026-03-02", "to": "2026-03-03"}
CALLS: list[dict[str, Any]] = [
    {
        "external_id": f"call-{number}",
        "campaign": "spring",
        "agent": "<b>ada</b>" if number % 2 else "bo",
        "source": "web",
        "dialed_at": f"2026-03-02T09:{number:02}:00Z",
        "ended_at": f"2026-03-02T09:{number:02}:40Z",
        "network_result": "answered" if number % 3 else "no_answer",
    }
    for number in range(7)
]


class Browser:
    """A browser: it keeps its cookies and follows where it is sent."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.cookies: dict[str, str] = {}

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = await self.client.request(
            method, path, headers={"Cookie": jar, **options.pop("headers", {})}, follow_redirects=False, **options
        )
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer

    async def sign_in(self, key: str) -> httpx.Response:
        return await self.ask("POST", "/sign-in", data={"key": key})

    async def look(self, path: str, status: int = 200, /, **parameters: str) -> str:
        answer = await self.ask("GET", path, params=parameters or None)
        assert answer.status_code == status, answer.text
        return answer.text


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    """A signed-in browser, over a floor of seven calls."""
    await caller.post("attempts", CALLS)
    browser = Browser(caller.client)
    assert (await browser.sign_in(caller.key)).headers["location"] == "/overview"
    return browser


def form_token(page: str) -> str:
    return re.findall(r'name="form_token" value="(\w+)"', page)[0]


async def test_whoever_has_no_key_is_asked_for_one_and_shown_nothing(caller: Caller) -> None:
    stranger = Browser(caller.client)
    for path in ("/overview", "/look/calls", "/look/rows?metric=attempts", "/sessions"):
        answer = await stranger.ask("GET", path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={quote_plus(path)}")
    refused = await stranger.sign_in("ct_nobody")
    assert (refused.status_code, "The API key is not known." in refused.text) == (401, True)
    assert stranger.cookies == {}
    stranger.cookies["calltally"] = "guessed"
    assert (await stranger.ask("GET", "/overview")).status_code == 303


async def test_a_session_is_a_cookie_that_no_script_reads_and_the_page_runs_its_own_only(caller: Caller) -> None:
    answer = await Browser(caller.client).sign_in(caller.key)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    policy = (await Browser(caller.client).ask("GET", "/sign-in")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


async def test_every_number_is_the_apis_and_leads_to_as_many_rows(browser: Browser, caller: Caller) -> None:
    page = await browser.look("/overview", **DAY)
    report = await caller.get("reports", metrics="attempts,answer_rate", **DAY)
    counts = {"Calls": report["total"]["attempts"]["value"], "Answered": report["total"]["answer_rate"]["numerator"]}
    assert counts == {"Calls": 7, "Answered": 4}
    for step, count in counts.items():
        link = re.search(rf'<th scope="row">{step}</th><td><a href="([^"]+)">(\d+)</a>', page)
        assert link, page
        assert int(link[2]) == count
        rows = await browser.look(unescape(link[1]))
        assert f"<b>{count} " in rows
        assert rows.count(">call-") == count


async def test_codes_are_text_whatever_they_hold(browser: Browser) -> None:
    page = await browser.look("/look/calls", by="agent", **DAY)
    assert "<b>ada" not in page
    assert "&lt;b&gt;ada&lt;/b&gt;" in page


async def test_a_page_says_what_is_wrong_and_what_is_empty(browser: Browser) -> None:
    refused = await browser.look("/look/calls", 400, by="frob", campaign="spring", **DAY)
    assert '<input name="by" value="frob" list="dimensions" placeholder="nothing" aria-invalid="true"' in refused
    assert 'name="campaign" value="spring" checked' in refused, "the form is kept"
    assert "must be a day" in await browser.look("/overview", 400, through="the last day")
    assert "must not be before the first day" in await browser.look(
        "/overview", 400, **{"from": "2026-03-02"}, through="2026-03-01"
    )
    assert "There is no report of this name" in await browser.look("/look/nothing", 404)
    assert "No data in this period" in await browser.look("/look/calls", **{"from": "2025-01-01", "to": "2025-01-02"})


async def test_files_are_taken_along_from_a_page_but_nothing_is_written(browser: Browser) -> None:
    csv = await browser.look("/v1/reports/calls", format="csv", **DAY)
    assert csv.startswith("row_type,")
    refused = await browser.ask("POST", "/v1/attempts", json=CALLS[0])
    assert refused.status_code == 401


async def test_a_key_that_may_not_see_rows_is_shown_no_door(new_caller: NewCaller, caller: Caller) -> None:
    await caller.post("attempts", CALLS)
    looking = await new_caller(caller.account_id, scopes=("reports",))
    browser = Browser(caller.client)
    await browser.sign_in(looking.key)
    for path in ("/overview", "/look/calls", "/agents"):
        page = await browser.look(path, **DAY)
        assert "<td>7" in page or '<p class="value">7' in page
        assert "/look/rows" not in page
    assert "scope rows" in await browser.look("/look/rows", 403, metric="attempts", **DAY)
    capturing = await new_caller(scopes=("ingest",))
    assert (await Browser(caller.client).sign_in(capturing.key)).status_code == 403


async def test_a_form_from_elsewhere_does_nothing_and_signing_out_ends_the_session(browser: Browser) -> None:
    page = await browser.look("/overview", **DAY)
    assert (await browser.ask("POST", "/sign-out", data={"form_token": "guessed"})).status_code == 403
    token = dict(browser.cookies)
    assert (await browser.ask("POST", "/sign-out", data={"form_token": form_token(page)})).status_code == 303
    browser.cookies = token
    assert (await browser.ask("GET", "/overview")).status_code == 303


async def test_sessions_are_listed_and_ended_by_whoever_may(
    browser: Browser, new_caller: NewCaller, caller: Caller
) -> None:
    colleague = await new_caller(caller.account_id, scopes=("reports",))
    other = Browser(caller.client)
    await other.sign_in(colleague.key)
    page = await other.look("/sessions")
    assert page.count('<th scope="row">') == 1
    ids = [int(session_id) for session_id in re.findall(r"/sessions/(\d+)/end", page)]
    assert len(ids) == 1, "one's own, and nobody else's"
    forged = await other.ask("POST", f"/sessions/{ids[0] - 1}/end", data={"form_token": form_token(page)})
    assert forged.status_code == 403
    await other.ask("POST", f"/sessions/{ids[0]}/end", data={"form_token": form_token(page)})
    assert (await other.ask("GET", "/overview")).status_code == 303
    assert (await browser.ask("GET", "/overview")).status_code == 200


async def test_a_session_ends_with_its_key_and_sees_one_account(
    browser: Browser, new_caller: NewCaller, owner: Owner, caller: Caller
) -> None:
    stranger = await new_caller()
    theirs = Browser(caller.client)
    await theirs.sign_in(stranger.key)
    assert "No data in this period" in await theirs.look("/look/calls", **DAY)
    key, prefix = await create_key(owner, caller.account_id, name="short-lived")
    short = Browser(caller.client)
    await short.sign_in(key)
    assert (await short.ask("GET", "/overview")).status_code == 200
    await revoke_key(owner, prefix)
    assert (await short.ask("GET", "/overview")).status_code == 303
    assert (await browser.ask("GET", "/overview")).status_code == 200


async def test_the_form_and_the_report_agree_on_the_period_in_the_zone_of_the_report(
    browser: Browser, caller: Caller
) -> None:
    """Kiritimati is 14 hours ahead and Pago Pago 11 behind: never the same day."""
    await caller.put("campaigns/spring", {"zone": "Pacific/Kiritimati"})
    for parameters in ({}, {"tz": "Pacific/Pago_Pago"}, {"campaign": "spring"}, {"from": "2026-03-02"}):
        report = await caller.get("reports", metrics="attempts", **parameters)
        page = unescape(await browser.look("/look/calls", **parameters))
        last = date.fromisoformat(report["to"][:10]) - timedelta(days=1)
        for name, day in (("from", report["from"][:10]), ("through", last)):
            assert f'<input type="date" name="{name}" value="{day}">' in page, parameters
        assert f"</b> · {report['zone']}</p>" in page
    assert "<b>Last 7 days, " in await browser.look("/look/calls")
    today = re.findall(r'<a href="([^"]+)">Today</a>', await browser.look("/overview"))
    assert "<b>Today, " in unescape(await browser.look(unescape(today[0])))


async def test_a_page_names_the_period_that_it_compares_with(browser: Browser) -> None:
    page = await browser.look("/look/calls", compare="week", matured="yes", **DAY)
    assert "Compared with Mon, Feb 23, 2026, as known on" in page
    assert re.search(r'compare=week[^"]*" aria-current="true">Same weekdays before<small>Feb 23</small>', page)
    assert 'name="matured" value="yes" checked' in page
    assert "Compared with Sun, Mar 1, 2026, as known on" in await browser.look("/overview", **DAY)
    refused = unescape(await browser.look("/look/calls", 400, compare="2026-03-02", **DAY))
    assert "<b>Compare with</b> must lie a whole period before this one" in refused


async def test_a_last_day_is_the_day_before_the_end_of_the_report(browser: Browser) -> None:
    """The form sends the last day; links and the API keep the first moment after the period."""
    by_form = await browser.look("/look/calls", **{"from": "2026-03-02", "through": "2026-03-02"})
    by_link = await browser.look("/look/calls", **DAY)
    by_form, by_link = (re.sub(r"as_of=[^&\"]+", "", page) for page in (by_form, by_link))
    numbers = re.compile(r"<tfoot>.*?</tfoot>", re.DOTALL)
    assert numbers.findall(by_form) == numbers.findall(by_link)
    assert 'value="2026-03-02"' in by_link
    [earlier] = re.findall(r'href="([^"]+)" aria-label="Previous period"', by_form)
    assert "from=2026-03-01&to=2026-03-02" in unescape(earlier)
    assert "must be given only once" in await browser.look("/look/calls", 400, through="2026-03-02", **DAY)


async def test_a_month_steps_to_the_months_beside_it(browser: Browser) -> None:
    page = await browser.look("/look/calls", **{"from": "2026-03-01", "through": "2026-03-31"})
    links = {side: unescape(link) for link, side in re.findall(r'href="([^"]+)" aria-label="(\w+) period"', page)}
    assert "from=2026-02-01&to=2026-03-01" in links["Previous"]
    assert "from=2026-04-01&to=2026-05-01" in links["Next"]


async def test_filters_and_the_period_follow_to_other_pages_and_a_chip_removes_each(browser: Browser) -> None:
    chosen = {"from": "2026-03-02", "to": "2026-03-03", "campaign": "spring", "source": "web", "agent": "bo"}
    page = await browser.look("/overview", **chosen)
    [link] = re.findall(r'<a href="(/campaigns\?[^"]+)"', page)[:1]
    assert {name: value for name, (value,) in parse_qs(urlsplit(unescape(link)).query).items()} == chosen
    chips = re.findall(r'<li class="chip">(.*?) <a href="([^"]+)" aria-label="Remove', page)
    assert [text for text, _ in chips] == ["Campaign: spring", "Source: web", "Agent: bo"]
    without = await browser.look(unescape(chips[1][1]))
    assert "Source: web" not in without
    assert "Agent: bo" in without
    about = await browser.look("/agent", **chosen)
    [link] = re.findall(r'<a href="(/campaigns\?[^"]+)"', about)[:1]
    assert "agent=" not in link, "the agent of this page is no filter of others"


async def test_names_stand_before_codes_in_filters_and_tables(browser: Browser, caller: Caller) -> None:
    await caller.put("agents/bo", {"name": "Bo Lindgren"})
    page = await browser.look("/look/calls", by="agent", agent="bo", **DAY)
    assert 'title="bo">Bo Lindgren</a><small class="code">bo</small>' in page
    assert "<span>Bo Lindgren <small>bo</small></span>" in page
    assert "Agent: Bo Lindgren" in page
    await caller.put("agents/%3Cb%3Eada%3C%2Fb%3E", {"name": "Bo Lindgren"})
    assert '<small class="code needed">bo</small>' in await browser.look("/look/calls", by="agent", **DAY)


async def test_statistics_are_shown_on_request_and_the_browser_remembers_it(browser: Browser) -> None:
    page = await browser.look("/look/calls", **DAY)
    assert ' class="framed">' in page
    token = form_token(page)
    answer = await browser.ask("POST", "/preferences/statistics", data={"form_token": token, "shown": "yes"})
    assert answer.status_code == 303
    assert ' class="framed statistics">' in await browser.look("/agents", **DAY)
    await browser.ask("POST", "/preferences/statistics", data={"form_token": token, "shown": "no"})
    assert ' class="framed">' in await browser.look("/agents", **DAY)


async def test_columns_are_chosen_without_losing_filters(browser: Browser) -> None:
    page = await browser.look("/look/calls", by="agent", columns="answer_rate", campaign="spring", **DAY)
    head = re.findall(r"<thead>.*?</thead>", page, re.DOTALL)[0]
    assert re.findall(r'class="sorts" href="[^"]+">([^<]+)', head) == ["Agent", "Answer rate"]
    [form] = re.findall(r'<form method="get" class="drop-panel".*?</form>', page, re.DOTALL)
    assert '<input type="hidden" name="campaign" value="spring">' in form
    assert 'value="attempts"' in form
    assert "names of metrics" in await browser.look("/look/calls", 400, columns="frob")


async def test_the_front_page_says_what_this_is_and_who_is_signed_in_goes_on(browser: Browser, caller: Caller) -> None:
    page = await Browser(caller.client).look("/")
    assert "Every sales call counted once" in page
    assert 'href="/sign-in">Sign in</a>' in page
    assert 'href="/openapi.json"' in page
    assert "/problems/invalid-parameter" in page
    answer = await browser.ask("GET", "/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/overview")
