"""Reports by attributes of leads: declared, asked for, withheld where few leads have a value, and withdrawn."""

import asyncio
import csv
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.api.conftest import Caller, NewCaller
from tests.conftest import Owner
from tests.ledger import broken_histories
from tests.make import at, attempt, disposition, lead

DAY = {"from": "2026-03-02", "to": "2026-03-03"}
BY = "attribute:industry"
# 12 banks, 20 shops and 14 leads of whom nothing is known; 3 farms, and 11 zoos, which the account does not list.
SENT = {"Bank": 12, "Shop": 20, None: 14, "Farm": 3, "Zoo": 11}
INDUSTRY = {"title": "Industry", "values": ["Bank", "Shop", "Farm"]}
SALE = {"result": "sale", "answered_by": "human", "handled": "agent", "party": "right_party"}


def leads() -> list[dict[str, Any]]:
    industries = [industry for industry, count in SENT.items() for _ in range(count)]
    return [
        lead(f"lead-{number}", attributes={"industry": industry, "staff": number} if industry else None)
        for number, industry in enumerate(industries)
    ]


def calls() -> list[dict[str, Any]]:
    """Ada calls every lead, and Bo calls the first bank again."""
    count = sum(SENT.values())
    of_ada = [attempt(f"c{number}", agent="ada", lead=f"lead-{number}", ended_at=at(9)) for number in range(count)]
    return [*of_ada, attempt("again", agent="bo", lead="lead-0", ended_at=at(9))]


@pytest.fixture
async def manager(caller: Caller) -> Caller:
    """An account that reports by industry; the first three banks bought."""
    await caller.put("disposition-codes/SALE", SALE)
    await caller.put("lead-attributes/industry", INDUSTRY, 201)
    await caller.post("leads", leads())
    await caller.post("attempts", calls())
    await caller.post("dispositions", [disposition(f"c{number}") for number in range(3)])
    return caller


def by_industry(report: dict[str, Any], metric: str) -> dict[str | None, float | None]:
    return {group["group"][BY]: group["cells"][metric]["value"] for group in report["groups"]}


def faults(problem: dict[str, Any]) -> dict[str, str]:
    return {fault["pointer"]: fault["message"] for fault in problem["errors"]}


async def follow(caller: Caller, link: str, status: int = 200) -> Any:
    answer = await caller.send("GET", link.removeprefix("/v1/"))
    assert answer.status_code == status, answer.text
    return answer.json()


# Declarations --------------------------------------------------------------------------------------------------------


async def test_an_attribute_is_declared_read_changed_listed_and_withdrawn(caller: Caller, owner: Owner) -> None:
    created = await caller.put("lead-attributes/industry", INDUSTRY, 201)
    assert created.pop("status") == "created"
    assert created.pop("recorded_at")
    assert created == {"name": "industry", **INDUSTRY, "bands": None, "fewest_leads": 10}
    assert (await caller.put("lead-attributes/industry", INDUSTRY, 200))["status"] == "unchanged"
    changed = {"bands": [0, 18.5, 65], "fewest_leads": 5}
    assert (await caller.put("lead-attributes/industry", changed, 200))["status"] == "updated"
    read = await caller.get("lead-attributes/industry")
    assert (read["values"], read["bands"], read["title"], read["unlisted"]) == (None, [0, 18.5, 65], None, [])
    await caller.put("lead-attributes/age", {}, 201)
    first = await caller.get("lead-attributes", limit=1)
    assert ([item["name"] for item in first["items"]], first["next"]) == (["age"], "age")
    assert (await caller.delete("lead-attributes/age"))["name"] == "age"
    assert [item["name"] for item in (await caller.get("lead-attributes"))["items"]] == ["industry"]
    assert (await caller.send("DELETE", "lead-attributes/age")).status_code == 404
    await caller.get("lead-attributes/age", 404)
    assert not await broken_histories(owner, caller.account_id)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"values": []}, "/values"),
        ({"values": ["Bank", "Bank"]}, "/values/1"),
        ({"values": ["other"]}, "/values/0"),
        ({"values": ["Bank"], "bands": [1]}, "/bands"),
        ({"bands": [65, 18]}, "/bands/1"),
        ({"bands": ["18"]}, "/bands/0"),
        ({"fewest_leads": 1}, "/fewest_leads"),
        ({"fewest_leads": "10"}, "/fewest_leads"),
        ({"kind": "text"}, "/kind"),
    ],
)
async def test_a_faulty_declaration_is_refused(caller: Caller, body: dict[str, Any], fault: str) -> None:
    assert fault in faults(await caller.put("lead-attributes/industry", body, 422))


async def test_names_that_a_breakdown_could_not_spell_are_refused(caller: Caller) -> None:
    for name in ("a,b", "a:b", "%20a"):
        assert "name" in faults(await caller.put(f"lead-attributes/{name}", {}, 400))


async def test_only_keys_that_may_configure_declare_attributes(caller: Caller, new_caller: NewCaller) -> None:
    reader = await new_caller(caller.account_id, scopes=["reports"])
    await reader.put("lead-attributes/industry", INDUSTRY, 403)
    await caller.put("lead-attributes/industry", INDUSTRY, 201)
    assert (await reader.get("lead-attributes/industry"))["title"] == "Industry"
    assert (await reader.send("DELETE", "lead-attributes/industry")).status_code == 403


async def test_values_that_many_leads_have_and_nobody_listed_are_named(manager: Caller) -> None:
    assert (await manager.get("lead-attributes/industry"))["unlisted"] == [{"value": "Zoo", "leads": 11}]
    await manager.put("lead-attributes/industry", INDUSTRY | {"fewest_leads": 12}, 200)
    assert (await manager.get("lead-attributes/industry"))["unlisted"] == []


# Reports -------------------------------------------------------------------------------------------------------------


async def test_a_report_by_an_attribute_withholds_small_values_and_one_more(manager: Caller) -> None:
    metrics = "leads,attempts,conv_per_lead,contact_rate_per_lead"
    report = await manager.get("reports", metrics=metrics, by=BY, **DAY)
    # Three farms are too few. Alone they would be the total less the others: the next smallest goes with them.
    assert by_industry(report, "leads") == {"Bank": 12, "Shop": 20, "Farm": None, "other": None, None: 14}
    assert by_industry(report, "attempts") == {"Bank": 13, "Shop": 20, "Farm": None, "other": None, None: 14}
    assert by_industry(report, "conv_per_lead") == {"Bank": 0.25, "Shop": 0, "Farm": None, "other": None, None: 0}
    assert (report["total"]["leads"]["value"], report["total"]["attempts"]["value"]) == (60, 61)
    farm = report["groups"][2]
    assert farm["group"] == {BY: "Farm"}
    for cell in farm["cells"].values():
        assert cell.pop("withheld") is True
        cell.pop("rows")
        assert set(cell.values()) == {None}
    assert not report["total"]["leads"]["withheld"]
    assert any("fewer than 10 leads" in note for note in report["notes"])


async def test_rows_and_filters_withhold_what_the_report_withholds(manager: Caller) -> None:
    report = await manager.get("reports", metrics="conv_per_lead", by=BY, **DAY)
    bank, _, farm, other, unknown = (group["cells"]["conv_per_lead"]["rows"] for group in report["groups"])
    rows = await follow(manager, bank["denominator"])
    assert (rows["count"], {row["lead"] for row in rows["items"]}) == (12, {f"lead-{n}" for n in range(12)})
    assert (await follow(manager, unknown["denominator"]))["count"] == 14
    for hidden in (farm, other):
        problem = await follow(manager, hidden["denominator"], 400)
        assert "fewer than 10 leads" in faults(problem)[BY]
    # Banks and farms together, less the banks, would be the farms.
    problem = await manager.get("reports/rows", 400, metric="leads", **{BY: ["Bank", "Farm"]}, **DAY)
    assert BY in faults(problem)
    for values in ("Farm", "other", ["Shop", "Farm"], ["Bank", "Shop", "", "other"]):
        filtered = await manager.get("reports", metrics="leads,attempts", by="agent", **{BY: values}, **DAY)
        assert [filtered["total"][name]["value"] for name in ("leads", "attempts")] == [None, None]
        assert (filtered["groups"], filtered["counted"], filtered["excluded"]) == ([], {}, {})
    shops = await manager.get("reports", metrics="leads,attempts", by="agent", **{BY: "Shop"}, **DAY)
    assert (shops["total"]["leads"]["value"], shops["filters"]) == (20, {BY: ["Shop"]})
    assert (await manager.get("reports", metrics="leads", **{BY: ["Bank", "Shop"]}, **DAY))["total"]["leads"]["n"] == 32


async def test_finer_groups_and_earlier_periods_give_no_small_group_away(manager: Caller) -> None:
    report = await manager.get("reports", metrics="attempts", by=f"{BY},agent", **DAY)
    shown = {(g["group"][BY], g["group"]["agent"]): g["cells"]["attempts"]["value"] for g in report["groups"]}
    # Bo called one bank. Banks are withheld for Ada as well: all calls to banks are known, those of Ada are not.
    assert shown == {("Shop", "ada"): 20, (None, "ada"): 14}
    for agent in ("ada", "bo"):
        narrowed = await manager.get("reports", metrics="attempts", by=BY, agent=agent, **DAY)
        assert "Bank" not in by_industry(narrowed, "attempts")
    later = {"from": "2026-03-03", "to": "2026-03-04", "compare": "previous"}
    compared = await manager.get("reports", metrics="attempts", by=BY, curves="all", benchmarks="all", **later)
    previous = {group["group"][BY]: group["cells"]["attempts"]["previous"] for group in compared["groups"]}
    assert {name: value for name, value in previous.items() if value} in ({}, {"Bank": 13, "Shop": 20, None: 14})


async def test_files_and_pages_show_no_withheld_number(manager: Caller) -> None:
    parameters = {"metrics": "leads,attempts", "by": BY, **DAY}
    answer = await manager.send("GET", "reports", params=parameters | {"format": "csv"})
    farm = next(row for row in csv.DictReader(io.StringIO(answer.text)) if row[BY] == "Farm")
    assert (farm["leads"], farm["leads_n"], farm["leads_withheld"]) == ("", "", "true")
    parquet = await manager.send("GET", "reports", params=parameters | {"format": "parquet"})
    table = pl.read_parquet(io.BytesIO(parquet.content)).filter(pl.col(BY) == "Farm")
    assert table["attempts"].to_list() == [None]
    assert (await manager.send("GET", "reports", params=parameters | {"format": "xlsx"})).status_code == 200
    await manager.client.post("/sign-in", data={"key": manager.key})
    page = await manager.client.get("/look/lead-response", params={"by": BY, "sort": f"-{BY}", **DAY})
    assert page.status_code == 200
    assert "withheld" in page.text
    assert "Industry" in page.text
    assert "Industry" in (await manager.client.get("/definitions")).text


async def test_presets_leave_out_what_has_no_lead(manager: Caller) -> None:
    outbound = await manager.get("reports/outbound", by=BY, **DAY)
    assert "marketing_roi_linear" not in outbound["total"]
    assert any("Marketing ROI" in note for note in outbound["notes"])
    assert by_industry(outbound, "conv_per_lead")["Bank"] == 0.25
    problem = await manager.get("reports/agent-time", 400, by=BY, **DAY)
    assert "attribute:industry: not all of its rows belong to a lead" in str(faults(problem))
    assert "by" in faults(await manager.get("reports", 400, metrics="agent_hours", by=BY, **DAY))
    assert "stratify" in faults(await manager.get("reports", 400, metrics="leads", by=BY, stratify="agent", **DAY))


async def test_undeclared_attributes_and_unlisted_values_are_refused(manager: Caller) -> None:
    assert "by" in faults(await manager.get("reports", 400, metrics="leads", by="attribute:staff", **DAY))
    for path, more in (("reports", {"metrics": "leads"}), ("reports/rows", {"metric": "leads"})):
        assert "attribute:staff" in faults(await manager.get(path, 400, **more, **{"attribute:staff": "1"}, **DAY))
        assert BY in faults(await manager.get(path, 400, **more, **{BY: "Zoo"}, **DAY))
    await manager.delete("lead-attributes/industry")
    assert "by" in faults(await manager.get("reports", 400, metrics="leads", by=BY, **DAY))


async def test_numbers_fall_into_bands_and_texts_into_other(manager: Caller) -> None:
    await manager.put("lead-attributes/staff", {"bands": [13, 30.5], "fewest_leads": 2}, 201)
    odd = [lead(f"odd-{n}", attributes={"staff": text}) for n, text in enumerate(("12 or so", "NaN", " 12 ", "1e999"))]
    await manager.post("leads", odd)
    report = await manager.get("reports", metrics="leads", by="attribute:staff", **DAY)
    assert {group["group"]["attribute:staff"]: group["cells"]["leads"]["value"] for group in report["groups"]} == {
        # Leads 0 to 31 and 46 to 59 have their number; 32 to 45 have nothing.
        "under 13": 13 + 1,
        "13 to under 30.5": 18,
        "30.5 or more": 1 + 14,
        "other": 3,
        None: 14,
    }


async def test_any_text_is_a_value_without_list_and_bands(manager: Caller) -> None:
    await manager.put("lead-attributes/industry", {}, 200)
    report = await manager.get("reports", metrics="leads", by=BY, **DAY)
    assert by_industry(report, "leads") == {"Bank": 12, "Shop": 20, "Farm": None, "Zoo": None, None: 14}


# History -------------------------------------------------------------------------------------------------------------


async def test_a_changed_attribute_and_a_changed_declaration_are_in_the_next_report(manager: Caller) -> None:
    before = (await manager.get("reports", metrics="leads", by=BY, **DAY))["watermark"]
    await manager.post("leads", lead("lead-0", attributes={"industry": "Shop"}, observed_at=at(60)))
    report = await manager.get("reports", metrics="leads,attempts", by=BY, **DAY)
    assert [by_industry(report, name)["Shop"] for name in ("leads", "attempts")] == [21, 22]
    await manager.put("lead-attributes/industry", INDUSTRY | {"fewest_leads": 2}, 200)
    assert by_industry(await manager.get("reports", metrics="leads", by=BY, **DAY), "leads")["Farm"] == 3
    await manager.delete("lead-attributes/industry")
    then = await manager.get("reports", metrics="leads,attempts", by=BY, as_of=before, **DAY)
    assert [by_industry(then, name)["Shop"] for name in ("leads", "attempts")] == [20, 20]
    assert by_industry(then, "leads")["Farm"] is None


async def test_an_erased_lead_has_no_attributes_in_any_report(manager: Caller) -> None:
    before = (await manager.get("reports", metrics="leads", by=BY, **DAY))["watermark"]
    await manager.post("erasures", {"lead": "lead-12"}, 201)
    for more in ({}, {"as_of": before}):
        report = await manager.get("reports", metrics="leads", by=BY, **DAY, **more)
        assert by_industry(report, "leads")["Shop"] == 19
        assert report["total"]["leads"]["value"] == 60


async def test_the_command_takes_attributes(manager: Caller, owner: Owner, ledger_url: str, folder: Path) -> None:
    account = await owner.fetchval("SELECT code FROM accounts WHERE account_id = $1", manager.account_id)
    window = ["--from", DAY["from"], "--to", DAY["to"], "--account", account]
    asking = [sys.executable, "-m", "service", "report", "--metrics", "leads", *window, "--format", "csv"]
    environment = os.environ | {"CALLTALLY_DATABASE_URL": ledger_url, "CALLTALLY_HOME": str(folder / "attributes")}

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [*asking, *arguments]
        return subprocess.run(command, env=environment, capture_output=True, check=False, text=True, timeout=60)

    banks = await asyncio.to_thread(run, "--attribute", "industry:Bank", "--by", BY)
    assert [row["leads"] for row in csv.DictReader(io.StringIO(banks.stdout)) if row[BY] == "Bank"] == ["12"]
    faulty = await asyncio.to_thread(run, "--attribute", "Bank")
    assert (faulty.returncode, "industry:Bank" in faulty.stderr) == (2, True)
