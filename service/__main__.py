"""The command `calltally`: finds its commands in service/commands, and reports errors in one line."""

import os
import signal
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import asyncpg
import click

from service.config import SetupError, read_settings, warn_unknown
from service.errors import CalltallyError
from service.logs import configure_logs
from sql.migrate import MigrationError

FOLDER = Path(__file__).parent / "commands"

# Errors of the PostgreSQL server on connecting that the user of a command may see.
REFUSALS = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InsufficientPrivilegeError,
)


class Commands(click.Group):
    """The files of service/commands, imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Every command with a file."""
        return sorted(_modules())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  the same
        """The command of that name, if there is one."""
        module = _modules().get(cmd_name)
        return None if module is None else import_module(f"service.commands.{module}").command


def _modules() -> dict[str, str]:
    """The modules of the commands. A name that Python reserves ends in an underscore, as in `import_`."""
    return {path.stem.rstrip("_").replace("_", "-"): path.stem for path in FOLDER.glob("[!_]*.py")}


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nNew to calltally?\n"
    "  calltally demo        simulate a sales team and look at its reports\n"
    "  calltally serve       start the service for your own calls\n"
    "  calltally key create  create the key that your dialer sends with\n"
    "  calltally account set default --zone ZONE --region COUNTRY --currency CODE   instead of UTC, US and USD",
)
@click.version_option(version("calltally"), prog_name="calltally", message="%(prog)s %(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """Record the calls of an outbound sales team, and report what they achieve."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        return
    for warning in warn_unknown(os.environ):
        click.echo(f"calltally: {warning}", err=True)
    configure_logs(read_settings())


def leave(number: int, _frame: object) -> None:
    """Unwind on a signal as on any other exit, so that no server keeps running."""
    sys.exit(128 + number)


def main() -> None:
    """Run a command. An error that the user can correct is one line, with exit code 2."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    try:
        commands(prog_name="calltally")
    except (CalltallyError, SetupError, MigrationError) as error:
        fail(str(error))
    except REFUSALS as error:
        fail(f"The PostgreSQL server refused the connection: {error.message}")
    except ConnectionError as error:
        fail(f"The PostgreSQL server cannot be reached: {error.strerror or error}")


def fail(message: str) -> None:
    """Print the error and exit."""
    click.echo(f"calltally: {message}", err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
