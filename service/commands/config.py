"""`calltally config`: every setting with its value, its source and its meaning."""

import click


@click.command
def command() -> None:
    """Show every setting with its value and meaning.

    Set a setting through the environment variable on its line, such as CALLTALLY_PORT=9000.
    """
    from service.commands.work.config import show_settings

    show_settings()
