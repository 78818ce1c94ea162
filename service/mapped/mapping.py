"""Mappings of hooks: the TOML of an import for calls that a dialer posts, or the name of a ready mapping."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, cast

from service.importing.language.mapping import FileMapping, MappingParser
from service.importing.language.targets import delivery_scope
from service.mapped.options import BodyOptions, HandshakeOptions, ProofOptions, VendorOptions
from service.mapped.ready_mappings import is_name, ready

_SCOPE = delivery_scope(("vendor", "body", "proof", "handshake"))


class MappingFaults(Exception):
    """A mapping cannot be used; faults: its faults in the words of the mapping."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class HookMapping:
    """A checked mapping of a hook.

    fields: the fields and their columns. code: the `dialer` that the mapping names for its calls, if any.
    zone: of times without one.
    """

    fields: FileMapping
    vendor: VendorOptions
    body: BodyOptions
    proof: ProofOptions
    handshake: HandshakeOptions
    code: str | None
    zone: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of a call that the mapping reads."""
        return self.fields.columns

    @property
    def dispositions(self) -> dict[str, dict[str, Any]]:
        """The outcomes that the mapping explains, with the fields of PUT /v1/disposition-codes."""
        return {
            code: form.model_dump(mode="json", exclude_unset=True, exclude_none=True)
            for code, form in self.fields.codes.items()
        }


@lru_cache(maxsize=256)
def read_hook_mapping(mapping: str, zone: str | None = None, default_zone: str = "UTC") -> HookMapping:
    """The mapping of a hook from its TOML, or from the name of a ready mapping. Raises MappingFaults.

    zone: for times without one, in place of the mapping's own. default_zone: if neither names one.
    """
    content = _content(mapping)
    times: Any = content.get("times", {})
    stated: Any = cast("dict[str, Any]", times).get("zone") if isinstance(times, dict) else None
    zone = zone or (None if stated else default_zone)
    code = _take_code(content) or (mapping.strip() if is_name(mapping) else None)
    parser = MappingParser(_SCOPE, content, zone)
    hook_mapping = HookMapping(
        parser.parse(),
        parser.options(VendorOptions, "vendor"),
        parser.options(BodyOptions, "body"),
        parser.options(ProofOptions, "proof"),
        parser.options(HandshakeOptions, "handshake"),
        code,
        zone or str(stated),
    )
    if faults := [*parser.problems, *_contradictions(hook_mapping)]:
        raise MappingFaults(*dict.fromkeys(faults))
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


def _take_code(content: dict[str, Any]) -> str | None:
    """The code of the dialer, taken out of the fields: it is the same for all calls of a hook."""
    codes: set[str] = set()
    for name in ("attempt", "inbound_call"):
        table = content.get(name)
        dialer: Any = table.get("dialer") if isinstance(table, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        if isinstance(dialer, dict) and "constant" in dialer:
            codes.add(str(cast("dict[str, Any]", dialer)["constant"]))
            content[name] = {field: rule for field, rule in content[name].items() if field != "dialer"}
    if len(codes) > 1:
        raise MappingFaults("[attempt] dialer and [inbound_call] dialer must be the same: a hook has only one")
    return codes.pop() if codes else None


def _contradictions(mapping: HookMapping) -> Iterator[str]:
    """Faults that only show between two tables."""
    if mapping.handshake.signs and mapping.proof.by == "none":
        yield "[handshake] answer: hmac needs a secret, so set [proof] by"
    for mapped in mapping.fields.all_fields:
        if mapped.rule.row_number:
            yield f"[{mapped.section}] {mapped.field}: row_number has no meaning in a delivery"
