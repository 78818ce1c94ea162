"""The limits of a role: the part of an account that a manager or an agent sees, in every report, row and list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from reports.model.codes import Codes
from reports.query.parameters import Parameters
from service.accounts.keys import Access
from service.accounts.roles import ROLES
from service.errors import Fault, NotAllowed

_LIMITED = ("agent", "team")


@dataclass(frozen=True)
class Limits:
    """What one person sees: the whole account, the agents of their own teams, or a single agent.

    teams: of a manager. agent: of an agent. None means no limit of this kind.
    """

    teams: frozenset[str] | None = None
    agent: str | None = None

    @property
    def any(self) -> bool:
        """Whether there is a limit at all."""
        return self.teams is not None or self.agent is not None

    def agents(self, codes: Codes) -> frozenset[str] | None:
        """The agents within the limits, as reports name them; None means all."""
        if self.agent is not None:
            own = codes.reading("agent", self.agent)
            return frozenset([own] if own else [])
        if self.teams is None:
            return None
        return frozenset(agent for agent, team in _teams(codes) if team in self.teams)

    def own_teams(self, codes: Codes) -> frozenset[str] | None:
        """The teams within the limits that the account knows; None means all."""
        if self.agent is not None:
            own = self.agents(codes) or ()
            return frozenset(team for agent, team in _teams(codes) if agent in own and team)
        if self.teams is None:
            return None
        return frozenset(team for team in self.teams if codes.reading("team", team))

    def narrow(self, parameters: Parameters, codes: Codes) -> Parameters:
        """The parameters of a report with the limits as filters. Every report of a limited person goes through here.

        Raises NotAllowed that names each filter with a value outside the limits.
        """
        agents, teams = self.agents(codes), self.own_teams(codes)
        if agents is None or teams is None:
            return parameters
        allowed = {"agent": agents, "team": teams}
        if faults := [fault for name in _LIMITED for fault in _faults(name, parameters, allowed[name], codes)]:
            raise NotAllowed("Your role sees its own part of the account only.", faults=tuple(faults))
        if self.agent is None and _names_shared_calls(parameters):
            # The team of a shared call is the one that it is shared with; its agent may be of another.
            parameters = {"agent": sorted(agents) or [""], **parameters}
        limit = "team" if self.agent is None else "agent"
        if parameters.get(limit):
            return parameters
        if not allowed[limit]:
            raise NotAllowed("The account has no calls of your own yet. Ask an administrator to check your role.")
        return {**parameters, limit: sorted(allowed[limit])}


NO_LIMITS = Limits()


def limits_of(access: Access) -> Limits:
    """The limits of an access; a key has none."""
    limit = "account" if access.role is None else ROLES[access.role].limit
    match limit:
        case "teams":
            return Limits(teams=access.teams)
        case "agent":
            return Limits(agent=access.agent or "")
        case _:
            return NO_LIMITS


def _teams(codes: Codes) -> Iterator[tuple[str, str | None]]:
    """Each agent with the team, other spellings left out."""
    rows = codes.agents.filter(pl.col("code") == pl.col("reads"))
    return zip(rows["code"], rows["team"], strict=True)


def _names_shared_calls(parameters: Parameters) -> bool:
    names = (*parameters.get("metric", ()), *parameters.get("metrics", ()))
    return any("shared_calls" in text for text in names)


def _faults(name: str, parameters: Mapping[str, Sequence[str]], allowed: frozenset[str], codes: Codes) -> list[Fault]:
    values = parameters.get(name, ())
    outside = any(not value or codes.reading(name, value) not in allowed for value in values)
    return [Fault(name, "is outside what your role may see")] if outside else []
