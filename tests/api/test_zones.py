"""A time zone that is accepted once is accepted everywhere: also in the links that reports hand out."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from service.__main__ import commands
from tests.api.conftest import Caller, NewCaller
from tests.conftest import Owner
from tests.make import attempts, lead

ZONES = ["Japan", "US/Eastern", "Etc/GMT+5", "EST", "UTC"]
WEEK = {"from": "2026-03-01", "to": "2026-03-08"}
MAPPING = """
[times]
format = "%Y-%m-%d %H:%M"

[attempt]
external_id = { column = "id" }
campaign = { constant = "spring" }
dialed_at = { column = "at" }
"""


async def run(ledger_url: str, *arguments: str) -> None:
    """Run a command on the ledger of the tests."""

    def invoke() -> None:
        result = CliRunner(env={"CALLTALLY_DATABASE_URL": ledger_url}).invoke(commands, arguments)
        assert result.exit_code == 0, (result.output, result.exception)

    await asyncio.to_thread(invoke)


def row_links(report: Any) -> list[str]:
    """The links to rows that a report hands out, of its groups and of its total."""
    rows = [*(group["cells"] for group in report["groups"]), report["total"]]
    return [url for row in rows for cell in row.values() for url in cell["rows"].values() if url]


async def check_links(caller: Caller, zone: str, **question: str) -> None:
    """Every link of a report can be followed, and leads to rows in its zone."""
    report = await caller.get("reports", metrics="attempts,answer_rate", by="day", **WEEK, **question)
    assert report["zone"] == zone
    links = row_links(report)
    assert links
    for url in links:
        assert parse_qs(urlsplit(url).query)["tz"] == [zone]
        answer = await caller.send("GET", url.removeprefix("/v1/"))
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("zone", ZONES)
async def test_an_account_of_any_zone_can_follow_the_links_of_its_reports(
    zone: str, ledger_url: str, owner: Owner, new_caller: NewCaller
) -> None:
    await run(ledger_url, "account", "create", zone, "--zone", zone)
    caller = await new_caller(await owner.fetchval("SELECT account_id FROM accounts WHERE code = $1", zone))
    await caller.post("attempts", attempts(3, lead="lead-1"))
    await caller.post("leads", lead())
    await check_links(caller, zone)


@pytest.mark.parametrize("zone", ZONES)
async def test_campaigns_agents_calendars_hooks_and_imports_take_the_same_zones(
    zone: str, ledger_url: str, owner: Owner, caller: Caller, tmp_path: Path
) -> None:
    await caller.put("campaigns/spring", {"zone": zone})
    await caller.put("agents/ada", {"zone": zone})
    await caller.put("calendars/closers", {"zone": zone, "hours": {"monday": ["09:00-17:00"]}})
    await caller.post("hooks", {"dialer": "vicidial", "campaign": "spring", "zone": zone}, 201)
    code = await owner.fetchval("SELECT code FROM accounts WHERE account_id = $1", caller.account_id)
    file, mapping = tmp_path / "calls.csv", tmp_path / "mapping.toml"
    file.write_text("id,at\n1,2026-03-03 09:00\n")
    mapping.write_text(MAPPING)
    imported = ("attempts", str(file), "--mapping", str(mapping), "--zone", zone, "--account", code)
    await run(ledger_url, "import", *imported)
    await check_links(caller, zone, campaign="spring")
