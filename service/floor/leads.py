"""Leads arrive: round the clock from the web, in the office hours from friends, in one pile when a list is bought."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import exp
from random import Random

from service.floor.cast import AGENTS, CAMPAIGNS, SOURCES, Campaign
from service.floor.phones import Directory
from service.floor.story import Lead
from service.sandbox.scenario.instants import DAY, HOUR, MINUTE, at_hour, local

# How many of a hundred leads arrive in each hour of the campaign's day.
_ARRIVALS = {
    "evening": (2, 1, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 5, 5, 4, 4, 5, 6, 8, 9, 9, 7, 5, 3),
    "office": (0, 0, 0, 0, 0, 0, 1, 3, 8, 11, 12, 11, 9, 9, 10, 10, 8, 5, 2, 1, 0, 0, 0, 0),
}
_UPLOAD_HOUR = 7.25
_TEST_LEADS = 2


def arrive(rng: Random, start: int, until: int) -> list[Lead]:
    """Every lead of the days, the earliest first, numbered in that order."""
    numbers = Directory(rng)
    arrivals = sorted(_arrivals(rng, start, until), key=lambda one: one[0])
    leads = [_lead(rng, numbers, at, campaign, source) for at, campaign, source in arrivals]
    for count, lead in enumerate(leads, start=1):
        lead.external_id = f"{lead.campaign.region}-{count:05d}"
    for lead in leads[: _TEST_LEADS * 40 : 40]:
        lead.test = True
    return leads


def _arrivals(rng: Random, start: int, until: int) -> Iterator[tuple[int, Campaign, str]]:
    for campaign in CAMPAIGNS.values():
        for day in days_between(start, until, campaign.zone):
            for source, typical in campaign.leads_a_day.items():
                for at in _moments(rng, SOURCES[source].arrival, day, campaign.zone, typical):
                    if start <= at < until:
                        yield at, campaign, source


def days_between(start: int, until: int, zone: str) -> Iterator[date]:
    """Every calendar day of a zone that the days touch, weekends too: people ask on Sundays."""
    day, last = local(start, zone).date(), local(until, zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _moments(rng: Random, arrival: str, day: date, zone: str, typical: int) -> list[int]:
    if arrival == "upload":
        at = at_hour(day, _UPLOAD_HOUR, zone)
        return [at] * typical if day.weekday() < 5 else []
    count = max(0, round(rng.gauss(typical, typical**0.5)))
    hours = rng.choices(range(24), _ARRIVALS[arrival], k=count)
    return [at_hour(day, hour, zone) + rng.randrange(HOUR) for hour in hours]


def _lead(rng: Random, numbers: Directory, at: int, campaign: Campaign, source: str) -> Lead:
    number, zone = numbers.next(campaign.region)
    origin = SOURCES[source]
    lead = Lead(
        external_id="",
        received_at=at,
        campaign=campaign,
        source=source,
        phone_number=number,
        zone=zone,
        line=_line(rng, origin.medium),
        pickup=campaign.pickup * origin.pickup * exp(rng.gauss(0, 0.35)),
        appeal=campaign.appeal * origin.appeal * exp(rng.gauss(0, 0.4)),
    )
    if origin.medium != "list":
        _assign(rng, lead)
    return lead


def _line(rng: Random, medium: str) -> str:
    dead = 0.06 if medium == "list" else 0.015
    return rng.choices(("person", "dead", "fax"), (1 - dead - 0.008, dead, 0.008))[0]


def _assign(rng: Random, lead: Lead) -> None:
    """Who asks by name gets an agent of their own; a bought list belongs to nobody."""
    owners = [agent.code for agent in AGENTS if agent.team == lead.campaign.team and agent.configured]
    lead.owner = rng.choice(owners)
    lead.assigned_at = lead.received_at + int(rng.lognormvariate(0.7, 0.9) * MINUTE)


def reaches_the_floor_at(rng: Random, lead: Lead) -> int | None:
    """When a lead appears in the dialer: nearly at once, after a long while, or never (somebody forgot it)."""
    luck = rng.random()
    if luck < 0.05:
        return None
    if luck < 0.17:
        return lead.received_at + min(int(rng.lognormvariate(2.3, 1.1) * HOUR), 30 * DAY)
    return lead.received_at + rng.randrange(20 * MINUTE if lead.owner is None else MINUTE)
