"""The running service: several worker processes on one ledger."""

import asyncio
import gc
import math
import os
import signal
import threading
import time
from functools import partial
from typing import Any

import click
from granian.constants import Interfaces, Loops
from granian.log import LogLevels

from service.config import Settings, read_settings
from service.logs import configure_logs
from service.platform.embedded_server import ledger_url, service_url
from service.platform.ledger_keeper import LedgerKeeper
from service.platform.listening import address, check_port_is_free, is_ready
from service.platform.patience import tell_on_stderr
from service.platform.supervision import Supervisor

ENDINGS = (signal.SIGINT, signal.SIGTERM)

# The server writes its log lines where calltally does.
_LOGS: dict[str, Any] = {
    "formatters": {},
    "handlers": {},
    "loggers": {
        "_granian": {"handlers": [], "propagate": True},
        "granian.access": {"handlers": [], "propagate": True},
    },
}


def run_service(**options: str | int | None) -> None:
    """Run the service until it gets a signal to stop. options: settings that replace those of the environment."""
    settings = read_settings(**options)
    check_port_is_free(settings)
    with ledger_url(settings, migrated=False) as url:
        keeper = LedgerKeeper(settings, url, tell_on_stderr)
        keeper.open()
        serve(settings, service_url(settings, url), keeper)


def serve(settings: Settings, url: str, keeper: LedgerKeeper) -> None:
    """Answer requests from worker processes until SIGINT, SIGTERM or SIGHUP, then finish the open ones."""
    server = Supervisor(
        "calltally",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=settings.workers,
        workers_kill_timeout=round(settings.shutdown_seconds),
        websockets=False,
        log_level=LogLevels.warning if settings.log_level == "info" else LogLevels(settings.log_level),
        log_dictconfig=_LOGS,
        tend=keeper.tend,
    )
    # On a hang-up the server would restart its workers, but a closed terminal should stop the service.
    server.on_startup(lambda: signal.signal(signal.SIGHUP, stop))
    server.on_startup(threading.Thread(target=announce, args=[settings], daemon=True).start)
    os.register_at_fork(before=hold_signals, after_in_parent=heed_signals)
    handlers = {number: signal.getsignal(number) for number in (*ENDINGS, signal.SIGHUP)}
    try:
        server.serve(target_loader=partial(load_app, settings, url, keeper, os.getpid()), wrap_loader=False)
    finally:
        # The server's own handlers ignore signals once it has ended. A signal now hurries the stop of the ledger.
        for number, handler in handlers.items():
            signal.signal(number, handler)


def stop(_number: int, _frame: object) -> None:
    """Stop the service as SIGTERM does."""
    os.kill(os.getpid(), signal.SIGTERM)


def load_app(settings: Settings, url: str, keeper: LedgerKeeper, parent: int) -> Any:
    """The application of one worker process. The process ends when its parent has gone, for any reason."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the parent gets it too, and stops its workers in order
    hold_signals()
    configure_logs(settings)
    threading.Thread(target=end_with, args=[parent, settings.shutdown_seconds], daemon=True).start()
    # Not earlier: Polars must not be loaded when the parent forks.
    from service.app import create_app

    app = create_app(settings, url, keeper.is_usable)
    app.on_startup += [end_streams_when_told, heed_signals_soon]
    # Imported modules stay forever, and a post leaves no reference cycles. Collecting after every 700 new objects, the
    # default, costs a tenth of the time of a post.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    return app


def hold_signals() -> None:
    """Delay signals to stop: a worker that gets one before it serves would lose it, and run forever."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)


def heed_signals() -> None:
    """Accept signals to stop again, including one that arrived in the meantime."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)


async def end_streams_when_told(app: Any) -> None:
    """End the event streams on a signal to stop, because the server waits for every open answer."""
    loop = asyncio.get_running_loop()
    for ending in ENDINGS:
        before: Any = signal.getsignal(ending)

        def end(number: int, frame: object, before: Any = before) -> None:
            loop.call_soon_threadsafe(app.state.streams.end)
            if callable(before):
                before(number, frame)

        signal.signal(ending, end)


async def heed_signals_soon() -> None:
    """Accept signals once the server serves: shortly after the application has started."""
    asyncio.get_running_loop().call_later(0.05, heed_signals)


def end_with(parent: int, patience: float) -> None:
    """Stop this process soon after its parent has gone, so that no orphan keeps answering."""
    while os.getppid() == parent:
        time.sleep(0.5)
    # Repeat the signal, in case the first one came too early. Finally force the end.
    for _ in range(math.ceil(patience)):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGKILL)


def announce(settings: Settings) -> None:
    """Print the address as soon as the service answers there."""
    begun = time.monotonic()
    while not is_ready(settings):
        # Often while the service starts; with time, while the ledger is away.
        time.sleep(min(0.05 + (time.monotonic() - begun) / 100, 1))
    workers = "1 worker" if settings.workers == 1 else f"{settings.workers} workers"
    click.echo(f"calltally is ready at {address(settings)} with {workers}. Ctrl-C stops it.", err=True)
