"""The roles of people: what each may do, and how much of the account it sees. The one place that defines them.

A role is a set of scopes, most of which keys have too: pages and API ask the same question of a person and of a key.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from reports.model.language import marked
from service.accounts.scopes import SCOPES

RoleName: TypeAlias = Literal["owner", "admin", "manager", "marketer", "analyst", "agent"]
Limit: TypeAlias = Literal["account", "teams", "agent"]


@dataclass(frozen=True)
class Role:
    """One role.

    title, about: how a form names and explains it. scopes: what it may do. limit: what it sees: the whole account, its
    own teams, or one agent.
    """

    title: str
    about: str
    scopes: frozenset[str]
    limit: Limit = "account"


# Of people only, because a key has `configure`: sources, campaigns, tracking numbers and spend, and nothing else.
MARKETING = "marketing"
SETS_UP_MARKETING = ("configure", MARKETING)
# Of people only too: to share calls with a team for coaching.
COACHING = "coaching"
SHARES_CALLS = ("configure", COACHING)

_ALL = frozenset(SCOPES)
_ROWS = frozenset({"reports", "rows"})

ROLES: dict[RoleName, Role] = {
    "owner": Role(marked("Owner"), marked("Everything, including other owners."), _ALL),
    "admin": Role(marked("Administrator"), marked("Everything, except changing owners."), _ALL),
    "manager": Role(
        marked("Manager"),
        marked("Reports, calls and phone numbers of their own teams. Shares calls with them for coaching."),
        _ROWS | {"phone-numbers", COACHING},
        "teams",
    ),
    "marketer": Role(
        marked("Marketer"),
        marked("Reports and calls, without phone numbers. Sets up sources, campaigns, tracking numbers and spend."),
        _ROWS | {MARKETING},
    ),
    "analyst": Role(marked("Analyst"), marked("Reports and calls of the whole account, without phone numbers."), _ROWS),
    "agent": Role(marked("Agent"), marked("Their own numbers and calls, without phone numbers."), _ROWS, "agent"),
}
