"""The checklist of a new account, from nothing to the first report. Each step is done as soon as its data are there."""

from collections.abc import Collection
from dataclasses import dataclass

from reports.model.language import translate
from service.pages.navigation import settings_for
from service.platform.db import account_transaction
from service.web.services import RequestContext
from sql import load

_SQL = load("first_steps")


@dataclass(frozen=True)
class FirstSteps:
    """The steps: (what to do, where, whether it is done). is_dismissed: somebody has put the list away."""

    items: list[tuple[str, str, bool]]
    has_calls: bool
    is_dismissed: bool

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(is_done for _, _, is_done in self.items)


async def first_steps(context: RequestContext) -> FirstSteps:
    """The steps of the account, with those that this person may take."""
    account = context.access.account_id
    async with account_transaction(context.pool, account, readonly=True) as connection:
        [row] = await connection.fetch(_SQL["read"], account)
    has_calls: bool = row["has_calls"]
    steps = [
        (translate("Give the account its name and time zone"), "/settings/account", row["is_named"]),
        (
            translate("Connect a dialer, or import calls from a file"),
            "/settings/dialers",
            row["has_dialer"] or has_calls,
        ),
        (translate("Wait for the first call"), "/settings/dialers", has_calls),
        (translate("Say what your disposition codes mean"), "/settings/codes", has_calls and row["has_meanings"]),
        (translate("Import your leads"), "/settings/import", row["has_leads"]),
        (translate("Enter what your marketing costs"), "/settings/spend", row["has_spend"]),
        (translate("Invite a colleague"), "/settings/users", row["has_colleague"]),
        (translate("See your first report"), "/overview", has_calls),
    ]
    known = _places(context.access.scopes)
    return FirstSteps([step for step in steps if step[1] in known], has_calls, row["is_dismissed"])


def _places(scopes: Collection[str]) -> set[str]:
    """The pages that this person may open."""
    return {"/overview", *(page.path for page in settings_for(scopes))}


async def set_dismissed(context: RequestContext, *, is_dismissed: bool) -> None:
    """Put the list away for everybody in the account, or show it again."""
    async with account_transaction(context.pool, context.access.account_id) as connection:
        await connection.execute(_SQL["set_dismissed"], context.access.account_id, is_dismissed)
