"""What managers and marketing told the ledger before the first day, and what marketing has cost since."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import orjson
import polars as pl

from reports.calendars import WEEKDAYS
from service.floor.cast import CODES, UNTOLD_CODE
from service.sandbox.rows.tables import Tables
from service.sandbox.scenario import phone_numbers as numbers
from service.sandbox.scenario.fixtures import OFFERS, SOURCE_WEIGHTS, SOURCES, TEAMS, Campaign, Team
from service.sandbox.scenario.instants import DAY, HOUR, at_hour
from service.sandbox.scenario.plan import ZONE
from service.sandbox.scenario.scenario import Floor, opening

_BEFORE = 30 * DAY
_BILLED_AFTER = DAY + 6 * HOUR

_AXES = ("network_result", "answered_by", "party", "handled", "next_step")


def configuration(floor: Floor, leads: float) -> Tables:
    """The tables that are written before any block. leads: how many the floor has, all in all."""
    began_at = floor.starts_at - _BEFORE
    told = {
        "sources": _sources(),
        "campaigns": _campaigns(floor),
        "agents": _agents(floor),
        "disposition_codes": _codes(),
        "calendars": _calendars(),
        "tracking_numbers": _numbers(floor),
        "tracking_number_assignments": _assignments(floor, began_at),
    }
    made = {table: pl.DataFrame(rows, infer_schema_length=None) for table, rows in told.items()}
    dated = {table: rows.with_columns(recorded_at=pl.lit(began_at)) for table, rows in made.items()}
    return {**dated, "spend": costs(floor, leads)}


Rows = Sequence[dict[str, Any]]


def _sources() -> Rows:
    return [{"code": each.code, "name": each.name, "medium": each.medium, "confirmed": True} for each in SOURCES]


def _campaigns(floor: Floor) -> Rows:
    began_on = floor.plan.dates[0] - timedelta(milliseconds=_BEFORE)
    usual = {"region": "US", "starts_on": began_on, "confirmed": True}
    return [{"code": each.code, "name": each.name, "zone": each.team.zone, **usual} for each in floor.cast.campaigns]


def _agents(floor: Floor) -> Rows:
    return [
        {"code": each.code, "name": each.name, "team": each.team.code, "zone": each.team.zone, "confirmed": True}
        for each in floor.cast.agents
    ]


def _codes() -> Rows:
    """Every code but one means something: agents use that one although nobody ever said what it means."""
    told = [
        {"code": each.code, "name": each.name, "result": each.result, "confirmed": True}
        | {axis: each.meaning.get(axis) for axis in _AXES}
        for each in CODES
    ]
    return [*told, {"code": UNTOLD_CODE, "name": None, "result": "unmapped", "confirmed": False}]


def _calendars() -> Rows:
    """Each team's hours; who is in no team works as the first one does."""
    return [
        {"team": code, "zone": team.zone, "hours": orjson.dumps(_week(team)).decode(), "holidays": "[]"}
        for code, team in [("default", TEAMS[0]), *((team.code, team) for team in TEAMS)]
    ]


def _week(team: Team) -> dict[str, list[str]]:
    hours = {name: opening(team, weekday) for weekday, name in enumerate(WEEKDAYS)}
    return {name: [f"{of[0]:02}:00-{of[1]:02}:00"] if of else [] for name, of in hours.items()}


def _numbers(floor: Floor) -> Rows:
    return [
        {"number": each.number, "name": floor.cast.campaigns[each.campaign].name, "confirmed": True}
        for each in floor.cast.caller_ids
        if each.assigned
    ]


def _assignments(floor: Floor, began_at: int) -> Rows:
    """Whose each number is; where its source changes, one assignment ends and the next begins at the handover."""
    return [
        {
            "number": each.number,
            "campaign": floor.cast.campaigns[each.campaign].code,
            "source": None if source is None else SOURCES[source].code,
            "from_at": from_at,
            "to_at": to_at,
        }
        for each in floor.cast.caller_ids
        if each.assigned
        for source, from_at, to_at in _owners(each.source, each.source_later, began_at, floor.handover)
    ]


def _owners(
    source: int | None, later: int | None, began_at: int, handover: int
) -> list[tuple[int | None, int, int | None]]:
    if source == later:
        return [(source, began_at, None)]
    return [(source, began_at, handover), (later, handover, None)]


def costs(floor: Floor, leads: float) -> pl.DataFrame:
    """What each source cost for each campaign and day, billed the morning after; of today, what it has cost so far."""
    share = leads / floor.plan.days
    rows = [
        (campaign.code, SOURCES[source].code, SOURCES[source].cost * share * _part(campaign, place))
        for campaign in floor.cast.campaigns
        for place, source in enumerate(campaign.sources)
        if SOURCES[source].cost
    ]
    days = [(day, at_hour(day, 0, ZONE)) for day in floor.plan.dates]
    day = pl.col("day").dt.to_string()
    return (
        pl.DataFrame(rows, schema=("campaign", "source", "usual"), orient="row")
        .join(pl.DataFrame(days, schema=("day", "begins_at"), orient="row"), how="cross", maintain_order="left_right")
        .with_row_index("key")
        .select(
            external_id=pl.col("source") + "-" + pl.col("campaign") + "-" + day,
            source="source",
            campaign="campaign",
            from_on="day",
            to_on="day",
            amount=(pl.col("usual") * floor.luck.around("cost", 1.0, 0.15)).round(2),
            currency=pl.lit(floor.plan.currency),
            observed_at=(pl.col("begins_at") + _BILLED_AFTER).clip(upper_bound=floor.plan.ends_at),
        )
        .with_columns(recorded_at="observed_at")
    )


def _part(campaign: Campaign, place: int) -> float:
    """Which part of all leads comes to a campaign from one of its sources."""
    clocks = numbers.places()["clock"].to_list()
    teams = sum(team.clock == campaign.team.clock for team in TEAMS)
    of_clock = clocks.count(campaign.team.clock) / len(clocks) / teams
    of_offer = campaign.offer.weight / sum(offer.weight for offer in OFFERS)
    return of_clock * of_offer * SOURCE_WEIGHTS[place] / sum(SOURCE_WEIGHTS)
