"""What an account plans: calendars and targets are put, read, listed and remembered, and their faults are named."""

from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import polars as pl
import pytest

import sql
from reports.model.calendars import SCHEMA, Calendar, read_calendars, read_hours, usual
from tests.api.conftest import Caller, NewCaller
from tests.conftest import Owner
from tests.ledger import broken_histories, written
from tests.make import agent_state, at

WEEK = {"monday": ["13:00-18:00", "09:00-12:30"], "saturday": ["22:00-24:00"], "sunday": ["00:00-06:00"]}
HOLIDAYS = [{"on": "2026-12-25", "name": "Christmas"}, {"on": "2026-12-24", "hours": ["09:00-12:00"]}]
CALENDAR = {"zone": "Europe/Berlin", "hours": WEEK, "holidays": HOLIDAYS}

CODES = sql.load("codes")


def faults(problem: dict[str, Any]) -> dict[str, str]:
    return {fault["pointer"]: fault["message"] for fault in problem["errors"]}


async def extract(owner: Owner, name: str, caller: Caller, as_of: datetime | None = None) -> list[tuple[Any, ...]]:
    """What reports are given."""
    return [tuple(row) for row in await owner.fetch(CODES[name], caller.account_id, as_of)]


# Calendars -----------------------------------------------------------------------------------------------------------


async def test_a_calendar_is_put_and_read_with_its_hours_in_order(caller: Caller) -> None:
    put = await caller.put("calendars/closers", CALENDAR, 201)
    assert put.pop("status") == "created"
    assert put == await caller.get("calendars/closers")
    assert put.pop("recorded_at")
    closed = {day: [] for day in ("tuesday", "wednesday", "thursday", "friday")}
    assert put == {
        "team": "closers",
        "zone": "Europe/Berlin",
        "hours": WEEK | closed | {"monday": ["09:00-12:30", "13:00-18:00"]},
        "holidays": [
            {"on": "2026-12-24", "name": None, "hours": ["09:00-12:00"]},
            {"on": "2026-12-25", "name": "Christmas", "hours": []},
        ],
    }


async def test_a_calendar_put_again_is_unchanged_and_writes_nothing(caller: Caller, owner: Owner) -> None:
    await caller.put("calendars/closers", CALENDAR, 201)
    before = await written(owner, caller.account_id)
    shuffled = CALENDAR | {"holidays": HOLIDAYS[::-1], "hours": WEEK | {"monday": WEEK["monday"][::-1]}}
    assert (await caller.put("calendars/closers", shuffled, 200))["status"] == "unchanged"
    assert await written(owner, caller.account_id) == before
    assert (await caller.put("calendars/closers", CALENDAR | {"holidays": []}, 200))["status"] == "updated"
    assert (await caller.get("calendars/closers"))["holidays"] == []
    assert await broken_histories(owner, caller.account_id) == []


async def test_calendars_are_listed_by_team_a_page_at_a_time(caller: Caller) -> None:
    for team in ("openers", "a/b", "default"):
        await caller.put(f"calendars/{team.replace('/', '%2F')}", CALENDAR, 201)
    first = await caller.get("calendars", limit=2)
    assert ([item["team"] for item in first["items"]], first["next"]) == (["a/b", "default"], "default")
    rest = await caller.get("calendars", after=first["next"])
    assert ([item["team"] for item in rest["items"]], rest["next"]) == (["openers"], None)
    assert (await caller.get("calendars/closers", 404))["detail"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"zone": "Mars/Olympus"}, {"/zone": "must be an IANA time zone, such as America/New_York"}),
        ({"zone": None}, {"/zone": "must be a string"}),
        ({"hours": {"monday": ["9-17"]}}, {"/hours/monday/0": "must be written like 09:00-17:00"}),
        ({"hours": {"monday": ["09:00-25:00"]}}, {"/hours/monday/0": "must be written like 09:00-17:00"}),
        ({"hours": {"monday": ["24:00-24:00"]}}, {"/hours/monday/0": "must be written like 09:00-17:00"}),
        ({"hours": {"monday": [900]}}, {"/hours/monday/0": "must be written like 09:00-17:00"}),
        ({"hours": {"monday": "09:00-17:00"}}, {"/hours/monday": "must be an array"}),
        ({"hours": {"friday": ["22:00-06:00"]}}, {"/hours/friday/0": "must end after they start"}),
        ({"hours": {"friday": ["09:00-09:00"]}}, {"/hours/friday/0": "must end after they start"}),
        ({"hours": {"friday": ["12:00-13:00", "09:00-12:01"]}}, {"/hours/friday": "must not overlap each other"}),
        ({"hours": {"someday": ["09:00-17:00"]}}, {"/hours/someday": "is not a field of this resource"}),
        ({"hours": {}}, {"/hours": "must have hours on at least one day"}),
        ({"holidays": [{"on": "2026-02-30"}]}, {"/holidays/0/on": "must be a date, such as 2026-03-01"}),
        ({"holidays": [*HOLIDAYS, HOLIDAYS[0]]}, {"/holidays/2": "is a day that is already listed"}),
        ({"holidays": [{"on": "2026-12-24", "hours": ["9"]}]}, {"/holidays/0/hours/0": "must be written like"}),
        ({"open": True}, {"/open": "is not a field of this resource"}),
        (
            {"zone": "x", "hours": {"monday": ["x"]}, "y": 1},
            {"/zone": "must be", "/hours/monday/0": "", "/y": "is not"},
        ),
    ],
)
async def test_a_faulty_calendar_is_refused_field_by_field(
    fields: dict[str, Any], wrong: dict[str, str], caller: Caller
) -> None:
    answer = faults(await caller.put("calendars/closers", CALENDAR | fields, 422))
    assert answer.keys() == wrong.keys()
    assert all(answer[place].startswith(message) for place, message in wrong.items()), answer
    assert (await caller.get("calendars"))["items"] == []


async def test_reports_are_given_the_calendars_that_were_believed(caller: Caller, owner: Owner) -> None:
    await caller.put("calendars/closers", CALENDAR, 201)
    between = datetime.fromisoformat((await caller.get("calendars/closers"))["recorded_at"])
    always = {"zone": "Asia/Kathmandu", "hours": {"friday": ["00:00-24:00"]}}
    await caller.put("calendars/default", always, 201)
    await caller.put("calendars/closers", always, 200)

    async def calendars(as_of: datetime | None) -> dict[str | None, Calendar]:
        rows = await extract(owner, "calendars", caller, as_of)
        return read_calendars(pl.DataFrame(rows, schema=SCHEMA, orient="row"), "UTC")

    kathmandu = Calendar("Asia/Kathmandu", ((),) * 4 + (((0, 1440),),) + ((),) * 2)
    assert await calendars(None) == {None: kathmandu, "closers": kathmandu}
    week = (((540, 750), (780, 1080)), (), (), (), (), ((1320, 1440),), ((0, 360),))
    holidays = {date(2026, 12, 24): read_hours(["09:00-12:00"]), date(2026, 12, 25): ()}
    assert await calendars(between) == {None: usual("UTC"), "closers": Calendar("Europe/Berlin", week, holidays)}
    assert await calendars(datetime(2026, 1, 1, tzinfo=UTC)) == {None: usual("UTC")}


# Targets -------------------------------------------------------------------------------------------------------------


async def test_a_target_is_set_changed_withdrawn_and_set_again(caller: Caller, owner: Owner) -> None:
    put = await caller.put("targets/answer_rate", {"value": 0.25}, 201)
    assert put.pop("status") == "created"
    assert put.pop("recorded_at")
    scopes = ["agent", "team", "campaign", "source", "tracking_number", "queue"]
    nothing = dict.fromkeys([*scopes, "upper", "within_seconds", "from_on", "to_on"])
    assert put == nothing | {"id": put["id"], "metric": "answer_rate", "value": 0.25}
    assert (await caller.put("targets/answer_rate", {"value": 0.250}, 200))["status"] == "unchanged"
    for value in (0.3, None, 0.25):
        changed = await caller.put("targets/answer_rate", {"value": value}, 200)
        assert (changed["status"], changed["value"], changed["id"]) == ("updated", value, put["id"])
        listed = (await caller.get("targets"))["items"]
        assert [target["value"] for target in listed] == ([] if value is None else [value])
    assert await broken_histories(owner, caller.account_id) == []


async def test_an_account_moves_the_band_of_a_metric(caller: Caller) -> None:
    """Busy for 48 minutes of an hour on Monday, and for 36 on Tuesday: nearer to 60%, and further from 75%."""
    days = (at(), at(48), at(60)), (at(days=1), at(36, days=1), at(60, days=1))
    for start, waits, end in days:
        await caller.post("agent-states", agent_state(from_at=start, to_at=waits))
        await caller.post("agent-states", agent_state(state="waiting", from_at=waits, to_at=end))
    question = {"from": "2026-03-03", "to": "2026-03-04", "compare": "previous", "benchmarks": "all"}
    usual = (await caller.get("reports", metrics="occupancy", **question))["total"]["occupancy"]
    assert (usual["value"], usual["previous"], usual["verdict"]) == (0.6, 0.8, "worse")
    put = await caller.put("targets/occupancy", {"value": 0.5, "upper": 0.65, "from_on": "2026-03-03"}, 201)
    assert (put["value"], put["upper"]) == (0.5, 0.65)
    report = await caller.get("reports", metrics="occupancy", **question)
    assert report["total"]["occupancy"]["verdict"] == "better"
    [target] = [row for row in report["benchmarks"] if row["kind"] == "target"]
    assert (target["low"], target["high"], target["verdict"]) == (0.5, 0.65, "within")


async def test_a_target_is_of_one_thing_from_one_day_on(caller: Caller) -> None:
    await caller.put("agents/ada", {"team": "closers"}, 201)
    await caller.put("campaigns/spring", {}, 201)
    await caller.put("tracking-numbers/+14155550100", {}, 201)
    await caller.put("calendars/openers", CALENDAR, 201)
    targets: list[dict[str, Any]] = [
        {},
        {"from_on": "2026-04-01", "to_on": "2026-06-30"},
        {"agent": "ada"},
        {"team": "closers"},
        {"team": "openers"},
        {"campaign": "spring", "from_on": "2026-04-01"},
        {"tracking_number": "(415) 555-0100"},
    ]
    for number, fields in enumerate(targets):
        await caller.put("targets/answer_rate", {"value": number / 10} | fields, 201)
    await caller.put("targets/attempts", {"value": 4000}, 201)
    targets[-1] = {"tracking_number": "+14155550100"}
    answer = (await caller.get("targets", metric="answer_rate"))["items"]
    stored = [{name: value for name, value in target.items() if value is not None} for target in answer]
    assert [{name: target[name] for name in fields} for target, fields in zip(stored, targets, strict=True)] == targets
    assert [target["value"] for target in answer] == [number / 10 for number in range(7)]
    first = await caller.get("targets", limit=5)
    rest = await caller.get("targets", after=first["next"], limit=3)
    assert ([*first["items"], *rest["items"]][:7], rest["next"]) == (answer, None)
    assert rest["items"][-1]["value"] == 4000


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"value": "0.25"}, {"/value": "must be a number, or null to withdraw the target"}),
        ({"value": True}, {"/value": "must be a number, or null to withdraw the target"}),
        ({"value": 2e15}, {"/value": "must be a number up to 1,000,000,000,000,000"}),
        ({"value": 0.12345678}, {"/value": "must have at most six decimals"}),
        ({"value": 25}, {"/value": "must be a share from 0 to 1: 25% is 0.25"}),
        ({"agent": "ada"}, {"/agent": "is not known"}),
        ({"team": "closers"}, {"/team": "is not known"}),
        ({"tracking_number": "+14155550100"}, {"/tracking_number": "is not known"}),
        ({"source": "web", "agent": "ada"}, {"/source": "cannot be sent with agent"}),
        ({"agent": ""}, {"/agent": ""}),
        ({"from_on": "1 March"}, {"/from_on": "must be a date, such as 2026-03-01"}),
        ({"from_on": "2026-03-02", "to_on": "2026-03-01"}, {"/to_on": "is before from_on"}),
        ({"upper": 0.2}, {"/upper": "must not be below value"}),
        ({"value": None, "upper": 0.2}, {"/upper": "must not be below value"}),
        ({"upper": 0.9}, {"/upper": "is only for metrics with a band"}),
        ({"within_seconds": 30}, {"/within_seconds": "is only for service_level"}),
        ({"within_seconds": -1}, {"/within_seconds": "must be between 0 and 86400 seconds"}),
        ({"queue": "billing"}, {"/queue": "is not a dimension of this metric"}),
        ({"goal": 3, "to_on": 3}, {"/goal": "is not a field of this resource", "/to_on": "must be a date"}),
    ],
)
async def test_a_faulty_target_is_refused_field_by_field(
    fields: dict[str, Any], wrong: dict[str, str], caller: Caller
) -> None:
    answer = faults(await caller.put("targets/answer_rate", {"value": 0.25} | fields, 422))
    assert answer.keys() == wrong.keys()
    assert all(answer[place].startswith(message) for place, message in wrong.items()), answer
    assert faults(await caller.put("targets/answer_rate", {}, 422)) == {"/value": "is required"}
    assert (await caller.get("targets"))["items"] == []


async def test_an_unknown_metric_is_told_with_the_one_that_was_meant(caller: Caller) -> None:
    fields = {"metric": "is not the name of a metric; did you mean answer_rate?"}
    assert faults(await caller.put("targets/anser_rate", {"value": 0.25}, 400)) == fields
    assert faults(await caller.get("targets", 400, metric="anser_rate")) == fields
    [message] = faults(await caller.put("targets/zzz", {"value": 0.25}, 400)).values()
    assert message == "is not the name of a metric; /v1/metrics lists them"


async def test_reports_are_given_the_targets_that_were_believed(caller: Caller, owner: Owner) -> None:
    await caller.put("agents/ada", {}, 201)
    await caller.put("targets/answer_rate", {"value": 0.25, "agent": "ada", "from_on": "2026-04-01"}, 201)
    put = await caller.put("targets/attempts", {"value": 4000, "to_on": "2026-12-31"}, 201)
    between = datetime.fromisoformat(put["recorded_at"])
    await caller.put("targets/attempts", {"value": None}, 200)
    of_ada = ("answer_rate", "agent", "ada", date(2026, 4, 1), None, 0.25, None, None)
    of_all = ("attempts", None, None, None, date(2026, 12, 31), 4000.0, None, None)
    assert await extract(owner, "targets", caller) == [of_ada]
    assert sorted(await extract(owner, "targets", caller, between)) == [of_ada, of_all]
    assert await extract(owner, "targets", caller, datetime(2026, 1, 1, tzinfo=UTC)) == []


# Rights --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "body"), [("calendars/closers", CALENDAR), ("targets/attempts", {"value": 9})])
async def test_planning_needs_a_key_that_may_configure(
    path: str, body: dict[str, Any], caller: Caller, new_caller: NewCaller
) -> None:
    reader = await new_caller(caller.account_id, scopes=["reports", "ingest"])
    await reader.put(path, body, 403)
    await caller.put(path, body, 201)
    assert (await reader.get(path.partition("/")[0]))["items"]


async def test_a_version_is_seen_by_its_own_account_only(caller: Caller, ledger_url: str) -> None:
    for _ in range(2):
        await caller.put("calendars/closers", CALENDAR)
        await caller.put("targets/attempts", {"value": 9})
    await caller.put("calendars/closers", CALENDAR | {"zone": "UTC"}, 200)
    await caller.put("targets/attempts", {"value": 10}, 200)
    connection = await asyncpg.connect(ledger_url)
    try:
        await connection.execute("SET ROLE calltally_service")
        for table in ("calendars", "targets"):
            assert await connection.fetch(f"SELECT account_id FROM {table}_versions") == []
            async with connection.transaction():
                await connection.execute(f"SET LOCAL calltally.account_id = {caller.account_id}")
                rows = await connection.fetch(f"SELECT account_id, superseded_at FROM {table}_versions")
                assert [row["account_id"] for row in rows] == [caller.account_id] * 2
                now = await connection.fetch(
                    f"SELECT account_id FROM {table}_versions WHERE superseded_at = 'infinity'"
                )
                assert len(now) == 1
    finally:
        await connection.close()
