"""`calltally account`: companies or teams that share one installation and never see each other's data."""

from collections.abc import Callable
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., None])


def _setting_options(command: Command) -> Command:
    for name, about in (
        ("--currency", "Currency of its reports, such as EUR."),
        ("--region", "Country of later phone numbers without a country code, such as DE."),
        ("--zone", "Time zone of its reports, such as Europe/Berlin."),
        ("--name", "Name of the account."),
    ):
        command = click.option(name, help=about)(command)
    return command


@click.group
def command() -> None:
    """Create, change and list accounts. Most installations need only the account `default`, which always exists."""


@command.command("create")
@click.argument("code")
@_setting_options
def create(code: str, **options: str | None) -> None:
    """Create the account CODE, by default with the zone UTC, the region US and the currency USD.

    Accounts share one installation; none sees the data of another.
    """
    from service.commands.work.account import create_account

    create_account(code, **options)


@command.command("set")
@click.argument("code")
@_setting_options
def set_(code: str, **options: str | None) -> None:
    """Change settings of the account CODE; what you leave out stays.

    Zone and currency affect reports at once, those of the past too. The region affects only later numbers.
    """
    from service.commands.work.account import change_account

    change_account(code, **options)


@command.command("show")
@click.argument("code", default="default")
def show(code: str) -> None:
    """Show the settings of the account CODE, by default those of `default`."""
    from service.commands.work.account import show_account

    show_account(code)


@command.command("list")
def list_() -> None:
    """List the accounts."""
    from service.commands.work.account import list_accounts

    list_accounts()
