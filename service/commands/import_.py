"""`calltally import`: bring a file of any resource into the ledger."""

import asyncio
import shutil
import signal
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import click
from rich.console import Console

from service.accounts.admin_connection import find_account, in_admin_transaction
from service.config import SetupError, read_settings
from service.importing.file_time import read_file_time
from service.importing.language.mapping import FileMapping, read_mapping, shipped
from service.importing.language.options import FileOptions
from service.importing.language.own_names import mapping_by_names, own_names
from service.importing.language.targets import TARGETS
from service.importing.progress import meter
from service.importing.reading.found_format import found_format, with_file_format, with_whole_ids
from service.importing.reading.inputs import file_on_disk, is_piped
from service.importing.reading.open_file import column_names, first_cells
from service.importing.rejects import default_path
from service.importing.run import ImportJob, ImportResult, check_file, import_file
from service.importing.run_record import fingerprint
from service.importing.summary import tell, wrapped
from service.platform.embedded_server import ledger_url

SOME_REJECTED = 3
_GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection found dead before the driver knew it
    ConnectionError,
)
_GOES_ON = "Stored rows stay stored; run the same command again to continue."
_SAMPLES = (
    "\b\nExamples:\n"
    "  calltally import attempts calls.csv.gz --mapping calls.toml --dry-run\n"
    "  calltally import attempts calls.csv.gz --mapping calls.toml\n"
    "  calltally import attempts Master.csv --mapping asterisk-cdr --zone UTC\n"
    "  calltally import spend costs.xlsx --sheet March --mapping costs.toml\n"
    "  calltally import appointments meetings.csv"
)
_FILE = click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True, path_type=Path)


class _Mapping(click.ParamType[Path]):
    """A mapping file, or the name of an included mapping."""

    name = "FILE|NAME"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if str(value) in shipped():
            return shipped()[str(value)]
        if not Path(value).is_file():
            self.fail(f"{value} is neither a file nor one of: {', '.join(shipped())}", param, ctx)
        return Path(value)


@click.command(epilog=_SAMPLES)
@click.argument("what", type=click.Choice(list(TARGETS)))
@click.argument("file", type=_FILE)
@click.option(
    "--mapping",
    "mapping_path",
    type=_Mapping(),
    help=f"TOML file that assigns columns to fields, or one of: {', '.join(shipped())}."
    "  [default: columns are named like the fields]",
)
@click.option("--sheet", help="Sheet of a workbook.  [default: the first]")
@click.option("--zone", help="Time zone of times without one, such as Europe/Lisbon.  [default: the mapping's]")
@click.option("--account", default="default", show_default=True, help="Code of the account of the rows.")
@click.option(
    "--rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for rejected rows (.csv or .jsonl).  [default: NAME.rejected.csv beside FILE]",
)
@click.option(
    "--chunk", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True, help="Rows per transaction."
)
@click.option(
    "--observed-at",
    default="file",
    show_default=True,
    metavar="file|now|TIME",
    help="When the file knew its rows: its last change, now, or a time such as 2026-03-01T09:30:00Z. Between two files"
    " that disagree, the newer one counts.",
)
@click.option("--dry-run", is_flag=True, help="Check every row and store none.")
@click.option("--restart", is_flag=True, help="Start at the first row, even if an interrupted import could continue.")
def command(
    what: str,
    file: Path,
    mapping_path: Path | None,
    sheet: str | None,
    zone: str | None,
    account: str,
    rejected: Path | None,
    chunk: int,
    observed_at: str,
    dry_run: bool,
    restart: bool,
) -> None:
    """Import a file: calls, leads, outcomes, appointments, follow-ups, deals, costs, agents' time, tracking numbers.

    FILE is CSV, XLSX, JSON lines or Parquet, or - for standard input; text may be compressed (.gz, .zip). Every row
    passes the same checks as over HTTP. Run an interrupted import again and it continues with the next row. Importing
    a file twice changes nothing.
    Importing a corrected file corrects what it states, and erases nothing.

    The exit code is 0 if every row was accepted and 3 if some were rejected.
    """
    if rejected and rejected.resolve() in {path.resolve() for path in (file, mapping_path) if path}:
        raise click.UsageError("--rejected would overwrite the imported file or its mapping.")
    file_time = read_file_time(file, observed_at, datetime.now(UTC))
    console = Console(stderr=True, highlight=False)
    with file_on_disk(file) as path:
        mapping = _mapping_of(path, what, mapping_path, sheet, zone)
        rejects = rejected or default_path(file, mapping, dry_run=dry_run)
        with ledger_url(read_settings()) as url:
            account_id = in_admin_transaction(lambda connection: find_account(connection, account))
            with console.status(f"Identifying {path.name} ..."):
                known = fingerprint(path, mapping_path, zone, sheet)
            named, piped = rejected is not None, is_piped(file)
            job = ImportJob(path, mapping, known, account_id, file_time, rejects, chunk, restart, named, piped)
            started = time.monotonic()
            result = _work(url, job, console, dry_run=dry_run)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    click.echo("\n".join(wrapped(tell(job, result, time.monotonic() - started), width)))
    if result.counts.rejected:
        sys.exit(SOME_REJECTED)


def _mapping_of(path: Path, what: str, mapping_path: Path | None, sheet: str | None, zone: str | None) -> FileMapping:
    """The mapping, completed by what the file shows of its own format."""
    if mapping_path is None:
        options, notes = found_format(FileOptions.model_validate({}), path, list(own_names(what)), sheet)
        mapping = mapping_by_names(what, path, column_names(path, options), options, zone)
        mapping = replace(mapping, notes=(*notes, *mapping.notes))
    else:
        mapping = with_file_format(read_mapping(mapping_path, what, zone), path, sheet)
    return with_whole_ids(mapping, first_cells(path, mapping)) if mapping.file.format == "csv" else mapping


def _work(url: str, job: ImportJob, console: Console, *, dry_run: bool) -> ImportResult:
    try:
        with meter(console) as shown:
            return asyncio.run((check_file if dry_run else import_file)(url, job, shown))
    except KeyboardInterrupt:
        click.echo(f"\nInterrupted. {_GOES_ON}", err=True)
        sys.exit(128 + signal.SIGINT)
    except _GONE:
        raise SetupError(f"The connection to the ledger was lost. {_GOES_ON}") from None
