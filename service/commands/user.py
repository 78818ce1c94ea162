"""`calltally user`: the people who sign in with their e-mail and a password."""

from collections.abc import Callable
from typing import TypeVar

import click

from service.accounts.roles import ROLES

_SAMPLES = (
    "\b\nExamples:\n"
    "  calltally user create ada@example.com --role owner --link\n"
    "  calltally user invite bo@example.com --role manager --team north"
)

Command = TypeVar("Command", bound=Callable[..., None])

_ACCOUNT = click.option("--account", default="default", show_default=True, help="Code of the account.")


def _role_options(command: Command) -> Command:
    for option in (
        click.option("--agent", help="The user's own code as an agent; for the role agent."),
        click.option("--team", "teams", multiple=True, help="Team of a manager; repeat it for several."),
        click.option("--role", type=click.Choice(list(ROLES)), required=True, help="What the user may do."),
        _ACCOUNT,
    ):
        command = option(command)
    return command


@click.group
def command() -> None:
    """Create, invite, list and disable the people who sign in."""


@command.command("create", epilog=_SAMPLES)
@click.argument("email")
@_role_options
@click.option("--name", help="Name that colleagues see.  [default: the e-mail address]")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--link", is_flag=True, help="Print a link that signs in once, and ask for no password.")
def create(
    email: str,
    account: str,
    role: str,
    teams: tuple[str, ...],
    agent: str | None,
    name: str | None,
    password_stdin: bool,
    link: bool,
) -> None:
    """Create a user who can sign in at once.

    The command asks for the password, or reads it from standard input. With --link a user that exists already gets a
    new link and stays as it is.
    """
    from service.commands.work.user import create_user

    create_user(account, email, name or email, role, teams, agent, password_stdin=password_stdin, link=link)


@command.command("invite")
@click.argument("email")
@_role_options
def invite(email: str, account: str, role: str, teams: tuple[str, ...], agent: str | None) -> None:
    """Invite a user, and print the link of the invitation.

    The user opens the link and chooses a name and a password. It works once, within seven days. The command sends no
    mail.
    """
    from service.commands.work.user import invite_user

    invite_user(account, email, role, teams, agent)


@command.command("list")
@_ACCOUNT
def list_(account: str) -> None:
    """List the users of an account."""
    from service.commands.work.user import list_users_of

    list_users_of(account)


@command.command("reset")
@click.argument("email")
@_ACCOUNT
def reset(email: str, account: str) -> None:
    """Print a link where the user chooses a new password.

    It works once, within an hour. A user who has not joined yet gets a new invitation.
    """
    from service.commands.work.user import reset_user

    reset_user(account, email)


@command.command("disable")
@click.argument("email")
@_ACCOUNT
def disable(email: str, account: str) -> None:
    """Stop a user from signing in, and end the user's sessions.

    An administrator can let the user sign in again on the page Settings, Users.
    """
    from service.commands.work.user import disable_user_of

    disable_user_of(account, email)
