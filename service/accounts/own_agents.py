"""What people with limits see of one call or lead: the parts of their own agents, without the names of others."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import asyncpg

from reports.model.codes import Codes
from service.accounts.limits import Limits

Row: TypeAlias = Mapping[str, Any] | asyncpg.Record

ANOTHER = "another agent"
_COLUMNS = ("agent", "disposition_agent", "owner", "escalated_to")
_LISTS = ("participants", "shares", "segments", "offers")


class OwnAgents:
    """The agents that a reader may see in single calls and leads, in all their spellings."""

    def __init__(self, limits: Limits, codes: Codes) -> None:
        own, agents = limits.agents(codes), frozenset(codes.agents["code"])
        self._own = agents if own is None else frozenset(codes.spellings("agent", own))
        self._hidden = agents - self._own
        self.limited = own is not None

    def takes_part(self, rows: Iterable[Row]) -> bool:
        """Whether an agent of the reader's has a part in the rows; without limits always."""
        return not self.limited or any(not self._own.isdisjoint(_agents(row)) for row in rows)

    def only(self, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """The rows in which an agent of the reader's has a part, without the names of other agents."""
        return [self.without_others(row) for row in rows if self.takes_part([row])]

    def without_others(self, row: Row) -> dict[str, Any]:
        """A row in which other agents have no name."""
        masked = {name: self._name(row[name]) for name in _COLUMNS if row.get(name)}
        lists = {name: [self._part(part) for part in row[name]] for name in _LISTS if row.get(name)}
        return {**dict(row), **masked, **lists}

    def _part(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**part, "agent": self._name(part["agent"])} if part.get("agent") else part

    def _name(self, agent: str) -> str:
        return ANOTHER if agent in self._hidden else agent


def _agents(row: Row) -> list[str]:
    parts = [part.get("agent") for name in _LISTS for part in row.get(name) or ()]
    return [agent for agent in (*(row.get(name) for name in _COLUMNS), *parts) if agent]
