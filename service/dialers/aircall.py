"""Aircall: a phone system for sales floors; every event carries the whole current call.

Each body holds a secret `token`; there is no signature. A call keeps its `data.id` through transfers. `duration`
includes ringing and is not read: talk time runs from answer to end. Agents record outcomes as tags, often later, and
comments on a tag are its note. Aircall does not tell a person from a machine, nor busy from no answer.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from service.dialers import Delivery, Dialer, HookSettings, Item, ParsedEvent, Refused, Unreadable
from service.dialers.parsing import (
    Fields,
    check_proof,
    hash_key,
    item,
    json_fields,
    link_without_query,
    parse_json,
    shared_secret,
)

_EVENTS = {
    *("created", "ringing_on_agent", "agent_declined", "answered", "hold", "unhold", "hungup", "ended"),
    *("transferred", "external_transferred", "unsuccessful_transfer", "voicemail_left", "assigned", "archived"),
    *("tagged", "untagged", "commented", "ivr_option_selected", "comm_assets_generated"),
}
_TRANSFERS = {"call.transferred", "call.external_transferred"}
_UNTAGGED = "untagged"
# Links with a new signature in every delivery.
_EXPIRING_LINKS = {"recording", "voicemail"}


def _verify(delivery: Delivery, hook: HookSettings) -> None:
    secret = shared_secret(hook)
    try:
        token = json_fields(delivery).text("token")
    except Unreadable:
        raise Refused("no proof", 401) from None
    check_proof(token, secret)


def _without_token(delivery: Delivery) -> Delivery:
    try:
        body = parse_json(delivery.body)
        body.pop("token", None)
        return replace(delivery, body=json.dumps(body).encode())
    except (Unreadable, RecursionError):
        return delivery


def _delivery_key(delivery: Delivery) -> str:
    """The whole event, except for links that expire: two tags may be set within one second."""
    try:
        body = parse_json(delivery.body)
        body.pop("token", None)
        if isinstance(body.get("data"), dict):
            data = cast("dict[str, Any]", body["data"])
            body["data"] = {name: value for name, value in data.items() if name not in _EXPIRING_LINKS}
        return hash_key(body)
    except (Unreadable, RecursionError):
        return hash_key(delivery.body)


class _Call:
    """The call of an event, as it stood at event_time."""

    def __init__(self, event: str, data: Fields, event_time: datetime) -> None:
        self.event, self.data, self.event_time = event, data, event_time
        self.id = data.identity("id")
        self.outbound = _is_outbound(data)
        self.started_at, self.answered_at, self.ended_at = map(data.time, ("started_at", "answered_at", "ended_at"))
        self.agent = _agent(data.nested("user"))
        self.other_number = data.number("raw_digits")
        self.own_number = data.nested("number").number("digits", region=data.nested("number").code("country"))

    @property
    def talk_seconds(self) -> float | None:
        """From answer to end."""
        return _seconds_between(self.answered_at, self.ended_at)

    @property
    def ring_seconds(self) -> float | None:
        """From start to answer or, for an unanswered call, to its end."""
        return _seconds_between(self.started_at, self.answered_at or self.ended_at)

    @property
    def recording(self) -> Item | None:
        """The page of the recording or message; links to the audio itself expire within minutes."""
        link = link_without_query(self.data.text("asset"))
        return item(uri=link) if link else None


def _is_outbound(data: Fields) -> bool:
    direction = data.text("direction")
    if direction not in {"inbound", "outbound"}:
        raise Unreadable("data.direction is not inbound or outbound")
    return direction == "outbound"


def _seconds_between(begin: datetime | None, end: datetime | None) -> float | None:
    return max((end - begin) / timedelta(seconds=1), 0) if begin and end else None


def _agent(user: Fields) -> str | None:
    return user.code("email") or user.code("id")


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    body = json_fields(delivery)
    event = body.code("event") or "unknown"
    kind, _, name = event.partition(".")
    if kind != "call" or name not in _EVENTS:
        return ParsedEvent(event, known=False)
    call = _Call(event, body.nested("data"), body.time("timestamp") or delivery.received_at)
    dispositions = _dispositions(call)
    if call.outbound:
        return ParsedEvent(event, attempts=(_attempt(call, hook),), dispositions=tuple(dispositions))
    return ParsedEvent(event, inbound_calls=(_inbound_call(call, hook, dispositions),))


def _attempt(call: _Call, hook: HookSettings) -> Item:
    return item(
        external_id=call.id,
        campaign=hook.campaign,
        agent=call.agent,
        to_number=call.other_number,
        from_number=call.own_number,
        dialed_at=call.started_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        ring_seconds=call.ring_seconds,
        talk_seconds=call.talk_seconds,
        network_result="answered" if call.answered_at else "no_answer" if call.ended_at else None,
        participants=_participants(call),
        recording=call.recording,
        observed_at=call.event_time,
    )


def _inbound_call(call: _Call, hook: HookSettings, dispositions: list[Item]) -> Item:
    # An inbound call has one outcome, its last tag; attempts have a history of outcomes.
    last: Item = max(dispositions, key=lambda tag: (tag["set_at"], tag["code"])) if dispositions else {}
    return item(
        external_id=call.id,
        campaign=hook.campaign,
        agent=call.agent if call.answered_at else None,
        to_number=call.own_number,
        from_number=call.other_number,
        arrived_at=call.started_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        talk_seconds=call.talk_seconds,
        outcome=_outcome(call),
        transferred=_was_transferred(call) or None,
        participants=_participants(call),
        recording=call.recording,
        disposition={name: value for name, value in last.items() if name != "attempt"},
        observed_at=call.event_time,
    )


def _outcome(call: _Call) -> str | None:
    reason = (call.data.text("missed_call_reason") or "").removeprefix("short_")
    if call.answered_at:
        return "answered"
    if call.event == "call.voicemail_left" or call.data.text("voicemail"):
        return "voicemail"
    if not call.ended_at:
        return None
    return "abandoned" if reason.startswith("aband") else "missed"


def _was_transferred(call: _Call) -> bool:
    """Whether another agent has the call now: a failed transfer has the same event names, but the agent stays."""
    current, target = call.data.nested("user").code("id"), call.data.nested("transferred_to").code("id")
    return call.event in _TRANSFERS or (target is not None and target == current)


def _participants(call: _Call) -> list[Item] | None:
    fronter, closer = _agent(call.data.nested("transferred_by")), _agent(call.data.nested("transferred_to"))
    if not fronter or not closer or fronter == closer or not _was_transferred(call):
        return None
    return [item(agent=fronter, role="fronter"), item(agent=closer, role="closer")]


def _dispositions(call: _Call) -> list[Item]:
    """The outcomes recorded as tags.

    A removed tag stays in the history. From then on the last remaining tag is the outcome again; if no tag remains,
    the code `untagged` is.
    """
    tags = sorted((set_at, code, agent) for tag in call.data.objects("tags") for set_at, code, agent in _tag(call, tag))
    if call.event == "call.untagged":
        _, code, agent = tags[-1] if tags else (call.event_time, _UNTAGGED, "")
        tags.append((call.event_time, code, agent))
    last = len(tags) - 1
    return [
        item(
            attempt=call.id,
            code=code,
            set_at=set_at,
            agent=agent or None,
            note=_comments(call) if place == last and code != _UNTAGGED else None,
        )
        for place, (set_at, code, agent) in enumerate(tags)
    ]


def _tag(call: _Call, tag: Fields) -> list[tuple[datetime, str, str]]:
    code = tag.code("name")
    set_at = tag.time("tagged_at") or call.ended_at or call.started_at or call.event_time
    return [(set_at, code, _agent(tag.nested("tagged_by")) or "")] if code else []


def _comments(call: _Call) -> str | None:
    """All comments in order of time: if two deliveries differ, the longer text is greater and is stored."""
    texts: list[tuple[float, str]] = []
    for comment in call.data.objects("comments"):
        text, at = comment.text("content"), comment.time("posted_at")
        if text:
            texts.append((at.timestamp() if at else 0, text))
    return "\n".join(text for _, text in sorted(texts))[:2_000].strip() or None


DIALER = Dialer(
    name="aircall",
    title="Aircall",
    secret="The webhook's token: Aircall Dashboard, Integrations & API, Webhook, shown when you create the webhook.",
    setup="""\
1. Open Aircall Dashboard, Integrations & API, Webhook, Install. Name it calltally and paste `{url}` as its URL.
2. Select every Call event. Other events are stored, but they contain no calls.
3. Copy the token that Aircall shows, and enter it as the hook's secret.

Agents record call outcomes as tags. Each tag name becomes a disposition code; define each code once with
`PUT /v1/disposition-codes/{code}`. Comments become the note of the last tag. Agents are identified by e-mail address.
""",
    answer_detection=(
        "Aircall reports whether a call was answered, but not by whom: a voicemail greeting counts as answered, and a"
        " busy line as no answer."
    ),
    verify=_verify,
    delivery_key=_delivery_key,
    parse=_parse,
    without_secrets=_without_token,
    dispositions={_UNTAGGED: {"name": "The tag was taken away", "result": "none"}},
)
