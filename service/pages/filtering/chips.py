"""The active filters of a page as chips: what each narrows the page to, and the address without it."""

from collections.abc import Collection
from dataclasses import dataclass

from reports.catalogue.dimensions import DIMENSIONS
from reports.model.language import marked, translate
from service.pages.filtering.filters import CODE_FILTERS, FormChoices, PageRequest

# Parameters that are no dimension but narrow or change every number.
_OTHERS = {
    "goal": marked("Success"),
    "tz": marked("Time zone"),
    "as_of": marked("Snapshot"),
    "currency": marked("Currency"),
}


@dataclass(frozen=True)
class Chip:
    """One active filter."""

    title: str
    value: str
    remove_link: str


def active_chips(page_request: PageRequest, choices: FormChoices, subject: Collection[str]) -> list[Chip]:
    """The chips of a page. subject: the filters that say what the page is about; it cannot be without them."""
    attributes = {name: attribute.title for name, attribute in choices.attributes.items()}
    titles = {name: dimension.label for name, dimension in DIMENSIONS.items()} | attributes
    titles |= {name: translate(title) for name, title in _OTHERS.items()}
    ordered = dict.fromkeys((*CODE_FILTERS, *titles))
    filters = {name: page_request.values(name) for name in ordered if name in titles and name not in subject}
    return [
        Chip(titles[name], _in_words(name, value, choices), page_request.without(name, value))
        for name, values in filters.items()
        for value in values
    ]


def _in_words(name: str, value: str, choices: FormChoices) -> str:
    """The name of a code, and our own words without underscores."""
    text = choices.names.get(name, {}).get(value, value)
    return translate(text.replace("_", " ")) if name in {"goal", "result"} else text
