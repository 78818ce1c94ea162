"""Aircall: a phone system for sales floors; every event carries the whole call as it stands.

Each body holds a secret `token`, and there is no signature. A call keeps its `data.id` through transfers. `duration`
includes ringing and is not read: talk time is from answer to end. Agents record what came of a call as tags, often
later, and comments beside a tag are its note. Aircall does not tell a person from a machine, nor busy from no answer.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from service.dialers import Delivery, Dialer, Hook, Item, Reading, Refused, Unreadable
from service.dialers.parsing import Fields, check, item, json_fields, json_of, key_of, shared_secret, stable

_EVENTS = {
    *("created", "ringing_on_agent", "agent_declined", "answered", "hold", "unhold", "hungup", "ended"),
    *("transferred", "external_transferred", "unsuccessful_transfer", "voicemail_left", "assigned", "archived"),
    *("tagged", "untagged", "commented", "ivr_option_selected", "comm_assets_generated"),
}
_TRANSFERS = {"call.transferred", "call.external_transferred"}
_UNTAGGED = "untagged"
# Links that are signed anew each time they are sent.
_PASSING = {"recording", "voicemail"}


def _verify(delivery: Delivery, hook: Hook) -> None:
    secret = shared_secret(hook)
    try:
        token = json_fields(delivery).text("token")
    except Unreadable:
        raise Refused("no proof", 401) from None
    check(token, secret)


def _without_token(delivery: Delivery) -> Delivery:
    try:
        body = json_of(delivery.body)
        body.pop("token", None)
        return replace(delivery, body=json.dumps(body).encode())
    except (Unreadable, RecursionError):
        return delivery


def _key(delivery: Delivery) -> str:
    """Event, call and time, and what the call says: two tags may be set within a second."""
    try:
        body = json_of(delivery.body)
        body.pop("token", None)
        if isinstance(body.get("data"), dict):
            data = cast("dict[str, Any]", body["data"])
            body["data"] = {name: value for name, value in data.items() if name not in _PASSING}
        return key_of(body)
    except (Unreadable, RecursionError):
        return key_of(delivery.body)


class _Call:
    """The call of an event, as it stood then. at: the time of the event."""

    def __init__(self, event: str, data: Fields, at: datetime) -> None:
        self.event, self.data, self.at = event, data, at
        self.id = data.identity("id")
        self.outbound = _is_outbound(data)
        self.started, self.answered, self.ended = map(data.moment, ("started_at", "answered_at", "ended_at"))
        self.agent = _agent(data.inner("user"))
        self.others = data.number("raw_digits")
        self.own = data.inner("number").number("digits", region=data.inner("number").code("country"))

    @property
    def talk_seconds(self) -> float | None:
        """From answer to end."""
        return _between(self.answered, self.ended)

    @property
    def ring_seconds(self) -> float | None:
        """From start to answer or, of a call nobody answered, to its end."""
        return _between(self.started, self.answered or self.ended)

    @property
    def recording(self) -> Item | None:
        """The page of the recording or message; links to the audio itself expire within minutes."""
        link = stable(self.data.text("asset"))
        return item(uri=link) if link else None


def _is_outbound(data: Fields) -> bool:
    direction = data.text("direction")
    if direction not in {"inbound", "outbound"}:
        raise Unreadable("data.direction is not inbound or outbound")
    return direction == "outbound"


def _between(begin: datetime | None, end: datetime | None) -> float | None:
    return max((end - begin) / timedelta(seconds=1), 0) if begin and end else None


def _agent(user: Fields) -> str | None:
    return user.code("email") or user.code("id")


def _read(delivery: Delivery, hook: Hook) -> Reading:
    body = json_fields(delivery)
    event = body.code("event") or "unknown"
    kind, _, name = event.partition(".")
    if kind != "call" or name not in _EVENTS:
        return Reading(event, known=False)
    call = _Call(event, body.inner("data"), body.moment("timestamp") or delivery.received_at)
    chosen = _dispositions(call)
    if call.outbound:
        return Reading(event, attempts=(_attempt(call, hook),), dispositions=tuple(chosen))
    return Reading(event, inbound_calls=(_inbound_call(call, hook, chosen),))


def _attempt(call: _Call, hook: Hook) -> Item:
    return item(
        external_id=call.id,
        campaign=hook.campaign,
        agent=call.agent,
        to_number=call.others,
        from_number=call.own,
        dialed_at=call.started,
        answered_at=call.answered,
        ended_at=call.ended,
        ring_seconds=call.ring_seconds,
        talk_seconds=call.talk_seconds,
        network_result="answered" if call.answered else "no_answer" if call.ended else None,
        participants=_participants(call),
        recording=call.recording,
        observed_at=call.at,
    )


def _inbound_call(call: _Call, hook: Hook, chosen: list[Item]) -> Item:
    # Of a call that came in the last tag is kept: it has one outcome, where attempts have a history of them.
    last: Item = max(chosen, key=lambda one: (one["set_at"], one["code"])) if chosen else {}
    return item(
        external_id=call.id,
        campaign=hook.campaign,
        agent=call.agent if call.answered else None,
        to_number=call.own,
        from_number=call.others,
        arrived_at=call.started,
        answered_at=call.answered,
        ended_at=call.ended,
        talk_seconds=call.talk_seconds,
        outcome=_outcome(call),
        transferred=_was_transferred(call) or None,
        participants=_participants(call),
        recording=call.recording,
        disposition={name: value for name, value in last.items() if name != "attempt"},
        observed_at=call.at,
    )


def _outcome(call: _Call) -> str | None:
    reason = (call.data.text("missed_call_reason") or "").removeprefix("short_")
    if call.answered:
        return "answered"
    if call.event == "call.voicemail_left" or call.data.text("voicemail"):
        return "voicemail"
    if not call.ended:
        return None
    return "abandoned" if reason.startswith("aband") else "missed"


def _was_transferred(call: _Call) -> bool:
    """Whether somebody else has it now: a transfer that failed is told with the same names, but the agent stays."""
    has, to = call.data.inner("user").code("id"), call.data.inner("transferred_to").code("id")
    return call.event in _TRANSFERS or (to is not None and to == has)


def _participants(call: _Call) -> list[Item] | None:
    by, to = _agent(call.data.inner("transferred_by")), _agent(call.data.inner("transferred_to"))
    if not by or not to or by == to or not _was_transferred(call):
        return None
    return [item(agent=by, role="fronter"), item(agent=to, role="closer")]


def _dispositions(call: _Call) -> list[Item]:
    """What the tags say came of the call.

    A tag that is taken away stays told, as everything that was once said. From then on the last of those left is the
    outcome again, and where none is left the code `untagged` is.
    """
    tags = sorted((set_at, code, agent) for tag in call.data.each("tags") for set_at, code, agent in _tag(call, tag))
    if call.event == "call.untagged":
        _, code, agent = tags[-1] if tags else (call.at, _UNTAGGED, "")
        tags.append((call.at, code, agent))
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
    set_at = tag.moment("tagged_at") or call.ended or call.started or call.at
    return [(set_at, code, _agent(tag.inner("tagged_by")) or "")] if code else []


def _comments(call: _Call) -> str | None:
    """All comments as they came: of two tellings the longer is the greater, and is kept."""
    said: list[tuple[float, str]] = []
    for comment in call.data.each("comments"):
        text, at = comment.text("content"), comment.moment("posted_at")
        if text:
            said.append((at.timestamp() if at else 0, text))
    return "\n".join(text for _, text in sorted(said))[:2_000].strip() or None


DIALER = Dialer(
    name="aircall",
    title="Aircall",
    secret="The webhook's token: Aircall Dashboard, Integrations & API, Webhook, shown when the webhook is made.",
    setup="""\
1. Aircall Dashboard, Integrations & API, Webhook, Install. Name it calltally and paste `{url}` as its URL.
2. Choose every event of Call. The others are kept, but say nothing of calls.
3. Copy the token that Aircall shows, and give it to the hook as its secret.

Agents record what came of a call as tags: each tag's name becomes a disposition code, to be explained once under
`PUT /v1/disposition-codes/{code}`. Comments become the note of the last tag. Agents are known by their e-mail address.
""",
    tells="Answered or not: never who answered, so a voicemail greeting counts as answered, and busy as no answer.",
    verify=_verify,
    key=_key,
    read=_read,
    without_secrets=_without_token,
    dispositions={_UNTAGGED: {"name": "The tag was taken away", "result": "none"}},
)
