"""`calltally sync`: update the lake from the ledger."""

import click


@click.command
@click.option("--account", help="Code of the account.  [default: every account]")
@click.option("--rebuild", is_flag=True, help="Write the whole lake again from the ledger.")
def command(account: str | None, rebuild: bool) -> None:
    """Update the lake from the ledger.

    The lake is a copy of the ledger that makes reports faster and that other programs can read. The service updates it
    every minute. Without it, reports are correct but slower.
    """
    from service.commands.work.sync import sync_lake

    sync_lake(account, rebuild=rebuild)
