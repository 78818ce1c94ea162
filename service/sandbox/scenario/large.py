"""The fixtures of a large floor: five teams in three zones of America, forty campaigns and enough agents."""

from math import exp
from random import Random

from service.sandbox.scenario.fixtures import Agent, CallerId, Campaign, Fixtures, Offer, Source, Team, Traits
from service.sandbox.scenario.phone_numbers import EAST, MIDDLE, WEST, many_numbers
from service.sandbox.scenario.plan import Plan

_TEAMS = (
    Team("hudson", "America/New_York", EAST, "ringline-1"),
    Team("potomac", "America/New_York", EAST, "ringline-2", saturdays=True),
    Team("savannah", "America/New_York", EAST, "castline", automatic=True),
    Team("lakeside", "America/Chicago", MIDDLE, "ringline-3"),
    Team("sierra", "America/Los_Angeles", WEST, "ringline-4"),
)

_SOURCES = (
    Source("search", "Paid search", "cpc", 1.15, 1.25, 38.0),
    Source("comparison", "Comparison portal", "partner", 1.25, 1.1, 24.0),
    Source("list", "Bought list", "list", 0.8, 0.6, 4.5),
    Source("winback", "Former customers", "list", 0.95, 0.9, 1.2),
    Source("referral", "Referrals", "referral", 1.45, 1.9, 0.0),
    Source("social", "Social media", "paid-social", 0.95, 0.8, 14.0),
    Source("webinar", "Webinars", "event", 1.2, 1.35, 31.0),
    Source("fair", "Trade fairs", "event", 1.1, 1.2, 55.0),
    Source("radio", "Local radio", "audio", 1.05, 1.0, 29.0),
    Source("mailing", "Letters", "post", 1.0, 0.9, 17.0),
    Source("email", "Newsletter", "email", 1.05, 1.0, 3.0),
    Source("partner", "Installers", "partner", 1.3, 1.4, 45.0),
)
# The weights by which campaigns get their sources, and how many of a campaign's leads come from its first source, its
# second and so on.
_SOURCE_WEIGHTS = (18, 14, 22, 8, 5, 10, 3, 2, 3, 4, 6, 5)
_RANK_WEIGHTS = (38, 24, 18, 13, 7)

_OFFERS = {
    Offer("solar", "Rooftop solar", 0.85, 0.9, 17_500): 24,
    Offer("battery", "Home battery", 1.1, 1.1, 8_200): 19,
    Offer("heat-pump", "Heat pump", 1.0, 1.0, 9_400): 16,
    Offer("insulation", "Insulation", 1.05, 1.15, 4_100): 13,
    Offer("windows", "Windows", 0.95, 0.95, 6_800): 10,
    Offer("charger", "Car charger", 1.15, 1.2, 1_350): 8,
    Offer("roof", "New roof", 0.9, 0.8, 14_000): 6,
    Offer("green-power", "Green power", 1.2, 1.3, 620): 4,
}

_AREAS = (("212", "315"), ("202", "301"), ("404", "704"), ("312", "612"), ("213", "303"))  # of the teams' caller IDs
_NUMBERS_OF_A_CAMPAIGN = 4

_FIRST_NAMES = (
    "Ada Ben Carla Dev Elif Femi Grace Hugo Ines Jonas Kira Liam Mona Nils Oona Petra Quentin Ren Sam Tess Uma"
)
_LAST_NAMES = (
    "Abel Brandt Castillo Dube Eriksen Faure Grant Hussain Ito Jansen Keller Lund Moreau Novak Okafor Price Quinn"
)

_CALLS_OF_AN_AGENT = 390  # a day
_FEWEST_AGENTS = 10
_SATURDAY = 5


def large_fixtures(plan: Plan) -> Fixtures:
    """The people and codes of a large floor, drawn from the seed of its plan."""
    rng = Random(f"{plan.seed}/cast")  # noqa: S311 (a simulation, not a secret)
    size = _agents_needed(plan)
    agents = [_agent(rng, number, size) for number in range(size)]
    campaigns = [_campaign(rng, team, offer, plan.currency) for team in _TEAMS for offer in _OFFERS]
    return Fixtures(
        teams=_TEAMS,
        sources=_SOURCES,
        agents=agents,
        campaigns=campaigns,
        caller_ids=[number for index, campaign in enumerate(campaigns) for number in _caller_ids(index, campaign)],
        numbers=many_numbers(),
        traits=Traits(),
        targets={},
    )


def _agents_needed(plan: Plan) -> int:
    shifts = sum(day.weekday() < _SATURDAY for day in plan.dates)
    return max(_FEWEST_AGENTS, round(plan.attempts / shifts / _CALLS_OF_AN_AGENT))


def _agent(rng: Random, number: int, count: int) -> Agent:
    team = _TEAMS[number * len(_TEAMS) // count]
    name = f"{rng.choice(_FIRST_NAMES.split())} {rng.choice(_LAST_NAMES.split())}"
    return Agent(f"agent-{number + 1:04}", name, team, exp(rng.gauss(0, 0.22)), exp(rng.gauss(0, 0.1)))


def _campaign(rng: Random, team: Team, offer: Offer, currency: str) -> Campaign:
    chosen = list[int]()
    while len(chosen) < len(_RANK_WEIGHTS):
        [source] = rng.choices(range(len(_SOURCES)), _SOURCE_WEIGHTS)
        if source not in chosen:
            chosen.append(source)
    sources: dict[int, float] = dict(zip(chosen, _RANK_WEIGHTS, strict=True))
    name = f"{offer.name}, {team.code}"
    return Campaign(f"{offer.code}-{team.code}", name, offer, team, _OFFERS[offer], sources, currency)


def _caller_ids(index: int, campaign: Campaign) -> list[CallerId]:
    """The numbers of a campaign, the general one first and the one unknown to the ledger last."""
    first, second, third, *_ = campaign.sources
    area = _AREAS[_TEAMS.index(campaign.team)][index // 5 % 2]
    last_digits = (180 + index % 5 * _NUMBERS_OF_A_CAMPAIGN + place for place in range(_NUMBERS_OF_A_CAMPAIGN))
    general, own, shared, unknown = (f"+1{area}5550{digits}" for digits in last_digits)
    return [
        CallerId(general, campaign.name, index),
        CallerId(own, campaign.name, index, first, first),
        CallerId(shared, campaign.name, index, second, third),
        CallerId(unknown, campaign.name, index, assigned=False),
    ]
