"""The fields that a mapping fills, each with the rule for its values."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from service.importing.language.options import FieldRule, TimeOptions
from service.importing.language.targets import Kind, Section
from service.importing.language.times import RFC3339, TimeStyle

Table = dict[str, Any]


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


def as_table(value: Any) -> Any:
    """A field's rule; a text alone is its column."""
    return {"column": value} if isinstance(value, str) else value


def kind_of(section: Section, name: str) -> Kind | None:
    """What kind of values a field takes; None if the section has no such field."""
    return section.fields.get(name) or section.open.get(name.partition(".")[0])


def fields_of(section: Section, table: Table) -> Iterator[tuple[str, Any]]:
    """The fields of a section's table; a nested table fills a field part by part."""
    prefixes = {name.partition(".")[0] for name in section.fields if "." in name} | set(section.open)
    for name, value in table.items():
        if name in prefixes and isinstance(value, dict) and not value.keys() & {"column", "constant"}:
            yield from ((f"{name}.{part}", inner) for part, inner in cast("Table", value).items())
        else:
            yield name, value


def with_lead(mapped_fields: list[MappedField], call: Section) -> list[MappedField]:
    """A call without a lead of its own belongs to the lead of the same row."""
    paths = {mapped.path: mapped for mapped in mapped_fields}
    lead = paths.get("lead.external_id")
    if lead and "lead" in call.fields and f"{call.name}.lead" not in paths:
        return [*mapped_fields, replace(lead, section=call.name, field="lead")]
    return mapped_fields


def style_of(rule: FieldRule, times: TimeOptions, kind: Kind) -> TimeStyle:
    """How a column writes its times, by its own rule and by [times]."""
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
