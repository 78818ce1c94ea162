"""`calltally report`: the numbers of a ledger, as a table for people or as a file for other programs."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any, Literal, TypeAlias

import click
from rich.console import Console

from reports.answer import answer
from reports.dimensions import DIMENSIONS
from reports.document import to_json
from reports.export import to_csv
from reports.presets import PRESETS
from reports.reader import AskError, Fault
from reports.report import Report
from reports.table import render
from service.db import Connection
from service.owner import as_owner, find_account

Format: TypeAlias = Literal["table", "json", "csv"]
Parameters: TypeAlias = Mapping[str, Sequence[str]]

FORMATS: tuple[Format, ...] = ("table", "json", "csv")
# Where no terminal says how wide it is: every column of a report beside the others.
_FILE_WIDTH = 180


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    """An option for everything a report can be narrowed to."""

    def add(decorated: Callable[..., None], name: str) -> Callable[..., None]:
        title = DIMENSIONS[name].title.lower()
        text = f"Only calls with this {title}; may be given several times. Empty: only calls without one."
        return click.option(f"--{name.replace('_', '-')}", name, multiple=True, metavar="CODE", help=text)(decorated)

    return reduce(add, reversed(DIMENSIONS), command)


@click.command
@click.argument("preset", required=False, type=click.Choice(list(PRESETS)))
@click.option(
    "--metrics",
    metavar="NAMES",
    help="Metrics of your choice in place of a named report, such as attempts,answer_rate.",
)
@click.option("--by", metavar="NAMES", help=f"What to break it down by, separated by commas: {', '.join(DIMENSIONS)}.")
@click.option(
    "--from", "from_", metavar="WHEN", help="First day, or first moment, of the window.  [default: a week ago]"
)
@click.option(
    "--to", metavar="WHEN", help="Day or moment at which the window ends, not included.  [default: end of today]"
)
@click.option(
    "--tz", metavar="ZONE", help="Time zone of days and hours.  [default: the campaign's, else the account's]"
)
@_filters
@click.option("--as-of", metavar="TIME", help="The report as it would have been at this moment.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="How to write it.  [default: table, or by the file's name]"
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
@click.option("--account", default="default", show_default=True, help="Code of the account.")
def command(preset: str | None, form: Format | None, output: Path | None, account: str, **asked: Any) -> None:
    """Print a report: `calltally report outbound --by agent,source`.

    WHEN is a date, such as 2026-03-01, or a time with its offset, such as 2026-03-01T09:30:00+01:00.
    """
    parameters = _parameters(asked)
    if (preset is None) == ("metrics" not in parameters):
        raise click.UsageError(f"Name a report ({', '.join(PRESETS)}) or give --metrics.")
    form = form or _form_of(output)
    try:
        report = as_owner(lambda connection: read_report(connection, account, preset, parameters))
    except AskError as error:
        raise click.UsageError("\n".join(map(_explain, error.faults))) from None
    _write(report, form, output)


async def read_report(connection: Connection, account: str, preset: str | None, parameters: Parameters) -> Report:
    """The report of an account, read in one snapshot. The connection is the owner's, in a transaction just begun.

    Raises AskError, and SetupError for an unknown account.
    """
    await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    return await answer(connection, await find_account(connection, account), preset, parameters)


def _parameters(asked: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """The options as the parameters of the API, which has the same names."""
    given = {name.rstrip("_"): value for name, value in asked.items() if value not in (None, ())}
    return {name: [value] if isinstance(value, str) else value for name, value in given.items()}


def _explain(fault: Fault) -> str:
    return f"--{fault.parameter.replace('_', '-')} {fault.message}"


def _form_of(output: Path | None) -> Format:
    match output.suffix if output else "":
        case ".json":
            return "json"
        case ".csv":
            return "csv"
        case _:
            return "table"


def _write(report: Report, form: Format, output: Path | None) -> None:
    if output is not None:
        with output.open("w", encoding="utf-8", newline="") as file:
            if form == "table":
                show(report, Console(file=file, width=_FILE_WIDTH))
            else:
                file.write(_text(report, form))
        click.echo(
            f"Wrote {output}: {report.counted.get('attempts', 0):,} attempts in {report.groups.height:,} rows.",
            err=True,
        )
    elif form == "table":
        show(report, Console(highlight=False, width=None if sys.stdout.isatty() else _FILE_WIDTH))
    else:
        click.echo(_text(report, form).rstrip("\n"))


def _text(report: Report, form: Format) -> str:
    return to_csv(report) if form == "csv" else to_json(report).decode()


def show(report: Report, console: Console) -> None:
    """Print a report as a table that fits the console."""
    console.print(render(report, console.width), highlight=False)
