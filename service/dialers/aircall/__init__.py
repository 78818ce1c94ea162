"""Aircall: a phone system for sales floors; every event carries the whole current call.

Each body holds a secret `token`; there is no signature. A call keeps its `data.id` through transfers, even when Aircall
turns an outbound call into an inbound one. `duration` includes ringing and hold and is not read: agents talk from
answer to end, without hold and transfers, which have their own events. Agents record outcomes as tags, often later.
Aircall does not tell a person from a machine, nor busy or cancelled from no answer.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from service.dialers import Delivery, Dialer, HookSettings, Item, ParsedEvent, Refused, Unreadable
from service.dialers.aircall.call import TRANSFERS, Call
from service.dialers.aircall.parts import participants
from service.dialers.aircall.tags import outcomes
from service.dialers.parsing import (
    check_proof,
    format_time,
    hash_key,
    item,
    json_fields,
    parse_json,
    shared_secret,
    without_link_secrets,
)

_EVENTS = {
    *("created", "ringing_on_agent", "agent_declined", "answered", "hold", "unhold", "hungup", "ended"),
    *("transferred", "external_transferred", "unsuccessful_transfer", "voicemail_left", "assigned", "archived"),
    *("tagged", "untagged", "commented", "ivr_option_selected", "comm_assets_generated"),
}
# Links with a new signature in every delivery.
_EXPIRING_LINKS = {"recording", "voicemail", "recording_short_url", "voicemail_short_url"}


def _verify(delivery: Delivery, hook: HookSettings) -> None:
    secret = shared_secret(hook)
    try:
        token = json_fields(delivery).text("token")
    except Unreadable:
        raise Refused("no proof", 401) from None
    check_proof(token, secret)


def _without_secrets(delivery: Delivery) -> Delivery:
    """The event without the token, and without the keys in its links."""
    try:
        body = parse_json(delivery.body)
        body.pop("token", None)
        return replace(delivery, body=without_link_secrets(json.dumps(body).encode()))
    except (Unreadable, RecursionError):
        return delivery


def _delivery_key(delivery: Delivery) -> str:
    """The whole event, except for links that expire: two tags may be set within one second."""
    try:
        body = parse_json(without_link_secrets(delivery.body))
        body.pop("token", None)
        if isinstance(body.get("data"), dict):
            data = cast("dict[str, Any]", body["data"])
            body["data"] = {name: value for name, value in data.items() if name not in _EXPIRING_LINKS}
        return hash_key(body)
    except (Unreadable, RecursionError):
        return hash_key(delivery.body)


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    body = json_fields(delivery)
    event = body.code("event") or "unknown"
    kind, _, name = event.partition(".")
    if kind != "call" or name not in _EVENTS:
        return ParsedEvent(event, known=False)
    call = Call(event, body.nested("data"), body.time("timestamp") or delivery.received_at)
    common = _common(call, hook)
    if call.outbound:
        return ParsedEvent(event, attempts=(_attempt(call, common),))
    if not call.may_have_been_dialed:
        return ParsedEvent(event, inbound_calls=(_inbound_call(call, common),))
    # Only the events before the transfer say whether the call came in or went out, so neither item has its beginning.
    attempt, inbound = _attempt(call, common), _inbound_call(call, common)
    return ParsedEvent(
        event, attempts=(_without(attempt, "dialed_at"),), inbound_calls=(_without(inbound, "arrived_at"),)
    )


def _without(call: Item, name: str) -> Item:
    return {field: value for field, value in call.items() if field != name}


def _common(call: Call, hook: HookSettings) -> Item:
    """What an event says about a call in either direction."""
    return item(
        external_id=call.id,
        campaign=hook.campaign,
        contact=call.contact,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        participants=participants(call),
        recording=call.recording,
        note=call.comments,
        observed_at=call.event_time,
    ) | outcomes(call)


def _attempt(call: Call, common: Item) -> Item:
    return common | item(
        agent=call.agent,
        to_number=call.other_number,
        from_number=call.own_number,
        dialed_at=call.started_at,
        # The agent dials, so the agent is there when the customer answers.
        agent_joined_at=call.answered_at,
        ring_seconds=call.ring_seconds,
        network_result="answered" if call.answered_at else "no_answer" if call.ended_at else None,
    )


def _inbound_call(call: Call, common: Item) -> Item:
    return common | item(
        agent=call.agent if call.answered_at else None,
        to_number=call.own_number,
        from_number=call.other_number,
        arrived_at=call.started_at,
        queued_at=_queued_at(call),
        queue=_queue(call),
        offers=_offers(call),
        menu_seconds=_menu_seconds(call),
        talk_seconds=call.talk_seconds,
        outcome=_outcome(call),
        transferred=call.event in TRANSFERS or call.passed_on or None,
    )


def _queued_at(call: Call) -> datetime | None:
    """The caller waits for an agent from the first ring; a second agent's phone rings after the answer."""
    return call.event_time if call.event == "call.ringing_on_agent" and not call.answered_at else None


def _offers(call: Call) -> list[Item] | None:
    """The agent at whom the call begins to ring."""
    if call.event != "call.ringing_on_agent" or call.answered_at or not call.agent:
        return None
    return [item(agent=call.agent, from_at=format_time(call.event_time))]


def _menu_seconds(call: Call) -> float | None:
    """A caller who hung up in the voice menu was there for the whole call."""
    reason = call.data.text("missed_call_reason") or ""
    return call.ring_seconds if reason.startswith("aband") and reason.endswith("_in_ivr") else None


def _queue(call: Call) -> str | None:
    """The first team that the call went to."""
    return next((name for team in call.data.objects("teams") if (name := team.code("name"))), None)


def _outcome(call: Call) -> str | None:
    reason = (call.data.text("missed_call_reason") or "").removeprefix("short_")
    if call.answered_at:
        return "answered"
    if call.has_message:
        return "voicemail"
    if not call.ended_at:
        return None
    return "abandoned" if reason.startswith("aband") else "missed"


DIALER = Dialer(
    name="aircall",
    title="Aircall",
    secret="The webhook's token: Aircall Dashboard, Integrations & API, Webhook, shown when you create the webhook.",
    setup="""\
1. Open Aircall Dashboard, Integrations & API, Webhook, Install. Name it calltally and paste `{url}` as its URL.
2. Select every Call event. Other events are stored, but they contain no calls.
3. Copy the token that Aircall shows, and enter it as the hook's secret.

Agents record call outcomes as tags. Each tag name becomes a disposition code; define each code once under
Settings, Disposition codes, or with `PUT /v1/disposition-codes/{code}`. A call may have several tags: the one with the
greatest result counts, and a tag that an agent takes away counts no more. Comments become the note of the call.
Agents are identified by e-mail address. Aircall's contacts are no leads of your CRM: calls find their lead by phone
number.
""",
    answer_detection=(
        "Aircall reports whether a call was answered, but not by whom: the hook's setting decides when an answer counts"
        " as a person, and a busy line or a call that the agent gives up counts as no answer."
    ),
    tells=frozenset({"ringing", "answer", "hold", "transfer", "disposition"}),
    tells_inbound=frozenset({"queue", "wait", "menu", "offers", "transfer"}),
    verify=_verify,
    delivery_key=_delivery_key,
    parse=_parse,
    without_secrets=_without_secrets,
)
