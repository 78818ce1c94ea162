"""The removal of a person's data when they or the law ask for it."""

from typing import Any

import asyncpg
import click
from pydantic import ValidationError

from service.accounts.admin_connection import find_account, in_admin_transaction
from service.config import SetupError
from service.errors import InvalidItem
from service.ingest.erasure import Erasure, Person, erase
from service.ingest.parsing import faults_of
from service.platform.db import Connection
from sql import load

_ACCOUNT = load("ledger")["account"]
_COUNTED = (
    *("leads", "attempts", "inbound_calls", "dispositions", "rejected_items", "deliveries", "agents"),
    *("customers", "comments"),
)


def erase_person(account: str, lead: str | None, *, confirmed: bool) -> None:
    """Erase a person, after questions for the number and a confirmation; print what was touched."""
    identity = {"phone_number": click.prompt("Phone number", err=True)} if lead is None else {"lead": lead}
    if not confirmed:
        click.confirm("You cannot undo this. Erase this person?", abort=True, err=True)

    async def work(connection: Connection) -> Erasure:
        account_id = await find_account(connection, account)
        [row] = await connection.fetch(_ACCOUNT, account_id)
        return await erase(connection, account_id, _read(identity), row["region"])

    try:
        erasure = in_admin_transaction(work)
    except InvalidItem as error:
        raise SetupError("; ".join(f"{fault.pointer[1:]} {fault.message}" for fault in error.faults)) from None
    except asyncpg.LockNotAvailableError:
        raise SetupError("The ledger is busy, and nothing was erased; try again") from None
    counts = ", ".join(f"{erasure.row[name]:,} {name.replace('_', ' ')}" for name in _COUNTED)
    before = ""
    if erasure.already_erased:
        before = f" before, on {erasure.row['recorded_at']:%Y-%m-%d}; there is no later data"
    click.echo(f"Erased{before}. Touched: {counts}.")


def _read(identity: dict[str, Any]) -> Person:
    try:
        return Person.model_validate(identity)
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None
