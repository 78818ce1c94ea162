"""The definitions of the metrics, at a terminal or as a page."""

import click
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from reports.catalogue.catalogue import Entry, catalogue
from reports.catalogue.definitions import page


def show_definitions(name: str | None, *, markdown: bool) -> None:
    """Print the definition of a metric, a list of all metrics, or all definitions as a page."""
    if markdown:
        click.echo(page(), nl=False)
    elif name is None:
        _list(Console())
    elif name not in catalogue():
        raise click.UsageError(f"There is no metric {name}; `calltally metrics` lists them.")
    else:
        _tell(catalogue()[name], Console())


def _list(console: Console) -> None:
    table = Table("Metric", "Meaning", box=None, padding=(0, 2, 0, 0))
    for name, entry in catalogue().items():
        table.add_row(name, entry.meaning)
    console.print(table)


def _tell(entry: Entry, console: Console) -> None:
    metric = entry.metric
    console.print(Markdown(f"# {metric.title}\n\n{entry.meaning}\n\n**How:** {metric.formula}.\n\n{entry.definition}"))
    console.print(f"\n{metric.name}, version {metric.version}; by {', '.join(metric.dimensions)}", style="dim")
