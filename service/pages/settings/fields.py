"""The fields of settings forms: their labels, their choices, and the way from what was typed to the API's own model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar, cast
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale
from pydantic import ValidationError

from reports.model.currencies import CURRENCIES
from reports.model.language import current_language, translate
from service.errors import InvalidItem
from service.ingest.fields import Item
from service.ingest.parsing import faults_of

Model = TypeVar("Model", bound=Item)
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class FormField:
    """A field of a form: the value that its model takes, the label, and how it is chosen.

    choices: all values, each in words. suggested: the name of a list of suggestions that the page fills. short: what
    tables call it, where the label is a question.
    """

    name: str
    label: str
    help: str = ""
    type: str = "text"
    required: bool = False
    choices: Callable[[], Choices] | None = None
    suggested: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    short: str = ""

    @property
    def title(self) -> str:
        """What tables and histories call it."""
        return translate(self.short or self.label)

    def filled(
        self, values: Mapping[str, Any], faults: Mapping[str, str], suggestions: Mapping[str, Sequence[str]]
    ) -> dict[str, Any]:
        """The arguments of the template's field: with a value, its fault and its suggestions."""
        value = values.get(self.name)
        return {
            "label": translate(self.label),
            "name": self.name,
            "value": "" if value is None else value,
            "type": self.type,
            "help": translate(self.help) if self.help else "",
            "error": faults.get(self.name, ""),
            "required": self.required,
            "options": self._options(value) if self.choices else None,
            "list": suggestions.get(self.suggested) if self.suggested else None,
            "attributes": self.attributes,
        }

    def _options(self, value: Any) -> Choices:
        """The choices, and the present value if it is none of them: sending the form must not change it unseen."""
        choices: Choices = self.choices() if self.choices else ()
        is_known = value in {None, ""} or str(value) in {choice for choice, _ in choices}
        return choices if is_known else [*choices, (str(value), str(value))]

    def words(self, value: Any) -> str:
        """A stored value as people read it."""
        if value is None or value == "":
            return "-"
        if isinstance(value, list):
            return ", ".join(map(str, cast("list[Any]", value)))
        named = dict(self.choices()) if self.choices else {}
        return named.get(str(value), str(value))


def read_typed(fields: Sequence[FormField], sent: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the fields, without those left empty and without spaces around."""
    typed = {part.name: sent.get(part.name, "").strip() for part in fields}
    return {name: text for name, text in typed.items() if text}


def validate(model: type[Model], values: Mapping[str, Any], **context: Any) -> Model:
    """The values of a form as the model of the API. Raises InvalidItem with every faulty field."""
    try:
        return model.model_validate(dict(values), context=context)
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None


@cache
def zones() -> list[str]:
    """The time zones of the world, for suggestions."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix")))


def countries() -> Choices:
    """The countries that have phone numbers, by their names in the reader's language."""
    return _countries(current_language().code)


@cache
def _countries(language: str) -> Choices:
    named = cast("Mapping[str, str]", Locale(language).territories)
    return sorted(((code, f"{named.get(code, code)} ({code})") for code in phonenumbers.SUPPORTED_REGIONS), key=_label)


def currencies() -> Choices:
    """The currencies by code, each with its name in the reader's language."""
    return _currencies(current_language().code)


@cache
def _currencies(language: str) -> Choices:
    named = cast("Mapping[str, str]", Locale(language).currencies)
    return [(code, f"{code} - {named.get(code, code)}") for code in sorted(CURRENCIES)]


def optional(label: str, choices: Callable[[], Choices]) -> Callable[[], Choices]:
    """Choices with an empty one before them."""
    return lambda: [("", translate(label)), *choices()]


def _label(choice: tuple[str, str]) -> str:
    return choice[1]
