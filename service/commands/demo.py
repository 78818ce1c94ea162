"""`calltally demo`: a simulated sales team, sent through the real service to its own ledger."""

import sys
import time
from datetime import UTC, datetime

import click
from rich.console import Console

from service.config import read_settings
from service.platform.embedded_server import ledger_url
from service.platform.patience import tell_on_stderr
from service.sandbox.demo.floor import DemoFloor
from service.sandbox.demo.home import DemoHome
from service.sandbox.demo.running import Running, make_key, running_service, set_zone, settings_with_a_free_port
from service.sandbox.demo.showing import Presenter
from service.sandbox.live.deliveries import deliveries
from service.sandbox.scenario.plan import ZONE

_SEED = 7
# Three weeks: the last full week has a week before it to compare with.
_DAYS = 15
# The width without a terminal: wide enough for all columns of a report side by side.
_FILE_WIDTH = 180


@click.command
@click.option("--once", is_flag=True, help="Stop everything after the reports.")
@click.option("--seed", type=int, help=f"Seed of the simulation; another seed gives another team.  [default: {_SEED}]")
@click.option("--days", type=click.IntRange(1, 30), help=f"Working days to simulate, up to now.  [default: {_DAYS}]")
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
    installed = read_settings(port=port)
    settings = installed.model_copy(update={"home": installed.home / "demo", "database_url": None})
    settings = settings_with_a_free_port(settings, insisted=port is not None)
    home = DemoHome(settings.home)
    floor = _floor(home, seed, days, fresh=fresh)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _FILE_WIDTH)
    console.print(f"The demo keeps its own ledger in {home.path}. It touches no other ledger.", soft_wrap=True)
    with console.status("Simulating the sales team ..."):
        floor_deliveries = deliveries(floor.plan)
    # The demo holds the ledger too, so that it stops in order even if the service is killed.
    with (
        console.status("Starting the service ...") as status,
        ledger_url(settings),
        running_service(settings) as running,
    ):
        set_zone(settings, ZONE)
        presenter = Presenter(console, running, make_key(settings))
        status.stop()
        presenter.send(floor_deliveries)
        presenter.show_to_do()
        presenter.show_reports(floor.plan)
        if not once:
            presenter.show_what_to_try(floor.plan)
            _serve(running)
    console.print(f"\nThe demo has stopped. {_again(home)}", soft_wrap=True)


def _floor(home: DemoHome, seed: int | None, days: int | None, *, fresh: bool) -> DemoFloor:
    """The simulation to run: a new one that ends now, or the stored one. Raises SetupError, UsageError."""
    if fresh:
        home.clear(tell_on_stderr)
    floor = home.remembered()
    if floor is None:
        floor = DemoFloor(_SEED if seed is None else seed, datetime.now(UTC).replace(microsecond=0), days or _DAYS)
        home.remember(floor)
    if seed not in {None, floor.seed} or days not in {None, floor.days}:
        stored = f"seed {floor.seed} and {floor.days} working days"
        raise click.UsageError(f"--keep sends the simulation of {stored} again; use --fresh for another one.")
    return floor


def _again(home: DemoHome) -> str:
    return f"Its ledger stays in {home.path}. To open it again: calltally demo --keep"


def _serve(running: Running) -> None:
    """Wait until Ctrl-C. Raises SetupError if the service stops unexpectedly."""
    try:
        while running.process.poll() is None:
            time.sleep(0.3)
    except KeyboardInterrupt:
        return
    raise running.failure("The service stopped unexpectedly.")
