"""`calltally report`: the numbers of a ledger, as a table for people or as a file for other programs."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from io import StringIO
from pathlib import Path
from typing import Any, TypeAlias

import click
from rich.console import Console

from reports.catalogue.dimensions import DIMENSIONS, Dimension
from reports.catalogue.presets import PRESETS
from reports.query.engine import Report
from reports.query.parameters import Fault, InvalidRequest
from reports.query.request import DEFAULT_MODELS
from reports.query.run import run_report
from reports.render.export import FORMATS, write
from reports.render.provenance import row_counts
from reports.render.terminal import render
from reports.rules.attribution_models import MODELS
from reports.rules.calls import GOALS
from reports.store.lake import Lake
from reports.store.ledger import Ledger
from service.accounts.admin_connection import find_account, with_ledger
from service.config import Settings
from service.platform.db import Connection

Parameters: TypeAlias = Mapping[str, Sequence[str]]

_TABLE = "table"
_FORMS = (_TABLE, *FORMATS)
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
# Where no terminal says how wide it is: every column of a report beside the others.
_FILE_WIDTH = 180


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    """An option for everything a report can be narrowed to."""

    def add(decorated: Callable[..., None], name: str) -> Callable[..., None]:
        option = f"--{name.replace('_', '-')}"
        return click.option(option, name, multiple=True, **_narrowing(DIMENSIONS[name]))(decorated)

    return reduce(add, reversed(DIMENSIONS), command)


def _narrowing(dimension: Dimension) -> dict[str, Any]:
    named = f" ({', '.join(dimension.values)})" if 0 < len(dimension.values) < 20 else ""
    example = f", such as {_EXAMPLES[dimension.name]}" if dimension.name in _EXAMPLES else ""
    missing = f" Empty: {dimension.missing}." if dimension.missing else ""
    text = f"{dimension.title}: only this{example}{named}; repeat it for several.{missing}"
    return {"metavar": "CODE" if dimension.code else "VALUE", "help": text}


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
    "--goal", type=click.Choice(list(GOALS)), help="What a call is meant to come to, for conversion.  [default: sale]"
)
@click.option(
    "--model",
    metavar="NAMES",
    help="How sales are credited to sources in marketing's numbers: one number for each of"
    f" {', '.join(MODELS)}.  [default: {','.join(DEFAULT_MODELS)}]",
)
@click.option(
    "--currency", metavar="CODE", help="Count money in this currency only, such as EUR.  [default: the account's]"
)
@click.option(
    "--compare", flag_value="previous", help="Beside each number that of the period before, and whether it is better."
)
@click.option(
    "--stratify",
    metavar="NAME",
    help="Compare fairly: also what each would come to with the same mix of this, such as campaign."
    "  [default: campaign, for sources]",
)
@click.option(
    "--benchmarks", flag_value="all", help="Hold the numbers against others', against your targets and your own past."
)
@click.option("--curves", flag_value="all", help="In JSON: also the whole curve of everything that is waited for.")
@click.option(
    "--format", "form", type=click.Choice(_FORMS), help="How to write it.  [default: table, or by the file's name]"
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
@click.option("--account", default="default", show_default=True, help="Code of the account.")
def command(preset: str | None, form: str | None, output: Path | None, account: str, **asked: Any) -> None:
    """Print a report: `calltally report outbound --by agent,source`.

    WHEN is a date, such as 2026-03-01, or a time with its offset, such as 2026-03-01T09:30:00+01:00.
    """
    parameters = _parameters(asked)
    if (preset is None) == ("metrics" not in parameters):
        raise click.UsageError(f"Name a report ({', '.join(PRESETS)}) or give --metrics.")
    form = form or _form_of(output)
    if output is None and form not in _AS_TEXT and sys.stdout.isatty():
        raise click.UsageError(f"A terminal cannot show {form}: name a file with --output.")
    try:
        report = with_ledger(partial(read_report, account=account, preset=preset, parameters=parameters))
    except InvalidRequest as error:
        raise click.UsageError("\n".join(map(_explain, error.faults))) from None
    _write(report, form, output)


async def read_report(
    connection: Connection, settings: Settings, *, account: str, preset: str | None, parameters: Parameters
) -> Report:
    """The report of an account, read in one snapshot. The connection is the owner's.

    Raises AskError, and SetupError for an unknown account.
    """
    account_id = await find_account(connection, account)
    copies = await asyncio.to_thread(Lake(settings.lake_root).open_all, account_id)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        with Ledger(connection, account_id) as ledger:
            return await run_report(ledger, copies, preset, parameters)


def _parameters(asked: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """The options as the parameters of the API, which has the same names."""
    given = {name.rstrip("_"): value for name, value in asked.items() if value not in (None, ())}
    return {name: [value] if isinstance(value, str) else value for name, value in given.items()}


def _explain(fault: Fault) -> str:
    return f"--{fault.parameter.replace('_', '-')} {fault.message}"


def _form_of(output: Path | None) -> str:
    """How a file of this name is written."""
    ending = output.suffix.removeprefix(".") if output else ""
    if ending in FORMATS:
        return ending
    if ending in {"", "txt"}:
        return _TABLE
    raise click.UsageError(f"A file ending in .{ending} could be anything: give --format ({', '.join(_FORMS)}).")


def _write(report: Report, form: str, output: Path | None) -> None:
    if output is not None:
        try:
            output.write_bytes(_content(report, form))
        except OSError as error:
            raise click.FileError(str(output), error.strerror) from None
        click.echo(f"Wrote {output}: {row_counts(report)} in {report.groups.height:,} rows and a total.", err=True)
    elif form == _TABLE:
        show(report, Console(highlight=False, width=None if sys.stdout.isatty() else _FILE_WIDTH))
    elif form in _AS_TEXT:
        click.echo(_content(report, form).decode().rstrip("\n"))
    else:
        sys.stdout.buffer.write(_content(report, form))


def _content(report: Report, form: str) -> bytes:
    if form in FORMATS:
        return write(report, form)
    file = StringIO()
    show(report, Console(file=file, width=_FILE_WIDTH))
    return file.getvalue().encode()


def show(report: Report, console: Console) -> None:
    """Print a report as a table that fits the console."""
    console.print(render(report, console.width), highlight=False)
