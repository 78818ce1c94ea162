"""The upgrade of the ledger to the schema of this version."""

import asyncio
import sys

import click

from service.config import read_settings
from service.platform.embedded_server import ledger_url
from sql import migrate


def migrate_ledger(*, check: bool) -> None:
    """Apply the pending migrations and name them. check: only name them, and exit with 1 if there are any."""
    with ledger_url(read_settings(), migrated=False) as url:
        names = asyncio.run(migrate.list_pending(url) if check else migrate.migrate(url))
    for name in names:
        click.echo(f"{'pending' if check else 'applied'}: {name}")
    if not names:
        click.echo("The ledger is up to date.")
    elif check:
        sys.exit(1)
