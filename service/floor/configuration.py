"""What managers and marketing tell the ledger beforehand: sources, campaigns, agents, codes, tracking numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from service.floor.cast import AGENTS, CALLER_IDS, CAMPAIGNS, CODES, SOURCES, TEAMS, CallerId
from service.floor.story import Story
from service.sandbox.scenario.instants import DAY, local, wire_time

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")

# What the floor aims at.
TARGETS = {"dial_efficiency": 0.15, "called_within_5_min": 0.5, "callback_kept": 0.8, "conv_per_conversation": 0.06}

_SINCE = 30 * DAY  # numbers were assigned well before the first day


@dataclass(frozen=True, slots=True)
class Setting:
    """One request that configures: its method, its path under /v1, its body."""

    method: str
    path: str
    body: dict[str, object]


def settings(story: Story) -> list[Setting]:
    """Every configuration request, in an order in which each finds what it refers to."""
    codes = [*_sources(), *_campaigns(story), *_agents(), *_codes(), *_tracking_numbers(story)]
    return [*codes, *_calendars(), *_targets()]


def _put(collection: str, code: str, body: dict[str, object]) -> Setting:
    return Setting("PUT", f"/v1/{collection}/{quote(code, safe='')}", body)


def _sources() -> Iterator[Setting]:
    for source in SOURCES.values():
        yield _put("sources", source.code, {"name": source.name, "medium": source.medium})


def _campaigns(story: Story) -> Iterator[Setting]:
    for campaign in CAMPAIGNS.values():
        if campaign.configured:
            began = local(story.start - _SINCE, campaign.zone).date().isoformat()
            body: dict[str, object] = {"region": campaign.region, "zone": campaign.zone, "starts_on": began}
            yield _put("campaigns", campaign.code, {"name": campaign.name, **body})


def _agents() -> Iterator[Setting]:
    for agent in AGENTS:
        if agent.configured:
            body: dict[str, object] = {"name": agent.name, "team": agent.team, "zone": TEAMS[agent.team].zone}
            yield _put("agents", agent.code, body)


def _codes() -> Iterator[Setting]:
    for code in CODES:
        yield _put("disposition-codes", code.code, {"name": code.name, "result": code.result, **code.meaning})


def _calendars() -> Iterator[Setting]:
    """Each team's hours; whoever is in no team works as the lakeside does."""
    for code, team in {**TEAMS, "default": TEAMS["lakeside"]}.items():
        hours = {day: [f"{_clock(team.starts)}-{_clock(team.ends)}"] for day in _DAYS}
        yield _put("calendars", code, {"zone": team.zone, "hours": hours})


def _clock(hour: float) -> str:
    return f"{int(hour):02}:{int(hour % 1 * 60):02}"


def _targets() -> Iterator[Setting]:
    for metric, value in TARGETS.items():
        yield _put("targets", metric, {"value": value})


def _tracking_numbers(story: Story) -> Iterator[Setting]:
    for caller_id in CALLER_IDS:
        yield _put("tracking-numbers", caller_id.number, {"name": caller_id.name})
        path = f"/v1/tracking-numbers/{quote(caller_id.number, safe='')}/assignments"
        for body in _assignments(caller_id, story):
            yield Setting("POST", path, body)


def _assignments(caller_id: CallerId, story: Story) -> Iterator[dict[str, object]]:
    began, handed_over = wire_time(story.start - _SINCE), wire_time(story.handover)
    if caller_id.source == caller_id.source_later:
        yield _assignment(caller_id.campaign, caller_id.source, {"from_at": began})
    else:
        yield _assignment(caller_id.campaign, caller_id.source, {"from_at": began, "to_at": handed_over})
        yield _assignment(caller_id.campaign, caller_id.source_later, {"from_at": handed_over})


def _assignment(campaign: str, source: str | None, body: dict[str, object]) -> dict[str, object]:
    return body | {"campaign": campaign} | ({"source": source} if source else {})
