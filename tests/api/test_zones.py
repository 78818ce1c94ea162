"""A time zone that is accepted once is accepted everywhere: also in the links that reports hand out."""

import asyncio
import re
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


async def refusals(caller: Caller, zone: str, ledger_url: str, code: str, folder: Path) -> dict[str, str]:
    """What each door that takes a zone says about one: the refusal, or an empty text."""
    bodies: dict[str, tuple[str, str, Any]] = {
        "campaign": ("PUT", "campaigns/spring", {"zone": zone}),
        "agent": ("PUT", "agents/ada", {"zone": zone}),
        "calendar": ("PUT", "calendars/closers", {"zone": zone, "hours": {"monday": ["09:00-17:00"]}}),
        "hook": ("POST", "hooks", {"dialer": "vicidial", "campaign": "spring", "zone": zone}),
        "lead": ("POST", "leads", {"external_id": "l", "received_at": "2026-03-01T09:00:00Z", "time_zone": zone}),
        "account": ("PATCH", "account", {"zone": zone}),
    }
    answers = {name: await caller.send(how, path, json=body) for name, (how, path, body) in bodies.items()}
    answers["report"] = await caller.send("GET", "reports", params={"metrics": "attempts", "tz": zone})
    sentences = {name: sentence_in(answer.text) for name, answer in answers.items()}
    file, mapping = folder / "zones.csv", folder / "zones.toml"
    file.write_text("id,at\n1,2026-03-03 09:00\n")
    mapping.write_text(MAPPING.replace("[times]", f"[times]\nzone = {zone!r}"))
    imported = ("import", "attempts", str(file), "--mapping", str(mapping), "--account", code, "--restart")
    commands_with_zones = {
        "account set": ("account", "set", code, "--zone", zone),
        "account create": ("account", "create", f"{code}-{zone}", "--zone", zone),
        "mapping": imported,
        "import": (*imported[:4], str(plain_mapping(folder)), *imported[5:], "--zone", zone),
    }
    for name, arguments in commands_with_zones.items():
        sentences[name] = await asyncio.to_thread(said_by, ledger_url, arguments)
    return sentences


def plain_mapping(folder: Path) -> Path:
    mapping = folder / "plain.toml"
    mapping.write_text(MAPPING)
    return mapping


def said_by(ledger_url: str, arguments: tuple[str, ...]) -> str:
    result = CliRunner(env={"CALLTALLY_DATABASE_URL": ledger_url, "COLUMNS": "400"}).invoke(commands, arguments)
    return sentence_in(f"{result.output} {result.exception or ''}") if result.exit_code else ""


def sentence_in(text: str) -> str:
    """The sentence about a zone in a refusal."""
    match = re.search(r"must (?:be an IANA time zone|name a place)[^\"\n]*", text)
    return match[0].strip() if match else ""


@pytest.mark.parametrize(
    ("zone", "sentence"),
    [
        *((zone, "") for zone in ZONES),
        ("Europe/Berln", "must be an IANA time zone; did you mean Europe/Berlin?"),
        ("localtime", "must be an IANA time zone, such as America/New_York"),
        ("UTC+2", "must name a place, such as Europe/Berlin: an offset does not follow summer time"),
    ],
)
async def test_every_door_says_the_same_about_a_zone(
    zone: str, sentence: str, ledger_url: str, owner: Owner, caller: Caller, tmp_path: Path
) -> None:
    code = await owner.fetchval("SELECT code FROM accounts WHERE account_id = $1", caller.account_id)
    sentences = await refusals(caller, zone, ledger_url, code, tmp_path)
    assert sentences == dict.fromkeys(sentences, sentence)
    assert len(sentences) == 11
