"""`calltally hook`: the addresses that dialers deliver to."""

from typing import Any

import click

from service.commands._hook_options import ACCOUNT, MAPPING, MAPPING_REQUIRED, ZONE, call_settings

_SAMPLES = (
    "\b\nExamples:\n"
    "  calltally hook create --dialer twilio --campaign spring-renewals\n"
    "  calltally hook create --dialer vicidial --as floor-2 --campaign spring\n"
    "  calltally hook create --dialer mapped --mapping zoom-phone --campaign spring"
)
_TRY_SAMPLES = (
    "\b\nExamples:\n"
    "  calltally hook try --mapping calls.toml delivery.json\n"
    "  calltally hook try --mapping zoom-phone --json delivery.json"
)


@click.group
def command() -> None:
    """Create and manage the addresses that dialers deliver to."""


@command.command("create", epilog=_SAMPLES)
@ACCOUNT
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
def create(**options: Any) -> None:
    """Create a hook, and show what to paste into the dialer.

    The command prints the hook's address only once; the ledger keeps its fingerprint. It asks for the secret that you
    share with the vendor, or reads it from standard input, and stores it encrypted.
    """
    from service.commands.work.hook import create_hook_of

    create_hook_of(**options)


@command.command("try", epilog=_TRY_SAMPLES)
@ACCOUNT
@MAPPING_REQUIRED
@ZONE
@click.option("--campaign", default="default", show_default=True, help="Campaign of calls that name none.")
@click.option("--json", "json", is_flag=True, help="Print one JSON document.")
@click.argument("body", metavar="BODY")
def try_(account: str, mapping: str, zone: str | None, campaign: str, body: str, *, json: bool) -> None:
    """Show what a delivery would become under a mapping, and store nothing.

    BODY is a file, the text itself, or - for standard input. The command ends with 3 if a call has a fault.
    """
    from service.commands.work.hook import try_mapping

    try_mapping(account, mapping, zone, campaign, body, json=json)


@command.command("remap")
@ACCOUNT
@click.argument("hook_id", metavar="ID", type=int)
@MAPPING_REQUIRED
def remap(account: str, hook_id: int, mapping: str) -> None:
    """Give hook ID another mapping; its address stays.

    Deliveries that came before are parsed with it when you run `calltally replay --hook ID`.
    """
    from service.commands.work.hook import remap_hook_of

    remap_hook_of(account, hook_id, mapping)


@command.command("list")
@ACCOUNT
def list_(account: str) -> None:
    """List hooks and count their deliveries of the last 30 days."""
    from service.commands.work.hook import list_hooks_of

    list_hooks_of(account)


@command.command("show")
@ACCOUNT
@click.argument("hook_id", metavar="ID", type=int)
def show(account: str, hook_id: int) -> None:
    """Show again what to paste into the dialer of hook ID.

    TOKEN stands for the secret end of the address.
    """
    from service.commands.work.hook import show_hook

    show_hook(account, hook_id)


@command.command("change")
@ACCOUNT
@click.argument("hook_id", metavar="ID", type=int)
@call_settings
def change(account: str, hook_id: int, **settings: Any) -> None:
    """Change how the calls of hook ID are read; settings that you leave out stay."""
    from service.commands.work.hook import change_hook_of

    change_hook_of(account, hook_id, **settings)


@command.command("revoke")
@ACCOUNT
@click.argument("hook_id", metavar="ID", type=int)
def revoke(account: str, hook_id: int) -> None:
    """Close hook ID permanently; its data stays."""
    from service.commands.work.hook import revoke_hook_of

    revoke_hook_of(account, hook_id)
