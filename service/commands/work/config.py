"""Settings at a terminal, each with its value, its source and its meaning."""

import os
from pathlib import Path

import click

from service.config import Settings, mask_url, read_settings, variable


def show_settings() -> None:
    """Print every setting with its value, its source and its meaning."""
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
