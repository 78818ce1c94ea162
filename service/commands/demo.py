"""`calltally demo`: a simulated sales floor, played through the real service on a ledger of its own."""

import sys
import time
from datetime import UTC, datetime

import click
from rich.console import Console

from service.config import read_settings
from service.platform.embedded_server import ledger_url, tell_on_stderr
from service.sandbox.demo.floor import DemoFloor
from service.sandbox.demo.home import DemoHome
from service.sandbox.demo.running import Running, make_key, running_service, settings_with_a_free_port
from service.sandbox.demo.showing import Presenter
from service.sandbox.live.deliveries import deliveries

_SEED = 7
_DAYS = 4
# Where no terminal says how wide it is: every column of a report beside the others.
_FILE_WIDTH = 180


@click.command
@click.option("--once", is_flag=True, help="Leave after the report, everything stopped.")
@click.option("--seed", type=int, help=f"Another seed is another floor.  [default: {_SEED}]")
@click.option("--days", type=click.IntRange(1, 30), help=f"Working days to play, up to now.  [default: {_DAYS}]")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port of the service. [CALLTALLY_PORT, else 8321, else a free one]"
)
@click.option("--fresh/--keep", default=True, show_default=True, help="Begin anew, or send the same floor once more.")
def command(*, once: bool, seed: int | None, days: int | None, port: int | None, fresh: bool) -> None:
    """Play a simulated sales floor through the real service, and print its report.

    The demo has a ledger of its own, in the folder `demo` of the home: a real ledger is never touched.
    """
    installed = read_settings(port=port)
    settings = installed.model_copy(update={"home": installed.home / "demo", "database_url": None})
    settings = settings_with_a_free_port(settings, insisted=port is not None)
    home = DemoHome(settings.home)
    floor = _floor(home, seed, days, fresh=fresh)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _FILE_WIDTH)
    console.print(f"The demo keeps a ledger of its own in {home.path}. No other ledger is touched.", soft_wrap=True)
    with console.status("Playing the floor ..."):
        floor_deliveries = deliveries(floor.plan)
    # We hold the ledger too, so that it is stopped in order even when the service is killed.
    with (
        console.status("Starting the service ...") as status,
        ledger_url(settings),
        running_service(settings) as running,
    ):
        presenter = Presenter(console, running, make_key(settings))
        status.stop()
        presenter.send(floor_deliveries)
        presenter.show_to_do()
        presenter.show_reports(floor.plan)
        if not once:
            presenter.show_what_to_try(floor.plan)
            _serve(running)
    console.print(f"\nEverything is stopped. {_again(home)}", soft_wrap=True)


def _floor(home: DemoHome, seed: int | None, days: int | None, *, fresh: bool) -> DemoFloor:
    """The floor to play: a new one that ends now, or the one the home holds. Raises SetupError, UsageError."""
    if fresh:
        home.clear(tell_on_stderr)
    floor = home.remembered()
    if floor is None:
        floor = DemoFloor(_SEED if seed is None else seed, datetime.now(UTC).replace(microsecond=0), days or _DAYS)
        home.remember(floor)
    if seed not in {None, floor.seed} or days not in {None, floor.days}:
        kept_floor = f"seed {floor.seed} and {floor.days} working days"
        raise click.UsageError(f"--keep sends the floor of {kept_floor} once more; use --fresh for another.")
    return floor


def _again(home: DemoHome) -> str:
    return f"The ledger stays in {home.path}: calltally demo --keep opens it again."


def _serve(running: Running) -> None:
    """Go on until Ctrl-C. Raises SetupError when the service ends by itself."""
    try:
        while running.process.poll() is None:
            time.sleep(0.3)
    except KeyboardInterrupt:
        return
    raise running.failure("The service stopped by itself.")
