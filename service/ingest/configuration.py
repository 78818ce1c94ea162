"""Account configuration: campaigns, sources, agents, disposition codes, tracking numbers and their assignments.

Configuration belongs to its editors. A new version replaces the old one, empty fields included, and the old version
stays in history. Saving a code confirms it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from reports.model.vocabulary import AnsweredBy, Handled, NetworkResult, NextStep, Party, Result
from service.ingest.agents import AgentCode
from service.ingest.fields import Code, Country, Day, Item, PlannedTime, Text, Zone
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import AGENTS, ASSIGNMENTS, CAMPAIGNS, DISPOSITION_CODES, SOURCES, TRACKING_NUMBERS, Fact


class Mergeable(Item):
    """A code that can be merged into another code; reports then count it under that code."""

    name: Text | None = None
    merged_into: Code | None = Field(None, description="The code that this one is another spelling of.")


class Source(Mergeable):
    """Where leads come from: a channel, a partner, a list."""

    medium: Text | None = Field(None, examples=["paid-search"])


class Campaign(Mergeable):
    """A campaign, with the country and time zone of the people it calls."""

    source: Code | None = Field(None, description="The source of its attempts that do not name one.")
    region: Country | None = Field(None, description="Country of numbers written without a country code.")
    zone: Zone | None = Field(None, examples=["America/New_York"])
    starts_on: Day | None = None
    ends_on: Day | None = None

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """A campaign lasts at least one day."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise PydanticCustomError("ends_before_start", "{field} is before starts_on", {"field": "ends_on"})
        return self


class Agent(Mergeable):
    """A person who calls."""

    team: Code | None = None
    zone: Zone | None = None


class DispositionCode(Mergeable):
    """What a dialer's disposition code means, axis by axis; an axis left out states nothing."""

    network_result: NetworkResult | None = None
    answered_by: AnsweredBy | None = None
    party: Party | None = None
    handled: Handled | None = None
    result: Result = "unmapped"
    next_step: NextStep | None = None


class TrackingNumber(Item):
    """A number of yours that callers see or dial; its assignments say who holds it and when."""

    name: Text | None = None
    retired_at: PlannedTime | None = Field(
        None,
        description="From this moment on nobody has the number, and calls with it wait in the to-do list. Put the"
        " number without it to use it again.",
    )


class Assignment(Item):
    """The holder of a tracking number from one time to another, or until further notice."""

    from_at: PlannedTime
    to_at: PlannedTime | None = None
    campaign: Code | None = None
    source: Code | None = None
    agent: AgentCode | None = None

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """An assignment has a length."""
        if self.to_at and self.to_at <= self.from_at:
            raise PydanticCustomError("ends_before_start", "{field} must be after from_at", {"field": "to_at"})
        return self


@dataclass(frozen=True)
class Configured:
    """A kind of configuration.

    path: its place under /v1; form: the request body; fact: its table; key: the column that the address fills.
    added: the columns that the form does not have, as a person's save fills them. renamed: columns that the form calls
    otherwise, each with its field.
    """

    path: str
    form: type[Item]
    fact: Fact
    key: str = "code"
    added: Mapping[str, Any] = field(default_factory=lambda: {"confirmed": True})
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])

    def resource(self, key: str, **extra_columns: Any) -> Resource:
        """The resource that captures one address's configuration; extra_columns: columns the form does not have."""
        observe = _observer({self.key: key, **extra_columns})
        return Resource(self.path, self.form, self.fact, observe, identity="name")


def _observer(extra_columns: dict[str, Any]) -> Callable[[Any, Sender], Iterator[Observation]]:
    def observe(item: Item, _sender: Sender) -> Iterator[Observation]:
        fact = _FACTS[type(item)]
        yield fact, item.model_dump() | extra_columns

    return observe


SOURCE = Configured("sources", Source, SOURCES)
CAMPAIGN = Configured("campaigns", Campaign, CAMPAIGNS)
AGENT = Configured("agents", Agent, AGENTS)
DISPOSITION_CODE = Configured("disposition-codes", DispositionCode, DISPOSITION_CODES)
CODES = (SOURCE, CAMPAIGN, AGENT, DISPOSITION_CODE)
TRACKING_NUMBER = Configured("tracking-numbers", TrackingNumber, TRACKING_NUMBERS, key="number")
ASSIGNMENT = Configured("assignments", Assignment, ASSIGNMENTS, key="number")

_FACTS: dict[type[Item], Fact] = {
    configured.form: configured.fact for configured in (*CODES, TRACKING_NUMBER, ASSIGNMENT)
}
