"""Mappings of hooks: the TOML of an import for calls that a dialer posts, or the name of a ready mapping."""

import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from service.importing.mapping import FileMapping, MappingParser
from service.importing.targets import HOOK
from service.mapped.options import BodyOptions, DirectionOptions, HandshakeOptions, ProofOptions

_TABLES = ("body", "direction", "proof", "handshake")
_NAME = re.compile(r"[\w.-]+").fullmatch


class MappingFaults(Exception):
    """A mapping cannot be used; faults: its faults in the words of the mapping."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class HookMapping:
    """A checked mapping of a hook.

    fields: the fields and their columns. code: the `dialer` that the mapping names for its calls, if any.
    """

    fields: FileMapping
    body: BodyOptions
    direction: DirectionOptions
    proof: ProofOptions
    handshake: HandshakeOptions
    code: str | None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the mapping reads."""
        others = (self.direction.column, self.body.event, self.handshake.challenge, *self.handshake.where)
        return tuple(dict.fromkeys((*self.fields.columns, *filter(None, others))))


def ready() -> dict[str, Path]:
    """The mappings that come with calltally, by name: dialers and CRMs with a public format."""
    return {path.stem: path for path in sorted((Path(__file__).parent / "ready").glob("*.toml"))}


def is_name(mapping: str) -> bool:
    """Whether a mapping is only a name, and not TOML."""
    return _NAME(mapping.strip()) is not None


def read_hook_mapping(mapping: str, zone: str | None = None) -> HookMapping:
    """The mapping of a hook from its TOML, or from the name of a ready mapping. Raises MappingFaults.

    zone: for times without one, in place of the mapping's own.
    """
    content = _content(mapping)
    code = _code(content)
    parser = MappingParser("calls", HOOK, content, zone, tables=_TABLES, purpose="a hook")
    hook_mapping = HookMapping(
        parser.parse(),
        parser.options(BodyOptions, "body"),
        parser.options(DirectionOptions, "direction"),
        parser.options(ProofOptions, "proof"),
        parser.options(HandshakeOptions, "handshake"),
        code,
    )
    if faults := [*parser.problems, *_contradictions(hook_mapping)]:
        raise MappingFaults(*faults)
    return hook_mapping


def _content(mapping: str) -> dict[str, Any]:
    if is_name(mapping):
        mapping = _ready_text(mapping.strip())
    try:
        return tomllib.loads(mapping)
    except tomllib.TOMLDecodeError as error:
        raise MappingFaults(f"is not TOML: {error}") from None


def _ready_text(name: str) -> str:
    known = ready()
    if name not in known:
        close = get_close_matches(name, known, n=1)
        advice = f"; did you mean {close[0]}?" if close else f"; there are: {', '.join(known)}"
        raise MappingFaults(f"{name} is not a ready mapping{advice}")
    return known[name].read_text(encoding="utf-8")


def _code(content: dict[str, Any]) -> str | None:
    """The code of the dialer. It is the same for all calls of a hook, so it is taken out of the fields."""
    codes = {
        str(table["dialer"].get("constant"))
        for table in (content.get("attempt"), content.get("inbound_call"))
        if isinstance(table, dict) and isinstance(table.get("dialer"), dict) and table["dialer"].get("constant")
    }
    if len(codes) > 1:
        raise MappingFaults("[attempt] dialer and [inbound_call] dialer must be the same: a hook has only one")
    for name in ("attempt", "inbound_call") if codes else ():
        if isinstance(content.get(name), dict):
            content[name].pop("dialer", None)
    return codes.pop() if codes else None


def _contradictions(mapping: HookMapping) -> list[str]:
    """Faults that only show between two tables."""
    filled = {section.name for section in mapping.fields.sections}
    direction, faults = mapping.direction, list[str]()
    if {"attempt", "inbound_call"} <= filled and not direction.column:
        faults.append("[direction] is missing: it tells the calls of [attempt] from those of [inbound_call]")
    if direction.outbound and "attempt" not in filled:
        faults.append("[direction] outbound needs [attempt]: it names the column of each field")
    if direction.inbound and filled and "inbound_call" not in filled:
        faults.append("[direction] inbound needs [inbound_call]; calls that count nowhere belong to neither")
    if mapping.handshake.signs and mapping.proof.by == "none":
        faults.append("[handshake] answer needs the secret of [proof]")
    for mapped in mapping.fields.mapped_fields:
        if mapped.rule.row_number:
            faults.append(f"[{mapped.section}] {mapped.field}: row_number has no meaning in a delivery")
    return faults
