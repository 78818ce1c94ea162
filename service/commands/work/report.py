"""Reports as tables for people or as files for other programs."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, TypeAlias

import click
from rich.console import Console, RenderableType

from reports.catalogue.presets import PRESETS
from reports.model.lead_attributes import PREFIX
from reports.query.report import Report
from reports.query.run import run_report
from reports.render.export import FORMATS, write
from reports.render.provenance import row_counts
from reports.render.terminal import render
from reports.render.terminal_lines import render_lines
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
# The width of statistics without a terminal: wide enough for most reports side by side.
_STATISTICS_WIDTH = 180
# The width of a file with one line per group: wide enough for every column.
_FILE_WIDTH = 1_000


def print_report(
    *, preset: str | None, format_: str | None, output: Path | None, account: str, statistics: bool, **options: Any
) -> None:
    """Print a report, or write it to a file. options: the parameters of the report, None or empty for its defaults.

    Raises UsageError for a report that cannot be made, or written so.
    """
    parameters = report_parameters(options)
    parameters |= _attributes(parameters.pop("attribute", ()))
    if (preset is None) == ("metrics" not in parameters):
        raise click.UsageError(f"Name a report ({', '.join(PRESETS)}) or give --metrics.")
    format_ = format_ or _format_of(output)
    if output is None and format_ not in _AS_TEXT and sys.stdout.isatty():
        raise click.UsageError(f"A terminal cannot show {format_}: give a file with --output.")
    try:
        report = with_ledger(partial(read_report, account=account, preset=preset, parameters=parameters))
    except InvalidParameter as error:
        raise click.UsageError("\n".join(map(explain_parameter, error.faults))) from None
    _write(report, format_, output, render if statistics else render_lines)


async def read_report(
    connection: Connection, settings: Settings, *, account: str, preset: str | None, parameters: Parameters
) -> Report:
    """The report of an account, read in one snapshot through the owner's connection.

    Raises InvalidParameter, and SetupError for an unknown account.
    """
    account_id = await find_account(connection, account)
    lake = Lake(settings.lake_root, settings.cache_root)
    async with open_snapshot(nullcontext(connection), account_id, lake) as snapshot:
        return await run_report(snapshot.ledger, snapshot.copies, preset, parameters)


def report_parameters(options: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """The options as parameters of the API, under the same names."""
    values = {name.rstrip("_"): value for name, value in options.items() if value not in (None, ())}
    return {name: [value] if isinstance(value, str) else value for name, value in values.items()}


def _attributes(filters: Sequence[str]) -> dict[str, Sequence[str]]:
    """Filters like industry:Bank as parameters of the API. Raises UsageError for one without a colon."""
    parameters: dict[str, list[str]] = {}
    for text in filters:
        name, colon, value = text.partition(":")
        if not colon:
            raise click.UsageError("--attribute must be a name and a value, such as industry:Bank.")
        parameters.setdefault(f"{PREFIX}{name}", []).append(value)
    return {**parameters}


def explain_parameter(fault: Fault) -> str:
    """A fault in a parameter, by the name of its option."""
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
