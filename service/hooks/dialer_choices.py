"""The dialers that an account can connect, for people who choose one: the vendors, the ready mappings, any other."""

from dataclasses import dataclass

from service.dialers import Dialer, dialers
from service.hooks.kinds import MAPPED
from service.mapped.dialer import mapped_dialer
from service.mapped.mapping import read_hook_mapping
from service.mapped.ready_mappings import ready


@dataclass(frozen=True)
class DialerChoice:
    """One dialer to choose: its kind, the name of its ready mapping, and its name for people."""

    dialer: str
    mapping: str | None
    title: str


def vendors() -> list[DialerChoice]:
    """The dialers that calltally understands without a mapping."""
    return [DialerChoice(name, None, dialer.title) for name, dialer in dialers().items()]


def ready_choices() -> list[DialerChoice]:
    """The dialers and CRMs with a ready mapping."""
    return [DialerChoice(MAPPED, name, ready_dialer(name).title) for name in ready()]


def ready_dialer(name: str) -> Dialer:
    """The dialer of a ready mapping."""
    return mapped_dialer(read_hook_mapping(name))


def ready_text(name: str) -> str:
    """The mapping of a ready dialer as TOML, to start a changed one from."""
    return ready()[name].read_text(encoding="utf-8")


# Where the mapping of any other dialer begins: the least that a delivery tells of a call, with names to replace.
STARTER = """\
# Left: the field of calltally. Right: its name in a delivery
# of your dialer; customer.phone reaches into an object.

# Where the calls are: $ is the whole body.
[body]
calls = "$"

# The dialer sends the header Authorization: Bearer SECRET.
[proof]
by = "bearer"

[times]
format = ["rfc3339", "unix"]

[attempt]
external_id = "id"
agent = "agent"
to_number = "to"
dialed_at = "started_at"
answered_at = "answered_at"
ended_at = "ended_at"
network_result = { column = "status", values = { answered = "answered", no_answer = "no_answer", busy = "busy" } }

[disposition]
code = "outcome"
"""
