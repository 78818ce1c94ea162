"""`calltally demo`: a simulated sales team, sent through the real service to its own ledger."""

import click

from service.sandbox.demo.defaults import DAYS, SEED


@click.command
@click.option("--once", is_flag=True, help="Stop everything after the reports.")
@click.option("--seed", type=int, help=f"Seed of the simulation; another seed gives another team.  [default: {SEED}]")
@click.option("--days", type=click.IntRange(1, 30), help=f"Working days to simulate, up to now.  [default: {DAYS}]")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port of the service.  [default: CALLTALLY_PORT, else 8321, else a free port]",
)
@click.option(
    "--fresh/--keep",
    default=True,
    show_default=True,
    help="Start with an empty ledger, or send the last simulation again.",
)
def command(*, once: bool, seed: int | None, days: int | None, port: int | None, fresh: bool) -> None:
    """Try calltally with a simulated sales team.

    The demo starts the service, sends it three weeks of calls over HTTP and prints reports. Then it keeps the service
    running and prints an address and a key, so that you can look around in the browser.

    The demo keeps its own ledger in the folder `demo` of CALLTALLY_HOME. It never touches your own ledger.
    """
    from service.commands.work.demo import run_demo

    run_demo(once=once, seed=seed, days=days, port=port, fresh=fresh)
