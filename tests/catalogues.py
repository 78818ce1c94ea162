"""The sentences of the pages as catalogues need them: in the code, in the templates, and in the tables of reports."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeAlias, get_args

from babel.messages.extract import extract_from_dir

from reports.catalogue.catalogue import catalogue
from reports.catalogue.definitions import by_heading
from reports.catalogue.dimensions import DIMENSIONS
from reports.catalogue.presets import PRESETS
from reports.measures.frame import Frame
from reports.model import vocabulary
from reports.query.drill_through import ADDS
from reports.render.provenance import reason_words, resource_name, row_labels
from service.pages.components.column_labels import english_label, english_words
from sql.facts import FACTS

# A sentence, and its form for several; empty for a sentence without a count.
Message: TypeAlias = tuple[str, str]

_ROOT = Path(__file__).parent.parent
_PLURALS = dict.fromkeys(("translate_plural", "marked_plural", "ngettext"), (1, 2))
_KEYWORDS = {"translate": None, "marked": None, "_": None, **_PLURALS}
_METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract"), ("**.txt", "jinja2.ext:babel_extract")]
_TEMPLATES = {"trimmed": "true", "silent": "false"}


@cache
def messages() -> set[Message]:
    """Every sentence that the code marks for translation, and every text of the tables of reports."""
    marked_up = {*table_texts()}
    for folder in ("service", "reports"):
        for _, _, message, _, _ in extract_from_dir(
            str(_ROOT / folder), _METHODS, {"**.html": _TEMPLATES, "**.txt": _TEMPLATES}, keywords=_KEYWORDS
        ):
            singular, plural = (message, "") if isinstance(message, str) else message[:2]
            marked_up.add((singular, plural))
    return marked_up


def table_texts() -> Iterator[Message]:
    """The texts of reports that are looked up where they are shown: titles, values, columns, kinds of rows."""
    for text in {*_titles(), *_values(), *(text for frame in frames().values() for text in _of_frame(frame))}:
        if any(letter.isalpha() for letter in text):
            yield text, ""
    for frame in frames().values():
        yield row_labels(frame)
        if frame.money is not None:
            label = frame.money.label
            yield f"{{count}} {label.removesuffix('s')}", f"{{count}} {label}"


def frames() -> dict[str, Frame]:
    """Every kind of fact that a metric counts, by name."""
    metrics = [entry.metric for entry in catalogue().values()]
    return {metric.frame.name: metric.frame for metric in metrics if metric.frame is not None}


def _titles() -> Iterator[str]:
    for entry in catalogue().values():
        yield entry.metric.message
        yield entry.meaning
        yield entry.metric.interval
    yield from map(english_label, (*vocabulary.AXES, ADDS, *_stored_columns()))
    yield from (resource_name(resource) for frame in frames().values() for resource in frame.sent_as)
    yield from (title for title, _ in by_heading())
    yield from (preset.title for preset in PRESETS.values())
    for dimension in DIMENSIONS.values():
        yield from (dimension.title, dimension.missing)


def _stored_columns() -> set[str]:
    """The columns of calls and leads, which the pages of single records show."""
    facts = (fact for fact in FACTS if fact.table in {"attempts", "inbound_calls", "leads", "dispositions"})
    derived = {"lead_by", "attributed_by", "disposition", "disposition_agent", "disposition_set_at", "code"}
    return derived.union(column for fact in facts for column in (*fact.values, *fact.surrogate))


def _values() -> Iterator[str]:
    """Words of our own as values: of dimensions, and of the vocabularies of the ledger."""
    for dimension in DIMENSIONS.values():
        if dimension.name not in {"hour_of_week", "callee_hour_of_week"}:
            yield from map(english_words, dimension.values)
    yield from map(english_words, ("sender", "tracking_number"))  # how a call got its source
    for name, words in vars(vocabulary).items():
        if not name.startswith("_") and not name.isupper():
            yield from (english_words(word) for word in get_args(words) if isinstance(word, str))


def _of_frame(frame: Frame) -> Iterator[str]:
    yield from map(english_label, (*frame.key, *frame.display_columns))
    yield from map(reason_words, frame.exclusions)
    if frame.money is not None:
        yield from map(english_words, frame.money.sent.values())
