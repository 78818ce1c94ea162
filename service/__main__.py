"""The command `calltally`: finds its commands in service/commands, and reports expected errors in one line.

Only the command that runs is imported, so that the help answers at once.
"""

import ast
import os
import signal
import sys
from collections.abc import Callable
from copy import copy
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

FOLDER = Path(__file__).parent / "commands"
_PREPARED = "service.prepared"


class Commands(click.Group):
    """The files of service/commands, imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Every command with a file."""
        return sorted(_modules())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  the same
        """The command of that name, if there is one."""
        module = _modules().get(cmd_name)
        return None if module is None else _prepared(import_module(f"service.commands.{module}").command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of the first argument. Raises NoSuchCommand with the names that are like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            names = self.list_commands(ctx)
            raise click.NoSuchCommand(error.command_name, possibilities=names, ctx=ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises SetupError for a wrong setting before UsageError for a wrong option."""
        try:
            return super().invoke(ctx)
        except NoArgsIsHelpError:
            raise
        except click.UsageError:
            if ctx.invoked_subcommand is not None:
                prepare(ctx)
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of all commands, each with the first sentence of its help, without importing any of them."""
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, click.Command(name, help=_help(name)).get_short_help_str(room)) for name in names]
            )


def _prepared(command: click.Command) -> click.Command:
    """The command, which prepares the process before its work, but not before its help."""
    prepared = copy(command)
    if isinstance(prepared, click.Group):
        prepared.commands = {name: _prepared(part) for name, part in prepared.commands.items()}
    elif prepared.callback is not None:
        prepared.callback = _after_preparing(prepared.callback)
    return prepared


def _after_preparing(work: Callable[..., None]) -> Callable[..., None]:
    def prepare_and_work(**options: Any) -> None:
        prepare(click.get_current_context())
        work(**options)

    return prepare_and_work


def prepare(context: click.Context) -> None:
    """Read the settings, warn of unknown ones, and send log lines to standard error, once. Raises SetupError."""
    if context.meta.get(_PREPARED):
        return
    context.meta[_PREPARED] = True
    from service.config import read_settings, warn_unknown  # noqa: PLC0415  the help needs no settings
    from service.logs import configure_logs  # noqa: PLC0415  the same
    from service.platform.actor import Actor, act_as, system_user  # noqa: PLC0415  the same

    for warning in warn_unknown(os.environ):
        click.echo(f"calltally: {warning}", err=True)
    configure_logs(read_settings())
    act_as(Actor("command", system_user(), address=context.command_path))


def _modules() -> dict[str, str]:
    """The modules of the commands. A name that Python reserves ends in an underscore, as in `import_`."""
    return {path.stem.rstrip("_").replace("_", "-"): path.stem for path in FOLDER.glob("[!_]*.py")}


def _help(name: str) -> str:
    """The help of a command, read from its file."""
    tree = ast.parse((FOLDER / f"{_modules()[name]}.py").read_bytes())
    functions = (part for part in tree.body if isinstance(part, ast.FunctionDef) and part.name == "command")
    return next((ast.get_docstring(function) or "" for function in functions), "")


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
@click.version_option(package_name="calltally", prog_name="calltally", message="%(prog)s %(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """Record the calls of an outbound sales team, and report what they achieve."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def leave(number: int, _frame: object) -> None:
    """Unwind on a signal as on any other exit, so that no server keeps running."""
    sys.exit(128 + number)


def main() -> None:
    """Run a command. An error that the user can correct is one line, with exit code 2."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    try:
        commands(prog_name="calltally")
    except Exception as error:
        from service.commands._failures import explain  # noqa: PLC0415  most runs need no explanation

        message = explain(error)
        if message is None:
            raise
        fail(message)


def fail(message: str) -> None:
    """Print the error and exit."""
    click.echo(f"calltally: {message}", err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
