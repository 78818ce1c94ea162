"""`calltally key`: the API keys that send calls and read reports."""

import re
from datetime import datetime, timedelta

import click

from reports.model.times import TimeFormError, read_time
from service.accounts.scopes import SCOPES, USUAL_SCOPES

_SAMPLES = (
    "\b\nExamples:\n"
    "  calltally key create --name crm --scope ingest --expires-in 90d\n"
    "  calltally key create --name dialer --scope ingest --dialer main\n"
    "  calltally key create --name managers --scope reports --scope rows"
)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Duration(click.ParamType[timedelta]):
    """A lifetime, such as 90d."""

    name = "duration"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read a number and a unit."""
        match = re.fullmatch(r"(\d{1,6})([mhdw])", value)
        if match is None:
            self.fail(f"{value!r} is not a number and a unit: m, h, d or w, such as 90d", param, ctx)
        return timedelta(**{_UNITS[match[2]]: int(match[1])})


class Instant(click.ParamType[datetime]):
    """A time with an offset."""

    name = "time"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a time in RFC 3339 with an offset."""
        try:
            return read_time(value)
        except TimeFormError as error:
            self.fail(f"{value!r} {error}", param, ctx)


@click.group
def command() -> None:
    """Create, list and revoke API keys."""


@command.command("create", epilog=_SAMPLES)
@click.option("--account", default="default", show_default=True, help="Code of the account of the key.")
@click.option("--name", default="", help="Purpose of the key, shown in the list.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    default=USUAL_SCOPES,
    show_default=True,
    help="Permission of the key; repeat it for several.",
)
@click.option("--dialer", help="Dialer of items that name none.")
@click.option("--expires-in", type=Duration(), help="Lifetime of the key, such as 90d.  [default: no end]")
@click.option("--expires-at", type=Instant(), help="End of the key, such as 2027-01-31T18:00:00Z.")
def create(
    account: str,
    name: str,
    scopes: tuple[str, ...],
    dialer: str | None,
    expires_in: timedelta | None,
    expires_at: datetime | None,
) -> None:
    """Create an API key.

    The command prints the key only once; the ledger keeps its fingerprint. Standard output holds the key alone, so you
    can write KEY=$(calltally key create).
    """
    from service.commands.work.key import create_key

    create_key(account, name, scopes, dialer, expires_in, expires_at)


@command.command("list")
def list_() -> None:
    """List the keys, without their secrets."""
    from service.commands.work.key import list_keys

    list_keys()


@command.command("revoke")
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """Revoke a key permanently.

    PREFIX is the public part of the key, as in the list, or the whole key.
    """
    from service.commands.work.key import revoke_key

    revoke_key(prefix)
