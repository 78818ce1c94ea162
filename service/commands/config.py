"""`calltally config`: every setting with its value, its source and its meaning."""

import os
from pathlib import Path

import click

from service.config import Settings, mask_url, read_settings, variable


@click.command
def command() -> None:
    """Show every setting with its value and meaning.

    Set a setting through the environment variable on its line, such as CALLTALLY_PORT=9000.
    """
    settings = read_settings()
    shown = {field: show(getattr(settings, field)) for field in Settings.model_fields}
    if settings.secret_key is not None:
        shown["secret_key"] = "***"  # noqa: S105  what stands in place of one
    lines = {field: f"{variable(field)}={value}" for field, value in shown.items()}
    width = max(map(len, lines.values()))
    for field, about in Settings.model_fields.items():
        source = "environment" if os.environ.get(variable(field)) else "default"
        click.echo(f"{lines[field]:<{width}}  # {source}: {about.description}")


def show(value: str | float | Path | None) -> str:
    """The value of a setting as the environment would hold it, with passwords hidden."""
    return "" if value is None else mask_url(str(value))
