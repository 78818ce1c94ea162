"""`calltally metrics`: the definitions of the metrics, at a terminal or as a page."""

import click
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from reports.catalogue.catalogue import Entry, catalogue
from reports.catalogue.definitions import page


@click.command
@click.argument("name", required=False, metavar="[METRIC]")
@click.option("--markdown", is_flag=True, help="Print all definitions as one Markdown page.")
def command(name: str | None, *, markdown: bool) -> None:
    """Show the definition of METRIC, or list all metrics."""
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
