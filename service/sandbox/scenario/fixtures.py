"""Who and what is on the floor: teams, agents, sources, campaigns, and the caller IDs that campaigns show.

The simulation knows the truth about each of them (how good the leads of a source are, how well an agent persuades).
Reports have to find it out. There are two sets of fixtures: those of a large floor (large.py) and of a small one
(small.py).
"""

from dataclasses import dataclass

from service.sandbox.scenario.instants import DAY
from service.sandbox.scenario.phone_numbers import NumberPool


@dataclass(frozen=True, slots=True)
class Team:
    """Agents who call people of one clock in the same hours.

    automatic: a dialer rings for them and hands over calls that are picked up; else an agent listens to each call from
    its first ring.
    """

    code: str
    zone: str
    clock: int
    dialer: str
    automatic: bool = False
    saturdays: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where leads come from, and the cost of a lead.

    pickup, appeal: how easily its leads are reached and persuaded; wait: how long they wait for their first call; each
    beside the average lead (1.0).
    """

    code: str
    name: str
    medium: str
    pickup: float
    appeal: float
    cost: float
    wait: float = 1.0


@dataclass(frozen=True, slots=True)
class Offer:
    """What a campaign sells, how easily its leads are reached and persuaded, and the worth of a usual deal."""

    code: str
    name: str
    pickup: float
    appeal: float
    deal: int


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who calls: how well they persuade, and how long they need."""

    code: str
    name: str
    team: Team
    skill: float
    pace: float
    configured: bool = True


@dataclass(frozen=True, slots=True)
class Campaign:
    """An offer made by a team.

    weight: how many of the team's leads are for it; sources: index of each source its leads come from, with its weight.
    """

    code: str
    name: str
    offer: Offer
    team: Team
    weight: float
    sources: dict[int, float]
    currency: str
    region: str = "US"
    configured: bool = True


@dataclass(frozen=True, slots=True)
class CallerId:
    """A number a campaign shows, and its source before and after the handover in the middle of the plan.

    Without a source it serves all sources that have no number of their own. Where it is not assigned, the ledger does
    not know it as a tracking number.
    """

    number: str
    name: str
    campaign: int
    source: int | None = None
    source_later: int | None = None
    assigned: bool = True

    @property
    def is_general(self) -> bool:
        """Whether it serves all sources that have no number of their own."""
        return self.assigned and self.source is None and self.source_later is None


@dataclass(frozen=True, slots=True)
class Traits:
    """How a floor as a whole behaves.

    test_leads: the share of leads that only try out the line; source_unknown: the share of leads without a source;
    noted_by_dialer: the share of calls without an agent that the dialer gives a disposition. visit_hours: hours of work
    from a call to the visit; decides_after_sale, decides_after_visit: milliseconds until the customer decides.
    pickup_by_hour: how easily people are reached in each hour that teams work, beside the average hour; empty where all
    hours are alike. surveyed: the share of conversations after which customers are asked. evaluated: how many
    conversations are scored, compared with a small floor.
    """

    test_leads: float = 0.001
    source_unknown: float = 0.02
    noted_by_dialer: float = 0.35
    visit_hours: float = 14.0
    decides_after_sale: int = DAY
    decides_after_visit: int = 5 * DAY
    pickup_by_hour: tuple[float, ...] = ()
    surveyed: float = 0.0
    evaluated: float = 0.0


@dataclass(frozen=True)
class Fixtures:
    """All people and codes of a floor. The columns of the simulation hold indexes of these lists, not codes.

    Teams of one clock stand together, and so do the agents and the campaigns of a team.
    targets: the aim for each of these metrics.
    """

    teams: tuple[Team, ...]
    sources: tuple[Source, ...]
    agents: list[Agent]
    campaigns: list[Campaign]
    caller_ids: list[CallerId]
    numbers: NumberPool
    traits: Traits
    targets: dict[str, float]

    def first_agent(self) -> list[int]:
        """The index of each team's first agent."""
        teams = [agent.team for agent in self.agents]
        return [teams.index(team) for team in self.teams]

    def team_sizes(self) -> list[int]:
        """How many agents each team has."""
        return [sum(agent.team is team for agent in self.agents) for team in self.teams]

    def first_campaign(self) -> list[int]:
        """The index of each team's first campaign."""
        teams = [campaign.team for campaign in self.campaigns]
        return [teams.index(team) for team in self.teams]

    def team_weights(self) -> list[list[float]]:
        """For each team, the weights of its campaigns."""
        return [[campaign.weight for campaign in self.campaigns if campaign.team is team] for team in self.teams]

    def general_numbers(self) -> list[int]:
        """For each campaign, the index of the caller ID that serves sources without a number of their own."""
        return self._number_of_each(
            {caller.campaign: index for index, caller in enumerate(self.caller_ids) if caller.is_general}
        )

    def unknown_numbers(self) -> list[int]:
        """For each campaign, the index of the caller ID that the ledger does not know."""
        return self._number_of_each(
            {caller.campaign: index for index, caller in enumerate(self.caller_ids) if not caller.assigned}
        )

    def _number_of_each(self, numbers: dict[int, int]) -> list[int]:
        """For each campaign its number; a campaign without one shows that of its team's first campaign."""
        first = dict(zip(self.teams, self.first_campaign(), strict=True))
        return [numbers.get(index, numbers[first[campaign.team]]) for index, campaign in enumerate(self.campaigns)]

    def shown_numbers(self, *, later: bool) -> list[int]:
        """The index of the caller ID shown for each pair of campaign and source, before or after the handover."""
        owners = {
            (caller.campaign, caller.source_later if later else caller.source): index
            for index, caller in enumerate(self.caller_ids)
            if caller.assigned
        }
        general = self.general_numbers()
        return [
            owners.get((campaign, source), general[campaign])
            for campaign in range(len(self.campaigns))
            for source in range(len(self.sources))
        ]
