"""`calltally metrics`: the definitions of the metrics, at a terminal or as a page."""

import click


@click.command
@click.argument("name", required=False, metavar="[METRIC]")
@click.option("--markdown", is_flag=True, help="Print all definitions as one Markdown page.")
def command(name: str | None, *, markdown: bool) -> None:
    """Show the definition of METRIC, or list all metrics."""
    from service.commands.work.metrics import show_definitions

    show_definitions(name, markdown=markdown)
