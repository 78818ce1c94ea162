"""`calltally erase`: takes a person out of the ledger, when they or the law ask for it."""

from typing import Any

import asyncpg
import click
from pydantic import ValidationError

from service.accounts.admin_connection import as_owner, find_account
from service.config import SetupError
from service.errors import InvalidItem
from service.ingest.erasure import Erasure, Person, erase
from service.ingest.parsing import faults_of
from service.platform.db import Connection
from sql import load

_ACCOUNT = load("ledger")["account"]
_COUNTED = ("leads", "attempts", "inbound_calls", "dispositions", "rejected_items", "deliveries")


@click.command
@click.option("--account", default="default", show_default=True, help="Code of the account.")
@click.option("--lead", help="A lead of the person; without it the number is asked for.")
@click.option("--yes", is_flag=True, help="Do not ask whether this is meant.")
def command(account: str, lead: str | None, yes: bool) -> None:
    """Erase a person: their number and what was said of them, from history too. What is counted stays.

    The number is asked for, or read from standard input, so that it is in no list of commands.
    """
    said = {"phone_number": click.prompt("Phone number", err=True)} if lead is None else {"lead": lead}
    if not yes:
        click.confirm("This cannot be undone. Erase this person?", abort=True, err=True)

    async def work(connection: Connection) -> Erasure:
        account_id = await find_account(connection, account)
        [row] = await connection.fetch(_ACCOUNT, account_id)
        return await erase(connection, account_id, _read(said), row["region"])

    try:
        erasure = as_owner(work)
    except InvalidItem as error:
        raise SetupError("; ".join(f"{fault.pointer[1:]} {fault.message}" for fault in error.faults)) from None
    except asyncpg.LockNotAvailableError:
        raise SetupError("Others hold up the ledger, and nothing was erased; try again") from None
    counts = ", ".join(f"{erasure.row[name]:,} {name.replace('_', ' ')}" for name in _COUNTED)
    before = ""
    if erasure.already_erased:
        before = f" before, on {erasure.row['recorded_at']:%Y-%m-%d}; nothing more was found"
    click.echo(f"Erased{before}. Touched: {counts}.")


def _read(said: dict[str, Any]) -> Person:
    try:
        return Person.model_validate(said)
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None
