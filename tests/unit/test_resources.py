"""The ledger rows of an item, and the messages for its faults: by place, in plain words, never with the value."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.ingest import resources
from service.ingest.parsing import Entry, pointer, read_item, read_line
from service.ingest.resources import Resource, Row, Sender, newest
from sql.facts import ATTEMPTS, DISPOSITIONS, Fact
from tests.make import (
    MAKERS,
    NINE,
    Item,
    agent_state,
    appointment,
    at,
    attempt,
    customer,
    disposition,
    employment,
    follow_up,
    lead,
    running_cost,
    schedule,
    spend,
    stage_change,
)

SENDER = Sender("main", "US", {"herbst": "DE"}, NINE.replace(day=9))
ALL: dict[str, Resource] = {
    resource.path: resource
    for module in iter_modules(resources.__path__)
    for resource in [import_module(f"{resources.__name__}.{module.name}").RESOURCE]
}


def read(path: str, item: Any) -> Entry:
    return read_item(ALL[path], 0, item, SENDER)


def rows(path: str, item: Item) -> dict[Fact, Row]:
    """The ledger rows of a valid item."""
    entry = read(path, item)
    assert entry.problem is None, entry.problem
    return dict(entry.observations)


def faults(path: str, item: Any) -> dict[str, str]:
    """The faults of an item, by place."""
    problem = read(path, item).problem
    assert problem is not None
    return {fault["pointer"]: fault["message"] for fault in problem["errors"]}


def moment(row: Row, column: str = "observed_at") -> str:
    return row[column].isoformat().replace("+00:00", "Z")


def test_every_resource_has_an_item_in_these_tests() -> None:
    assert ALL.keys() == MAKERS.keys()


@pytest.mark.parametrize("path", MAKERS)
def test_an_item_fills_columns_of_the_ledger_and_no_others(path: str) -> None:
    item_rows = rows(path, MAKERS[path]())
    assert ALL[path].fact in item_rows
    for fact, row in item_rows.items():
        assert set(row) <= set(fact.stage[2:]), fact.table
        assert all(row[column] is not None for column in fact.key)


@pytest.mark.parametrize("path", MAKERS)
def test_a_receipt_names_the_item_by_its_own_id(path: str) -> None:
    item = MAKERS[path]()
    assert read(path, item).external_id == item[ALL[path].identity]


@pytest.mark.parametrize("path", MAKERS)
def test_the_smallest_item_is_refused_without_each_of_its_needed_fields(path: str) -> None:
    form = ALL[path].form
    needed = [name for name, field in form.model_fields.items() if field.is_required()]
    assert needed
    assert faults(path, {}) == {f"/{name}": "is required" for name in needed}
    for name in needed:
        assert faults(path, MAKERS[path](**{name: None}))[f"/{name}"] == "is required"


@pytest.mark.parametrize("path", MAKERS)
@pytest.mark.parametrize("item", [None, 1, "text", [], [{}], True])
def test_only_a_json_object_is_an_item(path: str, item: Any) -> None:
    assert faults(path, item) == {"": "must be a JSON object"}


@pytest.mark.parametrize("path", MAKERS)
def test_an_unknown_field_is_named(path: str) -> None:
    assert faults(path, MAKERS[path]() | {"agnet/~x": "ada"}) == {"/agnet~1~0x": "is not a field of this resource"}


def test_an_observation_without_a_time_takes_its_newest_time() -> None:
    assert moment(rows("attempts", attempt(answered_at=at(1), ended_at=at(2)))[ATTEMPTS]) == at(2)
    assert moment(rows("attempts", attempt(ended_at=at(2), observed_at=at(1)))[ATTEMPTS]) == at(1)
    assert newest(None, None) is None


def test_an_inline_disposition_without_a_time_was_set_when_the_call_ended() -> None:
    outcome = {"code": "SALE", "agent": "ada", "callback_at": at(days=1), "note": "ring twice"}
    for times, expected in [({}, at()), ({"ended_at": at(2)}, at(2)), ({"answered_at": at(1)}, at(1))]:
        item_rows = rows("attempts", attempt(**times, disposition=outcome))
        assert (
            moment(item_rows[DISPOSITIONS], "set_at") == moment(item_rows[ATTEMPTS], "disposition_set_at") == expected
        )
    item_rows = rows("attempts", attempt(ended_at=at(2), disposition=outcome | {"set_at": at(9)}))
    assert moment(item_rows[DISPOSITIONS], "set_at") == moment(item_rows[ATTEMPTS], "disposition_set_at") == at(9)
    assert (item_rows[DISPOSITIONS]["code"], item_rows[ATTEMPTS]["disposition"]) == ("SALE", "SALE")


def test_a_separate_disposition_writes_the_same_rows_as_an_inline_disposition() -> None:
    outcome = {"code": "SALE", "set_at": at(5), "agent": "ada", "callback_at": at(days=1), "note": "n"}
    inline, alone = rows("attempts", attempt(disposition=outcome)), rows("dispositions", disposition(**outcome))
    assert inline[DISPOSITIONS] == alone[DISPOSITIONS]
    assert alone[ATTEMPTS].items() <= inline[ATTEMPTS].items()


def test_the_dialer_of_the_key_applies_unless_the_item_names_a_dialer() -> None:
    assert rows("attempts", attempt())[ATTEMPTS]["dialer"] == "main"
    assert rows("dispositions", disposition(dialer="other"))[DISPOSITIONS]["dialer"] == "other"
    [row] = rows("appointments", appointment()).values()
    assert row["dialer"] is None
    [row] = rows("appointments", appointment(attempt="call-1")).values()
    assert row["dialer"] == "main"


def test_national_numbers_belong_to_the_country_of_the_campaign() -> None:
    row = rows("attempts", attempt(campaign="herbst", to_number="030 123456", from_number="030 654321"))[ATTEMPTS]
    assert (row["to_number"], row["to_country"], row["from_number"]) == ("+4930123456", "DE", "+4930654321")
    [row] = rows("leads", lead(phone_number="(415) 555-0123")).values()
    assert (row["phone_number"], row["phone_zones"]) == ("+14155550123", ["America/Los_Angeles"])
    [row] = rows("spend", spend(tracking_number="(415) 555-0100")).values()
    assert row["tracking_number"] == "+14155550100"


def test_a_detector_without_a_detection_is_ignored() -> None:
    assert rows("attempts", attempt(detector="amd"))[ATTEMPTS]["detector"] is None
    assert rows("attempts", attempt(detector="amd", answered_by="human"))[ATTEMPTS]["detector"] == "amd"


def test_seconds_become_milliseconds() -> None:
    row = rows("attempts", attempt(talk_seconds=12.3456, ring_seconds=0, ended_at=at(5)))[ATTEMPTS]
    assert (row["said_talk_ms"], row["ring_ms"], row["wrap_ms"]) == (12346, 0, None)


CONTRADICTIONS: list[tuple[str, Item, str]] = [
    ("attempts", attempt(answered_at=at(-1)), "/answered_at"),
    ("attempts", attempt(agent_joined_at=at(-1)), "/agent_joined_at"),
    ("attempts", attempt(ended_at=at(-1)), "/ended_at"),
    ("attempts", attempt(answered_at=at(3), ended_at=at(2)), "/answered_at"),
    ("attempts", attempt(ended_at=at(1), hold_seconds=63), "/hold_seconds"),
    ("attempts", attempt(ended_at=at(1), ring_seconds=63), "/ring_seconds"),
    ("attempts", attempt(ended_at=at(1), hold_seconds=63), "/hold_seconds"),
    ("follow-ups", follow_up(due_at=None), "/due_at"),
    ("spend", spend(to_on="2026-03-01"), "/to_on"),
    ("stage-changes", stage_change(currency=None), "/currency"),
    ("stage-changes", stage_change(amount=None, gross_profit=1, currency=None), "/currency"),
    ("agent-states", agent_state(to_at=at(-1)), "/to_at"),
    ("schedules", schedule(to_at=at(-1)), "/to_at"),
    ("staff", employment(left_on="2025-12-31"), "/left_on"),
    ("running-costs", running_cost(to_on="2026-02-28"), "/to_on"),
    ("running-costs", running_cost(amount="0.001"), "/amount"),
    ("customers", customer(until_on="2026-03-01"), "/until_on"),
    ("customers", customer(currency=None), "/currency"),
    ("customers", customer(value_per=None), "/value_per"),
    ("customers", customer(gross_profit="0.001"), "/gross_profit"),
]


@pytest.mark.parametrize(("path", "item", "place"), CONTRADICTIONS)
def test_an_item_that_contradicts_itself_is_refused_by_the_field_at_fault(path: str, item: Item, place: str) -> None:
    assert list(faults(path, item)) == [place]


def test_clocks_that_differ_by_a_second_do_not_contradict_each_other() -> None:
    second = 1 / 60
    rows("attempts", attempt(answered_at=at(-second), ended_at=at(-second), talk_seconds=0.5))
    rows("attempts", attempt(answered_at=at(1 + second), ended_at=at(1), talk_seconds=61.5))


def test_all_faults_are_reported_at_once_with_their_places() -> None:
    part = {"agent": "", "role": "boss", "from_at": "today"}
    item = attempt(
        dialed_at="now", talk_seconds=-1, to_number=14155550123, participants=[{"agent": "a", "role": "last"}, part]
    )
    assert set(faults("attempts", item)) == {
        "/dialed_at",
        "/talk_seconds",
        "/to_number",
        "/participants/1/agent",
        "/participants/1/role",
        "/participants/1/from_at",
    }
    assert set(faults("attempts", attempt(disposition={"set_at": 1}))) == {"/disposition/code", "/disposition/set_at"}
    assert set(faults("leads", lead(attributes={"size": [], "a/b~c": {}, "ok": 1}))) == {
        "/attributes/size",
        "/attributes/a~1b~0c",
    }


SECRET = "4155550123"
values = st.sampled_from([SECRET, f"+1{SECRET}", int(SECRET), [SECRET], {"x": SECRET}, f"{SECRET}\x00", f" {SECRET}"])
wrong = st.sampled_from(sorted(MAKERS)).flatmap(
    lambda path: st.tuples(
        st.just(path), st.dictionaries(st.sampled_from(sorted(ALL[path].form.model_fields)), values, min_size=1)
    )
)


@given(wrong)
def test_a_problem_never_repeats_what_was_sent(sent: tuple[str, Item]) -> None:
    path, fields = sent
    entry = read(path, MAKERS[path]() | fields)
    assert SECRET not in orjson.dumps(entry.problem).decode()
    if entry.problem is not None:
        assert all(fault["pointer"].split("/")[1] in fields for fault in entry.problem["errors"])


def test_a_line_that_is_no_json_is_stored_as_it_came() -> None:
    entry = read_line(ALL["attempts"], 3, b'{"external_id": "c', SENDER)
    assert (entry.index, entry.external_id, entry.raw) == (3, None, b'{"external_id": "c')
    assert entry.problem is not None


@given(st.lists(st.text() | st.integers(0, 99)))
def test_a_pointer_leads_back_to_its_place(place: list[str | int]) -> None:
    parts = pointer(place).split("/")[1:]
    assert [part.replace("~1", "/").replace("~0", "~") for part in parts] == [
        str(part).replace("\x00", "\ufffd") for part in place
    ]
