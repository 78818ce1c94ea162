"""`calltally serve`: run the service, several worker processes on one ledger."""

import click


@click.command
@click.option("--host", help="Address to listen on.  [default: CALLTALLY_HOST, else 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [default: CALLTALLY_PORT, else 8321]")
@click.option(
    "--workers", type=click.IntRange(1), help="Processes that answer requests.  [default: CALLTALLY_WORKERS, else 2]"
)
def command(host: str | None, port: int | None, workers: int | None) -> None:
    """Start the service.

    Ctrl-C stops it after it has answered the open requests. `calltally config` shows its settings.
    """
    from service.commands.work.serve import run_service

    run_service(host=host, port=port, workers=workers)
