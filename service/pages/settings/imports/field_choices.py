"""The fields of a kind of rows as the form shows them: their names in words, their columns, and what is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reports.model.language import marked, translate
from service.importing.guess.build import Choices, unknown_words
from service.importing.guess.columns import fields_of_kind
from service.importing.guess.shape import FileShape
from service.importing.language.targets import TARGETS, words_of
from service.pages.settings.imports.field_words import FIELD_NAMES, VALUE_WORDS

_OF_SECTIONS = {
    "disposition": marked("{field} of the outcome"),
    "lead": marked("{field} of the lead"),
    "participant": marked("{field} of the further agent"),
    "segment": marked("{field} of the wait in a queue"),
    "offer": marked("{field} of the offer to an agent"),
    "score": marked("{field} of the score of an item"),
}
# Filled by parts of their own, or made by the service.
_HIDDEN = frozenset(
    ("participants", "segments", "offers", "scores", "recording", "outcomes", "outcomes_at", "attributes", "points")
)


@dataclass(frozen=True)
class FieldChoice:
    """One field of the form. problem: why the choice cannot be used.

    words: the values it allows, if only some, each in words.
    """

    path: str
    label: str
    is_required: bool
    column: str
    constant: str
    words: Sequence[tuple[str, str]]
    problem: str = ""


@dataclass(frozen=True)
class FieldGroups:
    """The fields of a kind of rows. first: needed or matched; others: the rest."""

    first: list[FieldChoice] = field(default_factory=list[FieldChoice])
    others: list[FieldChoice] = field(default_factory=list[FieldChoice])


@dataclass(frozen=True)
class WordChoices:
    """The words of a file in one field that allows only some, and our word for each that was chosen."""

    path: str
    label: str
    words: Sequence[tuple[str, str]]
    texts: Sequence[tuple[str, str]]


def word_choices(resource: str, shape: FileShape, choices: Choices) -> list[WordChoices]:
    """What to ask about the words of a file."""
    main = TARGETS[resource].sections[0]
    return [
        WordChoices(
            path,
            _label(path.partition(".")[2], "" if path.startswith(f"{main.name}.") else path.partition(".")[0]),
            _in_words(words_of(fields_of_kind(resource)[path].form, path.partition(".")[2])),
            [(text, choices.values.get(path, {}).get(text, "")) for text in texts],
        )
        for path, texts in unknown_words(resource, shape, choices).items()
    ]


def field_groups(resource: str, choices: Choices, problems: Mapping[str, str]) -> FieldGroups:
    """The fields to choose columns for. problems: by field."""
    groups = FieldGroups()
    main = TARGETS[resource].sections[0]
    for path, section in fields_of_kind(resource).items():
        name = path.partition(".")[2]
        if name in _HIDDEN:
            continue
        is_required = section is main and name in section.required
        choice = FieldChoice(
            path,
            _label(name, "" if section is main else section.name),
            is_required,
            choices.columns.get(path, ""),
            choices.constants.get(path, ""),
            _in_words(words_of(section.form, name)),
            problems.get(path, ""),
        )
        is_first = is_required or choice.column or choice.constant or choice.problem
        (groups.first if is_first else groups.others).append(choice)
    groups.first.sort(key=lambda choice: not choice.is_required)
    return groups


def _in_words(values: Sequence[str]) -> list[tuple[str, str]]:
    """The values that a field allows, each in words."""
    return [(value, translate(VALUE_WORDS.get(value, value))) for value in values]


def _label(name: str, section: str) -> str:
    text = translate(FIELD_NAMES.get(name, name))
    return translate(_OF_SECTIONS[section], field=text) if section else text


def read_choices(resource: str, fields: Mapping[str, str], shape: FileShape, zone: str) -> Choices:
    """The choices of a form."""
    choices = _read_columns(fields, shape, zone)
    chosen = {
        path: {
            text: fields[f"value.{path}.{place}"]
            for place, text in enumerate(texts)
            if f"value.{path}.{place}" in fields
        }
        for path, texts in unknown_words(resource, shape, choices).items()
    }
    return replace(choices, values={path: words for path, words in chosen.items() if words})


def has_new_words(resource: str, fields: Mapping[str, str], shape: FileShape, choices: Choices) -> bool:
    """Whether the file has words that the form has not shown yet."""
    return not set(unknown_words(resource, shape, choices)) <= set(fields.get("words_shown", "").split())


def _read_columns(fields: Mapping[str, str], shape: FileShape, zone: str) -> Choices:
    columns = {name[7:]: value for name, value in fields.items() if name.startswith("column.")}
    constants = {name[9:]: value.strip() for name, value in fields.items() if name.startswith("constant.")}
    numbered = {str(place): name for place, name in enumerate(shape.columns)}
    key = [numbered[name[4:]] for name in sorted(fields) if name.startswith("key.") and name[4:] in numbered]
    return Choices(
        {path: column for path, column in columns.items() if column in (*shape.columns, *shape.joined)},
        {path: text for path, text in constants.items() if text},
        sorted(key, key=list(shape.columns).index),
        fields.get("direction", ""),
        zone,
        fields.get("region", ""),
        keeps_others=fields.get("keeps_others") == "yes",
    )


def missing_fields(resource: str, choices: Choices) -> dict[str, str]:
    """The needed fields without a column or a value, each with what to do."""
    main = TARGETS[resource].sections[0]
    missing: dict[str, str] = {}
    for name in main.required:
        path = f"{main.name}.{name}"
        if choices.columns.get(path) or choices.constants.get(path) or (name == "external_id" and choices.key):
            continue
        missing[path] = (
            translate("Choose a column, or enter a value for every row, or tick columns that identify a row together.")
            if name == "external_id"
            else translate("Choose a column, or enter a value for every row.")
        )
    return missing


def has_numbers(resource: str) -> bool:
    """Whether rows of a kind hold phone numbers."""
    return any(path.endswith("number") for path in fields_of_kind(resource))
