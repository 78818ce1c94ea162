"""`calltally simulate`: write a simulated sales team of any size straight into the ledger."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click


def check_until(_context: click.Context, _parameter: click.Parameter, day: datetime | None) -> datetime:
    """The end of that day in the simulation's time zone; now if that is earlier, or without a day."""
    from service.sandbox.scenario.plan import ZONE

    now = datetime.now(UTC).replace(microsecond=0)
    if day is None:
        return now
    if day.date() > now.astimezone(ZoneInfo(ZONE)).date():
        raise click.BadParameter("this day is in the future")
    end = (day + timedelta(days=1)).replace(tzinfo=ZoneInfo(ZONE))
    return min(end.astimezone(UTC), now)


@click.command
@click.option("--attempts", type=click.IntRange(1, 200_000_000), required=True, help="Exact number of calls.")
@click.option("--days", type=click.IntRange(7, 730), default=90, show_default=True, help="Days that the calls cover.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=check_until,
    metavar="DATE",
    help="Last day.  [default: today, up to now]",
)
@click.option(
    "--seed", type=int, default=7, show_default=True, help="Seed of the simulation; another seed gives other data."
)
@click.option("--account", default="simulated", show_default=True, help="Empty account to fill; created if missing.")
def command(attempts: int, days: int, until: datetime, seed: int, account: str) -> None:
    """Fill an account with simulated calls, for benchmarks.

    It writes months of leads, calls, deals and costs straight into the tables of the ledger, in minutes. The account
    must be empty. The same options give the same data. No phone number is in use.
    """
    from service.commands.work.simulate import simulate

    simulate(attempts, days, until, seed, account)
