"""A callback of Twilio: its form, the query of its address, and the customer's call that it belongs to."""

from datetime import UTC, datetime
from typing import Any, get_args

from reports.model.vocabulary import Handled
from service.dialers import Delivery, HookSettings, Item, ParsedEvent
from service.dialers.parsing import Fields, form_fields, item, link_without_query, query_fields
from service.dialers.twilio.parties import is_phone_number, read_party

_INBOUND = {"inbound", "trunking-originating"}
_HANDLED: tuple[Handled, ...] = get_args(Handled)


class Callback:
    """A callback, and what its address adds.

    calls: whose leg it is, if the address says so: `inbound`, `outbound` or `agent`. parent: the call that dialed the
    leg. to, caller: its two ends. agent: the agent that the address names.
    """

    def __init__(self, delivery: Delivery, hook: HookSettings) -> None:
        self.form = form_fields(delivery)
        self.address = query_fields(delivery)
        self.event_time = self.form.time("Timestamp", UTC) or delivery.received_at
        self.calls = (self.address.text("calls") or "").lower()
        self.parent = self.form.code("ParentCallSid")
        self.to = read_party(self.form.text("To"))
        self.caller = read_party(self.form.text("From"))
        self.agent = _agent_code(self.address.code("agent"))
        self._hook = hook

    @property
    def own_call(self) -> str | None:
        """The leg's own id; None for a conference's recording."""
        return self.form.identity("CallSid") if self.form.text("CallSid") else None

    @property
    def named_call(self) -> str | None:
        """The customer's call that the address names, if this leg is another call."""
        call = self.address.code("call")
        return call if call != self.own_call else None

    @property
    def inbound(self) -> bool:
        """Whether a customer called the account. A leg shows this by a called number that is not its own."""
        if self.calls in {"inbound", "outbound"}:
            return self.calls == "inbound"
        if self.parent:
            via = self.form.text("CalledVia") or self.form.text("ForwardedFrom")
            return via is not None and via != self.form.text("From")
        return self.form.text("Direction") in _INBOUND and not self.caller.is_agent

    @property
    def is_agents_own_call(self) -> bool:
        """Whether an agent's browser or SIP phone called the account, in order to dial."""
        direction = self.form.text("Direction")
        incoming = direction is None or direction in _INBOUND
        return self.caller.is_agent and self.parent is None and incoming and self.calls != "inbound"

    @property
    def is_agents_leg(self) -> bool:
        """Whether the leg is an agent's, as its ends, its parent or its address show; the others are customers'."""
        if self.calls == "agent" or self.named_call or self.is_agents_own_call:
            return True
        incoming = self.form.text("Direction") in _INBOUND
        return self.inbound or self.to.is_agent if self.parent else self.to.is_agent and not incoming

    @property
    def call(self) -> str | None:
        """The customer's call; None if the leg is an agent's and shows no customer."""
        if self.named_call or not self.is_agents_leg:
            return self.named_call or self.own_call
        return None if self.caller.is_agent and self.calls != "inbound" else self.parent

    @property
    def handled(self) -> str | None:
        """Who handled the call, if the address says so; words that the ledger does not know are ignored."""
        word = self.address.text("handled")
        return word if word in _HANDLED else None

    @property
    def opening_fields(self) -> dict[str, Any]:
        """Fields of a customer's call from its first callback on."""
        return {
            "campaign": self._hook.campaign,
            "to_number": self.to.number,
            "from_number": self.caller.number,
        }

    def parsed(self, event: str, call: str | None, *observations: dict[str, Any]) -> ParsedEvent:
        """An event with one item for each observation of the customer's call; without items if the call is unknown."""
        items = tuple(self.item_of(call, fields) for fields in observations) if call else ()
        return self.event(event, inbound_calls=items) if self.inbound else self.event(event, attempts=items)

    def event(self, event: str, **contents: Any) -> ParsedEvent:
        """An event with these contents. The numbers of its ends may be a customer's, even if it has no items."""
        numbers = (party.number for party in (self.to, self.caller))
        return ParsedEvent(event, numbers=tuple(number for number in numbers if number), **contents)

    def item_of(self, call: str, fields: dict[str, Any]) -> Item:
        """An item of a call; what the address says replaces what the callback says."""
        address_fields = {name: self.address.code(name) for name in ("campaign", "lead", "contact")}
        address_fields["agent"] = self.agent
        return item(external_id=call, **fields | {name: value for name, value in address_fields.items() if value})


def _agent_code(code: str | None) -> str | None:
    return None if code and is_phone_number(code) else code


def talking(agent: str | None, start: datetime | None, end: datetime | None = None) -> list[Item] | None:
    """An agent's part of a call, from joining to leaving; None without an agent or a time."""
    parts = [
        *([item(agent=agent, from_at=start)] if start else []),
        *([item(agent=agent, from_at=end, state="left")] if end else []),
    ]
    return parts if agent and parts else None


def recording_link(form: Fields) -> Item | None:
    """The recording that a form names: its link without secrets, and its length."""
    link = link_without_query(form.text("RecordingUrl"))
    return item(uri=link, seconds=form.seconds("RecordingDuration")) if link else None
