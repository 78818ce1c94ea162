"""The menu of the pages: their groups, their titles, and the pages of Settings. A new page is listed here."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class MenuPage:
    """A page in the menu.

    carries: whether the chosen period and filters go along. below: pages without an entry of their own, which mark this
    one as current. scopes: a person needs one of them to see the entry; none: everybody signed in sees it.
    """

    path: str
    title: str
    carries: bool = True
    below: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()

    def is_current(self, path: str) -> bool:
        """Whether the page at this path is this one or belongs to it."""
        return path == self.path or path.startswith(self.below)


SETTINGS: list[MenuPage] = []

MENU: list[tuple[str, list[MenuPage]]] = [
    ("", [MenuPage("/overview", "Overview"), MenuPage("/live", "Live", carries=False)]),
    (
        "Sales",
        [
            MenuPage("/agents", "Agents", below=("/agent",)),
            MenuPage("/campaigns", "Campaigns"),
            MenuPage("/lead-response", "Lead response"),
            MenuPage("/best-time", "Best time to call"),
        ],
    ),
    ("Marketing", [MenuPage("/sources", "Sources", below=("/tracking-numbers",))]),
    (
        "Service",
        [
            MenuPage("/service", "Queues"),
            MenuPage("/quality", "Quality", below=("/coaching",)),
            MenuPage("/people", "People"),
            MenuPage("/staffing", "Staffing", carries=False),
        ],
    ),
    (
        "Workspace",
        [
            MenuPage("/look/outbound", "Reports", below=("/look/",)),
            MenuPage("/definitions", "Definitions", carries=False, below=("/definitions/",)),
            MenuPage("/sessions", "Sessions", carries=False),
        ],
    ),
]


def menu_for(scopes: Collection[str]) -> list[tuple[str, list[MenuPage]]]:
    """The groups of the menu with the pages that these scopes may open; groups without a page are left out."""
    seen = [(group, _allowed(pages, scopes)) for group, pages in MENU]
    settings = _allowed(SETTINGS, scopes)
    if settings:
        entry = MenuPage(settings[0].path, "Settings", carries=False, below=("/settings",))
        seen[-1] = (seen[-1][0], [*seen[-1][1], entry])
    return [(group, pages) for group, pages in seen if pages]


def settings_for(scopes: Collection[str]) -> list[MenuPage]:
    """The pages of Settings that these scopes may open."""
    return _allowed(SETTINGS, scopes)


def _allowed(pages: list[MenuPage], scopes: Collection[str]) -> list[MenuPage]:
    return [page for page in pages if not page.scopes or not set(page.scopes).isdisjoint(scopes)]
