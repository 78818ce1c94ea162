"""The words of templates: sentences in the reader's language, with values that are escaped, and links inside them."""

from datetime import date
from typing import Any

from markupsafe import Markup

from reports.model.language import current_language, digits, percent, translate, translate_plural
from reports.model.local_dates import clock_words, date_words, day_words, full_words
from service.pages.components.known_sentences import in_the_readers_language


def text(message: str, /, **values: object) -> Markup:
    """A sentence of a template in the reader's language. The sentence may hold markup; its values are escaped.

    >>> text("{count} of <b>{name}</b>", count=2, name="a < b")
    Markup('2 of <b>a &lt; b</b>')
    """
    sentence = Markup(translate(message))  # noqa: S704 - our own sentence, not a value
    return sentence.format(**values) if values else sentence


def plural(singular: str, several: str, count: int, /, **values: object) -> Markup:
    """A sentence of a template that depends on a count; {count} stands for it, unless a value has that name."""
    sentence = Markup(current_language().catalogue.ngettext(singular, several, count))  # noqa: S704 - our own sentence
    return sentence.format(**{"count": digits(count), **values})


def link(address: str, words: object) -> Markup:
    """A link inside a sentence."""
    return Markup('<a href="{}">{}</a>').format(address, words)


def linked(address: str | None, words: object) -> object:
    """The words as a link, if there is an address."""
    return link(address, words) if address else words


def long_day(day: date) -> str:
    """A day with its weekday and year."""
    return day_words(day, year=True)


def language_code() -> str:
    """The language of the page, for its markup."""
    return current_language().code


TEMPLATE_WORDS: dict[str, Any] = {
    "_": text,
    "language_code": language_code,
    "link": link,
    "linked": linked,
    "ngettext": plural,
    # For plain text: values are not escaped.
    "translate": translate,
    "translate_plural": translate_plural,
}
TEMPLATE_FILTERS: dict[str, Any] = {
    "digits": digits,
    "percent": percent,
    "translated": in_the_readers_language,
    "moment": full_words,
    "date": date_words,
    "clock": clock_words,
    "day": long_day,
}
