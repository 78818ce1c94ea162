"""How a connected dialer is doing, in a few words: waiting for its first delivery, delivering, refused or closed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.model.language import marked

# What each reason for a refusal means, and what to do about it.
_REFUSALS: dict[str, str] = {
    "no proof": marked(
        "without the proof that the sender knows the secret: turn on signatures or the header in the dialer"
    ),
    "wrong proof": marked(
        "with a wrong proof: compare the secret here and in the dialer, and paste the address exactly"
    ),
    "not recent": marked("signed too long ago: check the clock of the dialer"),
    "too old": marked("signed too long ago: check the clock of the dialer"),
    "wrong method": marked("sent in a way that this dialer does not use: check the method (GET or POST)"),
    "too large": marked("larger than the service accepts"),
    "damaged compression": marked("damaged on the way"),
    "unknown compression": marked("compressed in a way that the service does not know"),
    "agent_password": marked("with the password of an agent: take it out of the address in the dialer"),
    "the hook has no secret": marked("because the hook has no secret: connect the dialer again"),
    "the secret cannot be opened": marked("because the secret cannot be read here: enter it again"),
    "the secret is not a key": marked("because the secret has not the form of a key: enter it again"),
    "the mapping cannot be read": marked("because the mapping has faults: correct it"),
}


@dataclass(frozen=True)
class Sign:
    """The state of a hook. kind: of its badge; text: in the badge; about: one sentence."""

    kind: str
    text: str
    about: str


def sign_of(hook: Mapping[str, Any]) -> Sign:
    """The state of a hook with its counts of the last days."""
    arrived, refused = sum(hook["deliveries"].values()), sum(hook["refused"].values())
    faulty = hook["deliveries"]["unreadable"] + hook["deliveries"]["rejected"]
    if hook["revoked_at"] is not None:
        return Sign("neutral", marked("Closed"), marked("It accepts no deliveries. Its calls stay."))
    if not arrived and refused:
        return Sign("bad", marked("Refused"), marked("Deliveries arrive, and none was accepted yet."))
    if not arrived:
        return Sign("info", marked("Waiting"), marked("Waiting for the first delivery."))
    if faulty == arrived:
        return Sign("warn", marked("Not read"), marked("Deliveries arrive, and none could be read yet."))
    if hook["deliveries"]["taken"] == 0:
        return Sign("info", marked("Connected"), marked("Deliveries arrive, but none was about a call yet."))
    return Sign("good", marked("Receiving calls"), marked("Deliveries arrive and become calls."))


def refusals(hook: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """How many deliveries were refused, and why; the most frequent reason first."""
    refused: Mapping[str, int] = hook["refused"]
    for reason, count in sorted(refused.items(), key=lambda entry: -entry[1]):
        yield count, _REFUSALS.get(reason, reason)
