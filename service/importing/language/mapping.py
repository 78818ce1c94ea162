"""Mappings: a small TOML file says which column of a file fills which field, and how its values are written."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from service.config import SetupError
from service.dialers import dialers
from service.importing.language.amend import amended, overlooked_direction
from service.importing.language.choices import shipped
from service.importing.language.mapped_fields import MappedField, as_table, fields_of, kind_of, style_of, with_lead
from service.importing.language.mapping_faults import (
    advice,
    article,
    decisive,
    describe_fault,
    misfits,
    not_taken,
    wrong_words,
)
from service.importing.language.options import (
    DirectionRule,
    FieldRule,
    FileOptions,
    PhoneOptions,
    SkipOptions,
    TimeOptions,
)
from service.importing.language.router import Router
from service.importing.language.targets import INHERITED, ROW_KINDS, TARGETS, Scope, Section, Target, import_scope
from service.ingest.configuration import DispositionCode
from service.ingest.resources.attempts import InlineDisposition
from sql.facts import Fact

Table = dict[str, Any]
Form = TypeVar("Form", bound=BaseModel)

# Not a field of the ledger: the id that a call has there if an earlier mapping imported it.
_FORMER = "former_id"
_OPTIONS = ("file", "times", "phones", "disposition_codes")


@dataclass(frozen=True)
class FileMapping:
    """A checked mapping: every field exists, every required field is present, every zone is known.

    codes: meanings of disposition codes, for codes that are not configured yet.
    router: tells the kinds of rows apart; others: the mapping of each further kind.
    former: the ids of the same attempts under an earlier mapping.
    notes: what was read otherwise than the mapping says, for people.
    whole_columns: columns of ids that the file writes like 1001.0.
    """

    resource: str
    target: Target
    file: FileOptions
    region: str | None
    mapped_fields: tuple[MappedField, ...]
    codes: Mapping[str, DispositionCode]
    router: Router
    others: "Mapping[str, FileMapping]" = field(default_factory=dict[str, "FileMapping"])
    former: FieldRule | None = None
    notes: tuple[str, ...] = ()
    whole_columns: frozenset[str] = frozenset()

    @property
    def kinds(self) -> "dict[str, FileMapping]":
        """The mapping of each kind of row that is imported, by its word in the direction."""
        return {self.router.main: self, **self.others}

    @property
    def facts(self) -> frozenset[Fact]:
        """The facts that decide whether a row created, updated or changed nothing."""
        return frozenset(mapping.target.resource.fact for mapping in self.kinds.values())

    @property
    def all_fields(self) -> tuple[MappedField, ...]:
        """The fields of every kind of row."""
        return tuple(mapped for mapping in self.kinds.values() for mapped in mapping.mapped_fields)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the mapping names."""
        read = (name for mapped in self.all_fields for name in mapped.rule.columns_read)
        former = self.former.columns_read if self.former else ()
        return tuple(dict.fromkeys((*read, *self.router.columns_named, *former)))

    @property
    def columns_read(self) -> tuple[str, ...]:
        """The columns to read, also those that only tell the direction of calls by their usual names."""
        return tuple(dict.fromkeys((*self.columns, *self.router.columns_read)))

    @property
    def required_columns(self) -> frozenset[str]:
        """The columns that every file must have."""
        required = (name for mapped in self.all_fields for name in mapped.rule.required_columns)
        return frozenset((*required, *self.router.required_columns))

    @property
    def sections(self) -> list[Section]:
        """The sections that the mapping fills."""
        filled = {mapped.section for mapped in self.mapped_fields}
        return [section for section in self.target.sections if section.name in filled]


def read_mapping(path: Path, resource: str, zone: str | None = None) -> FileMapping:
    """The mapping in a file; zone: replaces the mapping's zone. Raises SetupError that names every fault."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SetupError(f"The mapping {path} cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError(f"The mapping {path} is not TOML: {error}") from None
    content, notes = amended(content, resource)
    parser = MappingParser(import_scope(resource), content, zone)
    mapping = replace(parser.parse(), notes=tuple(notes))
    if path in shipped().values() and any(mapped.style.lacks for mapped in mapping.all_fields):
        raise SetupError(f"The mapping {path.stem} needs the zone of its times: pass --zone, such as Europe/Lisbon")
    if parser.problems:
        raise SetupError("\n  ".join([f"The mapping {path} cannot be used:", *dict.fromkeys(parser.problems)]))
    return mapping


class MappingParser:
    """Reads the tables of one mapping and collects its faults. zone: replaces the mapping's zone."""

    def __init__(self, scope: Scope, content: Table, zone: str | None = None) -> None:
        if zone and isinstance(times := content.setdefault("times", {}), dict):
            times["zone"] = zone
        self.scope = scope
        self.target = scope.target
        self.content = content
        self.problems: list[str] = []

    def parse(self) -> FileMapping:
        """The mapping; it can be used only if there are no problems."""
        self._check_tables()
        mapping = FileMapping(
            self.scope.resource,
            self.target,
            self.options(FileOptions, "file"),
            self.options(PhoneOptions, "phones").region,
            self._mapped_fields(self.target),
            self._codes(),
            self._router(),
            former=self._former(),
        )
        return replace(mapping, others=self._others(mapping))

    def _mapped_fields(self, target: Target) -> tuple[MappedField, ...]:
        times = self.options(TimeOptions, "times")
        mapped_fields = [mapped for section in target.sections for mapped in self._section(section, times)]
        return tuple(with_lead(mapped_fields, target.sections[0]))

    def _former(self) -> FieldRule | None:
        rule = self._table("attempt").get(_FORMER)
        return None if rule is None else self._read(FieldRule, as_table(rule), f"[attempt] {_FORMER}")

    def _router(self) -> Router:
        """What tells the kinds of rows apart. [skip] is one table, or a list of them."""
        skip = self.content.get("skip", [])
        tables = cast("list[Any]", skip) if isinstance(skip, list) else [skip]
        skips = [self._read(SkipOptions, table, "[skip]") for table in tables]
        usual = overlooked_direction(self.content) if self.scope.resource == "attempts" else None
        table = self._table("direction") if self._is_routed else usual
        direction = None if table is None else self._read(DirectionRule, table, "[direction]")
        return Router(self.target.kind, direction, tuple(skip for skip in skips if skip), is_usual=usual is not None)

    @property
    def _is_routed(self) -> bool:
        return "direction" in self.content

    def _others(self, mapping: FileMapping) -> dict[str, FileMapping]:
        """The mapping of each further kind of row; a direction is needed to tell its rows."""
        others: dict[str, FileMapping] = {}
        for target in self._further_targets():
            if not self._is_routed:
                self.problems.append(f"[{target.sections[0].name}] needs a [direction] that tells its rows")
            others[target.kind] = replace(mapping, target=target, mapped_fields=self._mapped_fields(target))
        return others

    def _further_targets(self) -> list[Target]:
        """The other kinds of rows in the mapping."""
        return [other for other in self.scope.row_kinds if other.sections[0].name in self.content]

    def _check_tables(self) -> None:
        names = [section.name for section in self.target.sections]
        routed = ["direction", "attempt", *(kind.sections[0].name for kind in ROW_KINDS)] if self.target.kind else []
        names += [name for name in routed if name in self.content]
        known = [*names, *routed, "skip", *_OPTIONS, *self.scope.tables]
        others = {section.name for target in TARGETS.values() for section in target.sections} - set(names)
        for name, table in self.content.items():
            if name in others:
                allowed = ", ".join(f"[{section.name}]" for section in self.target.sections)
                self.problems.append(f"[{name}] does not belong to {self.scope.purpose}; use {allowed}")
            elif name not in known:
                self.problems.append(f"[{name}] is not a table of a mapping{advice(name, known)}")
            elif not isinstance(table, dict) and name not in {"disposition_codes", "skip"}:
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
            self.problems += [describe_fault(form, where, fault) for fault in decisive(error)]
            return None

    def _codes(self) -> dict[str, DispositionCode]:
        read: dict[str, DispositionCode] = {}
        for code, table in self._code_tables().items():
            where = f"[disposition_codes.{code}]"
            if not isinstance(table, dict):
                self.problems.append(f"{where} must be a table")
            elif form := self._read(DispositionCode, cast("Table", table), where):
                read[code] = form
            self.problems += [f"{where} {problem}" for problem in not_taken(InlineDisposition, "code", [code])]
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
        fields = dict(fields_of(section, self._inherited(section) | self._table(section.name)))
        for name, value in fields.items():
            if (section.name, name) != ("attempt", _FORMER):
                yield from self._mapped_field(section, name, value, times)
        for name in section.required:
            if name not in fields:
                self.problems.append(f"[{section.name}] {name} is required: name its column, or a constant")

    def _inherited(self, section: Section) -> Table:
        """The fields that another kind of row takes over from [attempt], unless it has its own."""
        attempt = self._table("attempt")
        return {name: attempt[source] for name, source in INHERITED.get(section.name, {}).items() if source in attempt}

    def _mapped_field(self, section: Section, name: str, value: Any, times: TimeOptions) -> Iterator[MappedField]:
        where = f"[{section.name}] {name}"
        kind = kind_of(section, name)
        if kind is None:
            self.problems.append(f"{where} is not a field of {article(section.name)}{advice(name, section.fields)}")
            return
        rule = self._read(FieldRule, as_table(value), where)
        if rule is None:
            return
        mapped = MappedField(section.name, name, kind, rule, style_of(rule, times, kind))
        problems = (*misfits(kind, rule, mapped.style), *wrong_words(section, name, kind, rule, mapped.style))
        self.problems += [f"{where}: {problem}" for problem in problems]
        yield mapped
