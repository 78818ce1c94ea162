"""The call of an Aircall event, as it stood when the event was sent."""

from datetime import datetime, timedelta

from service.dialers import Item, Unreadable
from service.dialers.parsing import Fields, item, link_without_query

# Fields of a call that someone transferred, or tried to.
_TRANSFER_FIELDS = ("transferred_by", "transferred_to", "external_transferred_to")
TRANSFERS = {"call.transferred", "call.external_transferred"}


class Call:
    """One call at one moment.

    started_at: when an outbound call was dialed, or an inbound one arrived. answered_at: when customer and first agent
    were connected. agent: who has the call now. contact: Aircall's own id of the person.
    """

    def __init__(self, event: str, data: Fields, event_time: datetime) -> None:
        self.event, self.data, self.event_time = event, data, event_time
        self.id = data.identity("id")
        self.outbound = _is_outbound(data)
        self.started_at, self.answered_at, self.ended_at = map(data.time, ("started_at", "answered_at", "ended_at"))
        self.agent = agent_of(data.nested("user"))
        self.fronter = agent_of(data.nested("transferred_by"))
        self.closer = agent_of(data.nested("transferred_to"))
        self.contact = data.nested("contact").code("id")
        self.other_number = data.number("raw_digits")
        self.own_number = data.nested("number").number("digits", region=data.nested("number").code("country"))

    @property
    def may_have_been_dialed(self) -> bool:
        """Whether an inbound call may have been outbound before: Aircall turns calls around when agents transfer."""
        transferred = self.event in TRANSFERS or any(map(self.data.raw, _TRANSFER_FIELDS))
        return not self.outbound and transferred

    @property
    def passed_on(self) -> bool:
        """Whether a second agent has the call; after a failed transfer the first one has it, with the same fields."""
        return self.closer is not None and self.closer == self.agent != self.fronter

    @property
    def ring_seconds(self) -> float | None:
        """From start to answer or, for an unanswered call, to its end."""
        return _seconds_between(self.started_at, self.answered_at or self.ended_at)

    @property
    def talk_seconds(self) -> float | None:
        """From answer to end, for a call without parts of agents; those parts leave out hold and transfers."""
        return _seconds_between(self.answered_at, self.ended_at)

    @property
    def has_message(self) -> bool:
        """Whether the caller left a message; its page has a link of its own, which later events keep."""
        page = self.data.text("asset") or ""
        return self.event == "call.voicemail_left" or bool(self.data.text("voicemail")) or "/voicemail" in page

    @property
    def recording(self) -> Item | None:
        """The page of the recording or message; links to the audio itself expire within minutes."""
        link = link_without_query(self.data.text("asset"))
        return item(uri=link) if link else None

    @property
    def comments(self) -> str | None:
        """All comments in order of time: if two deliveries differ, the longer text is greater and is stored."""
        texts: list[tuple[float, str]] = []
        for comment in self.data.objects("comments"):
            text, at = comment.text("content"), comment.time("posted_at")
            if text:
                texts.append((at.timestamp() if at else 0, text))
        return "\n".join(text for _, text in sorted(texts))[:2_000].strip() or None


def _seconds_between(begin: datetime | None, end: datetime | None) -> float | None:
    return max((end - begin) / timedelta(seconds=1), 0) if begin and end else None


def agent_of(user: Fields) -> str | None:
    """The code of an agent: the e-mail address, else the id."""
    return user.code("email") or user.code("id")


def _is_outbound(data: Fields) -> bool:
    direction = data.text("direction")
    if direction not in {"inbound", "outbound"}:
        raise Unreadable("data.direction is not inbound or outbound")
    return direction == "outbound"
