"""The reader's language: sentences from its catalogue, digits as its readers write them.

Sentences are written in English where they are made; `translate` looks them up. Placeholders are those of str.format,
so that a translator can move them. Programs read English: only pages and mails set another language.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from gettext import NullTranslations


@dataclass(frozen=True)
class Language:
    """A language: its code, its catalogue, and how its readers write numbers. percent: a share, as in 12%."""

    code: str = "en"
    catalogue: NullTranslations = field(default_factory=NullTranslations)
    decimal: str = "."
    group: str = ","
    percent: str = "{number}%"


ENGLISH = Language()
_language: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def current_language() -> Language:
    """The language of the reader for whom this is made."""
    return _language.get()


@contextmanager
def reading(language: Language) -> Generator[None]:
    """Everything made inside is for a reader of this language."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def use_language(language: Language) -> None:
    """Everything that the present task makes from now on is for a reader of this language."""
    _language.set(language)


def translate(message: str, /, **values: object) -> str:
    """A sentence in the reader's language, with its values.

    >>> translate("{count} of {total} shown", count=2, total=7)
    '2 of 7 shown'
    """
    # A catalogue answers an empty sentence with its own header.
    text = _language.get().catalogue.gettext(message) if message else ""
    return text.format(**values) if values else text


def translate_plural(singular: str, plural: str, count: int, /, **values: object) -> str:
    """A sentence that depends on a count; {count} stands for it.

    >>> translate_plural("{count} call", "{count} calls", 1), translate_plural("{count} call", "{count} calls", 1200)
    ('1 call', '1,200 calls')
    """
    text = _language.get().catalogue.ngettext(singular, plural, count)
    return text.format(count=digits(count), **values)


def marked(message: str) -> str:
    """A text of a table, for the catalogues; `translate` looks it up where it is shown."""
    return message


def marked_plural(singular: str, plural: str) -> tuple[str, str]:
    """A sentence of a table that depends on a count, for the catalogues; `translate_plural` looks it up."""
    return singular, plural


def digits(number: float | Decimal, decimals: int = 0) -> str:
    """A number with its thousands apart, as the reader writes it.

    >>> digits(1234567.891, 2), digits(12)
    ('1,234,567.89', '12')
    """
    language, text = _language.get(), f"{number:,.{max(decimals, 0)}f}"
    if (language.decimal, language.group) == (".", ","):
        return text
    return text.translate({ord("."): language.decimal, ord(","): language.group})


def percent(text: str) -> str:
    """The digits of a percentage, or of a range of them, with the sign for per cent: 12%."""
    return _language.get().percent.format(number=text)
