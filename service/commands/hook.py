"""`calltally hook`: the addresses that dialers deliver to."""

import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from service.accounts.accounts import load_account
from service.accounts.admin_connection import find_account, with_ledger
from service.commands._hook_forms import (
    MAPPING,
    MAPPING_REQUIRED,
    ZONE,
    call_settings,
    checked,
    fault_text,
    form_of,
    show_preview,
)
from service.config import Settings, SetupError, read_settings
from service.errors import InvalidItem
from service.hooks.call_settings import CallSettings, change_hook, in_words
from service.hooks.hooks import (
    HookForm,
    address,
    create_hook,
    described_dialer,
    list_hooks,
    remap_hook,
    revoke_hook,
    setup_text,
)
from service.hooks.kinds import MAPPED
from service.platform.db import Connection, prepare_connection
from service.platform.secret_encryption import cipher_of

_ACCOUNT = click.option("--account", default="default", show_default=True, help="Code of the account.")
_SAMPLES = (
    "\b\nExamples:\n"
    "  calltally hook create --dialer twilio --campaign spring-renewals\n"
    "  calltally hook create --dialer vicidial --as floor-2 --campaign spring\n"
    "  calltally hook create --dialer mapped --mapping zoom-phone --campaign spring"
)
_DAYS = 30
_TRY_SAMPLES = (
    "\b\nExamples:\n"
    "  calltally hook try --mapping calls.toml delivery.json\n"
    "  calltally hook try --mapping zoom-phone --json delivery.json"
)


@click.group
def command() -> None:
    """Create and manage the addresses that dialers deliver to."""


@command.command("create", epilog=_SAMPLES)
@_ACCOUNT
@click.option(
    "--dialer",
    "name",
    required=True,
    help="Type of dialer, as in the list of `calltally dialers`; mapped: any other dialer, which --mapping describes.",
)
@MAPPING
@click.option("--as", "code", help="Name for the dialer of these calls.  [default: the mapping's, or the type]")
@click.option("--campaign", required=True, help="Campaign of calls that name none.")
@ZONE
@call_settings
@click.option("--secret-from-stdin", "piped", is_flag=True, help="Read the shared secret from standard input.")
@click.option(
    "--try", "body", metavar="BODY", help="Show what this body (text, a file, or -) would become, and create nothing."
)
def create(
    account: str,
    name: str,
    mapping: str | None,
    code: str | None,
    campaign: str,
    zone: str | None,
    *,
    piped: bool,
    body: str | None,
    **settings: object,
) -> None:
    """Create a hook, and show what to paste into the dialer.

    The command prints the hook's address only once; the ledger keeps its fingerprint. It asks for the secret that you
    share with the vendor, or reads it from standard input, and stores it encrypted.
    """
    form = form_of(HookForm, dialer=name, code=code, campaign=campaign, zone=zone, mapping=mapping, **settings)
    dialer = checked(form).dialer
    if body is not None:
        show_preview(form, body, account, json=False)
        return
    if dialer.secret is not None:
        form = form.model_copy(update={"secret": _secret(dialer.secret, piped=piped)})
    hook_id, url = with_ledger(partial(_create, code=account, form=form))
    click.echo(setup_text(dialer, url), err=True)
    if read_settings().public_url is None:
        where = (
            "Dialers outside this machine cannot reach this address: set CALLTALLY_PUBLIC_URL, then create a new hook."
        )
        click.echo(where, err=True)
    click.echo(f"Created hook {hook_id}. Save its address now; it will not be shown again:", err=True)
    click.echo(url)


async def _create(connection: Connection, settings: Settings, *, code: str, form: HookForm) -> tuple[int, str]:
    await prepare_connection(connection)  # pyright: ignore[reportArgumentType]
    account = await load_account(connection, await find_account(connection, code))
    async with connection.transaction():
        try:
            hook_id, token = await create_hook(connection, account, form, partial(cipher_of, settings))
        except InvalidItem as error:
            raise SetupError(fault_text(error)) from None
    return hook_id, address(settings.public_root, form.dialer, token)


def _secret(what: str, *, piped: bool) -> str:
    if piped:
        return sys.stdin.readline().rstrip("\r\n")
    click.echo(what, err=True)
    return click.prompt("Secret", hide_input=True, err=True)


@command.command("try", epilog=_TRY_SAMPLES)
@_ACCOUNT
@MAPPING_REQUIRED
@ZONE
@click.option("--campaign", default="default", show_default=True, help="Campaign of calls that name none.")
@click.option("--json", "json", is_flag=True, help="Print one JSON document.")
@click.argument("body", metavar="BODY")
def try_(account: str, mapping: str, zone: str | None, campaign: str, body: str, *, json: bool) -> None:
    """Show what a delivery would become under a mapping, and store nothing.

    BODY is a file, the text itself, or - for standard input. The command ends with 3 if a call has a fault.
    """
    form = form_of(HookForm, dialer=MAPPED, campaign=campaign, zone=zone, mapping=mapping)
    checked(form)
    show_preview(form, body, account, json=json)


@command.command("remap")
@_ACCOUNT
@click.argument("hook_id", metavar="ID", type=int)
@MAPPING_REQUIRED
def remap(account: str, hook_id: int, mapping: str) -> None:
    """Give hook ID another mapping; its address stays.

    Deliveries that came before are parsed with it when you run `calltally replay --hook ID`.
    """
    if with_ledger(partial(_remap, code=account, hook_id=hook_id, mapping=mapping)) is None:
        raise SetupError(f"There is no mapped hook {hook_id}; see: calltally hook list")
    click.echo(
        f"Hook {hook_id} uses the new mapping within 5 s. For earlier deliveries: calltally replay --hook {hook_id}"
    )


async def _remap(connection: Connection, settings: Settings, *, code: str, hook_id: int, mapping: str) -> str | None:
    del settings
    try:
        return await remap_hook(connection, await find_account(connection, code), hook_id, mapping)
    except InvalidItem as error:
        raise SetupError(fault_text(error)) from None


@command.command("list")
@_ACCOUNT
def list_(account: str) -> None:
    """List hooks and count their deliveries of the last 30 days."""
    hooks = with_ledger(partial(_list, code=account))
    if not hooks:
        click.echo("There are no hooks yet. To create one: calltally hook create --dialer NAME --campaign CODE")
        return
    table = Table(box=None)
    headings = (
        "id",
        "dialer",
        "as",
        "campaign",
        "zone",
        "answered means",
        "leads",
        "last delivery",
        "taken",
        "unknown",
        "unread",
        "refused",
        "state",
    )
    for heading in headings:
        table.add_column(heading, no_wrap=True)
    for hook in hooks:
        table.add_row(*_cells(hook))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


async def _list(
    connection: Connection, settings: Settings, *, code: str, hook_id: int | None = None
) -> list[dict[str, Any]]:
    del settings
    since = datetime.now(UTC).date() - timedelta(days=_DAYS)
    return await list_hooks(connection, await find_account(connection, code), since, hook_id)


def _cells(hook: dict[str, Any]) -> tuple[str, ...]:
    last, deliveries = hook["last_delivery_at"], hook["deliveries"]
    return (
        str(hook["id"]),
        hook["dialer"],
        hook["code"],
        hook["campaign"],
        hook["zone"],
        in_words(hook),
        "matched" if hook["match_leads"] else "as sent",
        "never" if last is None else f"{last:%Y-%m-%d %H:%M}",
        f"{deliveries['taken']:,}",
        f"{deliveries['unknown']:,}",
        f"{deliveries['unreadable'] + deliveries['rejected']:,}",
        f"{sum(hook['refused'].values()):,}",
        "open" if hook["revoked_at"] is None else f"closed {hook['revoked_at']:%Y-%m-%d}",
    )


@command.command("show")
@_ACCOUNT
@click.argument("hook_id", metavar="ID", type=int)
def show(account: str, hook_id: int) -> None:
    """Show again what to paste into the dialer of hook ID.

    TOKEN stands for the secret end of the address.
    """
    hooks, root = with_ledger(partial(_show, code=account, hook_id=hook_id))
    if not hooks:
        raise SetupError(f"There is no hook {hook_id}; see: calltally hook list")
    dialer = described_dialer(hooks[0])
    if dialer is None:
        raise SetupError(f"This version does not know the dialer {hooks[0]['dialer']}")
    click.echo(setup_text(dialer, address(root, dialer.name, "TOKEN")))
    click.echo(f"\n{dialer.answer_detection}")
    click.echo(f"An answered call means: {in_words(hooks[0])}, unless the dialer tells who answered.")


async def _show(
    connection: Connection, settings: Settings, *, code: str, hook_id: int
) -> tuple[list[dict[str, Any]], str]:
    return await _list(connection, settings, code=code, hook_id=hook_id), settings.public_root


@command.command("change")
@_ACCOUNT
@click.argument("hook_id", metavar="ID", type=int)
@call_settings
def change(account: str, hook_id: int, **settings: object) -> None:
    """Change how the calls of hook ID are read; settings that you leave out stay."""
    if all(value is None for value in settings.values()):
        raise SetupError("Nothing to change: name a setting; see: calltally hook change --help")
    form = form_of(CallSettings, **settings)
    if with_ledger(partial(_change, code=account, hook_id=hook_id, form=form)) is None:
        raise SetupError(f"There is no hook {hook_id}; see: calltally hook list")
    click.echo(
        f"Changed hook {hook_id}; new deliveries follow within 5 s. For stored ones run:"
        f" calltally replay --hook {hook_id}"
    )


async def _change(
    connection: Connection, settings: Settings, *, code: str, hook_id: int, form: CallSettings
) -> bool | None:
    del settings
    return await change_hook(connection, await find_account(connection, code), hook_id, form)


@command.command("revoke")
@_ACCOUNT
@click.argument("hook_id", metavar="ID", type=int)
def revoke(account: str, hook_id: int) -> None:
    """Close hook ID permanently; its data stays."""
    if with_ledger(partial(_revoke, code=account, hook_id=hook_id)) is None:
        raise SetupError(f"There is no hook {hook_id}; see: calltally hook list")
    click.echo(f"Closed hook {hook_id}; it stops accepting deliveries within 5 s.")


async def _revoke(connection: Connection, settings: Settings, *, code: str, hook_id: int) -> datetime | None:
    del settings
    return await revoke_hook(connection, await find_account(connection, code), hook_id)
