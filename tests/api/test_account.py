"""The settings of an account: who may change them, and what follows at once."""

import asyncio

import pytest
from click.testing import CliRunner

from service.__main__ import commands
from tests.api.conftest import Caller, NewCaller
from tests.conftest import Owner
from tests.make import at, attempt, lead, spend

USUAL = {"zone": "UTC", "region": "US", "currency": "USD"}


async def test_zone_and_currency_affect_reports_at_once_and_the_region_only_later_numbers(
    caller: Caller, owner: Owner
) -> None:
    await caller.post("leads", lead("before", phone_number="030 123456"), 201)
    # 23:30 in UTC is the next day in Berlin.
    await caller.post("attempts", attempt(dialed_at=at(870)), 201)
    await caller.post("spend", spend(currency="EUR"), 201)
    days = {"metrics": "attempts", "by": "day", "from": "2026-03-01", "to": "2026-03-05"}
    assert [group["group"]["day"][:10] for group in (await caller.get("reports", **days))["groups"]] == ["2026-03-02"]
    assert {name: (await caller.get("account"))[name] for name in USUAL} == USUAL

    berlin = {"zone": "Europe/Berlin", "region": "DE", "currency": "EUR", "name": "Berlin"}
    answer = await caller.send("PATCH", "account", json=berlin)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in berlin} == berlin
    report = await caller.get("reports", **days)
    assert report["zone"] == "Europe/Berlin"
    assert [group["group"]["day"][:10] for group in report["groups"]] == ["2026-03-03"]
    assert (await caller.get("reports", metrics="marketing_cost", **{"from": "2026-03-01", "to": "2026-03-31"}))[
        "currency"
    ] == "EUR"
    await caller.post("leads", lead("after", phone_number="030 123456"), 201)
    rows = await owner.fetch(
        "SELECT external_id, phone_number FROM leads WHERE account_id = $1 ORDER BY 1", caller.account_id
    )
    assert [tuple(row) for row in rows] == [("after", "+4930123456"), ("before", "030 123456")]

    answer = await caller.send("PATCH", "account", json={"currency": "GBP"})
    assert (answer.json()["zone"], answer.json()["currency"]) == ("Europe/Berlin", "GBP")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"zone": "Europe/Berln"}, ["/zone"]),
        (
            {"zone": "+02:00", "region": "ZZ", "currency": "euro", "name": ""},
            ["/name", "/zone", "/region", "/currency"],
        ),
        ({"zone": None}, ["/zone"]),
        ({"code": "other"}, ["/code"]),
    ],
)
async def test_a_setting_that_cannot_be_is_refused_by_name(caller: Caller, body: object, pointers: list[str]) -> None:
    answer = await caller.send("PATCH", "account", json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers
    assert {name: (await caller.get("account"))[name] for name in USUAL} == USUAL


async def test_only_an_admin_changes_an_account_and_only_its_own(new_caller: NewCaller, owner: Owner) -> None:
    mine, theirs = await new_caller(), await new_caller()
    assert (await mine.send("PATCH", "account", json={"zone": "Japan"})).status_code == 200
    assert (await theirs.get("account"))["zone"] == "UTC"
    sender = await new_caller(mine.account_id, scopes=("configure",))
    assert (await sender.send("PATCH", "account", json={"zone": "UTC"})).status_code == 403
    assert (await sender.get("account"))["zone"] == "Japan"


async def test_commands_change_and_show_an_account(ledger_url: str, caller: Caller, owner: Owner) -> None:
    code = await owner.fetchval("SELECT code FROM accounts WHERE account_id = $1", caller.account_id)

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner(env={"CALLTALLY_DATABASE_URL": ledger_url}).invoke(commands, ("account", *arguments))
        return result.exit_code, result.output

    changed = await asyncio.to_thread(run, "set", code, "--zone", "US/Eastern", "--currency", "cad", "--region", "ca")
    assert changed == (0, f"Account {code}: name {code}, zone US/Eastern, region CA, currency CAD\n")
    assert await asyncio.to_thread(run, "show", code) == changed
    status, refusal = await asyncio.to_thread(run, "set", code, "--zone", "Europe/Berln", "--region", "xx")
    assert status == 2
    assert "--zone must be an IANA time zone; did you mean Europe/Berlin?" in " ".join(refusal.split())
    assert "--region must be a country with phone numbers" in " ".join(refusal.split())
    assert (await asyncio.to_thread(run, "set", code))[0] == 2
