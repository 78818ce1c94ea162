"""Staffing over HTTP: calls of one's own, and the coming days from the calls that came in."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from scipy import stats

from tests.api.conftest import Caller
from tests.make import Item, inbound_call

BERLIN = ZoneInfo("Europe/Berlin")
MONDAYS = [date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23)]
# The clocks go forward on the day before: ten o'clock in Berlin is an hour earlier in UTC than on the past Mondays.
NEXT = {"from": "2026-03-30", "to": "2026-03-31", "tz": "Europe/Berlin"}


def calls_at(day: date, clock: str, count: int, **fields: Any) -> list[Item]:
    """Calls of three minutes each, from the start of an interval on."""
    start = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BERLIN)
    usual = {"queue": "service", "queue_seconds": 10, "outcome": "answered", "talk_seconds": 150, "wrap_seconds": 30}
    return [
        inbound_call(
            f"{day}-{clock}-{fields.get('queue', 'service')}-{number}",
            arrived_at=(start + timedelta(seconds=number)).isoformat(),
            ended_at=(start + timedelta(seconds=number + 160)).isoformat(),
            **usual | fields,
        )
        for number in range(count)
    ]


@pytest.fixture
async def floor(caller: Caller) -> Caller:
    """An account with calls on three Mondays: 6, 4 and 8 at ten, and 0, 2 and 1 half an hour later."""
    calls = [call for day, count in zip(MONDAYS, (6, 4, 8), strict=True) for call in calls_at(day, "10:00", count)]
    calls += [call for day, count in zip(MONDAYS, (0, 2, 1), strict=True) for call in calls_at(day, "10:30", count)]
    calls += calls_at(MONDAYS[1], "10:00", 5, queue="sales", talk_seconds=570)
    assert (await caller.post("inbound-calls", calls))["created"] == 26
    return caller


async def test_calls_of_ones_own_need_the_published_number_of_agents(caller: Caller) -> None:
    plan = await caller.get("staffing", calls="100", per="30m", handle_time="180", target="80/20", shrinkage="30")
    assert (plan["formula"], plan["history"], plan["patience_seconds"]) == ("erlang_c", None, None)
    [interval] = plan["intervals"]
    assert (interval["agents"], interval["scheduled_agents"], interval["erlangs"]) == (14, 20, 10)
    fewer, enough, more = interval["queues"]
    assert (fewer["agents"], enough["agents"], more["agents"]) == (13, 14, 15)
    assert fewer["service_level"] == pytest.approx(0.795595, abs=5e-7)
    assert enough["service_level"] == pytest.approx(0.888350, abs=5e-7)
    assert enough["asa_seconds"] == pytest.approx(7.836, abs=5e-4)
    assert interval["calls"] == {"expected": 100, "low": None, "high": None, "days_of_history": 0}
    nobody = await caller.get("staffing", calls="0", handle_time="180")
    assert nobody["intervals"][0]["agents"] == 0
    impatient = await caller.get("staffing", calls="100", handle_time="3m", patience="2m")
    assert (impatient["formula"], impatient["intervals"][0]["agents"]) == ("erlang_a", 12)
    few = await caller.get("staffing", calls="1", per="1h", handle_time="1h", target="1/0", max_occupancy="100")
    assert few["intervals"][0]["queues"][0]["grows_without_end"]


async def test_the_agents_one_has_are_shown_beside_those_needed(caller: Caller) -> None:
    parameters = {"calls": "100", "handle_time": "180"}
    [short] = (await caller.get("staffing", agents="13", **parameters))["intervals"]
    assert (short["agents"], [queue["agents"] for queue in short["queues"]]) == (14, [12, 13, 14])
    assert short["queues"][1]["wait_probability"] == pytest.approx(0.285270, abs=5e-7)
    [lost] = (await caller.get("staffing", agents="10", **parameters))["intervals"]
    assert [queue["grows_without_end"] for queue in lost["queues"]] == [True, True, False]
    assert lost["queues"][1]["asa_seconds"] is None
    [none] = (await caller.get("staffing", agents="0", patience="60", **parameters))["intervals"]
    assert (none["queues"][0]["abandonment_rate"], none["queues"][0]["grows_without_end"]) == (1, False)


@pytest.mark.parametrize(
    ("parameter", "value", "says"),
    [
        ("agents", "-1", "a whole number of agents"),
        ("agents", "1.5", "a whole number of agents"),
        ("calls", "-1", "from 0 to 10,000,000"),
        ("calls", "nan", "from 0 to 10,000,000"),
        ("calls", "9999999", "more than 100,000 agents"),
        ("per", "30", "with its unit"),
        ("per", "25h", "from 1m to 24h"),
        ("handle_time", "0", "above 0"),
        ("handle_time", "", "above 0"),
        ("target", "80", "a share and seconds"),
        ("target", "0.8/20", "write 80 for 80%"),
        ("target", "100/20", "below 100"),
        ("target", "80/20/30", "a share and seconds"),
        ("patience", "0", "or none"),
        ("shrinkage", "100", "from 0 to below 100"),
        ("shrinkage", "0.3", "write 30 for 30%"),
        ("max_occupancy", "101", "up to 100"),
        ("from", "2026-03-01", "is not a parameter"),
        ("erlangs", "10", "is not a parameter"),
    ],
)
async def test_a_wrong_number_names_its_parameter(caller: Caller, parameter: str, value: str, says: str) -> None:
    parameters = {"calls": "100", "handle_time": "180", parameter: value}
    answer = await caller.get("staffing", 400, **parameters)
    assert [(fault["pointer"], says in fault["message"]) for fault in answer["errors"]] == [(parameter, True)]


async def test_all_wrong_numbers_are_named_at_once(caller: Caller) -> None:
    answer = await caller.get("staffing", 400, calls="many", per="soon", target="best")
    assert {fault["pointer"] for fault in answer["errors"]} == {"calls", "per", "target", "handle_time"}


async def test_the_next_monday_is_like_the_mondays_before(floor: Caller) -> None:
    plan = await floor.get("staffing", queue="service", patience="none", weeks="3", **NEXT)
    assert (plan["measured"], plan["handle_seconds"]) == (["handle_time"], 180)
    history = plan["history"]
    assert (history["first_on"], history["last_on"], history["calls"]) == ("2026-03-09", "2026-03-29", 21)
    assert (history["zone"], history["filters"], history["day_to_day"]) == ("Europe/Berlin", {"queue": ["service"]}, 0)
    assert len(plan["intervals"]) == 48
    busy = {interval["starts_at"]: interval for interval in plan["intervals"] if interval["calls"]["expected"]}
    assert list(busy) == ["2026-03-30T10:00:00+02:00", "2026-03-30T10:30:00+02:00"]
    ten, half_past = busy.values()
    # A gamma rate after 18 calls on three days with Jeffreys' prior; calls at random for it.
    low, high = stats.nbinom(18.5, 3 / 4).ppf([0.025, 0.975])
    assert ten["calls"] == {"expected": 6, "low": low, "high": high, "days_of_history": 3}
    assert half_past["calls"]["expected"] == 1
    # 0.6 erlangs: P(wait) is 0.6 with one agent, so 43% in time, and 0.138 with two, so 88.1%.
    assert (ten["agents"], ten["erlangs"]) == (2, pytest.approx(0.6))
    assert ten["queues"][0]["service_level"] == pytest.approx(0.426, abs=5e-4)
    assert ten["queues"][1]["service_level"] == pytest.approx(0.8815, abs=5e-5)
    assert ten["agents_low"] <= ten["agents"] <= ten["agents_high"]


async def test_targets_of_the_account_and_of_a_queue_are_planned_for(floor: Caller) -> None:
    await floor.put("targets/service_level", {"value": 0.9, "within_seconds": 30})
    await floor.put("targets/service_level", {"value": 0.7, "within_seconds": 60, "queue": "service"})
    await floor.put("targets/occupancy", {"value": 0.5, "upper": 0.6})
    for parameters, share, seconds in (({}, 0.9, 30), ({"queue": "service"}, 0.7, 60), ({"queue": "sales"}, 0.9, 30)):
        target = (await floor.get("staffing", **parameters, **NEXT))["target"]
        assert (target["service_level"], target["seconds"], target["max_occupancy"]) == (share, seconds, 0.6)
    own = (await floor.get("staffing", target="80/20", max_occupancy="85", **NEXT))["target"]
    assert (own["service_level"], own["seconds"], own["max_occupancy"]) == (0.8, 20, 0.85)


async def test_every_interval_opens_the_calls_behind_it(floor: Caller) -> None:
    """The average of the past calls is their number over the days that the forecast names."""
    for per, place in (("1h", {}), ("30m", {"half_hour_of_day": "10:00"}), ("15m", {"quarter_hour_of_day": "10:00"})):
        plan = await floor.get("staffing", per=per, weeks="3", **NEXT)
        [ten] = [interval for interval in plan["intervals"] if "T10:00" in interval["starts_at"]]
        window = {"from": "2026-03-09", "to": "2026-03-30", "tz": "Europe/Berlin", "hour_of_week": "Mon 10:00"}
        rows = await floor.get("reports/rows", metric="offered_calls", limit="1", **window, **place)
        assert rows["count"] == pytest.approx(ten["calls"]["expected"] * ten["calls"]["days_of_history"])
        assert len(plan["intervals"]) == {"1h": 24, "30m": 48, "15m": 96}[per]


async def test_a_forecast_knows_only_the_days_before_it(floor: Caller) -> None:
    earlier = await floor.get(
        "staffing", queue="service", handle_time="60", **{**NEXT, "from": "2026-03-16", "to": "2026-03-17"}
    )
    assert (earlier["history"]["first_on"], earlier["history"]["last_on"]) == ("2026-03-09", "2026-03-15")
    assert [interval["calls"]["expected"] for interval in earlier["intervals"] if interval["calls"]["expected"]] == [6]
    assert earlier["measured"] == []
    friday = await floor.get("staffing", weeks="1", **{**NEXT, "from": "2026-03-13", "to": "2026-03-14"})
    assert friday["history"]["intervals_without_history"] == 48
    assert friday["intervals"] == []


async def test_impatient_callers_are_measured_and_a_day_of_25_hours_has_all_its_intervals(floor: Caller) -> None:
    gone = calls_at(
        MONDAYS[2], "11:00", 12, outcome="abandoned", queue_seconds=90, talk_seconds=None, wrap_seconds=None
    )
    await floor.post("inbound-calls", gone)
    report = await floor.get("reports", metrics="median_patience", **{**NEXT, "from": "2026-03-09", "to": "2026-03-30"})
    plan = await floor.get("staffing", per="1h", **{**NEXT, "from": "2026-10-25", "to": "2026-10-26", "weeks": "52"})
    assert plan["measured"] == ["handle_time", "patience"]
    median = report["total"]["median_patience"]["value"]
    assert plan["patience_seconds"] == pytest.approx(median / 0.693147, rel=1e-5)
    assert plan["formula"] == "erlang_a"
    assert len(plan["intervals"]) == 25


@pytest.mark.parametrize(
    ("parameters", "pointer", "says"),
    [
        ({}, "calls", "no call came in from"),
        ({"per": "20m"}, "per", "15m, 30m or 1h"),
        ({"weeks": "0"}, "weeks", "between 1 and 52"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "to", "later than from"),
        ({"from": "2026-03-02", "to": "2026-05-01"}, "to", "within 35 days"),
        ({"tz": "Mars"}, "tz", ""),
        ({"campaign": "ghost"}, "campaign", "there is no campaign"),
        ({"agent": "ada"}, "agent", "is not a parameter"),
    ],
)
async def test_what_cannot_be_forecast_is_said(
    caller: Caller, parameters: dict[str, str], pointer: str, says: str
) -> None:
    answer = await caller.get("staffing", 400, **parameters)
    assert [(fault["pointer"], says in fault["message"]) for fault in answer["errors"]] == [(pointer, True)]


async def test_calls_without_a_handle_time_need_one(caller: Caller) -> None:
    gone = calls_at(MONDAYS[0], "10:00", 3, outcome="abandoned", talk_seconds=None, wrap_seconds=None)
    await caller.post("inbound-calls", gone)
    answer = await caller.get("staffing", 400, **NEXT)
    assert [fault["pointer"] for fault in answer["errors"]] == ["handle_time"]
    assert (await caller.get("staffing", handle_time="3m", **NEXT))["measured"] == ["patience"]
