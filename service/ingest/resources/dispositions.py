"""Dispositions: the outcome of an attempt, recorded by an agent or a dialer; often late, sometimes corrected."""

from collections.abc import Iterator

from pydantic import Field

from service.ingest.agents import agent_code
from service.ingest.fields import PastTime, SentCode
from service.ingest.resources import Observation, Resource, Sender
from service.ingest.resources.attempts import Outcome, current_disposition, disposition_row
from sql.facts import ATTEMPTS, DISPOSITIONS


class Disposition(Outcome):
    """The outcome of an attempt, sent on its own; the attempt itself may arrive later."""

    dialer: SentCode | None = Field(None, description="The dialer; if missing, the dialer of the API key.")
    attempt: SentCode = Field(description="The external_id of the attempt.", examples=["call-1001"])
    set_at: PastTime = Field(
        description="When it was chosen; an attempt's latest disposition is its current one.",
        examples=["2026-03-02T09:33:00-05:00"],
    )
    observed_at: PastTime | None = Field(
        None, description="When this was known; it decides between two dispositions with the same set_at."
    )


def observe(item: Disposition, sender: Sender) -> Iterator[Observation]:
    """A disposition writes its own row, and the current disposition of its attempt, known or not yet."""
    dialer = item.dialer or sender.dialer
    item.agent = agent_code(item.agent)
    observed_at = item.observed_at or sender.observed_at
    current = current_disposition(item, item.set_at, observed_at)
    yield ATTEMPTS, {"dialer": dialer, "external_id": item.attempt, **current}
    yield DISPOSITIONS, disposition_row(item, dialer, item.attempt, item.set_at, observed_at)


RESOURCE = Resource("dispositions", Disposition, DISPOSITIONS, observe, identity="attempt")
