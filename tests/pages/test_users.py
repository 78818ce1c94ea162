"""People sign in: they are invited, choose a password, get a role, and lose access at once when it is taken."""

import asyncio
import re
from html import unescape
from typing import Any

import httpx
import pytest

from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.conftest import Owner, make_account
from tests.pages.test_pages import CALLS, DAY, Browser, form_token
from tests.pages.users import PASSWORD, browser_of, link_on, make_user, post

__all__ = ["caller", "client", "new_caller", "service"]


@pytest.fixture
async def boss(client: httpx.AsyncClient, owner: Owner, account: int) -> Browser:
    """The owner of the account, signed in."""
    return await browser_of(client, owner, account, f"boss-{account}@example.com")


async def sign_in(client: httpx.AsyncClient, email: str, password: str, query: str = "") -> tuple[Browser, Any]:
    browser = Browser(client)
    return browser, await browser.ask("POST", f"/sign-in{query}", data={"email": email, "password": password})


async def joined(client: httpx.AsyncClient, boss: Browser, email: str, **role: str) -> Browser:
    """Somebody whom the owner has invited, and who has joined with the password of these tests."""
    invited = await post(boss, "/settings/users", "/settings/users", email=email, **role)
    browser = Browser(client)
    answer = await browser.ask("POST", link_on(invited.text), data={"name": "Bo Tran", "password": PASSWORD})
    assert (answer.status_code, answer.headers.get("location")) == (303, "/overview"), answer.text
    return browser


async def test_an_invited_person_chooses_a_password_and_is_in(boss: Browser, account: int) -> None:
    email = f"bo-{account}@example.com"
    invited = await post(boss, "/settings/users", "/settings/users", email=f" {email.upper()} ", role="analyst")
    assert "This installation sends no mail" in invited.text
    link, guest = link_on(invited.text), Browser(boss.client)
    assert email in await guest.look(link)
    faulty = await guest.ask("POST", link, data={"name": "  ", "password": "Bo2026"})
    assert faulty.status_code == 422
    assert faulty.text.count('aria-invalid="true"') == 2
    assert "must have at least 12 characters" in faulty.text
    named = await guest.ask("POST", link, data={"name": "Bo Tran", "password": "BoTran-2026!"})
    assert "must not be your name or e-mail address" in named.text
    assert 'value="Bo Tran"' in named.text
    assert guest.cookies == {}
    assert (await guest.ask("POST", link, data={"name": "Bo Tran", "password": PASSWORD})).status_code == 303
    assert re.search(r"Bo Tran</a>.*active</span></td><td>20\d\d-", await boss.look("/settings/users"), re.DOTALL)
    assert (await Browser(boss.client).ask("GET", link)).status_code == 404, "a link works once"
    assert (await guest.ask("GET", "/overview")).status_code == 200
    again = await post(boss, "/settings/users", "/settings/users", email=email, role="analyst")
    assert (again.status_code, "is already a user of this account" in again.text) == (422, True)


async def test_signing_in_leads_to_the_link_that_was_asked_and_a_wrong_password_says_nothing(
    client: httpx.AsyncClient, boss: Browser, account: int
) -> None:
    email = f"cy-{account}@example.com"
    await joined(client, boss, email, role="analyst")
    address = "/look/calls?by=agent%2Csource&from=2026-03-02&to=2026-03-03"
    back = (await Browser(client).ask("GET", address)).headers["location"]
    assert back.startswith("/sign-in?next=")
    _, wrong = await sign_in(client, email, "violet tram 41 south", back.removeprefix("/sign-in"))
    _, unknown = await sign_in(client, f"nobody-{account}@example.com", PASSWORD, back.removeprefix("/sign-in"))
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.text.replace(email, "") == unknown.text.replace(f"nobody-{account}@example.com", "")
    for odd in ("", "a\x00b@example.com", "x" * 3000, "' OR 1=1 --"):
        assert (await sign_in(client, odd, PASSWORD))[1].status_code == 401
    browser, answer = await sign_in(client, f" {email.upper()}", PASSWORD, back.removeprefix("/sign-in"))
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert {"httponly", "samesite=lax"} <= {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert (await browser.ask("GET", address)).status_code == 200
    for elsewhere in ("https://example.org/", "//example.org", "/\\example.org", "/sign-in?next=/sign-in"):
        _, answer = await sign_in(client, email, PASSWORD, f"?next={elsewhere}")
        assert answer.headers["location"] == "/overview"


async def test_a_person_who_is_disabled_is_out_at_once_and_may_come_back(
    client: httpx.AsyncClient, boss: Browser, account: int
) -> None:
    email = f"di-{account}@example.com"
    browser = await joined(client, boss, email, role="analyst")
    [page] = re.findall(r'href="(/settings/users/\d+)">Bo Tran', await boss.look("/settings/users"))
    assert (await post(boss, page, f"{page}/disable")).status_code == 303
    assert (await browser.ask("GET", "/overview")).status_code == 303
    assert (await sign_in(client, email, PASSWORD))[1].status_code == 401
    assert (await post(boss, page, f"{page}/enable")).status_code == 303
    assert (await sign_in(client, email, PASSWORD))[1].status_code == 303
    assert (await browser.ask("GET", "/overview")).status_code == 303, "the old session stays ended"


async def test_a_new_password_comes_by_a_link_and_ends_all_sessions(
    client: httpx.AsyncClient, boss: Browser, account: int
) -> None:
    email = f"ed-{account}@example.com"
    browser = await joined(client, boss, email, role="analyst")
    [page] = re.findall(r'href="(/settings/users/\d+)">Bo Tran', await boss.look("/settings/users"))
    first = link_on((await post(boss, page, f"{page}/link")).text)
    link = link_on((await post(boss, page, f"{page}/link")).text)
    guest = Browser(client)
    assert (await guest.ask("GET", first)).status_code == 404, "a later link replaces it"
    assert (await guest.ask("POST", link, data={"password": f"{email}!"})).status_code == 422
    done = await guest.ask("POST", link, data={"password": "nine brown desks"})
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in?saved=password")
    assert guest.cookies == {}, "a link for a password does not sign in"
    assert (await guest.ask("POST", link, data={"password": "ten brown desks"})).status_code == 404
    assert (await browser.ask("GET", "/overview")).status_code == 303
    assert (await sign_in(client, email, PASSWORD))[1].status_code == 401
    assert (await sign_in(client, email, "nine brown desks"))[1].status_code == 303


async def test_people_change_their_own_profile_and_password(
    client: httpx.AsyncClient, boss: Browser, account: int
) -> None:
    email = f"flo-{account}@example.com"
    browser = await joined(client, boss, email, role="analyst")
    other, _ = await sign_in(client, email, PASSWORD)
    typed = {"name": "Flo <b>Ng</b>", "language": "ro", "zone": "Europe/Bucharest"}
    assert (await post(browser, "/profile", "/profile", **typed)).headers["location"] == "/profile?saved=profile"
    page = unescape(await browser.look("/profile"))
    assert 'value="Flo <b>Ng</b>"' in page
    assert '<option value="ro" selected>' in page
    assert 'value="Europe/Bucharest"' in page
    refused = await post(browser, "/profile", "/profile", name="", language="xx", zone="Europe/Bucarest")
    assert refused.status_code == 422
    assert "ați vrut Europe/Bucharest?" in refused.text
    assert refused.text.count('aria-invalid="true"') == 3
    wrong = await post(browser, "/profile", "/profile/password", current="not it at all", password="nine brown desks")
    assert (wrong.status_code, "nu este parola dvs." in wrong.text) == (422, True)
    weak = await post(browser, "/profile", "/profile/password", current=PASSWORD, password="password1234")
    assert (weak.status_code, "prea obișnuită" in weak.text) == (422, True)
    assert (await other.ask("GET", "/profile")).status_code == 200
    right = await post(browser, "/profile", "/profile/password", current=PASSWORD, password="nine brown desks")
    assert right.headers["location"] == "/profile?saved=password"
    assert (await browser.ask("GET", "/profile")).status_code == 200
    assert (await other.ask("GET", "/profile")).status_code == 303, "a new password ends the other sessions"
    assert (await sign_in(client, email, "nine brown desks"))[1].status_code == 303


async def test_pages_show_the_time_zone_that_a_person_has_chosen(
    client: httpx.AsyncClient, owner: Owner, account: int
) -> None:
    browser = await browser_of(client, owner, account, f"kai-{account}@example.com")
    await post(browser, "/profile", "/profile", name="Kai", zone="Asia/Tokyo")
    pages = ("/look/calls", "/overview", "/agents", "/sources", "/best-time", "/service", "/quality", "/people")
    for path in (*pages, "/live", "/staffing", "/staffing?calls=100&handle_time=180", "/lead-response", "/campaigns"):
        page = await browser.look(path)
        assert "· Asia/Tokyo</p>" in page or path.startswith(("/live", "/staffing")), path
        assert 'class="chip"' not in page, "a zone that cannot be taken away is no filter"
    elsewhere = await browser.look("/look/calls", tz="Europe/Paris")
    assert "· Europe/Paris</p>" in elsewhere
    assert "Remove Time zone: Europe/Paris" in elsewhere


async def test_devices_are_named_and_ended_one_by_one_or_all_others(
    client: httpx.AsyncClient, boss: Browser, account: int
) -> None:
    email = f"gil-{account}@example.com"
    browser = await joined(client, boss, email, role="analyst")
    names = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0": "Edge on Windows",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1": "Safari on iPhone",
    }
    others = [Browser(client), Browser(client)]
    for other, user_agent in zip(others, names, strict=True):
        await other.ask(
            "POST", "/sign-in", data={"email": email, "password": PASSWORD}, headers={"User-Agent": user_agent}
        )
    page = await browser.look("/sessions")
    assert page.count('<th scope="row">') == 3
    assert all(name in page for name in names.values())
    assert "boss" not in page, "colleagues' devices are for administrators"
    assert (await boss.look("/sessions")).count('<th scope="row">') == 4
    last = max(map(int, re.findall(r"/sessions/(\d+)/end", page)))
    assert (await post(browser, "/sessions", f"/sessions/{last}/end")).status_code == 303
    assert (await others[1].ask("GET", "/sessions")).status_code == 303
    assert (await others[0].ask("GET", "/sessions")).status_code == 200
    assert (await post(browser, "/sessions", "/sessions/end-others")).status_code == 303
    assert (await others[0].ask("GET", "/sessions")).status_code == 303
    assert (await browser.look("/sessions")).count('<th scope="row">') == 1
    assert (await boss.ask("GET", "/sessions")).status_code == 200


async def test_the_last_owner_stays_and_only_owners_touch_owners(
    client: httpx.AsyncClient, owner: Owner, boss: Browser, account: int
) -> None:
    admin = await browser_of(client, owner, account, f"adm-{account}@example.com", role="admin")
    rows = {
        email: path
        for path, email in re.findall(
            r'href="(/settings/users/\d+)">[^<]*</a></th><td>([^<]+)', await admin.look("/settings/users")
        )
    }
    me = rows[f"boss-{account}@example.com"]
    for action, fields in (("/disable", {}), ("", {"role": "admin"})):
        last = await post(boss, me, f"{me}{action}", **fields)
        assert (last.status_code, "the account has no other" in last.text) == (422, True)
    assert "Save role" not in await admin.look(me)
    for action, fields in (("/disable", {}), ("", {"role": "analyst"}), ("/link", {})):
        assert (await post(admin, "/settings/users", f"{me}{action}", **fields)).status_code == 403
    raised = await post(admin, "/settings/users", rows[f"adm-{account}@example.com"], role="owner")
    assert raised.status_code == 403
    assert (
        await post(admin, "/settings/users", "/settings/users", email=f"x{account}@example.com", role="owner")
    ).status_code == 403
    assert '<option value="owner"' not in await admin.look("/settings/users")
    await post(boss, "/settings/users", rows[f"adm-{account}@example.com"], role="owner")
    assert (await post(admin, "/settings/users", f"{me}/disable")).status_code == 303
    assert (await boss.ask("GET", "/overview")).status_code == 303


async def test_of_two_at_the_same_moment_one_wins(
    client: httpx.AsyncClient, owner: Owner, boss: Browser, account: int
) -> None:
    second = await browser_of(client, owner, account, f"second-{account}@example.com")
    paths = dict(re.findall(r'href="(/settings/users/\d+)">([^<]+)', await boss.look("/settings/users")))
    boss_path, second_path = sorted(paths, key=lambda path: "Second" in paths[path])
    token_of = {browser: form_token(await browser.look("/profile")) for browser in (boss, second)}
    answers = await asyncio.gather(
        boss.ask("POST", f"{second_path}/disable", data={"form_token": token_of[boss]}),
        second.ask("POST", f"{boss_path}/disable", data={"form_token": token_of[second]}),
    )
    # The loser is refused, or signed out before the request is read.
    done = [answer.headers.get("location", "").startswith("/settings/users") for answer in answers]
    assert sorted(done) == [False, True], "one owner stays"
    winner = boss if done[0] else second
    fields = {"email": f"lea-{account}@example.com", "role": "analyst"}
    link = link_on((await post(winner, "/settings/users", "/settings/users", **fields)).text)
    data = {"name": "Lea", "password": PASSWORD}
    joins = await asyncio.gather(*(Browser(client).ask("POST", link, data=data) for _ in range(3)))
    assert sorted(answer.status_code for answer in joins) == [303, 404, 404], "a link works once"


async def test_an_invitation_needs_an_address_and_the_limits_of_its_role(boss: Browser, account: int) -> None:
    for fields, message in (
        ({"email": "nobody", "role": "analyst"}, "must be an e-mail address"),
        ({"email": "a@b.example\r\nBcc: c@d.example", "role": "analyst"}, "must be an e-mail address"),
        ({"email": f"m{account}@example.com", "role": "manager"}, "must name at least one team"),
        ({"email": f"m{account}@example.com", "role": "agent"}, "must name the agent"),
        ({"email": f"m{account}@example.com", "role": "king"}, "must be owner, admin"),
    ):
        refused = await post(boss, "/settings/users", "/settings/users", **fields)
        assert (refused.status_code, message in refused.text) == (422, True), fields
        assert 'aria-invalid="true"' in refused.text or message.startswith("must name at least")
    teams = {"email": f"m{account}@example.com", "role": "manager", "team:north": "yes", "other_teams": "west, north"}
    assert (await post(boss, "/settings/users", "/settings/users", **teams)).status_code == 200
    assert "<td>north, west</td>" in await boss.look("/settings/users")


_HIDDEN = r'<input type="hidden" name="(external_id|seen)" value="([^"]*)"'
EVERYBODYS = {"/overview", "/look/rows?metric=attempts", "/profile", "/sessions"}
MARKETING = {"/settings/campaigns", "/settings/sources", "/settings/numbers", "/settings/spend"}
ADMINISTRATION = {"/settings/users", "/settings/agents", "/settings/codes", "/settings/targets", "/settings/import"}
ROLES = {
    "owner": MARKETING | ADMINISTRATION,
    "admin": MARKETING | ADMINISTRATION,
    "manager": set[str](),
    "marketer": MARKETING,
    "analyst": set[str](),
    "agent": set[str](),
}


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_opens_its_pages_and_no_others(
    role: str, client: httpx.AsyncClient, owner: Owner, account: int
) -> None:
    limits: dict[str, Any] = {"manager": {"teams": ["north"]}, "agent": {"agent": "bo"}}.get(role, {})
    browser = await browser_of(client, owner, account, f"{role}-{account}@example.com", role=role, **limits)
    menu = await browser.look("/profile")
    for path in sorted(EVERYBODYS | MARKETING | ADMINISTRATION):
        answer = await browser.ask("GET", path)
        allowed = path in EVERYBODYS | ROLES[role]
        assert answer.status_code == (200 if allowed else 403), (path, answer.text)
        assert allowed or "does not allow this. Ask an administrator." in answer.text
    assert ("Settings</a>" in menu) == bool(ROLES[role])


async def test_a_marketer_enters_spend_and_sources(client: httpx.AsyncClient, owner: Owner, account: int) -> None:
    browser = await browser_of(client, owner, account, f"mia-{account}@example.com", role="marketer")
    entry = {"source": "fair", "from_on": "2026-03-02", "to_on": "2026-03-08", "amount": "1200", "currency": "USD"}
    page = "/settings/spend/entry"
    fields = dict(re.findall(_HIDDEN, await browser.look(page)))
    saved = await post(browser, page, page, **(fields | entry))
    assert saved.status_code == 303, saved.text
    assert "fair" in await browser.look("/settings/spend")
    page = "/settings/sources/item?code=fair"
    fields = dict(re.findall(_HIDDEN, await browser.look(page)))
    named = await post(browser, page, "/settings/sources/item", **(fields | {"code": "fair", "name": "Trade fair"}))
    assert named.status_code == 303, named.text
    assert "Trade fair" in await browser.look("/settings/sources")
    assert (await post(browser, "/profile", "/settings/agents/item", code="ada", name="Ada")).status_code == 403


async def test_an_account_sees_and_reaches_its_own_people_only(
    client: httpx.AsyncClient, owner: Owner, boss: Browser, caller: Caller
) -> None:
    await caller.post("attempts", CALLS)
    theirs = await make_account(owner)
    stranger = await browser_of(client, owner, theirs, f"stranger-{theirs}@example.com")
    [page] = re.findall(r'href="(/settings/users/\d+)"', await stranger.look("/settings/users"))
    for path in ("/settings/users", "/sessions", "/profile"):
        assert "stranger" not in await boss.look(path)
    assert (await boss.ask("GET", page)).status_code == 404
    for action in ("", "/disable", "/enable", "/link"):
        assert (await post(boss, "/settings/users", f"{page}{action}", role="analyst")).status_code == 404
    [session_id] = re.findall(r"/sessions/(\d+)/end", await stranger.look("/sessions"))
    assert (await post(boss, "/sessions", f"/sessions/{session_id}/end")).status_code == 404
    assert "call-" not in await stranger.look("/look/rows", metric="attempts", **DAY)
    assert (await stranger.ask("GET", "/overview")).status_code == 200


async def test_a_link_that_signs_in_works_once_and_leads_on(
    client: httpx.AsyncClient, owner: Owner, account: int
) -> None:
    link = await make_user(owner, account, f"ida-{account}@example.com")
    browser = Browser(client)
    answer = await browser.ask("GET", f"{link}?next=%2Foverview%3Ffrom%3D2026-03-02")
    assert answer.headers["location"] == "/overview?from=2026-03-02"
    assert (await browser.ask("GET", "/profile")).status_code == 200
    assert "Current password" not in await browser.look("/profile"), "there is none yet"
    assert (await post(browser, "/profile", "/profile/password", password=PASSWORD)).status_code == 303
    assert (await sign_in(client, f"ida-{account}@example.com", PASSWORD))[1].status_code == 303
    assert "Current password" in await browser.look("/profile")
    again = await Browser(client).ask("GET", link)
    assert (again.status_code, "This link does not work" in again.text) == (404, True)
    assert (await Browser(client).ask("GET", "/sign-in/guessed")).status_code == 404


async def test_an_address_signs_in_to_one_account(
    client: httpx.AsyncClient, owner: Owner, boss: Browser, account: int
) -> None:
    rival = await browser_of(client, owner, await make_account(owner), f"rival-{account}@example.com")
    fields = {"email": f"mo-{account}@example.com", "role": "analyst"}
    links = [link_on((await post(host, "/settings/users", "/settings/users", **fields)).text) for host in (boss, rival)]
    data = {"name": "Mo", "password": PASSWORD}
    assert (await Browser(client).ask("POST", links[0], data=data)).status_code == 303
    late = await Browser(client).ask("POST", links[1], data=data)
    assert (late.status_code, "already signs in to another account here" in late.text) == (422, True)
    path, other = [
        re.findall(r'href="(/settings/users/\d+)">[^<]*</a></th><td>mo-', await host.look("/settings/users"))[0]
        for host in (boss, rival)
    ]
    assert (await post(boss, path, f"{path}/disable")).status_code == 303
    assert (await Browser(client).ask("POST", links[1], data=data)).status_code == 303, "the address is free again"
    refused = await post(boss, path, f"{path}/enable")
    assert (refused.status_code, "already signs in to another account here" in refused.text) == (422, True)
    assert (await post(boss, "/settings/users", f"{other}/disable")).status_code == 404


async def test_forms_from_elsewhere_do_nothing(boss: Browser, client: httpx.AsyncClient, account: int) -> None:
    browser = await joined(client, boss, f"jo-{account}@example.com", role="analyst")
    foreign = form_token(await boss.look("/profile"))
    for path in ("/profile", "/profile/password", "/sessions/end-others", "/settings/users"):
        answer = await browser.ask("POST", path, data={"form_token": foreign, "name": "x", "email": "k@example.com"})
        assert answer.status_code == 403, path


async def test_a_key_still_signs_in_and_has_no_profile(caller: Caller) -> None:
    browser = Browser(caller.client)
    assert (await browser.sign_in(caller.key)).status_code == 303
    assert "You are signed in with an access key" in await browser.look("/profile")
    assert (await post(browser, "/sessions", "/profile", name="Key")).status_code == 404
    assert "No users yet" in await browser.look("/settings/users")
