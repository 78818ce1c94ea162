"""The addresses that dialers deliver to, at a terminal."""

import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from service.accounts.accounts import load_account
from service.accounts.admin_connection import find_account, with_ledger
from service.commands.work.hook_forms import checked, fault_text, form_of, show_preview
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

_DAYS = 30


def create_hook_of(
    *,
    account: str,
    name: str,
    mapping: str | None,
    code: str | None,
    campaign: str,
    zone: str | None,
    piped: bool,
    body: str | None,
    **settings: object,
) -> None:
    """Create a hook, and print its address alone on standard output.

    body: a delivery to show as it would become, instead of the creation. piped: whether the secret comes from standard
    input. settings: the fields of CallSettings.
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


def try_mapping(account: str, mapping: str, zone: str | None, campaign: str, body: str, *, json: bool) -> None:
    """Print what a delivery would become under a mapping; ends with 3 if a call has a fault."""
    form = form_of(HookForm, dialer=MAPPED, campaign=campaign, zone=zone, mapping=mapping)
    checked(form)
    show_preview(form, body, account, json=json)


def remap_hook_of(account: str, hook_id: int, mapping: str) -> None:
    """Give a hook another mapping. Raises SetupError for an unknown hook."""
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


def list_hooks_of(account: str) -> None:
    """Print a table of the account's hooks, with their deliveries of the last 30 days."""
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


def show_hook(account: str, hook_id: int) -> None:
    """Print what to paste into the dialer of a hook. Raises SetupError for an unknown hook."""
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


def change_hook_of(account: str, hook_id: int, **settings: object) -> None:
    """Change the settings of a hook's calls. Raises SetupError without a setting, and for an unknown hook."""
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


def revoke_hook_of(account: str, hook_id: int) -> None:
    """Close a hook. Raises SetupError for an unknown hook."""
    if with_ledger(partial(_revoke, code=account, hook_id=hook_id)) is None:
        raise SetupError(f"There is no hook {hook_id}; see: calltally hook list")
    click.echo(f"Closed hook {hook_id}; it stops accepting deliveries within 5 s.")


async def _revoke(connection: Connection, settings: Settings, *, code: str, hook_id: int) -> datetime | None:
    del settings
    return await revoke_hook(connection, await find_account(connection, code), hook_id)
