"""`calltally replay`: parse the stored deliveries of dialers again, after a fix to a parser."""

from datetime import datetime

import click

from service.commands.key import Instant
from service.hooks.vocabulary import STATUSES


@click.command
@click.option("--account", default="default", show_default=True, help="Code of the account.")
@click.option("--hook", type=int, help="Only deliveries to this hook.")
@click.option(
    "--since", type=Instant(), help="Only deliveries received at this time or later, such as 2026-03-01T00:00:00Z."
)
@click.option("--until", type=Instant(), help="Only deliveries received before this time.")
@click.option("--status", type=click.Choice(STATUSES), help="Only deliveries with this status.")
def command(account: str, hook: int | None, since: datetime | None, until: datetime | None, status: str | None) -> None:
    """Parse the stored deliveries of dialers again.

    Use it after an upgrade that fixed a parser or added a dialer's format. It changes the ledger only where
    the result differs. You can interrupt it and run it again at any time.
    """
    from service.commands.work.replay import replay_deliveries

    replay_deliveries(account, hook, since, until, status)
