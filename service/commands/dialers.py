"""`calltally dialers`: the supported dialers, and what to paste into each."""

import click


@click.command
@click.argument("name", required=False, metavar="[DIALER]")
@click.option("--markdown", is_flag=True, help="Print the instructions for all dialers as one Markdown page.")
def command(name: str | None, *, markdown: bool) -> None:
    """Show how to connect DIALER, or list all supported dialers."""
    from service.commands.work.dialers import show_dialers

    show_dialers(name, markdown=markdown)
