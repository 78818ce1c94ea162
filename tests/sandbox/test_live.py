"""The live driver: how the rows of a floor are sent, with the faults of real senders."""

import json
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.ingest.parsing import read_item
from service.ingest.resources import (
    Resource,
    Sender,
    agent_states,
    appointments,
    attempts,
    cases,
    customers,
    dispositions,
    evaluations,
    follow_ups,
    form_items,
    inbound_calls,
    leads,
    running_costs,
    schedules,
    shared_calls,
    spend,
    staff,
    stage_changes,
    surveys,
)
from service.sandbox.live.deliveries import Deliveries, deliveries
from service.sandbox.live.items import national
from service.sandbox.rows.tables import Tables, all_tables
from service.sandbox.scenario.instants import HOUR, at_hour, instant_of, wire_time
from service.sandbox.scenario.plan import Plan
from service.sandbox.scenario.scenario import Scenario

NOW = datetime(2026, 3, 12, 19, 40, 5, tzinfo=UTC)
PLAN = Plan(6_000, NOW, 4, 1)
RESOURCES: dict[str, Resource] = {
    module.RESOURCE.path: module.RESOURCE
    for module in (
        *(agent_states, appointments, attempts, dispositions, follow_ups, leads, spend, stage_changes),
        *(inbound_calls, cases),
        *(schedules, staff, running_costs, customers),
        *(surveys, form_items, evaluations, shared_calls),
    )
}
SOON = {"callback_at", "due_at", "scheduled_at"}


@pytest.fixture(scope="module")
def floor() -> Tables:
    return all_tables(Scenario(PLAN))


@pytest.fixture(scope="module")
def sent() -> Deliveries:
    return deliveries(PLAN)


def as_text(sent: Deliveries) -> str:
    return json.dumps([[(s.method, s.path, s.body) for s in sent.settings], sent.items, sent.rejects])


def test_the_same_plan_is_sent_in_the_same_way_and_another_in_another(sent: Deliveries) -> None:
    assert as_text(deliveries(PLAN)) == as_text(sent)
    assert as_text(deliveries(Plan(6_000, NOW, 4, 2))) != as_text(sent)
    assert as_text(deliveries(Plan(6_000, NOW + timedelta(minutes=1), 4, 1))) != as_text(sent)


def test_every_row_is_sent(floor: Tables, sent: Deliveries) -> None:
    tables = ("leads", "attempts", "appointments", "follow_ups", "stage_changes", "spend")
    for table in (*tables, "staff", "running_costs", "customers", "surveys", "evaluations", "shared_calls"):
        ids = {item["external_id"] for item in sent.items[table.replace("_", "-")]}
        rows = set(floor[table]["external_id"])
        assert rows <= ids
        assert len(ids - rows) <= sent.rejects.get(table.replace("_", "-"), 0)


def test_every_time_that_is_sent_lies_in_the_past_except_plans(sent: Deliveries) -> None:
    now = wire_time(PLAN.ends_at)
    for resource, items in sent.items.items():
        late = [
            (name, value)
            for item in items
            for name, value in item.items()
            if name.endswith("_at") and name not in SOON and (resource, name) != ("schedules", "to_at")
            if str(value) > now
        ]
        # Only items that are rejected for it: the year that was typed wrong, the hand-made appointment.
        assert len(late) <= sent.rejects.get(resource, 0), (resource, late)


def test_every_number_is_reserved_for_fiction_however_it_is_written(sent: Deliveries) -> None:
    fiction = re.compile(
        r"(\+?1)?\d{3}55501\d\d|(\+44|0)(207946|113496|117496|121496|131496|141496|151496|161496)0\d{3}"
    )
    numbers = {str(item[name]) for items in sent.items.values() for item in items
               for name in ("to_number", "from_number", "phone_number", "phone") if name in item}  # fmt: skip
    numbers |= {setting.path.split("/")[3].replace("%2B", "+") for setting in sent.settings
                if setting.path.startswith("/v1/tracking-numbers/")}  # fmt: skip
    spreadsheet = {"2.125550198"}
    assert len(numbers) > 1_000
    assert sum(not number.startswith("+") for number in numbers) > 100
    for number in numbers - spreadsheet:
        assert fiction.fullmatch(re.sub(r"[^\d+]", "", number)), number


def test_numbers_are_written_as_people_at_home_write_them() -> None:
    assert national("+12125550123") == "(212) 555-0123"
    assert national("+442079460123") == "0207 946 0123"


def test_exactly_the_planned_items_are_rejected(sent: Deliveries) -> None:
    sender = Sender(dialer="any", region="US", regions={"heatpump-gb": "GB"}, now=NOW)
    for path, items in sent.items.items():
        entries = [read_item(RESOURCES[path], index, item, sender) for index, item in enumerate(items)]
        refused = [entry.problem for entry in entries if entry.problem]
        assert len(refused) == sent.rejects.get(path, 0), (path, refused)
        assert all(len(problem["errors"]) == 1 for problem in refused)
    assert sum(sent.rejects.values()) == 12


def test_only_what_managers_know_is_configured(floor: Tables, sent: Deliveries) -> None:
    put = {setting.path.rsplit("/", 1)[1] for setting in sent.settings if setting.method == "PUT"}
    assert not put & {"temp-14", "battery-winback", "TOO-DEAR"}
    assert {"h-okafor", "solar-us", "SALE", "comparison", "thames", "dial_efficiency", "%2B12125550182"} <= put
    assigned = [setting for setting in sent.settings if setting.path.endswith("/assignments")]
    assert len(assigned) == floor["tracking_number_assignments"].height == 12


def test_attempts_arrive_in_pieces_twice_and_out_of_order(sent: Deliveries) -> None:
    items = sent.items["attempts"]
    texts = Counter(json.dumps(item, sort_keys=True) for item in items)
    assert sum(count > 1 for count in texts.values()) > 50
    pieces = Counter(str(item["external_id"]) for item in items)
    assert sum(count > 1 for count in pieces.values()) > 800
    seen = defaultdict[str, list[str]](list)
    for item in items:
        seen[str(item["external_id"])].append(str(item.get("observed_at")))
    assert sum(times != sorted(times) for times in seen.values()) > 20


def test_machine_detection_is_sometimes_wrong_and_corrected_by_the_agent(sent: Deliveries) -> None:
    heard = defaultdict[str, set[tuple[object, object]]](set)
    for item in sent.items["attempts"]:
        if "answered_by" in item:
            heard[str(item["external_id"])].add((item["detector"], item["answered_by"]))
    assert any({("amd", "machine"), ("agent", "human")} <= voices for voices in heard.values())


def test_dispositions_come_with_their_call_alone_late_and_corrected(sent: Deliveries) -> None:
    assert any("disposition" in item for item in sent.items["attempts"])
    codes = defaultdict[str, set[Any]](set)
    for item in sent.items["dispositions"]:
        codes[str(item["attempt"])].add(item.get("code"))
    assert sum(len(of_call) == 2 for of_call in codes.values()) >= 3
    set_at = [str(item["set_at"]) for item in sent.items["dispositions"]]
    latest = datetime.fromisoformat(set_at[0])
    delays = list[timedelta]()
    for moment in map(datetime.fromisoformat, set_at):
        delays.append(latest - moment)
        latest = max(latest, moment)
    assert max(delays) > timedelta(hours=1)


def test_appointments_follow_ups_states_and_bills_change_after_they_were_sent(sent: Deliveries) -> None:
    for resource, field in (("appointments", "status"), ("follow-ups", "done_at"), ("spend", "amount")):
        values = defaultdict[object, set[object]](set)
        for item in sent.items[resource]:
            values[item["external_id"]].add(item.get(field))
        assert any(len(of_item) > 1 for of_item in values.values()), resource
    ends = defaultdict[tuple[object, object], set[object]](set)
    for item in sent.items["agent-states"]:
        ends[item["agent"], item["from_at"]].add(item.get("to_at"))
    assert any(len(of_state) > 1 for of_state in ends.values())


def test_some_calls_have_no_end_yet(sent: Deliveries) -> None:
    ended = {item["external_id"] for item in sent.items["attempts"] if "ended_at" in item}
    still_open = {item["external_id"] for item in sent.items["attempts"]} - ended - {"skewed-1", "skewed-3"}
    assert 0 < len(still_open) < 40


def test_a_wall_clock_hour_is_another_instant_after_the_clocks_changed() -> None:
    friday, monday = datetime(2026, 3, 6, tzinfo=UTC).date(), datetime(2026, 3, 9, tzinfo=UTC).date()
    assert wire_time(at_hour(friday, 9, "America/New_York")) == "2026-03-06T14:00:00.000Z"
    assert wire_time(at_hour(monday, 9, "America/New_York")) == "2026-03-09T13:00:00.000Z"
    assert at_hour(friday, 10, "Europe/London") - instant_of(datetime(2026, 3, 6, 9, tzinfo=UTC)) == HOUR
