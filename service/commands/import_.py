"""`calltally import`: bring a file of calls, leads, dispositions or costs into the ledger."""

import asyncio
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import click
from rich.console import Console

from reports.render.lists import join_first
from service.accounts.admin_connection import find_account, in_admin_transaction
from service.config import SetupError, read_settings
from service.importing.file_time import read_file_time
from service.importing.language.mapping import FileMapping, read_mapping, shipped
from service.importing.language.targets import TARGETS
from service.importing.open_file import with_file_format
from service.importing.progress import meter
from service.importing.rejects import default_path
from service.importing.run import ImportJob, ImportResult, check_file, import_file
from service.importing.run_record import fingerprint
from service.platform.embedded_server import ledger_url

SOME_REJECTED = 3
_MOST_NAMED = 10
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
    "  calltally import attempts Master.csv --mapping asterisk-cdr --zone UTC"
)
_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


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
    required=True,
    help=f"TOML file that assigns columns to fields, or one of: {', '.join(shipped())}.",
)
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
    mapping_path: Path,
    zone: str | None,
    account: str,
    rejected: Path | None,
    chunk: int,
    observed_at: str,
    dry_run: bool,
    restart: bool,
) -> None:
    """Import a file of attempts, inbound calls, leads, dispositions or spend.

    FILE is CSV, JSON lines or Parquet; text files may be compressed (.gz). Every row passes the same checks as over
    HTTP. Run an interrupted import again and it continues with the next row. Importing a file twice changes nothing.
    Importing a corrected file corrects what it states, and erases nothing.

    The exit code is 0 if every row was accepted and 3 if some were rejected.
    """
    mapping = with_file_format(read_mapping(mapping_path, what, zone), file)
    rejects = rejected or default_path(file, mapping, dry_run=dry_run)
    if rejects.resolve() in {file.resolve(), mapping_path.resolve()}:
        raise click.UsageError("--rejected would overwrite the imported file or its mapping.")
    file_time = read_file_time(file, observed_at, datetime.now(UTC))
    console = Console(stderr=True, highlight=False)
    with ledger_url(read_settings()) as url:
        account_id = in_admin_transaction(lambda connection: find_account(connection, account))
        with console.status(f"Identifying {file.name} ..."):
            known = fingerprint(file, mapping_path, zone)
        job = ImportJob(file, mapping, known, account_id, file_time, rejects, chunk, restart)
        started = time.monotonic()
        result = _work(url, job, console, dry_run=dry_run)
    click.echo("\n".join(tell(job, result, time.monotonic() - started)))
    if result.counts.rejected:
        sys.exit(SOME_REJECTED)


def _work(url: str, job: ImportJob, console: Console, *, dry_run: bool) -> ImportResult:
    try:
        with meter(console) as shown:
            return asyncio.run((check_file if dry_run else import_file)(url, job, shown))
    except KeyboardInterrupt:
        click.echo(f"\nInterrupted. {_GOES_ON}", err=True)
        sys.exit(128 + signal.SIGINT)
    except _GONE:
        raise SetupError(f"The connection to the ledger was lost. {_GOES_ON}") from None


def tell(job: ImportJob, result: ImportResult, seconds: float) -> Iterator[str]:
    """The result of an import, in lines for people."""
    yield f"{result.rows:,} rows of {job.path.name} in {seconds:,.1f} s ({result.rows / seconds:,.0f} rows/s)"
    if result.run is None:
        yield f"  valid        {result.rows - result.counts.rejected - result.skipped.total():>10,}"
    else:
        if result.run.rows_done:
            yield f"after {result.run.rows_done:,} rows of an interrupted import; totals:"
        for name in ("created", "updated", "unchanged"):
            yield f"  {name:<12} {getattr(result.counts, name):>10,}"
    yield f"  rejected     {result.counts.rejected:>10,}"
    if result.skipped:
        yield f"  skipped      {result.skipped.total():>10,}  ({_reasons(result.skipped)})"
    yield from _remarks(job, result)


def _remarks(job: ImportJob, result: ImportResult) -> Iterator[str]:
    counts = result.counts
    if result.run is None:
        yield "Dry run: no row was stored."
    elif counts.unchanged and not counts.created and not counts.updated and not result.superseded_rows:
        when = f", since {result.run.imported_at:%Y-%m-%d %H:%M} UTC" if result.run.imported_at else ""
        yield f"Nothing changed: the ledger already had these rows{when}."
    yield _time(job, result)
    yield from job.mapping.notes
    if inbound := result.skipped["inbound"]:
        yield f"{_calls(inbound)} in and {'was' if inbound == 1 else 'were'} left out: {_how_to_import(job.mapping)}."
    if result.superseded_rows:
        yield (
            f"{_rows(result.superseded_rows)} a value older than the ledger's; the ledger kept its own:"
            f" {_superseded(result)}."
        )
    if result.counts.rejected:
        yield f"The rejected rows and the reasons are in {job.rejects_path}."
    if result.codes:
        yield (
            "These disposition codes have no meaning yet: "
            f"{join_first(sorted(result.codes), _MOST_NAMED)}. They count as unmapped."
        )


def _time(job: ImportJob, result: ImportResult) -> str:
    """When the file knew its rows, and where that time is from."""
    at, source = job.time.at, job.time.source
    if result.run and result.run.observed_at != at:
        at, source = result.run.observed_at, "when this file was imported before"
    return f"Rows without a time of their own count as known at {at:%Y-%m-%d %H:%M:%S} UTC: {source}."


def _superseded(result: ImportResult) -> str:
    """The lines with older values, and their fields: line 2 (agent), line 3 (agent, disposition) and 4 more."""
    lines = [f"line {line:,} ({', '.join(fields)})" for line, fields in result.superseded.items()]
    more = result.superseded_rows - len(lines)
    return ", ".join(lines) + (f" and {more:,} more" if more else "")


def _calls(count: int) -> str:
    return "1 call came" if count == 1 else f"{count:,} calls came"


def _how_to_import(mapping: FileMapping) -> str:
    """What to add to a mapping so that its inbound calls are imported too."""
    named = (
        "add [inbound_call]" if not mapping.router.is_usual else "name the column under [direction], add [inbound_call]"
    )
    return f"to import them, {named} to the mapping"


def _reasons(skipped: Counter[str]) -> str:
    """Why rows were skipped, most of them first: 3 inbound, 1 internal."""
    return join_first([f"{count:,} {reason}" for reason, count in skipped.most_common()], _MOST_NAMED)


def _rows(count: int) -> str:
    return "1 row has" if count == 1 else f"{count:,} rows have"
