"""A small floor: always the same, true to itself, and rich enough to show what reports are for."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import phonenumbers
import polars as pl
import pytest
from phonenumbers import timezone

from service.sandbox.demo.floor import DemoFloor
from service.sandbox.rows.tables import Tables, all_tables
from service.sandbox.scenario.plan import SMALL_BELOW, Plan
from service.sandbox.scenario.scenario import Scenario
from service.sandbox.scenario.small import small_fixtures

NOW = datetime(2026, 3, 12, 19, 40, 5, tzinfo=UTC)  # a Thursday, two of the three teams at work
PLANS = [Plan(6_000, NOW, 4, seed) for seed in (1, 2, 3)]
FIXTURES = small_fixtures(PLANS[0])
# +1 NPA 555 01xx, and the British ranges for drama.
FICTION = re.compile(r"\+1[2-9]\d\d55501\d\d|\+44(207946|113496|117496|121496|131496|141496|151496|161496)0\d{3}")
START_OF_LAST_DAY = 1_773_288_000_000  # midnight in New York
SOON = {"callback_at", "due_at", "scheduled_at"}

human = pl.col("answered_by") == "human"
agreed = pl.col("disposition").is_in(["SALE", "APPT", "QUAL"])
right_party = pl.col("disposition").is_in(["SALE", "APPT", "QUAL", "INFO", "CALLBK", "NI", "NQ", "DNC", "TOO-DEAR"])


@pytest.fixture(scope="module")
def floors() -> list[Tables]:
    return [all_tables(Scenario(plan)) for plan in PLANS]


@pytest.fixture(scope="module")
def floor(floors: list[Tables]) -> Tables:
    return floors[0]


@pytest.fixture(scope="module")
def calls(floors: list[Tables]) -> pl.DataFrame:
    """The calls of all floors, with the source of their lead as `lead_source`."""
    return pl.concat(
        floor["attempts"].join(
            floor["leads"].select(lead="external_id", lead_source="source", received_at="received_at"),
            on="lead",
            how="left",
        )
        for floor in floors
    )


def number(statistic: Any) -> Any:
    """A statistic of a column, for the type checker a number."""
    return statistic


def equal(some: Tables, other: Tables) -> bool:
    return all(some[table].equals(other[table]) for table in some)


# The same floor, every time ------------------------------------------------------------------------------------


def test_the_same_plan_gives_the_same_rows_and_another_seed_or_moment_others(floor: Tables) -> None:
    assert equal(floor, all_tables(Scenario(PLANS[0])))
    later = Plan(6_000, NOW + timedelta(minutes=1), 4, 1)
    for other in (PLANS[1], later):
        assert not equal(floor, all_tables(Scenario(other)))


def test_people_and_codes_are_the_same_for_every_seed(floors: list[Tables]) -> None:
    for table in ("agents", "campaigns", "sources", "tracking_numbers", "targets", "disposition_codes"):
        assert all(floor[table].equals(floors[0][table]) for floor in floors), table


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 14, 23, 0, tzinfo=UTC),  # a Saturday
        datetime(2026, 3, 16, 1, 0, tzinfo=UTC),  # Monday in London, still Sunday in New York
        datetime(2026, 3, 9, 15, 0, tzinfo=UTC),  # the day after America changed its clocks
        datetime(2026, 1, 1, 12, 0, tzinfo=UTC),
    ],
)
def test_the_demo_can_be_played_at_any_moment(now: datetime) -> None:
    plan = DemoFloor(5, now, 4).plan
    assert 4_500 < plan.attempts <= 6_000
    attempts = all_tables(Scenario(plan))["attempts"]
    assert attempts.height == plan.attempts
    assert number(attempts["dialed_at"].max()) < plan.ends_at


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_a_demo_of_one_day_has_calls_at_every_hour(hour: int) -> None:
    plan = DemoFloor(2, datetime(2026, 3, 10, hour, 30, tzinfo=UTC), 1).plan
    assert 150 <= plan.attempts <= 1_500
    assert all_tables(Scenario(plan))["attempts"].height == plan.attempts


def test_a_demo_counts_working_days_and_stays_a_small_floor() -> None:
    monday = datetime(2026, 3, 16, 19, 0, tzinfo=UTC)
    assert DemoFloor(7, monday, 2).plan.dates[0].isoformat() == "2026-03-13"
    assert DemoFloor(7, monday.replace(hour=13), 2).plan.dates[0].isoformat() == "2026-03-12"
    assert DemoFloor(7, monday, 30).plan.attempts == SMALL_BELOW - 1


# True to itself ------------------------------------------------------------------------------------------------


def test_every_call_happens_in_order(calls: pl.DataFrame) -> None:
    joined = pl.col("agent_joined_at")
    assert calls.filter(pl.col("answered_at") != pl.col("dialed_at") + pl.col("ring_ms")).is_empty()
    assert calls.filter(joined < pl.col("answered_at")).is_empty()
    assert calls.filter(pl.col("ended_at") < pl.max_horizontal("dialed_at", "answered_at", joined)).is_empty()
    ended = calls.filter(pl.col("ended_at").is_not_null())
    assert ended.filter((pl.col("network_result") == "answered") != pl.col("answered_at").is_not_null()).is_empty()


def test_talk_and_hold_fill_the_time_an_agent_was_on_the_line(calls: pl.DataFrame) -> None:
    joined = calls.filter(pl.col("agent_joined_at").is_not_null())
    on_line = pl.col("ended_at") - pl.col("agent_joined_at")
    assert joined.filter(on_line != pl.col("talk_ms") + pl.col("hold_ms")).is_empty()
    assert joined.filter(pl.col("dead_ms") > pl.col("talk_ms")).is_empty()
    assert joined.filter((pl.col("handled") != "agent") | pl.col("agent").is_null()).is_empty()


def test_only_people_who_were_reached_agree_or_refuse(calls: pl.DataFrame) -> None:
    assert calls.filter(right_party & ~(human & (pl.col("handled") == "agent"))).is_empty()
    dropped = calls.filter(pl.col("handled") == "abandoned_by_us")
    assert dropped["agent"].null_count() == dropped.height


def test_no_lead_is_called_before_it_arrived_after_it_was_closed_or_out_of_hours(floors: list[Tables]) -> None:
    zones = {campaign.code: campaign.team.zone for campaign in FIXTURES.campaigns}
    for floor in floors:
        of_lead = floor["leads"].select(lead="external_id", received_at="received_at", closed_at="closed_at")
        known = floor["attempts"].join(of_lead, on="lead")
        assert known.filter(pl.col("dialed_at") <= pl.col("received_at")).is_empty()
        assert known.filter(pl.col("dialed_at") >= pl.col("closed_at")).is_empty()
    for (campaign,), dialed in known.group_by("campaign"):
        there = (
            pl.from_epoch(dialed["dialed_at"], "ms").dt.replace_time_zone("UTC").dt.convert_time_zone(zones[campaign])
        )
        assert there.dt.hour().is_between(9, 18).all()
        assert (there.dt.weekday() <= 5).all()


def test_an_agent_does_one_thing_at_a_time_without_gaps(floors: list[Tables]) -> None:
    for floor in floors:
        states = floor["agent_states"].sort("agent", "from_at")
        assert states["agent"].n_unique() == len(FIXTURES.agents)
        following = pl.col("from_at").shift(-1).over("agent")
        assert states.filter((pl.col("state") != "offline") & (pl.col("to_at") != following)).is_empty()
        assert states.filter(pl.col("to_at") <= pl.col("from_at")).is_empty()
        assert states.filter(pl.col("from_at") >= PLANS[0].ends_at).is_empty()


def test_nothing_lies_in_the_future_except_plans(floor: Tables) -> None:
    for table, rows in floor.items():
        planned = SOON | ({"to_at"} if table == "schedules" else set())
        for name in (name for name in rows.columns if name.endswith("_at") and name not in planned):
            assert number(rows[name].max() or 0) <= PLANS[0].ends_at, (table, name)


def test_every_number_is_reserved_for_fiction_and_lies_in_the_zone_of_its_team(floor: Tables) -> None:
    shown = {caller.number for caller in FIXTURES.caller_ids}
    customers = set(floor["leads"]["phone_number"].drop_nulls())
    assert set(floor["attempts"]["to_number"]) <= customers
    assert set(floor["attempts"]["from_number"]) <= shown
    assert not customers & shown
    assert all(FICTION.fullmatch(number) for number in customers | shown)
    assert len(customers) > floor["leads"].height * 0.9
    for row in floor["leads"].head(300).iter_rows(named=True):
        number = phonenumbers.parse(row["phone_number"])
        assert phonenumbers.is_possible_number(number)
        assert set(row["phone_zones"].strip("{}").split(",")) <= set(timezone.time_zones_for_number(number))
        assert (row["phone_country"] == "GB") == (row["campaign"] == "heatpump-gb")


# What there is to see ------------------------------------------------------------------------------------------


def rates(calls: pl.DataFrame, hits: pl.Expr, *by: str) -> dict[Any, float]:
    """The share of hits in each group."""
    groups = calls.group_by(by).agg(hits.mean().alias("rate"))
    return {row[0] if len(by) == 1 else row[:-1]: row[-1] for row in groups.iter_rows()}


def test_temp_14_is_worse_than_all_others_and_unknown_to_managers(floors: list[Tables], calls: pl.DataFrame) -> None:
    of_agent = rates(calls.filter(right_party), agreed, "agent")
    assert max((rate, agent) for agent, rate in of_agent.items() if agent == "temp-14")[0] < 0.06
    assert min(rate for agent, rate in of_agent.items() if agent != "temp-14") > 0.07
    assert floors[0]["agents"].filter(~pl.col("confirmed"))["code"].to_list() == ["temp-14"]


def test_the_portal_costs_far_more_than_its_deals_bring(floors: list[Tables]) -> None:
    for floor in floors:
        won = (
            floor["stage_changes"]
            .filter(pl.col("stage") == "won")
            .join(floor["leads"].select(lead="external_id", source="source"), on="lead")
        )
        profit = won.filter(pl.col("source") == "comparison")["gross_profit"].sum()
        cost = floor["spend"].filter(pl.col("source") == "comparison")["amount"].sum()
        assert profit < cost / 2


def test_the_portal_looks_worse_than_lists_but_is_better_in_every_campaign(calls: pl.DataFrame) -> None:
    overall = rates(calls, human, "lead_source")
    inside = rates(calls, human, "campaign", "lead_source")
    assert overall["comparison"] < 0.9 * overall["list"]
    for campaign in ("solar-us", "battery-us", "heatpump-gb"):
        assert inside[campaign, "comparison"] > 1.1 * inside[campaign, "list"], campaign


def test_a_tracking_number_changes_hands_in_the_middle(floor: Tables, calls: pl.DataFrame) -> None:
    handover = Scenario(PLANS[0]).handover
    changed = floor["tracking_number_assignments"].filter(pl.len().over("number") == 2).sort("number", "from_at")
    assert changed["number"].unique(maintain_order=True).to_list() == ["+12125550182", "+442079460011"]
    assert changed["to_at"].to_list() == [handover, None] * 2
    assert changed["source"].to_list() == ["list", "comparison", "list", "search"]
    shown = calls.filter((pl.col("from_number") == "+12125550182") & pl.col("lead_source").is_not_null())
    before = shown.filter(pl.col("dialed_at") < handover)["lead_source"].unique().to_list()
    assert before == ["list"]


def test_some_codes_are_used_that_no_manager_configured(floor: Tables) -> None:
    known = {table: set(floor[table].filter("confirmed")["code"]) for table in ("campaigns", "disposition_codes")}
    assert set(floor["attempts"]["campaign"]) - known["campaigns"] == {"battery-winback"}
    assert set(floor["dispositions"]["code"]) - known["disposition_codes"] == {"TOO-DEAR"}


def test_automatic_lines_drop_calls_and_hear_machines(calls: pl.DataFrame) -> None:
    dropped = calls.filter(pl.col("handled") == "abandoned_by_us")
    assert dropped["campaign"].unique().to_list() == ["solar-us"]
    assert dropped.select((pl.col("ended_at") - pl.col("answered_at") >= 2_000).all()).item()
    assert set(calls["answered_by"].drop_nulls()) == {"human", "machine", "fax_or_tone"}


def test_every_code_is_used_and_some_calls_have_none(floors: list[Tables], calls: pl.DataFrame) -> None:
    used = {code for floor in floors for code in floor["dispositions"]["code"]}
    assert used == set(floors[0]["disposition_codes"]["code"])
    over = calls.filter(pl.col("ended_at").is_not_null())
    assert 0.01 < over["disposition"].null_count() / over.height < 0.05
    corrected = floors[0]["dispositions"].filter(pl.len().over("attempt") == 2)
    assert corrected.height >= 6


def test_some_leads_are_called_at_once_some_after_days_and_some_never(floors: list[Tables]) -> None:
    for floor in floors:
        first = floor["attempts"].group_by("lead").agg(pl.min("dialed_at"))
        waits = floor["leads"].join(first, left_on="external_id", right_on="lead", how="left")
        hours = waits.select((pl.col("dialed_at") - pl.col("received_at")) / 3_600_000)["dialed_at"]
        assert number(hours.min()) < 0.1
        assert number(hours.max()) > 24
        assert number(hours.median()) < 12
        assert 0.02 < hours.null_count() / waits.height < 0.5


def test_people_pick_up_after_work_more_often(calls: pl.DataFrame) -> None:
    there = pl.from_epoch("dialed_at", "ms").dt.replace_time_zone("UTC").dt.convert_time_zone("America/Chicago")
    battery = calls.filter(pl.col("campaign") == "battery-us").with_columns(evening=there.dt.hour() >= 17)
    by_part = rates(battery, human, "evening")
    assert by_part[True] > 1.2 * by_part[False]


def test_conversations_have_a_long_tail(calls: pl.DataFrame) -> None:
    talks = calls.filter(right_party)["talk_ms"]
    median = number(talks.median())
    assert 50_000 < median < 130_000
    assert number(talks.mean()) > 1.2 * median
    assert number(talks.max()) > 8 * median


def test_promises_are_kept_late_or_broken(floors: list[Tables]) -> None:
    promises = pl.concat(floor["follow_ups"] for floor in floors)
    assert set(promises["channel"]) == {"call", "email", "sms"}
    assert promises["automated"].any()
    due = promises.filter((pl.col("channel") == "email") & (pl.col("due_at") < PLANS[0].ends_at - 3_600_000))
    late = due.filter(pl.col("done_at") > pl.col("due_at") + 3_600_000).height
    assert min(due.filter(pl.col("done_at") <= pl.col("due_at")).height, late, due["done_at"].null_count()) >= 3


def test_appointments_are_moved_held_missed_and_cancelled(floors: list[Tables]) -> None:
    seen = {status for floor in floors for status in floor["appointments"]["status"]}
    assert seen == {"set", "rescheduled", "held", "no_show", "cancelled_by_them", "cancelled_by_us"}


def test_deals_are_won_and_lost_in_two_currencies(floors: list[Tables]) -> None:
    moves = pl.concat(floor["stage_changes"] for floor in floors)
    assert set(moves["stage"]) == {"contacted", "qualified", "opportunity", "proposal", "won", "lost"}
    won = moves.filter(pl.col("stage") == "won")
    assert won.filter(~pl.col("gross_profit").is_between(1, pl.col("amount"))).is_empty()
    assert set(won["currency"]) == {"USD", "GBP"}
    assert set(floors[0]["spend"]["currency"]) == {"USD", "GBP"}


def test_every_source_but_referrals_costs_money_every_day(floor: Tables) -> None:
    paid = set(floor["spend"].select("source", "from_on").unique().iter_rows())
    assert paid == {(source, day) for source in ("search", "comparison", "list") for day in PLANS[0].dates}


def test_some_calls_are_in_progress_and_some_only_try_out_the_line(floors: list[Tables], calls: pl.DataFrame) -> None:
    for floor in floors:
        still_open = floor["attempts"].filter(pl.col("ended_at").is_null())
        assert 0 < still_open.height < 40
        assert number(still_open["dialed_at"].max()) > PLANS[0].ends_at - 120_000
        marked = floor["leads"].filter("test")["external_id"]
        assert marked.len() > 0
        tests = floor["attempts"].filter("test")
        assert tests.height > 0
        assert floor["attempts"].filter(pl.col("lead").is_in(marked.to_list()) & pl.col("test").is_null()).is_empty()


def test_customers_of_the_portal_leave_soonest(floors: list[Tables]) -> None:
    contracts = pl.concat(
        floor["customers"]
        .filter(pl.col("value_per") == "month")
        .join(floor["leads"].select(lead="external_id", source="source"), on="lead")
        for floor in floors
    )
    left = contracts.group_by("source").agg(pl.col("until_on").is_not_null().mean())
    shares = dict(left.iter_rows())
    assert max(shares, key=lambda source: shares[source]) == "comparison"
    assert shares["comparison"] > 1.3 * shares["search"] > 1.3 * shares["referral"]


def test_one_team_takes_its_breaks_an_hour_after_they_are_planned(floor: Tables) -> None:
    breaks = {
        "schedules": (pl.col("activity") == "break", "from_at"),
        "agent_states": (pl.col("state") == "paused", "from_at"),
    }
    mean = {
        table: dict(
            floor[table]
            .filter(is_break & (pl.col("from_at") < START_OF_LAST_DAY))
            .group_by(pl.col("agent").str.head(2))
            .agg(pl.col(at).mean())
            .iter_rows()
        )
        for table, (is_break, at) in breaks.items()
    }
    late = {team: (mean["agent_states"][team] - planned) / 60_000 for team, planned in mean["schedules"].items()}
    assert 45 < late["t-"] < 75
    assert all(abs(late[team]) < 25 for team in ("h-", "l-"))


def test_one_team_loses_most_of_its_agents(floor: Tables) -> None:
    left = floor["staff"].filter(pl.col("left_on").is_not_null()).group_by("team").len()
    assert dict(left.iter_rows()) == {"hudson": 2, "lakeside": 6, "thames": 1}
