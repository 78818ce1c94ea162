"""`calltally migrate`: upgrade the ledger to the schema of this version."""

import asyncio
import sys

import click

from service.config import read_settings
from service.platform.embedded_server import ledger_url
from sql import migrate


@click.command
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if migrations are pending.")
def command(check: bool) -> None:
    """Upgrade the ledger to this version.

    Other commands do this when they start. Run it yourself to choose the time. Running it twice does no harm.
    """
    with ledger_url(read_settings(), migrated=False) as url:
        names = asyncio.run(migrate.list_pending(url) if check else migrate.migrate(url))
    for name in names:
        click.echo(f"{'pending' if check else 'applied'}: {name}")
    if not names:
        click.echo("The ledger is up to date.")
    elif check:
        sys.exit(1)
