"""Asking for reports over HTTP and on the command line: what is answered, in which form, and what is refused."""

import asyncio
import csv
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from reports.catalogue.catalogue import catalogue
from reports.catalogue.presets import PRESETS
from service.errors import Busy
from service.platform.concurrency_limit import ConcurrencyLimit
from tests.api.conftest import Caller, NewCaller
from tests.conftest import Owner
from tests.make import at, attempt, disposition

MONDAY = {"from": "2026-03-02", "to": "2026-03-03"}
SALE = {"result": "sale", "answered_by": "human", "handled": "agent", "party": "right_party"}


@pytest.fixture
async def manager(caller: Caller) -> Caller:
    """An account with a morning of calls: ada sold one of two to the web's leads, bo reached nobody."""
    await caller.put("disposition-codes/SALE", SALE)
    await caller.put("agents/ada", {"team": "north"})
    calls = [
        attempt("c1", agent="ada", lead="l1", source="web", talk_seconds=120, ended_at=at(10)),
        attempt("c2", agent="ada", lead="l2", source="web", network_result="busy", ended_at=at(10)),
        attempt("c3", agent="bo", lead="l1", network_result="no_answer", ended_at=at(10)),
        attempt("t1", agent="bo", test=True),
    ]
    await caller.post("attempts", calls)
    await caller.post("dispositions", disposition("c1"))
    return caller


async def test_a_preset_answers_each_metric_per_group_and_in_all(manager: Caller) -> None:
    report = await manager.get("reports/calls", **MONDAY, by="agent,source")
    assert report["asked"] == list(PRESETS["calls"].metrics)
    assert [group["group"] for group in report["groups"]] == [
        {"agent": "ada", "source": "web"},
        {"agent": "bo", "source": None},
    ]
    sales = report["groups"][0]["cells"]["conv_per_attempt"]
    assert (sales["value"], sales["numerator"], sales["denominator"]) == (0.5, 1, 2)
    assert sales["ci_low"] < 0.5 < sales["ci_high"]
    leads = report["total"]["conv_per_lead"]
    assert (leads["numerator"], leads["denominator"]) == (1, 2)
    calls = {"test": 1, "open": 0, "unmapped": 0, "undisposed": 2, "unattributed": 1}
    calls |= {"spam": 0, "person_assumed": 0, "lead_by_number": 0, "no_lead": 0}
    assert report["excluded"] == {**calls, "pursuits_test": 0, "pursuits_later": 0}
    assert (report["from"], report["to"], report["zone"]) == (
        "2026-03-02T00:00:00+00:00",
        "2026-03-03T00:00:00+00:00",
        "UTC",
    )


async def test_metrics_of_ones_choice(manager: Caller) -> None:
    report = await manager.get("reports", **MONDAY, metrics="human_rate,attempts", team="north")
    assert list(report["total"]) == ["human_rate", "attempts"]
    assert (report["preset"], report["groups"], report["filters"]) == (None, [], {"team": ["north"]})
    assert report["total"]["attempts"]["value"] == 2


@pytest.mark.parametrize(
    ("parameters", "accept"),
    [({"format": "csv"}, "application/json"), ({}, "text/csv"), ({}, "application/json;q=0.5, text/csv")],
)
async def test_csv_for_those_who_ask_for_it(manager: Caller, parameters: dict[str, str], accept: str) -> None:
    answer = await manager.send(
        "GET", "reports/outbound", params={**MONDAY, "by": "agent", **parameters}, headers={"Accept": accept}
    )
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="calltally-outbound-2026-03-02.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["row_type"], row["agent"], row["attempts"]) for row in rows] == [
        ("group", "ada", "2"),
        ("group", "bo", "1"),
        ("total", "", "3"),
    ]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html", "application/*"])
async def test_json_for_everybody_else(manager: Caller, accept: str) -> None:
    answer = await manager.send("GET", "reports/outbound", params=MONDAY, headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("application/json")


async def test_everything_wrong_with_a_question_is_told_at_once(manager: Caller) -> None:
    problem = await manager.get(
        "reports",
        400,
        metrics="anser_rate",
        by="agnt",
        tz="UTC+1",
        campaign="nowhere",
        **{"from": "2026-03-01T09:00:00"},
    )
    assert problem["type"].endswith("/invalid-parameter")
    assert {(fault["pointer"], fault["message"]) for fault in problem["errors"]} == {
        ("metrics", "'anser_rate' is not a metric; did you mean answer_rate?"),
        ("by", "'agnt' is not a dimension; did you mean agent?"),
        ("tz", "must name a place, such as Europe/Berlin: an offset does not follow summer time"),
        ("campaign", "there is no campaign 'nowhere' in this account"),
        ("from", "needs an offset from UTC, such as 2026-03-01T09:30:00+01:00"),
    }


@pytest.mark.parametrize(
    ("path", "parameters", "pointer"),
    [
        ("reports/outbound", {"flavour": "mild"}, "flavour"),
        ("reports/outbound", {"metrics": "attempts"}, "metrics"),
        ("reports", {}, "metrics"),
        ("reports/outbound", {"format": "xls"}, "format"),
        ("reports/outbound", {"format": ["csv", "json"]}, "format"),
        ("reports/outbound", {"to": ["2026-03-01", "2026-03-02"]}, "to"),
        ("reports/outbound", {"as_of": "2999-01-01T00:00:00Z"}, "as_of"),
        ("reports/outbound", {"from": "2026-03-03", "to": "2026-03-02"}, "to"),
        ("metrics", {"name": "attempts"}, "name"),
    ],
)
async def test_what_cannot_be_answered_names_its_parameter(
    caller: Caller, path: str, parameters: dict[str, Any], pointer: str
) -> None:
    problem = await caller.get(path, 400, **parameters)
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]


async def test_another_accounts_codes_and_calls_are_nobodys(manager: Caller, new_caller: NewCaller) -> None:
    stranger = await new_caller()
    problem = await stranger.get("reports/outbound", 400, **MONDAY, agent="ada")
    assert problem["errors"] == [{"pointer": "agent", "message": "there is no agent 'ada' in this account"}]
    assert (await stranger.get("reports/outbound", **MONDAY))["total"]["attempts"]["value"] == 0
    assert (await manager.get("reports/outbound", **MONDAY))["total"]["attempts"]["value"] == 3


async def test_a_key_needs_the_scope_for_reports(new_caller: NewCaller) -> None:
    dialer = await new_caller(scopes=["ingest"])
    for path in ("reports/outbound", "reports", "metrics", "metrics/attempts"):
        await dialer.get(path, 403)


async def test_a_correction_shows_after_it_and_not_before(manager: Caller, owner: Owner) -> None:
    before = await owner.fetchval("SELECT clock_timestamp()")
    await manager.put("disposition-codes/NO", {**SALE, "result": "not_interested"})
    await manager.post("dispositions", disposition("c1", code="NO", set_at=at(60)))
    now = await manager.get("reports/calls", **MONDAY)
    then = await manager.get("reports/calls", **MONDAY, as_of=before.isoformat())
    assert (then["total"]["conv_per_attempt"]["numerator"], now["total"]["conv_per_attempt"]["numerator"]) == (1, 0)
    assert datetime.fromisoformat(then["as_of"]) == before < datetime.fromisoformat(now["as_of"]) <= datetime.now(UTC)


async def test_the_catalogue_tells_what_every_number_means(caller: Caller) -> None:
    listed = (await caller.get("metrics"))["items"]
    assert [entry["name"] for entry in listed] == list(catalogue())
    entry = await caller.get("metrics/dial_efficiency")
    assert entry in listed
    assert entry["meaning"] == "Share of the calls that went out in which an agent spoke with a person."
    assert (entry["unit"], entry["version"], entry["anchor"]) == ("ratio", 3, "dialed_at")
    assert "Edge cases:" in entry["definition"]
    assert "source" in entry["dimensions"]


async def test_what_does_not_exist_is_not_found(caller: Caller) -> None:
    assert "outbound" in (await caller.get("reports/inbound", 404))["detail"]
    assert "/v1/metrics" in (await caller.get("metrics/connect_rate", 404))["detail"]


async def test_too_many_reports_at_once_are_told_to_come_back(
    caller: Caller, service: tuple[Litestar, httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    state, limit = service[0].state, ConcurrencyLimit(at_once=1, most_waiting=0)
    monkeypatch.setitem(state, "services", replace(state.services, report_limit=limit))
    async with limit.slot():
        answer = await caller.send("GET", "reports/outbound")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    await caller.get("reports/outbound")


async def test_turns_are_taken_in_order_and_given_back_after_a_failure() -> None:
    turns, taken = ConcurrencyLimit(at_once=1, most_waiting=1), asyncio.Event()

    async def fail() -> None:
        async with turns.slot():
            taken.set()
            raise ZeroDivisionError

    async with turns.slot():
        waiting = asyncio.create_task(fail())
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            async with turns.slot():
                raise AssertionError
        assert not taken.is_set()
    with pytest.raises(ZeroDivisionError):
        await waiting
    async with turns.slot():
        pass


def calltally(url: str, *arguments: str, code: int = 0) -> str:
    """What `calltally report` prints, or says when it refuses."""
    done = subprocess.run(
        [sys.executable, "-m", "service", "report", *arguments],
        env=os.environ | {"CALLTALLY_DATABASE_URL": url},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


async def test_the_command_prints_what_the_service_answers(
    manager: Caller, owner: Owner, ledger_url: str, folder: Path
) -> None:
    account = await owner.fetchval("SELECT code FROM accounts WHERE account_id = $1", manager.account_id)
    command_line = ("outbound", "--by", "agent", "--from", "2026-03-02", "--to", "2026-03-03", "--account", account)
    text = calltally(ledger_url, *command_line)
    assert "Outbound sales by agent" in text
    assert "Mon 2026-03-02 00:00 to Tue 2026-03-03 00:00 (UTC)" in text
    assert "50%" in text
    assert "3 calls counted. Excluded: 1 marked as test." in text

    file = folder / "monday.csv"
    calltally(ledger_url, *command_line, "--output", str(file))
    answer = await manager.send("GET", "reports/outbound", params={**MONDAY, "by": "agent", "format": "csv"})
    numbers = [[row[name] for name in row if name not in {"as_of", "watermark"}] for row in _rows(file.read_text())]
    assert numbers == [[row[name] for name in row if name not in {"as_of", "watermark"}] for row in _rows(answer.text)]

    assert '"preset":"outbound"' in calltally(ledger_url, *command_line, "--format", "json")
    refusal = calltally(ledger_url, *command_line, "--agent", "nobody", "--tz", "moon", code=2)
    assert "--agent there is no agent 'nobody' in this account" in refusal
    assert "--tz must be an IANA time zone" in refusal
    assert "Name a report (outbound" in calltally(ledger_url, code=2)


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))
