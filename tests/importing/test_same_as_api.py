"""A file and posts with the same content give the same ledger."""

import asyncio
import json
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg

from service.accounts.accounts import Accounts
from service.ingest.capture import Capture
from service.ingest.parsing import read_item
from service.ingest.resources import Sender
from service.ingest.resources.attempts import RESOURCE
from service.platform.db import open_pool
from tests.conftest import make_account
from tests.importing.conftest import Workspace, counts

FIELDS = (
    *("external_id", "dialer", "campaign", "agent", "lead", "source", "to_number", "from_number", "dialed_at"),
    *("answered_at", "ended_at", "talk_seconds", "network_result", "answered_by", "detector", "handled", "test"),
    *("participants", "observed_at"),
)
MAPPING = "\n".join(
    [
        "[attempt]",
        *(f'{name} = {{ column = "{name}", optional = true }}' for name in FIELDS),
        "[disposition]",
        'code = "disposition.code"',
        'set_at = "disposition.set_at"',
    ]
)
LEDGER = """
    SELECT external_id, dialer, campaign, agent, lead, source, attributed_by, to_number, to_zones, from_number,
        dialed_at, answered_at, ended_at, talk_ms, network_result, answered_by, detector, handled, test, participants,
        observed_at, stamps, disposition, disposition_set_at,
        ARRAY(
            SELECT d.code || ' ' || d.set_at FROM dispositions d
            WHERE (d.account_id, d.dialer, d.attempt) = (a.account_id, a.dialer, a.external_id)
            ORDER BY d.set_at, d.code
        )
    FROM attempts a WHERE account_id = $1 ORDER BY dialer, external_id"""


def random_item(rng: random.Random) -> dict[str, object]:
    """One observation of one of a few calls: plain, odd or wrong."""

    def moment() -> str:
        return f"2026-03-02T09:{rng.randrange(10):02}:00Z"

    values = {
        "external_id": f"c{rng.randrange(60)}",
        "dialer": rng.choice([None, "d1"]),
        "campaign": rng.choice(["spring", "été", None]),
        "agent": rng.choice([None, "ada", "bo b", "ä", "+14155550100", "sip:+14155550123", "4155550100"]),
        "lead": rng.choice([None, "l1", "l2"]),
        "source": rng.choice([None, "web"]),
        "to_number": rng.choice([None, "+14155550123", "anonymous", "415 555 0199"]),
        "from_number": rng.choice([None, "+14155550100"]),
        "dialed_at": "2026-03-02T09:00:00Z",
        "answered_at": rng.choice([None, moment()]),
        "ended_at": rng.choice([None, moment()]),
        "talk_seconds": rng.choice([None, 0, 1.5, 90]),
        "network_result": rng.choice([None, "unknown", "answered", "busy"]),
        "answered_by": rng.choice([None, "unknown", "human", "machine"]),
        "detector": rng.choice([None, "amd", "agent"]),
        "handled": rng.choice([None, "none", "agent"]),
        "test": rng.choice([None, True, False]),
        "participants": rng.choice([None, None, None, [{"agent": "cy", "role": "closer"}]]),
        "observed_at": rng.choice([None, moment()]),
        "disposition": rng.choice([None, {"code": rng.choice(["SALE", "NO"]), "set_at": moment()}]),
    }
    return {name: value for name, value in values.items() if value is not None}


def newest(item: dict[str, Any]) -> str:
    """The newest time that an item tells of: of a file's rows about one call the newest counts."""
    times = [item.get(name, "") for name in ("dialed_at", "answered_at", "ended_at")]
    return max(*times, item.get("disposition", {}).get("set_at", ""))


async def post(url: str, items: list[dict[str, object]], known_at: datetime) -> tuple[int, Counter[str]]:
    """Post the items as one batch to a new account; returns the account and the counts of the receipts.

    known_at: when items were known that do not state it.
    """
    owner = await asyncpg.connect(url)
    account_id = await make_account(owner)
    await owner.close()
    async with await open_pool(url) as pool:
        accounts = Accounts(pool)
        sender = replace(Sender.of(await accounts.get(account_id)), observed_at=known_at)
        entries = [read_item(RESOURCE, place, item, sender) for place, item in enumerate(items)]
        receipts = await Capture(pool, accounts).store_entries(account_id, entries)
        return account_id, Counter(receipt.status for receipt in receipts)


def test_a_file_and_a_batch_of_posts_give_the_same_rows(workspace: Workspace) -> None:
    rng = random.Random(8)
    items = sorted((random_item(rng) for _ in range(600)), key=newest)
    file = workspace.write("calls.jsonl", "\n".join(json.dumps(item) for item in items))
    outcome = workspace.run("attempts", file, MAPPING)
    saved_at = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    account_id, statuses = asyncio.run(post(workspace.url, items, saved_at))
    imported = workspace.rows(LEDGER, workspace.row("SELECT account_id FROM accounts WHERE code = 'default'"))
    assert imported == workspace.rows(LEDGER, account_id)
    assert len(imported) > 100
    file_counts = counts(outcome)
    assert file_counts == {status: statuses[status] for status in file_counts}
