"""`calltally openapi`: write the document of the API."""

from pathlib import Path

import click

from service.openapi.files import DOCUMENT


@click.command
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), default=DOCUMENT, help="File to write; - prints it."
)
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if the file is out of date.")
def command(output: Path, check: bool) -> None:
    """Write openapi.json, the description of the HTTP interface."""
    from service.commands.work.openapi import write_document

    write_document(output, check=check)
