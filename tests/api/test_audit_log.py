"""The audit log: sign-ins, exports, views of numbers and changes have an entry with their actor, and keep it."""

import csv
from io import BytesIO, StringIO
from typing import Any

import asyncpg
import httpx
import polars as pl
import pytest

from service.platform.db import Pool, account_transaction
from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.conftest import Owner
from tests.make import attempt, lead
from tests.pages.test_pages import Browser, form_token
from tests.pages.users import PASSWORD, browser_of

__all__ = ["caller", "client", "new_caller", "service"]

LINE = "+14155550100"
DAY = {"from": "2026-03-02", "to": "2026-03-03"}

Entry = dict[str, Any]


async def entries(caller: Caller, **filters: Any) -> list[Entry]:
    return (await caller.get("audit-log", **filters))["items"]


def seen(rows: list[Entry]) -> list[tuple[str, str, str]]:
    return [(row["action"], row["resource"], row["subject"]) for row in rows]


async def test_a_change_by_the_api_says_who_what_and_from_where(caller: Caller) -> None:
    await caller.put("campaigns/spring", {"name": "Spring", "zone": "Europe/Berlin"}, 201)
    await caller.put("campaigns/spring", {"name": "Spring 2026", "zone": "Europe/Berlin"}, 200)
    await caller.put("campaigns/spring", {"name": "Spring 2026", "zone": "Europe/Berlin"}, 200)
    changed, created = await entries(caller, resource="campaigns")
    assert (changed["actor"], changed["name"], changed["client"]) == ("key", caller.key[3:15], "127.0.0.1")
    assert (changed["action"], changed["subject"]) == ("change", "spring")
    assert changed["address"] == "PUT /v1/campaigns/spring"
    assert changed["changes"] == {"name": ["Spring", "Spring 2026"]}
    assert created["action"] == "create"
    assert created["changes"] == {
        "code": [None, "spring"],
        "name": [None, "Spring"],
        "zone": [None, "Europe/Berlin"],
        "confirmed": [None, True],
    }


async def test_every_kind_of_configuration_leaves_a_trail_and_no_secret(caller: Caller) -> None:
    await caller.post("attempts", attempt(agent="ada", source="web"))
    assert await entries(caller, resource="agents") == [], "a call that mentions a code configures nothing"
    for kind in ("sources", "agents", "disposition-codes"):
        await caller.put(f"{kind}/one", {"name": "One"}, 201)
    await caller.put("agents/ada", {"name": "Ada", "team": "north"}, 200)
    await caller.put(f"tracking-numbers/{LINE}", {"name": "Line"}, 201)
    held = {"from_at": "2026-03-01T00:00:00Z", "source": "one"}
    await caller.post(f"tracking-numbers/{LINE}/assignments", held, 201)
    await caller.delete(f"tracking-numbers/{LINE}/assignments/2026-03-01T00:00:00Z")
    await caller.put("calendars/north", {"zone": "UTC", "hours": {"monday": ["09:00-17:00"]}}, 201)
    await caller.put("targets/answer_rate", {"value": 0.5, "campaign": "spring"}, 201)
    await caller.put("lead-attributes/industry", {"title": "Industry"}, 201)
    rates = [{"base": "EUR", "quote": "USD", "on": f"2026-03-0{day}", "rate": "1.1"} for day in (1, 2)]
    await caller.put("exchange-rates", {"rates": rates}, 200)
    form = {"dialer": "twilio", "campaign": "spring", "secret": "a secret that is shared"}
    hook = await caller.post("hooks", form, 201)
    await caller.delete(f"hooks/{hook['id']}")
    await caller.send("PATCH", "account", json={"name": "Renamed"})
    rows = await entries(caller, limit=1000)
    changed = seen(rows)
    for expected in (
        ("create", "sources", "one"),
        ("change", "agents", "ada"),
        ("create", "tracking-numbers", LINE),
        ("create", "tracking-number-assignments", f"{LINE} 2026-03-01T00:00:00+00:00"),
        ("remove", "tracking-number-assignments", f"{LINE} 2026-03-01T00:00:00+00:00"),
        ("create", "calendars", "north"),
        ("create", "targets", "answer_rate campaign spring"),
        ("create", "lead-attributes", "industry"),
        ("create", "exchange-rates", "2"),
        ("create", "hooks", str(hook["id"])),
        ("change", "hooks", str(hook["id"])),
    ):
        assert changed.count(expected) == 1, (expected, changed)
    [renamed] = [row for row in rows if row["resource"] == "accounts" and row["action"] == "change"]
    assert renamed["changes"]["name"][1] == "Renamed"
    [made] = [row for row in rows if (row["action"], row["resource"]) == ("create", "hooks")]
    assert (made["changes"]["secret"], made["changes"]["token_sha256"]) == (None, None)
    text = str(rows)
    assert "a secret that is shared" not in text
    assert hook["url"].rpartition("/")[2] not in text


async def test_exports_and_views_of_whole_numbers_are_listed_and_other_views_are_not(
    caller: Caller, new_caller: NewCaller
) -> None:
    await caller.post("leads", lead("lead-1", phone_number="+14155550123"))
    await caller.post("attempts", attempt("call-1", lead="lead-1", to_number="+14155550123"))
    await caller.get("reports/calls", **DAY)
    await caller.send("GET", "reports/calls", params={**DAY, "format": "csv"})
    await caller.send("GET", "reports/rows", params={**DAY, "metric": "attempts", "format": "csv"})
    await caller.send("GET", "exports/attempts")
    browser, masked = Browser(caller.client), Browser(caller.client)
    await browser.sign_in(caller.key)
    few = await new_caller(caller.account_id, scopes=["reports", "rows"])
    await masked.sign_in(few.key)
    for reader in (browser, masked):
        await reader.look("/attempt?dialer=default&external_id=call-1")
        await reader.look("/lead?external_id=lead-1")
    rows = await entries(caller, name=caller.key[3:15])
    assert sorted(row for row in seen(rows) if row[0] in {"export", "see_numbers"}) == [
        ("export", "exports", "attempts"),
        ("export", "reports", "calls"),
        ("export", "rows", "attempts"),
        ("see_numbers", "attempts", "default call-1"),
        ("see_numbers", "leads", "lead-1"),
    ]
    assert [row["action"] for row in await entries(caller, name=few.key[3:15])] == ["sign_in"]


async def test_sign_ins_failed_ones_and_sign_outs_are_listed(
    caller: Caller, client: httpx.AsyncClient, owner: Owner
) -> None:
    email = f"eve-{caller.account_id}@example.com"
    browser = await browser_of(client, owner, caller.account_id, email, role="admin")
    failed = await Browser(client).ask("POST", "/sign-in", data={"email": email.upper(), "password": PASSWORD})
    assert failed.status_code == 401
    token = form_token(await browser.look("/overview"))
    await browser.ask("POST", "/sign-out", data={"form_token": token})
    rows = await entries(caller, resource="sessions")
    assert [(row["action"], row["actor"], (row["name"] or "").lower()) for row in rows] == [
        ("sign_out", "user", email),
        ("sign_in_failed", "unknown", email),
        ("sign_in", "user", email),
    ]
    [joined] = [row for row in await entries(caller, resource="users") if row["action"] == "create"]
    assert (joined["subject"], joined["changes"]["role"]) == (email, [None, "admin"])


async def test_the_log_is_read_in_pages_with_filters_and_as_a_file(caller: Caller, new_caller: NewCaller) -> None:
    for number in range(5):
        await caller.put(f"sources/=s{number}", {"name": "x"}, 201)
    first = await caller.get("audit-log", resource="sources", limit=3)
    assert [row["subject"] for row in first["items"]] == ["=s4", "=s3", "=s2"]
    rest = await caller.get("audit-log", resource="sources", limit=3, after=first["next"])
    assert ([row["subject"] for row in rest["items"]], rest["next"]) == (["=s1", "=s0"], None)
    assert await entries(caller, resource="sources", **{"from": "2026-01-01", "to": "2026-01-02"}) == []
    wrong = await caller.get("audit-log", 400, action="stole", resource="cash", **{"from": "soon"})
    assert [fault["pointer"] for fault in wrong["errors"]] == ["action", "resource", "from"]
    answer = await caller.send("GET", "audit-log", params={"resource": "sources", "format": "csv"})
    lines = list(csv.DictReader(StringIO(answer.text)))
    assert [line["subject"] for line in lines] == [f"'=s{number}" for number in (4, 3, 2, 1, 0)]
    workbook = await caller.send("GET", "audit-log", params={"resource": "sources", "format": "xlsx"})
    sheet = pl.read_excel(BytesIO(workbook.content), infer_schema_length=0)
    assert sheet["subject"].to_list() == [f"=s{number}" for number in (4, 3, 2, 1, 0)]
    assert seen(await entries(caller, action="export")) == [("export", "audit-log", "")] * 2
    assert (await (await new_caller()).get("audit-log", resource="sources"))["items"] == []
    reporting = await new_caller(caller.account_id, scopes=["reports", "configure"])
    await reporting.get("audit-log", 403)


async def test_the_page_shows_the_log_and_marks_a_wrong_filter(caller: Caller) -> None:
    await caller.put("campaigns/spring", {"name": "Spring"}, 201)
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    page = await browser.look("/settings/audit-log?resource=campaigns")
    assert "Created: Campaign" in page
    assert f"API key {caller.key[3:15]}" in page
    assert "Name: Spring" in page
    assert "/v1/audit-log?resource=campaigns&amp;format=xlsx" in page
    wrong = await browser.look("/settings/audit-log?from=soon", 422)
    assert 'aria-invalid="true"' in wrong
    assert 'value="soon"' in wrong
    assert "Nothing in the log matches" in await browser.look("/settings/audit-log?name=nobody")


async def test_entries_can_be_added_and_nothing_else(caller: Caller, pool: Pool, owner: Owner) -> None:
    await caller.put("campaigns/spring", {"name": "Spring"}, 201)
    account = caller.account_id
    for statement in ("UPDATE audit_log SET name = 'x'", "DELETE FROM audit_log"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with account_transaction(pool, account) as connection:
                await connection.execute(statement)
    async with account_transaction(pool, account) as connection:
        gone = await connection.fetch("SELECT id FROM forget_audit_log($1, now(), 1000)", account)
        assert gone == [], "not even the retention reaches the last year"
        before = await connection.fetchval("SELECT count(*) FROM audit_log")
    old = "UPDATE audit_log SET recorded_at = now() - interval '400 days' WHERE account_id = $1"
    await owner.execute(old, account)
    async with account_transaction(pool, account) as connection:
        gone = await connection.fetch("SELECT id FROM forget_audit_log($1, now(), 1000)", account)
    assert len(gone) == before > 0


async def test_a_change_that_fails_leaves_no_entry(caller: Caller, pool: Pool) -> None:
    before = len(await entries(caller))
    async with account_transaction(pool, caller.account_id) as connection:
        undone = connection.transaction()
        await undone.start()
        await connection.execute("UPDATE accounts SET name = 'gone'")
        assert await connection.fetchval("SELECT count(*) FROM audit_log") == before + 1
        await undone.rollback()
    assert len(await entries(caller)) == before
