"""The actor: the person, key or command that the audit log names beside every change of a transaction."""

import getpass
import os
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Literal

import orjson

ActorKind = Literal["user", "key", "command", "service", "unknown"]


@dataclass(frozen=True)
class Actor:
    """Who acts, and from where.

    name: the e-mail of a user, the prefix of a key, the system user of a command. client: the network address of the
    request. address: what the request called, without secrets.
    """

    kind: ActorKind
    name: str | None = None
    client: str | None = None
    address: str | None = None

    @property
    def setting(self) -> str:
        """The actor as transactions carry it to the triggers of the audit log."""
        return orjson.dumps(asdict(self)).decode()


# The service itself, between requests.
SERVICE = Actor("service")
_actor: ContextVar[Actor] = ContextVar("actor", default=SERVICE)


def current_actor() -> Actor:
    """The actor of the present request or command."""
    return _actor.get()


def act_as(actor: Actor) -> None:
    """Name the actor of everything that follows in this request or command."""
    _actor.set(actor)


def system_user() -> str:
    """The system user that runs a command: by name, or by number where the machine has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
