"""The list of one kind of codes: searched, the ones that need a person first, twenty-five and then more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from reports.model.language import marked
from service.pages.components.code_uses import Uses

STATES = {
    "": marked("All"),
    "new": marked("Waiting to be confirmed"),
    "confirmed": marked("Confirmed"),
    "merged": marked("Merged into another"),
}
FIRST_LINES = 25
_SEARCHED = ("code", "name", "team", "source", "medium", "merged_into")


@dataclass(frozen=True)
class ListQuery:
    """What the address of a list asks for: words to find, a state, and how many lines."""

    search: str = ""
    state: str = ""
    show: int = FIRST_LINES

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "ListQuery":
        """The query of an address; what makes no sense is left out."""
        show, state = parameters.get("show", ""), parameters.get("state", "")
        lines = int(show) if show.isascii() and show.isdigit() and len(show) < 6 else FIRST_LINES
        return cls(parameters.get("search", "").strip(), state if state in STATES else "", max(lines, FIRST_LINES))

    def link(self, path: str, **changes: str) -> str:
        """The address of the same list with some parameters changed."""
        values = {"search": self.search, "state": self.state, "show": str(self.show), **changes}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}"

    def fits(self, row: Mapping[str, Any]) -> bool:
        """Whether an item is searched for and in the state."""
        words = " ".join(
            str(row.get(name) or "") for name in ("code", "name", "team", "source", "medium", "merged_into")
        )
        return self.search.casefold() in words.casefold() and self.state in {"", state_of(row)}


@dataclass(frozen=True)
class Line:
    """One line of a list: the item, its state, and the calls that use it."""

    row: Mapping[str, Any]
    state: str
    uses: Uses | None


def state_of(row: Mapping[str, Any]) -> str:
    """The state of an item, as a key of STATES."""
    return "merged" if row["merged_into"] else "confirmed" if row["confirmed"] else "new"


def needs_a_person(row: Mapping[str, Any]) -> bool:
    """Whether an item is new, or a code without a meaning."""
    return row["merged_into"] is None and (not row["confirmed"] or row.get("result") == "unmapped")


def lines(rows: Sequence[Mapping[str, Any]], uses: Mapping[str, Uses], query: ListQuery) -> list[Line]:
    """The lines that fit a query: the items that need a person first, then those of most calls."""
    fitting = [row for row in rows if query.fits(row)]
    fitting.sort(
        key=lambda row: (
            not needs_a_person(row),
            row["merged_into"] is not None,
            -(uses[row["code"]].calls if row["code"] in uses else 0),
            row["name"] or row["code"],
        )
    )
    return [Line(row, state_of(row), uses.get(row["code"])) for row in fitting]
