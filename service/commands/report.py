"""`calltally report`: reports as tables for people or as files for other programs."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial, reduce
from io import StringIO
from pathlib import Path
from typing import Any, TypeAlias

import click
from rich.console import Console, RenderableType

from reports.catalogue.dimensions import DIMENSIONS, Dimension
from reports.catalogue.presets import PRESETS
from reports.query.report import Report
from reports.query.request import DEFAULT_MODELS
from reports.query.run import run_report
from reports.render.export import FORMATS, write
from reports.render.provenance import row_counts
from reports.render.terminal import render
from reports.render.terminal_lines import render_lines
from reports.rules.attribution_models import MODELS
from reports.rules.calls import GOALS
from reports.store.lake import Lake
from service.accounts.admin_connection import find_account, with_ledger
from service.config import Settings
from service.errors import Fault, InvalidParameter
from service.platform.db import Connection
from service.reporting.snapshots import open_snapshot

Parameters: TypeAlias = Mapping[str, Sequence[str]]
# Makes the table of a report in a width.
TableRenderer: TypeAlias = Callable[[Report, int], RenderableType]

_TABLE = "table"
_FORMATS = (_TABLE, *FORMATS)
_AS_TEXT = (_TABLE, "json", "csv")
_EXAMPLES = {
    "hour": "2026-03-02T09:00:00-05:00",
    "day": "2026-03-02",
    "week": "2026-03-02",
    "month": "2026-03-01",
    "hour_of_week": "Mon 09:00",
    "callee_hour_of_week": "Mon 09:00",
    "hour_of_day": "09:00",
}
_SAMPLES = (
    "\b\nExamples:\n"
    "  calltally report outbound --by agent --compare previous\n"
    "  calltally report outbound --by source --from 2026-03-01 --to 2026-04-01\n"
    "  calltally report calls --by day --agent ada --output ada.xlsx\n"
    "  calltally report --metrics attempts,answer_rate --by campaign --format csv"
)
# The width of statistics without a terminal: wide enough for most reports side by side.
_STATISTICS_WIDTH = 180
# The width of a file with one line per group: wide enough for every column.
_FILE_WIDTH = 1_000


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    """Add one filter option per dimension."""

    def add(decorated: Callable[..., None], name: str) -> Callable[..., None]:
        option = f"--{name.replace('_', '-')}"
        return click.option(option, name, multiple=True, **_narrowing(DIMENSIONS[name]))(decorated)

    return reduce(add, reversed(DIMENSIONS), command)


def _narrowing(dimension: Dimension) -> dict[str, Any]:
    named = f": {', '.join(dimension.values)}" if 0 < len(dimension.values) < 20 else ""
    example = f", such as {_EXAMPLES[dimension.name]}" if dimension.name in _EXAMPLES else ""
    missing = f" An empty value selects: {dimension.missing}." if dimension.missing else ""
    text = f"Filter by {dimension.name.replace('_', ' ')}{example}{named}.{missing}"
    return {"metavar": "CODE" if dimension.code else "VALUE", "help": text}


@click.command(epilog=_SAMPLES)
@click.argument("preset", required=False, type=click.Choice(list(PRESETS)))
@click.option(
    "--metrics",
    metavar="NAMES",
    help="Metrics of your choice, such as attempts,answer_rate; `calltally metrics` lists them.",
)
@click.option("--by", metavar="NAMES", help=f"Break the report down by one or more of: {', '.join(DIMENSIONS)}.")
@click.option(
    "--from", "from_", metavar="WHEN", help="First day or moment of the period.  [default: seven days before --to]"
)
@click.option(
    "--to", metavar="WHEN", help="First day or moment after the period.  [default: today; tomorrow if --from is given]"
)
@click.option(
    "--tz", metavar="ZONE", help="Time zone of days and hours.  [default: the campaign's, else the account's]"
)
@_filters
@click.option("--as-of", metavar="TIME", help="Show the report as it was at this moment.")
@click.option("--goal", type=click.Choice(list(GOALS)), help="Goal that counts as a conversion.  [default: sale]")
@click.option(
    "--model",
    metavar="NAMES",
    help="Attribution models of marketing metrics, one or more of:"
    f" {', '.join(MODELS)}.  [default: {','.join(DEFAULT_MODELS)}]",
)
@click.option(
    "--currency", metavar="CODE", help="Count only money in this currency, such as EUR.  [default: the account's]"
)
@click.option(
    "--compare",
    is_flag=False,
    flag_value="previous",
    metavar="PERIOD",
    help="Compare with an earlier period at equal age: previous (without a value), week, month, year, or its first"
    " day.",
)
@click.option("--matured", flag_value="yes", help="With --compare: also show the earlier period as it stands now.")
@click.option(
    "--stratify",
    metavar="NAME",
    help="Adjust for the mix of this dimension, such as campaign.  [default: campaign, in reports by source]",
)
@click.option(
    "--benchmarks",
    is_flag=False,
    flag_value="all",
    metavar="[all]",
    help="Compare each number with your targets, your own past and published figures.",
)
@click.option(
    "--curves",
    is_flag=False,
    flag_value="all",
    metavar="[all]",
    help="Add the full curve of each waiting time, in JSON only.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    help="Output format.  [default: by the ending of the file, else table]",
)
@click.option(
    "--statistics", is_flag=True, help="In a table: add to each number its interval, number of cases, rank and change."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to this file.")
@click.option("--account", default="default", show_default=True, help="Code of the account.")
def command(
    preset: str | None, format_: str | None, output: Path | None, account: str, *, statistics: bool, **options: Any
) -> None:
    """Print a report, or write it to a file.

    Choose a named report or your own --metrics. Every filter may be repeated: --agent ada --agent bob.

    WHEN is a date, such as 2026-03-01, or a time with an offset, such as 2026-03-01T09:30:00+01:00.
    """
    parameters = _parameters(options)
    if (preset is None) == ("metrics" not in parameters):
        raise click.UsageError(f"Name a report ({', '.join(PRESETS)}) or give --metrics.")
    format_ = format_ or _format_of(output)
    if output is None and format_ not in _AS_TEXT and sys.stdout.isatty():
        raise click.UsageError(f"A terminal cannot show {format_}: give a file with --output.")
    try:
        report = with_ledger(partial(read_report, account=account, preset=preset, parameters=parameters))
    except InvalidParameter as error:
        raise click.UsageError("\n".join(map(_explain, error.faults))) from None
    _write(report, format_, output, render if statistics else render_lines)


async def read_report(
    connection: Connection, settings: Settings, *, account: str, preset: str | None, parameters: Parameters
) -> Report:
    """The report of an account, read in one snapshot through the owner's connection.

    Raises InvalidParameter, and SetupError for an unknown account.
    """
    account_id = await find_account(connection, account)
    async with open_snapshot(
        nullcontext(connection), account_id, Lake(settings.lake_root, settings.cache_root)
    ) as snapshot:
        return await run_report(snapshot.ledger, snapshot.copies, preset, parameters)


def _parameters(options: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """The options as parameters of the API, under the same names."""
    values = {name.rstrip("_"): value for name, value in options.items() if value not in (None, ())}
    return {name: [value] if isinstance(value, str) else value for name, value in values.items()}


def _explain(fault: Fault) -> str:
    return f"--{fault.pointer.replace('_', '-')} {fault.message}"


def _format_of(output: Path | None) -> str:
    """The format of a file, by the ending of its name."""
    ending = output.suffix.removeprefix(".") if output else ""
    if ending in FORMATS:
        return ending
    if ending in {"", "txt"}:
        return _TABLE
    raise click.UsageError(f"The format of a .{ending} file is not known: give --format ({', '.join(_FORMATS)}).")


def _write(report: Report, format_: str, output: Path | None, renderer: TableRenderer) -> None:
    if output is not None:
        try:
            output.write_bytes(_content(report, format_, renderer))
        except OSError as error:
            raise click.FileError(str(output), error.strerror) from None
        click.echo(f"Wrote {output}: {row_counts(report)} in {report.groups.height:,} rows and a total.", err=True)
    elif format_ == _TABLE:
        # Statistics need room; the lines fit any terminal, and 80 columns without one.
        wide = renderer is render and not sys.stdout.isatty()
        _show(report, Console(highlight=False, width=_STATISTICS_WIDTH if wide else None), renderer)
    elif format_ in _AS_TEXT:
        click.echo(_content(report, format_, renderer).decode().rstrip("\n"))
    else:
        sys.stdout.buffer.write(_content(report, format_, renderer))


def _content(report: Report, format_: str, renderer: TableRenderer) -> bytes:
    if format_ in FORMATS:
        return write(report, format_)
    file = StringIO()
    _show(report, Console(file=file, width=_STATISTICS_WIDTH if renderer is render else _FILE_WIDTH), renderer)
    return file.getvalue().encode()


def _show(report: Report, console: Console, renderer: TableRenderer) -> None:
    """Print a report as a table that fits the console."""
    console.print(renderer(report, console.width), highlight=False)
