"""`calltally sync`: update the lake and the store from the ledger, or tell how they are."""

import click


@click.command
@click.option("--account", help="Code of the account.  [default: every account]")
@click.option("--rebuild", is_flag=True, help="Write the whole lake and store again from the ledger.")
@click.option("--status", is_flag=True, help="Update nothing; tell how large, how old and how usable both are.")
def command(*, account: str | None, rebuild: bool, status: bool) -> None:
    """Update the lake and the store from the ledger.

    The lake is a copy of the ledger that other programs can read. The store holds every call with its outcome, on this
    machine. Both make reports faster; without them, reports are correct but slower. The service updates both every
    minute.
    """
    from service.commands.work.sync import show_status, sync_copies_of

    if status and rebuild:
        raise click.UsageError("Give --status or --rebuild, not both.")
    if status:
        show_status(account)
    else:
        sync_copies_of(account, rebuild=rebuild)
