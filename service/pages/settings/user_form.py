"""The form of a person's role: the address, the role, and the teams or the agent that limit it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from service.accounts.roles import RoleName

_TEAM = "team:"


@dataclass(frozen=True)
class UserForm:
    """What was typed. teams: the ticked ones, and those written with commas between them."""

    email: str = ""
    role: RoleName = "analyst"
    teams: tuple[str, ...] = ()
    agent: str | None = None


def user_form(fields: Mapping[str, str]) -> UserForm:
    """The form that a browser sent; the rules for its values are those of users.py."""
    ticked = [name.removeprefix(_TEAM) for name in fields if name.startswith(_TEAM)]
    written = [team.strip() for team in fields.get("other_teams", "").split(",") if team.strip()]
    role = cast("RoleName", fields.get("role", ""))
    return UserForm(fields.get("email", ""), role, (*ticked, *written), fields.get("agent", "").strip() or None)
