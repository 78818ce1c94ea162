"""The history of a setting as people read it: when, who, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from reports.model.language import translate
from service.errors import Fault, InvalidItem
from service.ingest.configured.versions import Author, Version
from service.pages.settings.fields import FormField


@dataclass(frozen=True)
class HistoryLine:
    """One version: when, who, what it changed in words, and whether it is the current one."""

    version: Version
    author: str
    changes: Sequence[str]
    is_current: bool


def history_lines(labels: Mapping[str, FormField], versions: Sequence[Version]) -> list[HistoryLine]:
    """The versions of an item, newest first, each with what it changed. labels: the field of each value."""
    before = {version.recorded_at: earlier for version, earlier in pairwise(versions)}
    return [
        HistoryLine(
            version,
            author_text(version.author),
            _changes(labels, version, before.get(version.recorded_at)),
            is_current=version is versions[0],
        )
        for version in versions
    ]


def author_text(author: Author | None) -> str:
    """Who made a change, as people read it."""
    if author is None:
        return translate("Not recorded")
    if author.prefix is None:
        return translate("A command")
    is_person = author.prefix.startswith("user:")
    return (
        (author.name or translate("Somebody"))
        if is_person
        else translate("Access key {name}", name=author.name or author.prefix)
    )


def moment_of(text: str) -> datetime:
    """The version that a hidden field names. Raises InvalidItem."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidItem(faults=(Fault("", translate("The form names no version: load the page again.")),))
    return moment


def _changes(labels: Mapping[str, FormField], version: Version, before: Version | None) -> list[str]:
    """What a version changed: `Name: Spring → Spring 2026`."""
    if before is None:
        return [translate("Created") if version.author else translate("First seen")]
    return [
        f"{labels[name].title}: {labels[name].words(before.values[name])} → {labels[name].words(value)}"
        for name, value in version.values.items()
        if value != before.values[name]
    ]
