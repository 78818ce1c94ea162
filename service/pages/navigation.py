"""The menu of the pages: their groups, their titles, and the pages of Settings. A new page is listed here."""

from collections.abc import Collection
from dataclasses import dataclass

from reports.model.language import marked
from service.accounts.roles import SETS_UP_MARKETING


@dataclass(frozen=True)
class MenuPage:
    """A page in the menu.

    carries: whether the chosen period and filters go along. below: pages without an entry of their own, which mark this
    one as current. scopes: a person needs one of them to see the entry; none: everybody signed in sees it. whole: it is
    about the whole account, so people who see a part of it do not see the entry.
    """

    path: str
    title: str
    carries: bool = True
    below: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    whole: bool = False

    def is_current(self, path: str) -> bool:
        """Whether the page at this path is this one or belongs to it."""
        return path == self.path or path.startswith(self.below)


SETTINGS: list[MenuPage] = [
    MenuPage("/settings", marked("First steps"), scopes=("configure", "admin")),
    MenuPage("/settings/account", marked("Account"), scopes=("admin", "configure")),
    MenuPage("/settings/dialers", marked("Dialers"), below=("/settings/dialers/",), scopes=("configure", "admin")),
    MenuPage("/settings/import", marked("Import"), carries=False, below=("/settings/import/",), scopes=("ingest",)),
    MenuPage("/settings/campaigns", marked("Campaigns"), scopes=SETS_UP_MARKETING),
    MenuPage("/settings/sources", marked("Sources"), scopes=SETS_UP_MARKETING),
    MenuPage("/settings/agents", marked("Agents and teams"), scopes=("configure",)),
    MenuPage("/settings/numbers", marked("Tracking numbers"), below=("/settings/numbers/",), scopes=SETS_UP_MARKETING),
    MenuPage("/settings/codes", marked("Disposition codes"), scopes=("configure",)),
    MenuPage("/settings/lead-attributes", marked("Lead attributes"), scopes=("configure",)),
    MenuPage("/settings/calendars", marked("Working hours"), below=("/settings/calendars/",), scopes=("configure",)),
    MenuPage("/settings/targets", marked("Targets"), below=("/settings/targets/",), scopes=("configure",)),
    MenuPage("/settings/spend", marked("Spend"), below=("/settings/spend/",), scopes=SETS_UP_MARKETING),
    MenuPage(
        "/settings/running-costs", marked("Running costs"), below=("/settings/running-costs/",), scopes=("configure",)
    ),
    MenuPage(
        "/settings/exchange-rates",
        marked("Exchange rates"),
        below=("/settings/exchange-rates/",),
        scopes=("configure",),
    ),
    MenuPage("/settings/users", marked("Users"), below=("/settings/users/",), scopes=("admin",)),
    MenuPage("/settings/keys", marked("API keys"), below=("/settings/keys/",), scopes=("admin",)),
    MenuPage("/settings/security", marked("Security"), carries=False, scopes=("admin",)),
    MenuPage("/settings/mail", marked("Mail"), carries=False, scopes=("admin",)),
    MenuPage("/settings/audit-log", marked("Audit log"), carries=False, scopes=("admin",)),
    MenuPage("/settings/demo", marked("Demo floor"), scopes=("configure", "admin")),
]

MENU: list[tuple[str, list[MenuPage]]] = [
    ("", [MenuPage("/overview", marked("Overview")), MenuPage("/live", marked("Live"), carries=False)]),
    (
        marked("Sales"),
        [
            MenuPage("/agents", marked("Agents"), below=("/agent",)),
            MenuPage("/teams", marked("Teams")),
            MenuPage("/campaigns", marked("Campaigns"), whole=True),
            MenuPage("/lead-response", marked("Lead response")),
            MenuPage("/best-time", marked("Best time to call")),
        ],
    ),
    (
        marked("Marketing"),
        [
            MenuPage("/sources", marked("Sources"), whole=True),
            MenuPage("/tracking-numbers", marked("Tracking numbers"), below=("/tracking-number",), whole=True),
        ],
    ),
    (
        marked("Service"),
        [
            MenuPage("/service", marked("Queues")),
            MenuPage("/quality", marked("Quality"), below=("/coaching",)),
            MenuPage("/people", marked("People")),
            MenuPage("/staffing", marked("Staffing"), carries=False, whole=True),
        ],
    ),
    (
        marked("Workspace"),
        [
            MenuPage("/look/outbound", marked("Reports"), below=("/look/",)),
            MenuPage("/definitions", marked("Definitions"), carries=False, below=("/definitions/",)),
            MenuPage("/profile", marked("Your profile"), carries=False),
            MenuPage("/sessions", marked("Signed-in devices"), carries=False),
        ],
    ),
]


def menu_for(scopes: Collection[str], *, limited: bool = False) -> list[tuple[str, list[MenuPage]]]:
    """The groups of the menu with the pages that these scopes may open; groups without a page are left out.

    limited: the reader sees a part of the account only.
    """
    seen = [
        (group, [page for page in _allowed(pages, scopes) if not (limited and page.whole)]) for group, pages in MENU
    ]
    settings = _allowed(SETTINGS, scopes)
    if settings:
        entry = MenuPage(settings[0].path, marked("Settings"), carries=False, below=("/settings",))
        seen[-1] = (seen[-1][0], [*seen[-1][1], entry])
    return [(group, pages) for group, pages in seen if pages]


def settings_for(scopes: Collection[str]) -> list[MenuPage]:
    """The pages of Settings that these scopes may open."""
    return _allowed(SETTINGS, scopes)


def _allowed(pages: list[MenuPage], scopes: Collection[str]) -> list[MenuPage]:
    return [page for page in pages if not page.scopes or not set(page.scopes).isdisjoint(scopes)]
