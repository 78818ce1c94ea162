"""The document of the API, written to a file."""

import sys
from pathlib import Path

import click

from service.app import create_app
from service.config import Settings
from service.openapi.document import api_document, to_json


def write_document(output: Path, *, check: bool) -> None:
    """Write the document. check: write nothing, and exit with 1 if the file is out of date."""
    made = document()
    if check:
        current = output.is_file() and output.read_bytes() == made
        click.echo("The document is up to date." if current else "The document is out of date; run: calltally openapi")
        sys.exit(not current)
    with click.open_file(str(output), "wb") as file:
        file.write(made)
    if str(output) != "-":
        click.echo(f"Wrote {output}.")


def document() -> bytes:
    """The document of this version, from an application that never starts."""
    return to_json(api_document(create_app(Settings(), "postgresql:///")))
