"""The demo: a simulated sales team, sent through the real service to its own ledger."""

import sys
import time
from datetime import UTC, datetime

import click
from rich.console import Console

from service.config import read_settings
from service.platform.embedded_server import ledger_url
from service.platform.patience import tell_on_stderr
from service.sandbox.demo.defaults import DAYS, SEED
from service.sandbox.demo.floor import DemoFloor
from service.sandbox.demo.home import DemoHome
from service.sandbox.demo.running import (
    Running,
    make_key,
    make_link,
    running_service,
    set_zone,
    settings_with_a_free_port,
)
from service.sandbox.demo.showing import Presenter
from service.sandbox.live.deliveries import deliveries
from service.sandbox.scenario.plan import ZONE

# The width without a terminal: wide enough for all columns of a report side by side.
_FILE_WIDTH = 180


def run_demo(*, once: bool, seed: int | None, days: int | None, port: int | None, fresh: bool) -> None:
    """Run the demo, until Ctrl-C unless `once`. fresh: with a new simulation."""
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
            presenter.show_what_to_try(floor.plan, make_link(settings))
            _serve(running)
    console.print(f"\nThe demo has stopped. {_again(home)}", soft_wrap=True)


def _floor(home: DemoHome, seed: int | None, days: int | None, *, fresh: bool) -> DemoFloor:
    """The simulation to run: a new one that ends now, or the stored one. Raises SetupError, UsageError."""
    if fresh:
        home.clear(tell_on_stderr)
    floor = home.remembered()
    if floor is None:
        floor = DemoFloor(SEED if seed is None else seed, datetime.now(UTC).replace(microsecond=0), days or DAYS)
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
