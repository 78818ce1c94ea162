"""The options that commands of `calltally hook` share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from service.hooks.vocabulary import ANSWERED_MEANS
from service.mapped.ready_mappings import is_name, ready

Command = TypeVar("Command", bound=Callable[..., Any])

ACCOUNT = click.option("--account", default="default", show_default=True, help="Code of the account.")


class MappingText(click.ParamType[str]):
    """The text of a mapping file, or the name of a ready mapping."""

    name = "FILE|NAME"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text, or the name as it is; fails for anything else."""
        path = Path(value)
        if value in ready() or (is_name(value) and not path.is_file() and not path.suffix):
            return value
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            self.fail(f"{value} is neither a readable file nor one of: {', '.join(ready())}", param, ctx)


_MAPPING_HELP = f"TOML file that assigns the columns of a delivery to fields, or one of: {', '.join(ready())}."
MAPPING = click.option("--mapping", type=MappingText(), help=_MAPPING_HELP)
MAPPING_REQUIRED = click.option("--mapping", type=MappingText(), required=True, help=_MAPPING_HELP)
ZONE = click.option(
    "--zone",
    help="Time zone of times without one, such as America/New_York.  [default: the mapping's or the account's]",
)


def call_settings(command: Command) -> Command:
    """Give a command the options of CallSettings, named like its fields."""
    options = (
        click.option(
            "--answered-means",
            type=click.Choice(ANSWERED_MEANS),
            help="What an answered call means if the dialer does not tell who answered.  [default: person_after]",
        ),
        click.option(
            "--person-after",
            "person_after_seconds",
            type=float,
            help="With person_after: seconds of talk.  [default: 20]",
        ),
        click.option(
            "--match-leads/--no-match-leads",
            default=None,
            help="Give calls that name no lead the lead with their number, or not.  [default: give]",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command
