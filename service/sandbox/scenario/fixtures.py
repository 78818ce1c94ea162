"""Who and what is on the floor: teams, agents, sources, campaigns, and the numbers that campaigns show.

What is true of each (how good leads of a source are, how well an agent persuades) is known here and has to be found out
by reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from random import Random

import polars as pl

from service.sandbox.scenario.phone_numbers import EAST, MIDDLE, WEST
from service.sandbox.scenario.plan import Plan


@dataclass(frozen=True, slots=True)
class Team:
    """Agents who call people of one clock in the same hours.

    automatic: a dialer rings for them and hands over whoever picks up; else an agent listens to each call from its
    first ring.
    """

    code: str
    zone: str
    clock: int
    dialer: str
    areas: tuple[str, str]
    automatic: bool = False
    saturdays: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where leads come from, what one costs, and how they are beside the average lead."""

    code: str
    name: str
    medium: str
    pickup: float
    appeal: float
    cost: float
    weight: float


@dataclass(frozen=True, slots=True)
class Offer:
    """What a campaign sells, how it is received, and what a usual deal is worth."""

    code: str
    name: str
    pickup: float
    appeal: float
    deal: int
    weight: float


# In the order of their clocks: those of one clock stand together.
TEAMS = (
    Team("hudson", "America/New_York", EAST, "ringline-1", ("212", "315")),
    Team("potomac", "America/New_York", EAST, "ringline-2", ("202", "301"), saturdays=True),
    Team("savannah", "America/New_York", EAST, "castline", ("404", "704"), automatic=True),
    Team("lakeside", "America/Chicago", MIDDLE, "ringline-3", ("312", "612")),
    Team("sierra", "America/Los_Angeles", WEST, "ringline-4", ("213", "303")),
)

SOURCES = (
    Source("search", "Paid search", "cpc", 1.15, 1.25, 38.0, 18),
    Source("comparison", "Comparison portal", "partner", 1.25, 1.1, 24.0, 14),
    Source("list", "Bought list", "list", 0.8, 0.6, 4.5, 22),
    Source("winback", "Former customers", "list", 0.95, 0.9, 1.2, 8),
    Source("referral", "Referrals", "referral", 1.45, 1.9, 0.0, 5),
    Source("social", "Social media", "paid-social", 0.95, 0.8, 14.0, 10),
    Source("webinar", "Webinars", "event", 1.2, 1.35, 31.0, 3),
    Source("fair", "Trade fairs", "event", 1.1, 1.2, 55.0, 2),
    Source("radio", "Local radio", "audio", 1.05, 1.0, 29.0, 3),
    Source("mailing", "Letters", "post", 1.0, 0.9, 17.0, 4),
    Source("email", "Newsletter", "email", 1.05, 1.0, 3.0, 6),
    Source("partner", "Installers", "partner", 1.3, 1.4, 45.0, 5),
)

OFFERS = (
    Offer("solar", "Rooftop solar", 0.85, 0.9, 17_500, 24),
    Offer("battery", "Home battery", 1.1, 1.1, 8_200, 19),
    Offer("heat-pump", "Heat pump", 1.0, 1.0, 9_400, 16),
    Offer("insulation", "Insulation", 1.05, 1.15, 4_100, 13),
    Offer("windows", "Windows", 0.95, 0.95, 6_800, 10),
    Offer("charger", "Car charger", 1.15, 1.2, 1_350, 8),
    Offer("roof", "New roof", 0.9, 0.8, 14_000, 6),
    Offer("green-power", "Green power", 1.2, 1.3, 620, 4),
)

# How many of a campaign's leads come from the first of its sources, the second and so on.
SOURCE_WEIGHTS = (38, 24, 18, 13, 7)

# How many numbers a campaign shows.
CALLER_IDS = 4

_FIRST = "Ada Ben Carla Dev Elif Femi Grace Hugo Ines Jonas Kira Liam Mona Nils Oona Petra Quentin Ren Sam Tess Uma"
_LAST = "Abel Brandt Castillo Dube Eriksen Faure Grant Hussain Ito Jansen Keller Lund Moreau Novak Okafor Price Quinn"


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who calls: how well they persuade, and how long they need."""

    code: str
    name: str
    team: Team
    skill: float
    pace: float


@dataclass(frozen=True, slots=True)
class Campaign:
    """An offer made by a team, and the sources its leads come from, the busiest first."""

    code: str
    name: str
    offer: Offer
    team: Team
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CallerId:
    """A number a campaign shows, and the source it is assigned to before and after the handover.

    Where it has no source it serves whoever has no number of their own; where it is not assigned, nobody ever told the
    ledger about it.
    """

    number: str
    campaign: int
    source: int | None = None
    source_later: int | None = None
    assigned: bool = True


class Cast:
    """Everybody and everything, with their places: tables of the simulation speak of places, not of codes."""

    def __init__(self, plan: Plan) -> None:
        rng = Random(f"{plan.seed}/cast")  # noqa: S311 (a game of chance, not a secret)
        self.agents = [_agent(rng, number, plan.agents) for number in range(plan.agents)]
        self.campaigns = [_campaign(rng, team, offer) for team in TEAMS for offer in OFFERS]
        self.caller_ids = [number for place in range(len(self.campaigns)) for number in self._caller_ids(place)]

    def first_agent(self) -> list[int]:
        """The place of each team's first agent."""
        teams = [agent.team for agent in self.agents]
        return [teams.index(team) for team in TEAMS]

    def team_sizes(self) -> list[int]:
        """How many agents each team has."""
        return [sum(agent.team is team for agent in self.agents) for team in TEAMS]

    def _caller_ids(self, place: int) -> Sequence[CallerId]:
        """The numbers of a campaign, its general one first and the one nobody told of last."""
        campaign = self.campaigns[place]
        first, second, third = campaign.sources[:3]
        area = campaign.team.areas[place // 5 % 2]
        numbers = [f"+1{area}5550{180 + place % 5 * CALLER_IDS + each}" for each in range(CALLER_IDS)]
        return (
            CallerId(numbers[0], place),
            CallerId(numbers[1], place, first, first),
            CallerId(numbers[2], place, second, third),
            CallerId(numbers[3], place, assigned=False),
        )

    def shown(self, *, later: bool) -> pl.Series:
        """The place of the number shown for each campaign and source: that of the source, else the general one."""
        owners = {
            (each.campaign, each.source_later if later else each.source): place
            for place, each in enumerate(self.caller_ids)
            if each.assigned
        }
        pairs = [(campaign, source) for campaign in range(len(self.campaigns)) for source in range(len(SOURCES))]
        return pl.Series([owners.get((campaign, source), owners[campaign, None]) for campaign, source in pairs])


def _agent(rng: Random, number: int, count: int) -> Agent:
    team = TEAMS[number * len(TEAMS) // count]
    name = f"{rng.choice(_FIRST.split())} {rng.choice(_LAST.split())}"
    return Agent(f"agent-{number + 1:04}", name, team, exp(rng.gauss(0, 0.22)), exp(rng.gauss(0, 0.1)))


def _campaign(rng: Random, team: Team, offer: Offer) -> Campaign:
    weights = [source.weight for source in SOURCES]
    found = list[int]()
    while len(found) < len(SOURCE_WEIGHTS):
        [source] = rng.choices(range(len(SOURCES)), weights)
        if source not in found:
            found.append(source)
    return Campaign(f"{offer.code}-{team.code}", f"{offer.name}, {team.code}", offer, team, tuple(found))
