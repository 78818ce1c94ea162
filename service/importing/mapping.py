"""Mappings: a small TOML file says which column of a file fills which field, and how its values are written."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, cast

import polars as pl
from pydantic import BaseModel, ValidationError

from service.config import SetupError
from service.dialers import dialers
from service.importing.options import FieldRule, FileOptions, PhoneOptions, TimeOptions, text_of
from service.importing.targets import TARGETS, Kind, Section, Target, checker
from service.importing.times import RFC3339, TimeStyle, read_times
from service.ingest.configuration import DispositionCode
from service.ingest.fields import Item
from service.ingest.resources.attempts import InlineDisposition

Table = dict[str, Any]
Form = TypeVar("Form", bound=BaseModel)

_OPTIONS = ("file", "times", "phones", "disposition_codes")


@dataclass(frozen=True)
class MappedField:
    """One field of one section, with the rule for its values."""

    section: str
    field: str
    kind: Kind
    rule: FieldRule
    style: TimeStyle

    @property
    def path(self) -> str:
        """The field's name among all fields of a row."""
        return f"{self.section}.{self.field}"


@dataclass(frozen=True)
class FileMapping:
    """A checked mapping: every field exists, every required field is present, every zone is known.

    codes: meanings of disposition codes, for codes that are not configured yet.
    """

    resource: str
    target: Target
    file: FileOptions
    region: str | None
    mapped_fields: tuple[MappedField, ...]
    codes: Mapping[str, DispositionCode]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the mapping reads."""
        return tuple(dict.fromkeys(name for mapped in self.mapped_fields for name in mapped.rule.columns_read))

    @property
    def required_columns(self) -> frozenset[str]:
        """The columns that every file must have."""
        return frozenset(name for mapped in self.mapped_fields for name in mapped.rule.required_columns)

    @property
    def sections(self) -> list[Section]:
        """The sections that the mapping fills."""
        filled = {mapped.section for mapped in self.mapped_fields}
        return [section for section in self.target.sections if section.name in filled]


def shipped() -> dict[str, Path]:
    """The mappings that come with calltally, by name: common exports."""
    return {path.stem: path for path in sorted((Path(__file__).parent / "mappings").glob("*.toml"))}


def read_mapping(path: Path, resource: str, zone: str | None = None) -> FileMapping:
    """The mapping in a file; zone: replaces the mapping's zone. Raises SetupError that names every fault."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SetupError(f"The mapping {path} cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError(f"The mapping {path} is not TOML: {error}") from None
    parser = MappingParser(resource, TARGETS[resource], content, zone)
    mapping = parser.parse()
    if parser.problems:
        raise SetupError("\n  ".join([f"The mapping {path} cannot be used:", *parser.problems]))
    return mapping


class MappingParser:
    """Reads the tables of one mapping and collects its faults.

    zone: replaces the mapping's zone. tables: further tables, which the caller reads with `options`.
    purpose: the use of the mapping, for messages.
    """

    def __init__(
        self,
        resource: str,
        target: Target,
        content: Table,
        zone: str | None = None,
        *,
        tables: Sequence[str] = (),
        purpose: str | None = None,
    ) -> None:
        if zone and isinstance(times := content.setdefault("times", {}), dict):
            times["zone"] = zone
        self.resource = resource
        self.target = target
        self.content = content
        self.tables = tables
        self.purpose = purpose or f"an import of {resource}"
        self.problems: list[str] = []

    def parse(self) -> FileMapping:
        """The mapping; it may be used only if there are no problems."""
        self._check_tables()
        times = self.options(TimeOptions, "times")
        phones = self.options(PhoneOptions, "phones")
        mapped_fields = [mapped for section in self.target.sections for mapped in self._section(section, times)]
        return FileMapping(
            self.resource,
            self.target,
            self.options(FileOptions, "file"),
            phones.region,
            tuple(_with_lead(mapped_fields)),
            self._codes(),
        )

    def _check_tables(self) -> None:
        names = [section.name for section in self.target.sections]
        known = [*names, *_OPTIONS, *self.tables]
        others = {section.name for target in TARGETS.values() for section in target.sections} - set(names)
        for name, table in self.content.items():
            if name in others:
                allowed = ", ".join(f"[{name}]" for name in names)
                self.problems.append(f"[{name}] does not belong to {self.purpose}; use {allowed}")
            elif name not in known:
                self.problems.append(f"[{name}] is not a table of a mapping{_advice(name, known)}")
            elif not isinstance(table, dict) and name != "disposition_codes":
                self.problems.append(f"[{name}] must be a table")
        if names[0] not in self.content:
            self.problems.append(f"[{names[0]}] is missing: it names the column of each field")

    def _table(self, name: str) -> Table:
        table = self.content.get(name, {})
        return cast("Table", table) if isinstance(table, dict) else {}

    def options(self, form: type[Form], name: str) -> Form:
        """The options of one table; those of an empty table if it has faults."""
        return self._read(form, self._table(name), f"[{name}]") or form()

    def _read(self, form: type[Form], table: Table, where: str) -> Form | None:
        try:
            return form.model_validate(table, context={})
        except ValidationError as error:
            self.problems += [_describe_fault(form, where, fault) for fault in error.errors(include_url=False)]
            return None

    def _codes(self) -> dict[str, DispositionCode]:
        read: dict[str, DispositionCode] = {}
        for code, table in self._code_tables().items():
            where = f"[disposition_codes.{code}]"
            if not isinstance(table, dict):
                self.problems.append(f"{where} must be a table")
            elif form := self._read(DispositionCode, cast("Table", table), where):
                read[code] = form
            self.problems += [f"{where} {problem}" for problem in _not_taken(InlineDisposition, "code", [code])]
        return read

    def _code_tables(self) -> Table:
        """The codes that the mapping defines, or those of the dialer it names."""
        codes = self.content.get("disposition_codes", {})
        if isinstance(codes, dict):
            return cast("Table", codes)
        known = {name: dialer.dispositions for name, dialer in dialers().items() if dialer.dispositions}
        if codes not in known:
            self.problems.append(f"[disposition_codes] must be a table, or one of: {', '.join(known)}")
        return dict(known.get(codes, {}))

    def _section(self, section: Section, times: TimeOptions) -> Iterator[MappedField]:
        if section.name not in self.content:
            return
        fields = dict(_fields(section, self._table(section.name)))
        for name, value in fields.items():
            yield from self._mapped_field(section, name, value, times)
        for name in section.required:
            if name not in fields:
                self.problems.append(f"[{section.name}] {name} is required: name its column, or a constant")

    def _mapped_field(self, section: Section, name: str, value: Any, times: TimeOptions) -> Iterator[MappedField]:
        where = f"[{section.name}] {name}"
        kind = _kind(section, name)
        if kind is None:
            self.problems.append(f"{where} is not a field of {_a(section.name)}{_advice(name, section.fields)}")
            return
        rule = self._read(FieldRule, {"column": value} if isinstance(value, str) else value, where)
        if rule is None:
            return
        mapped = MappedField(section.name, name, kind, rule, _style(rule, times, kind))
        self.problems += [f"{where}: {problem}" for problem in (*_misfits(mapped), *_wrong_words(section, mapped))]
        yield mapped


def _kind(section: Section, name: str) -> Kind | None:
    return section.fields.get(name) or ("text" if name.partition(".")[0] in section.open else None)


def _fields(section: Section, table: Table) -> Iterator[tuple[str, Any]]:
    """The fields of a section's table; a nested table fills a field part by part."""
    prefixes = {name.partition(".")[0] for name in section.fields if "." in name} | set(section.open)
    for name, value in table.items():
        if name in prefixes and isinstance(value, dict) and not value.keys() & {"column", "constant"}:
            yield from ((f"{name}.{part}", inner) for part, inner in cast("Table", value).items())
        else:
            yield name, value


def _with_lead(mapped_fields: list[MappedField]) -> list[MappedField]:
    """An attempt without a lead of its own belongs to the lead of the same row."""
    paths = {mapped.path: mapped for mapped in mapped_fields}
    lead = paths.get("lead.external_id")
    if lead and "attempt.external_id" in paths and "attempt.lead" not in paths:
        return [*mapped_fields, replace(lead, section="attempt", field="lead")]
    return mapped_fields


def _style(rule: FieldRule, times: TimeOptions, kind: Kind) -> TimeStyle:
    # A format for times does not apply to columns with days.
    general = times.format if kind == "time" else None
    formats = rule.format or general or RFC3339
    first, *others = [formats] if isinstance(formats, str) else formats
    return TimeStyle(
        first,
        rule.zone or times.zone,
        rule.at or times.at,
        rule.ambiguous or times.ambiguous or "reject",
        tuple(others),
    )


def _misfits(mapped: MappedField) -> Iterator[str]:
    """Keys of a rule that its field cannot use, or lacks."""
    kind, rule = mapped.kind, mapped.rule
    if kind == "time" and mapped.style.lacks:
        yield mapped.style.lacks
    if kind != "time":
        for name in rule.keys_present("zone", "at", "ambiguous", *(() if kind == "day" else ("format",))):
            yield f"{name} applies only to times"
    if kind != "duration" and rule.unit:
        yield "unit applies only to durations"
    if rule.keys_present("join") and rule.columns is None:
        yield "join applies only to columns"
    if rule.keys_present("unmapped") and rule.values is None:
        yield "unmapped applies only to values"


def _wrong_words(section: Section, mapped: MappedField) -> Iterator[str]:
    """Values in the mapping itself that the field would not accept."""
    rule = mapped.rule
    words = [rule.prefix + text_of(word) for word in (rule.constant, *(rule.values or {}).values()) if word is not None]
    words += [text_of(rule.default)] if rule.default is not None else []
    if mapped.kind == "text" and mapped.field in section.form.model_fields:
        yield from _not_taken(section.form, mapped.field, words)
    if mapped.kind == "time" and not mapped.style.lacks:
        for word in words:
            _, invalid = read_times(pl.Series([word]), mapped.style)
            yield from (f"{word} {reason}" for mask, reason in invalid if mask.any())


def _not_taken(form: type[Item], field: str, words: Iterable[str]) -> Iterator[str]:
    for word in words:
        try:
            checker(form, field).validate_python(word)
        except ValidationError as error:
            yield f"{word}: {error.errors()[0]['msg']}"


def _describe_fault(form: type[BaseModel], where: str, fault: Any) -> str:
    """One fault of a table, in the words of the mapping."""
    place = ".".join(str(part) for part in fault["loc"] if not str(part).startswith(("function-", "constrained-")))
    if fault["type"] == "extra_forbidden":
        return f"{where} {place} is not a key of this table{_advice(place, form.model_fields)}"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{where} {place}: {message}" if place else f"{where}: {message}"


def _advice(name: str, known: Any) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else f"; use one of: {', '.join(known)}"


def _a(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
