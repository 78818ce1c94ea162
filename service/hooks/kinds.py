"""Kinds of dialers that a hook can have: those written in code, and any other that a mapping describes."""

from difflib import get_close_matches
from typing import NoReturn

import structlog

from service.dialers import Delivery, Dialer, HookSettings, ParsedEvent, Refused, Unreadable, dialers
from service.mapped.dialer import NAME, mapped_dialer
from service.mapped.mapping import MappingFaults, read_hook_mapping
from service.mapped.ready_mappings import ready

MAPPED = NAME
_log = structlog.get_logger()


def kinds() -> tuple[str, ...]:
    """The names that `--dialer` accepts."""
    return (*dialers(), MAPPED)


def unknown_kind(name: str) -> str:
    """What is wrong with a name that is no kind of dialer, with advice."""
    if name in ready():
        return f"must be {MAPPED} for this dialer, with the mapping {name}"
    close = get_close_matches(name, [*kinds(), *ready()], n=1)
    advice = f"; did you mean {close[0]}?" if close else ""
    return f"must be one of {', '.join(kinds())}{advice}"


def dialer_of(kind: str, mapping: str | None, settings: HookSettings) -> Dialer:
    """The dialer of a stored hook of a known kind."""
    if kind != MAPPED:
        return dialers()[kind]
    try:
        return mapped_dialer(read_hook_mapping(mapping or "", settings.zone.key), settings)
    except MappingFaults as faults:
        _log.error("the mapping of a hook cannot be read", faults=str(faults))
        return _without_mapping()


def _without_mapping() -> Dialer:
    """Stands for a dialer while its mapping cannot be read: every delivery is refused and counted."""
    return Dialer(
        name=MAPPED,
        title="Any other dialer",
        secret=None,
        setup="Its mapping cannot be read: correct it under Settings, Dialers, or with `calltally hook remap`.",
        answer_detection="Its mapping cannot be read.",
        methods=frozenset({"GET", "POST"}),
        verify=_refuse,
        delivery_key=lambda delivery: delivery.url,
        parse=_not_parsed,
    )


def _refuse(_delivery: Delivery, _hook: HookSettings) -> NoReturn:
    raise Refused("the mapping cannot be read")


def _not_parsed(_delivery: Delivery, _hook: HookSettings) -> ParsedEvent:
    raise Unreadable("the mapping of the hook cannot be read")
