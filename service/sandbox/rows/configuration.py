"""What managers and marketing configured before the first day."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import orjson
import polars as pl

from reports.model.calendars import WEEKDAYS
from reports.model.lead_attributes import USUAL_FEWEST
from service.sandbox.rows.people import former_agents
from service.sandbox.scenario import homes
from service.sandbox.scenario.codes import CODES, UNMAPPED_CODE
from service.sandbox.scenario.fixtures import CallerId, Fixtures, Team
from service.sandbox.scenario.instants import DAY
from service.sandbox.scenario.scenario import Scenario, opening

_BEFORE = 30 * DAY

_AXES = ("network_result", "answered_by", "party", "handled", "next_step")

Rows = Sequence[dict[str, Any]]


def configuration(scenario: Scenario) -> dict[str, pl.DataFrame]:
    """The tables that are written before any block; codes without a manager's word are not `confirmed`."""
    fixtures, began_at = scenario.fixtures, scenario.starts_at - _BEFORE
    rows = {
        "sources": _sources(fixtures),
        "campaigns": _campaigns(scenario),
        "agents": _agents(fixtures),
        "disposition_codes": _codes(),
        "calendars": _calendars(fixtures),
        "tracking_numbers": _numbers(fixtures),
        "tracking_number_assignments": _assignments(scenario, began_at),
        "lead_attributes": _lead_attributes(),
        "targets": _targets(fixtures),
    }
    return {
        table: pl.DataFrame(of_table, infer_schema_length=None).with_columns(recorded_at=pl.lit(began_at))
        for table, of_table in rows.items()
        if of_table
    }


def _sources(fixtures: Fixtures) -> Rows:
    return [_confirmed(code=source.code, name=source.name, medium=source.medium) for source in fixtures.sources]


def _numbers(fixtures: Fixtures) -> Rows:
    return [_confirmed(number=caller.number, name=caller.name) for caller in _assigned(fixtures)]


def _confirmed(**columns: Any) -> dict[str, Any]:
    return columns | {"confirmed": True}


def _unconfirmed(code: str, **columns: Any) -> dict[str, Any]:
    """A code that dialers use and no manager has configured."""
    return {"code": code, "name": None} | columns | {"confirmed": False}


def _campaigns(scenario: Scenario) -> Rows:
    began_on = scenario.plan.dates[0] - timedelta(milliseconds=_BEFORE)
    return [
        _confirmed(
            code=campaign.code, name=campaign.name, zone=campaign.team.zone, region=campaign.region, starts_on=began_on
        )
        if campaign.configured
        else _unconfirmed(campaign.code)
        for campaign in scenario.fixtures.campaigns
    ]


def _agents(fixtures: Fixtures) -> Rows:
    """The agents of the floor, and those who have left."""
    former = [
        _confirmed(code=code, name=f"Former agent {number}", team=team.code, zone=team.zone)
        for number, (code, team) in enumerate(former_agents(fixtures), 1)
    ]
    return [*_present_agents(fixtures), *former]


def _present_agents(fixtures: Fixtures) -> Rows:
    return [
        _confirmed(code=agent.code, name=agent.name, team=agent.team.code, zone=agent.team.zone)
        if agent.configured
        else _unconfirmed(agent.code)
        for agent in fixtures.agents
    ]


def _codes() -> Rows:
    confirmed = [
        _confirmed(code=code.code, name=code.name, result=code.result)
        | {axis: code.meaning.get(axis) for axis in _AXES}
        for code in CODES
    ]
    return [*confirmed, _unconfirmed(UNMAPPED_CODE, result="unmapped")]


def _calendars(fixtures: Fixtures) -> Rows:
    """The hours of each team; agents without a team work as the first team does."""
    return [
        {"team": code, "zone": team.zone, "hours": orjson.dumps(_week(team)).decode(), "holidays": "[]"}
        for code, team in [("default", fixtures.teams[0]), *((team.code, team) for team in fixtures.teams)]
    ]


def _week(team: Team) -> dict[str, list[str]]:
    hours = {name: opening(team, weekday) for weekday, name in enumerate(WEEKDAYS)}
    return {name: [f"{of_day[0]:02}:00-{of_day[1]:02}:00"] if of_day else [] for name, of_day in hours.items()}


def _assigned(fixtures: Fixtures) -> list[CallerId]:
    return [caller for caller in fixtures.caller_ids if caller.assigned]


def _assignments(scenario: Scenario, began_at: int) -> Rows:
    """The owner of each tracking number; a number that changes hands has two, one until the handover and one after."""
    fixtures = scenario.fixtures
    return [
        {
            "number": caller.number,
            "campaign": fixtures.campaigns[caller.campaign].code,
            "source": None if source is None else fixtures.sources[source].code,
            "from_at": from_at,
            "to_at": to_at,
        }
        for caller in _assigned(fixtures)
        for source, from_at, to_at in _owners(caller, began_at, scenario.handover)
    ]


def _owners(caller: CallerId, began_at: int, handover: int) -> list[tuple[int | None, int, int | None]]:
    if caller.source == caller.source_later:
        return [(caller.source, began_at, None)]
    return [(caller.source, began_at, handover), (caller.source_later, handover, None)]


def _lead_attributes() -> Rows:
    values = orjson.dumps(homes.names()).decode()
    return [
        {
            "name": homes.ATTRIBUTE,
            "title": homes.TITLE,
            "allowed": values,
            "bands": None,
            "fewest_leads": USUAL_FEWEST,
            "reported": True,
        }
    ]


def _targets(fixtures: Fixtures) -> Rows:
    """The aims of the whole account, without a first day."""
    always = {"dimension": "", "code": "", "from_on": "-infinity"}
    return [{"metric": metric, **always, "value": value} for metric, value in fixtures.targets.items()]
