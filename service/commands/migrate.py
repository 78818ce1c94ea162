"""`calltally migrate`: upgrade the ledger to the schema of this version."""

import click


@click.command
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if migrations are pending.")
def command(check: bool) -> None:
    """Upgrade the ledger to this version.

    Other commands do this when they start. Run it yourself to choose the time. Running it twice does no harm.
    """
    from service.commands.work.migrate import migrate_ledger

    migrate_ledger(check=check)
