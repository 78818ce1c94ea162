"""Leads: people or companies to call, with when they came and from where."""

from collections.abc import Iterator

from pydantic import Field

from service.ingest.agents import agent_code
from service.ingest.fields import Code, Flag, Item, PastTime, PhoneNumber, PlainValue, Text, Zone
from service.ingest.resources import Observation, Resource, Row, Sender
from sql.facts import LEADS


class Lead(Item):
    """One lead as the CRM knows it."""

    external_id: Code = Field(description="The CRM's own id of the lead.", examples=["lead-77"])
    received_at: PastTime = Field(examples=["2026-03-02T09:12:40-05:00"])
    source: Code | None = Field(None, examples=["web-form"])
    campaign: Code | None = Field(None, examples=["spring-renewals"])
    phone_number: PhoneNumber = Field(None, examples=["+14155550123"])
    time_zone: Zone | None = Field(
        None,
        description="Where the lead is; the hour over there follows it, and the place of the number without it.",
        examples=["America/Denver"],
    )
    owner: Code | None = Field(None, description="The agent the lead belongs to.")
    assigned_at: PastTime | None = None
    closed_at: PastTime | None = None
    close_reason: Text | None = None
    attributes: dict[Code, PlainValue] | None = Field(
        None, description="Industry, company size and the like.", max_length=50
    )
    test: Flag | None = None
    observed_at: PastTime | None = Field(
        None, description="When the CRM knew this; if two observations disagree, the newer one is stored."
    )


def observe(item: Lead, sender: Sender) -> Iterator[Observation]:
    """A lead writes one row."""
    number = sender.number(item.phone_number, item.campaign)
    row: Row = item.model_dump(exclude={"phone_number"})
    row["owner"] = agent_code(item.owner, number and number.line)
    row["observed_at"] = sender.observed(item.observed_at, item.received_at, item.assigned_at, item.closed_at)
    if number:
        row.update(zip(("phone_number", "phone_country", "phone_region", "phone_zones"), number, strict=True))
    yield LEADS, row


RESOURCE = Resource("leads", Lead, LEADS, observe)
