"""Composed calls, delivered over HTTP in any order and more than once, end in the numbers that each case says.

A case is a file `cases/VENDOR-NAME.jsonl`. Its first line says what happened and what is right, worked by hand:

- `note`: the call in one sentence. `vendor`: the dialer.
- `before`: requests of the account, by method and path: `{"POST /v1/leads": {...}}`. A list is sent item by item.
- `hook`: further fields of `POST /v1/hooks`. `report`: further parameters of `GET /v1/reports`.
- `ordered`: true if the order of deliveries is part of the case, as for two changes within one second.
- `want.metrics`: values of the whole report by metric; `inbound_calls` is the number of inbound calls that count.
- `want.attempts`, `want.inbound`: the counted rows of the ledger by external_id, with the columns that matter here;
  `talk_seconds` stands for `talk_ms`.

Each following line is one delivery, `{query, body}`, as the vendor sends it: a form for Twilio, a GET without a body
for VICIdial, else JSON.
"""

import json
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from litestar import Litestar

from service.dialers import Delivery
from tests.api.conftest import Caller, NewCaller, new_caller, running
from tests.conftest import Owner
from tests.dialers.deliveries import SECRET
from tests.dialers.signing import SIGNERS, signed

__all__ = ["new_caller"]

CASES = sorted((Path(__file__).parent / "cases").glob("*.jsonl"))
ROOT = "https://calls.example.com"
# The calls of a case, and those without a time of their own, which count from when they arrive.
SPAN = {"from": "2026-01-01", "to": (datetime.now(UTC) + timedelta(days=2)).date().isoformat()}
COUNTED = {
    "attempts": "SELECT * FROM attempts WHERE account_id = $1 AND dialed_at IS NOT NULL",
    "inbound": "SELECT * FROM inbound_calls WHERE account_id = $1 AND arrived_at IS NOT NULL AND test IS NOT TRUE",
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A case: its first line, and its deliveries in order."""

    name: str
    first: Row
    lines: list[Row]

    @property
    def vendor(self) -> str:
        """The dialer that delivers."""
        return self.first["vendor"]

    def plays(self) -> Iterator[tuple[str, list[Row]]]:
        """Every way in which the deliveries may arrive."""
        yield "in order", self.lines
        yield "doubled", [line for line in self.lines for _ in range(2)]
        yield "sent again", [*self.lines, *self.lines]
        chance = random.Random(self.name)
        for turn in range(0 if self.first.get("ordered") else 3):
            yield f"mixed up {turn}", chance.sample(self.lines, len(self.lines))


def case_of(path: Path) -> Case:
    """The case of a file."""
    first, *lines = map(json.loads, path.read_text().splitlines())
    return Case(path.stem, first, lines)


@pytest.fixture(scope="module")
async def service(ledger_url: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    async with running(ledger_url, public_url=ROOT, secret_key="k" * 32) as started:
        yield started


@pytest.fixture(scope="module")
def client(service: tuple[Litestar, httpx.AsyncClient]) -> httpx.AsyncClient:
    return service[1]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
async def test_a_case_ends_in_the_numbers_worked_by_hand(path: Path, new_caller: NewCaller, owner: Owner) -> None:
    case = case_of(path)
    for way, lines in case.plays():
        caller = await new_caller()
        await play(caller, case, lines)
        assert await outcome(caller, owner, case) == expected(case), f"{case.first['note']}: {way}"


async def play(caller: Caller, case: Case, lines: list[Row]) -> None:
    """Prepare the account, create the hook, and post these deliveries."""
    for request, bodies in case.first.get("before", {}).items():
        method, _, path = request.partition(" /v1/")
        for body in bodies if isinstance(bodies, list) else [bodies]:
            answer = await caller.send(method, path, json=body)
            assert answer.is_success, answer.text
    secret = {"secret": SECRET} if case.vendor in SIGNERS else {}
    form = {"dialer": case.vendor, "campaign": "spring-renewals", "zone": "America/New_York", **secret}
    hook = await caller.post("hooks", form | case.first.get("hook", {}), 201)
    for line in lines:
        delivery = signed(case.vendor, delivery_of(case.vendor, hook["url"], line))
        path = delivery.url.removeprefix(ROOT)
        answer = await caller.client.request(delivery.method, path, content=delivery.body, headers=delivery.headers)
        assert answer.status_code == 200, answer.text
    counts = (await caller.get(f"hooks/{hook['id']}"))["deliveries"]
    assert (counts["unreadable"], counts["rejected"]) == (0, 0)


def delivery_of(vendor: str, url: str, line: Row) -> Delivery:
    """One line of a case, sent to a hook's address."""
    url += f"?{line['query']}" if line.get("query") else ""
    now = datetime.now(UTC)
    if "body" not in line:
        return Delivery("GET", url, {}, b"", now)
    if vendor == "twilio":
        kind, body = "application/x-www-form-urlencoded", urlencode(line["body"])
    else:
        kind, body = "application/json", json.dumps(line["body"])
    return Delivery("POST", url, {"content-type": kind}, body.encode(), now)


async def outcome(caller: Caller, owner: Owner, case: Case) -> Row:
    """What the ledger and the report now say about everything that the case wants."""
    want = case.first["want"]
    counted = {name: rows_of(await owner.fetch(query, caller.account_id)) for name, query in COUNTED.items()}
    metrics: Row = {"inbound_calls": len(counted["inbound"])}
    if names := ",".join(want.get("metrics", {}).keys() - metrics.keys()):
        report = await caller.get("reports", metrics=names, **{**SPAN, **case.first.get("report", {})})
        metrics |= {name: cell["value"] for name, cell in report["total"].items()}
    rows = {name: shortened(counted[name], want[name]) for name in COUNTED if name in want}
    return {"metrics": {name: metrics[name] for name in want.get("metrics", {})}, **rows}


def expected(case: Case) -> Row:
    """What the case wants, with room for the last digit of a division."""
    want = case.first["want"]
    return want | {"metrics": pytest.approx(want.get("metrics", {}), nan_ok=False)}


def rows_of(records: list[Any]) -> list[Row]:
    """Rows of the ledger as a case writes them, by external_id."""
    rows = [{name: written(name, value) for name, value in record.items()} for record in records]
    for row in rows:
        row |= {f"{name[:-3]}_seconds": value and value / 1000 for name, value in row.items() if name.endswith("_ms")}
    return sorted(rows, key=lambda row: row["external_id"])


def written(name: str, value: Any) -> Any:
    """A value of the ledger as JSON writes it."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return (
        json.loads(value)
        if name in {"participants", "recording", "outcomes", "shares"} and isinstance(value, str)
        else value
    )


def shortened(rows: list[Row], wants: list[Row]) -> list[Row]:
    """Rows with the columns that a case names; rows beyond those stay whole."""
    pairs = [*zip(rows, wants, strict=False)]
    return [*({name: row[name] for name in want} for row, want in pairs), *rows[len(pairs) :]]
