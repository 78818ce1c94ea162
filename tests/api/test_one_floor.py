"""One plan, two drivers: a floor sent over HTTP and the same floor copied into tables give the same reports."""

import re
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from reports.catalogue.presets import PRESETS
from service.sandbox.bulk.copying import write
from service.sandbox.live.deliveries import Deliveries, deliveries
from service.sandbox.live.sender import Sender, Tally
from service.sandbox.scenario.plan import Plan
from tests.api.conftest import Caller, NewCaller
from tests.conftest import Owner

# Four working days; the last one ends while two of the three teams are at work.
PLAN = Plan(attempts=2_500, until=datetime(2026, 3, 12, 19, 40, 5, tzinfo=UTC), days=4, seed=3)
WINDOW = {"from": "2026-03-09", "to": "2026-03-13", "tz": "America/New_York"}
CONFIGURED = (
    *("sources", "campaigns", "agents", "disposition-codes", "tracking-numbers"),
    *("calendars", "targets", "to-do"),
)
# The moments of the question and of each arrival, links that hold them, and the items that only a sender can get wrong.
MOMENTS = {"id", "as_of", "watermark", "rows", "recorded_at", "first_seen_at", "rejected_items"}
FACTS = (
    *("leads", "attempts", "dispositions", "appointments", "follow_ups", "stage_changes", "spend", "agent_states"),
    *("inbound_calls", "cases"),
    *("schedules", "staff", "running_costs", "customers"),
    *("surveys", "form_items", "evaluations", "evaluation_scores", "shared_calls"),
)
# Columns that say when and how a row arrived, and columns that no report reads.
ARRIVAL = {
    "account_id",
    "id",
    "recorded_at",
    "changed_xid",
    "stamps",
    "digests",
    "outcomes_received_at",
    "observed_at",
    "recording",
    "note",
}


async def send(caller: Caller, floor: Deliveries) -> Tally:
    """Send a floor over HTTP to an account."""
    caller.client.headers["Authorization"] = f"Bearer {caller.key}"
    return await Sender(caller.client, lambda _: None).send(floor)


def without_moments(value: Any) -> Any:
    """A JSON document without what differs in any two reports."""
    if isinstance(value, dict):
        return {name: without_moments(inner) for name, inner in value.items() if name not in MOMENTS}
    if isinstance(value, list):
        return [without_moments(inner) for inner in value]
    return re.sub(r"as_of=[^&]+", "", value) if isinstance(value, str) else value


@pytest.fixture
async def both(new_caller: NewCaller, ledger_url: str) -> tuple[Caller, Caller]:
    """The account that got a floor over HTTP, and the account that it was copied into."""
    live, bulk = await new_caller(), await new_caller()
    floor = deliveries(PLAN)
    tally = await send(live, floor)
    assert tally.total("rejected") == sum(floor.rejects.values()) == 12
    await write(ledger_url, bulk.account_id, PLAN, lambda _: None)
    return live, bulk


async def rows_of(owner: Owner, table: str, account: int) -> list[tuple[Any, ...]]:
    """The rows of an account without the columns that depend on their arrival."""
    columns = [
        name
        for (name,) in await owner.fetch(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0", table
        )
        if name not in ARRIVAL
    ]
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE account_id = $1 ORDER BY {', '.join(columns)}"
    return [tuple(row) for row in await owner.fetch(query, account)]


async def test_the_same_plan_gives_the_same_rows_codes_and_reports_over_http_and_in_tables(
    both: tuple[Caller, Caller], owner: Owner
) -> None:
    for table in FACTS:
        sent, copied = [await rows_of(owner, table, caller.account_id) for caller in both]
        assert sent == copied, table
    for collection in CONFIGURED:
        sent, copied = [without_moments(await caller.get(collection)) for caller in both]
        assert sent == copied, collection
    as_of = datetime.now(UTC).isoformat()
    for preset, by in product(PRESETS, ("agent", "source,campaign")):
        question = WINDOW | {"by": by, "as_of": as_of}
        sent, copied = [without_moments(await caller.get(f"reports/{preset}", **question)) for caller in both]
        assert sent == copied, preset
