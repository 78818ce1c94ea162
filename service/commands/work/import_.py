"""The import of a file of any resource, at a terminal."""

import asyncio
import shutil
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import click
from rich.console import Console

from service.accounts.admin_connection import find_account, in_admin_transaction
from service.config import SetupError, read_settings
from service.importing.file_mapping import mapping_of_file
from service.importing.file_time import read_file_time
from service.importing.progress import meter
from service.importing.reading.inputs import file_on_disk, is_piped
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


def import_rows(
    *,
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
    """Import a file, with a progress bar, and print what became of it. Ends with 3 if some rows were rejected.

    The parameters are the options of the command.
    """
    if rejected and rejected.resolve() in {path.resolve() for path in (file, mapping_path) if path}:
        raise click.UsageError("--rejected would overwrite the imported file or its mapping.")
    file_time = read_file_time(file, observed_at, datetime.now(UTC))
    console = Console(stderr=True, highlight=False)
    with file_on_disk(file) as path:
        mapping = mapping_of_file(path, what, mapping_path, sheet, zone)
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


def _work(url: str, job: ImportJob, console: Console, *, dry_run: bool) -> ImportResult:
    try:
        with meter(console) as shown:
            return asyncio.run((check_file if dry_run else import_file)(url, job, shown))
    except KeyboardInterrupt:
        click.echo(f"\nInterrupted. {_GOES_ON}", err=True)
        sys.exit(128 + signal.SIGINT)
    except _GONE:
        raise SetupError(f"The connection to the ledger was lost. {_GOES_ON}") from None
