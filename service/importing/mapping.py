"""A mapping: the small TOML file that says which column of a file is which field, and how its values are written."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, cast

import polars as pl
from pydantic import BaseModel, ValidationError

from service.config import SetupError
from service.dialers import dialers
from service.importing.options import Binding, FileOptions, PhoneOptions, TimeOptions, text_of
from service.importing.targets import TARGETS, Kind, Section, Target, checker
from service.importing.times import RFC3339, TimeStyle, read_times
from service.ingest.configuration import DispositionCode
from service.ingest.fields import Item
from service.ingest.resources.attempts import InlineDisposition

Table = dict[str, Any]
Form = TypeVar("Form", bound=BaseModel)

_OPTIONS = ("file", "times", "phones", "disposition_codes")


@dataclass(frozen=True)
class Bound:
    """One field of one section, and where its values come from."""

    section: str
    field: str
    kind: Kind
    binding: Binding
    style: TimeStyle

    @property
    def path(self) -> str:
        """Its name among all fields of a row."""
        return f"{self.section}.{self.field}"


@dataclass(frozen=True)
class FileMapping:
    """A mapping that has been checked: every field exists, every needed one is there, every zone is known.

    codes: what disposition codes mean, for those that nobody has configured yet.
    """

    resource: str
    target: Target
    file: FileOptions
    region: str | None
    bound: tuple[Bound, ...]
    codes: Mapping[str, DispositionCode]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file it reads."""
        return tuple(dict.fromkeys(name for bound in self.bound for name in bound.binding.reads))

    @property
    def needed(self) -> frozenset[str]:
        """The columns a file cannot do without."""
        return frozenset(name for bound in self.bound for name in bound.binding.needs)

    @property
    def sections(self) -> list[Section]:
        """The sections it fills."""
        filled = {bound.section for bound in self.bound}
        return [section for section in self.target.sections if section.name in filled]


def shipped() -> dict[str, Path]:
    """The mappings that come with calltally, by name: exports that many people have."""
    return {path.stem: path for path in sorted((Path(__file__).parent / "mappings").glob("*.toml"))}


def read_mapping(path: Path, resource: str, zone: str | None = None) -> FileMapping:
    """The mapping in a file; zone: in place of the one it names. Raises SetupError that names everything wrong."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SetupError(f"The mapping {path} cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError(f"The mapping {path} is not TOML: {error}") from None
    if zone and isinstance(times := content.setdefault("times", {}), dict):
        times["zone"] = zone
    parser = _Parser(resource, content)
    mapping = parser.parse()
    if parser.problems:
        raise SetupError("\n  ".join([f"The mapping {path} cannot be used:", *parser.problems]))
    return mapping


class _Parser:
    """Reads the tables of one mapping and gathers what is wrong with them."""

    def __init__(self, resource: str, content: Table) -> None:
        self.resource = resource
        self.target = TARGETS[resource]
        self.content = content
        self.problems: list[str] = []

    def parse(self) -> FileMapping:
        self._check_tables()
        times = self._options(TimeOptions, "times")
        phones = self._options(PhoneOptions, "phones")
        bound = [b for section in self.target.sections for b in self._section(section, times)]
        return FileMapping(
            self.resource,
            self.target,
            self._options(FileOptions, "file"),
            phones.region,
            tuple(_with_lead(bound)),
            self._codes(),
        )

    def _check_tables(self) -> None:
        names = [section.name for section in self.target.sections]
        known = [*names, *_OPTIONS]
        others = {section.name for target in TARGETS.values() for section in target.sections} - set(names)
        for name, table in self.content.items():
            if name in others:
                takes = ", ".join(f"[{name}]" for name in names)
                self.problems.append(f"[{name}] has no place in an import of {self.resource}; it takes {takes}")
            elif name not in known:
                self.problems.append(f"[{name}] is not a table of a mapping{_advice(name, known)}")
            elif not isinstance(table, dict) and name != "disposition_codes":
                self.problems.append(f"[{name}] must be a table")
        if names[0] not in self.content:
            self.problems.append(f"[{names[0]}] is missing: it says which column is which field")

    def _table(self, name: str) -> Table:
        table = self.content.get(name, {})
        return cast("Table", table) if isinstance(table, dict) else {}

    def _options(self, form: type[Form], name: str) -> Form:
        return self._read(form, self._table(name), f"[{name}]") or form()

    def _read(self, form: type[Form], given: Table, where: str) -> Form | None:
        try:
            return form.model_validate(given, context={})
        except ValidationError as error:
            self.problems += [_told(form, where, fault) for fault in error.errors(include_url=False)]
            return None

    def _codes(self) -> dict[str, DispositionCode]:
        read: dict[str, DispositionCode] = {}
        for code, given in self._given_codes().items():
            where = f"[disposition_codes.{code}]"
            if not isinstance(given, dict):
                self.problems.append(f"{where} must be a table")
            elif form := self._read(DispositionCode, cast("Table", given), where):
                read[code] = form
            self.problems += [f"{where} {problem}" for problem in _not_taken(InlineDisposition, "code", [code])]
        return read

    def _given_codes(self) -> Table:
        """The codes that the mapping explains, or those of the dialer it names."""
        given = self.content.get("disposition_codes", {})
        if isinstance(given, dict):
            return cast("Table", given)
        known = {name: dialer.dispositions for name, dialer in dialers().items() if dialer.dispositions}
        if given not in known:
            self.problems.append(f"[disposition_codes] must be a table, or one of: {', '.join(known)}")
        return dict(known.get(given, {}))

    def _section(self, section: Section, times: TimeOptions) -> Iterator[Bound]:
        if section.name not in self.content:
            return
        fields = dict(_fields(section, self._table(section.name)))
        for name, given in fields.items():
            yield from self._bound(section, name, given, times)
        for name in section.required:
            if name not in fields:
                self.problems.append(f"[{section.name}] {name} is required: name its column, or a constant")

    def _bound(self, section: Section, name: str, given: Any, times: TimeOptions) -> Iterator[Bound]:
        where = f"[{section.name}] {name}"
        kind = _kind(section, name)
        if kind is None:
            self.problems.append(f"{where} is not a field of {_a(section.name)}{_advice(name, section.fields)}")
            return
        binding = self._read(Binding, {"column": given} if isinstance(given, str) else given, where)
        if binding is None:
            return
        bound = Bound(section.name, name, kind, binding, _style(binding, times, kind))
        self.problems += [f"{where}: {problem}" for problem in (*_misfits(bound), *_wrong_words(section, bound))]
        yield bound


def _kind(section: Section, name: str) -> Kind | None:
    return section.fields.get(name) or ("text" if name.partition(".")[0] in section.open else None)


def _fields(section: Section, table: Table) -> Iterator[tuple[str, Any]]:
    """The fields of a section's table; a table within it fills a field part by part."""
    prefixes = {name.partition(".")[0] for name in section.fields if "." in name} | set(section.open)
    for name, given in table.items():
        if name in prefixes and isinstance(given, dict) and not given.keys() & {"column", "constant"}:
            yield from ((f"{name}.{part}", value) for part, value in cast("Table", given).items())
        else:
            yield name, given


def _with_lead(bound: list[Bound]) -> list[Bound]:
    """Without a word on the lead of an attempt, it is the lead told in the same row."""
    paths = {b.path: b for b in bound}
    lead = paths.get("lead.external_id")
    if lead and "attempt.external_id" in paths and "attempt.lead" not in paths:
        return [*bound, replace(lead, section="attempt", field="lead")]
    return bound


def _style(binding: Binding, times: TimeOptions, kind: Kind) -> TimeStyle:
    # A format for moments says nothing of columns that hold days.
    general = times.format if kind == "time" else None
    return TimeStyle(
        binding.format or general or RFC3339,
        binding.zone or times.zone,
        binding.at or times.at,
        binding.ambiguous or times.ambiguous or "reject",
    )


def _misfits(bound: Bound) -> Iterator[str]:
    """What a binding says that its field cannot use, or needs and does not say."""
    kind, binding = bound.kind, bound.binding
    if kind == "time" and bound.style.lacks:
        yield bound.style.lacks
    if kind != "time":
        for name in binding.says("zone", "at", "ambiguous", *(() if kind == "day" else ("format",))):
            yield f"{name} is for times"
    if kind != "duration" and binding.unit:
        yield "unit is for durations"
    if binding.says("join") and binding.columns is None:
        yield "join is for columns"
    if binding.says("unmapped") and binding.values is None:
        yield "unmapped is for values"


def _wrong_words(section: Section, bound: Bound) -> Iterator[str]:
    """The values that the mapping itself gives and the field would not take."""
    binding = bound.binding
    words = [
        binding.prefix + text_of(word)
        for word in (binding.constant, *(binding.values or {}).values())
        if word is not None
    ]
    words += [text_of(binding.default)] if binding.default is not None else []
    if bound.kind == "text" and bound.field in section.form.model_fields:
        yield from _not_taken(section.form, bound.field, words)
    if bound.kind == "time" and not bound.style.lacks:
        for word in words:
            _, faulty = read_times(pl.Series([word]), bound.style)
            yield from (f"{word} {reason}" for mask, reason in faulty if mask.any())


def _not_taken(form: type[Item], field: str, words: Iterable[str]) -> Iterator[str]:
    for word in words:
        try:
            checker(form, field).validate_python(word)
        except ValidationError as error:
            yield f"{word}: {error.errors()[0]['msg']}"


def _told(form: type[BaseModel], where: str, fault: Any) -> str:
    """One fault of a table in the words of whoever wrote it."""
    place = ".".join(str(part) for part in fault["loc"] if not str(part).startswith(("function-", "constrained-")))
    if fault["type"] == "extra_forbidden":
        return f"{where} {place} means nothing here{_advice(place, form.model_fields)}"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{where} {place}: {message}" if place else f"{where}: {message}"


def _advice(name: str, known: Any) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else f"; there are: {', '.join(known)}"


def _a(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
