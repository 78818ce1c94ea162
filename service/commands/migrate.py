"""`calltally migrate`: bring the ledger to the schema of this version."""

import asyncio
import sys

import click

from service.config import read_settings
from service.platform.embedded_server import ledger_url
from sql import migrate


@click.command
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 when a migration is pending.")
def command(check: bool) -> None:
    """Bring the ledger to the schema of this version. Doing it again changes nothing.

    The other commands do this by themselves; it is for those who like to do it at a time of their choice.
    """
    with ledger_url(read_settings(), migrated=False) as url:
        names = asyncio.run(migrate.list_pending(url) if check else migrate.migrate(url))
    for name in names:
        click.echo(f"{'pending' if check else 'applied'}: {name}")
    if not names:
        click.echo("The ledger is up to date.")
    elif check:
        sys.exit(1)
