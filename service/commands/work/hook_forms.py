"""What the work of `calltally hook` shares: forms with their faults, and previews of deliveries."""

import re
import sys
from functools import partial
from pathlib import Path
from typing import TypeVar

import click
from pydantic import ValidationError

from service.accounts.accounts import load_account
from service.accounts.admin_connection import find_account, with_ledger
from service.config import Settings, SetupError
from service.errors import InvalidItem
from service.hooks.call_settings import CallSettings
from service.hooks.hooks import CheckedForm, HookForm, checked_form, checked_mapping
from service.hooks.kinds import MAPPED, kinds, unknown_kind
from service.ingest.parsing import faults_of
from service.mapped.preview import as_json, as_text, preview
from service.platform.db import Connection, prepare_connection

Form = TypeVar("Form", bound=CallSettings)

SOME_FAULTS = 3
_LONGEST_NAME = 4_096


def form_of(kind: type[Form], **fields: object) -> Form:
    """The form of a hook, or of a change. Raises SetupError that names every faulty field."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise SetupError(fault_text(InvalidItem(faults=tuple(faults_of(error))))) from None


def fault_text(error: InvalidItem) -> str:
    """The faults of a form, a line each."""
    return "\n".join(f"{fault.pointer[1:]} {fault.message}" for fault in error.faults)


def checked(form: HookForm, default_zone: str = "UTC") -> CheckedForm:
    """A form whose values fit together. Raises SetupError."""
    if form.dialer not in kinds():
        raise SetupError(f"calltally does not know the dialer {form.dialer}: {unknown_kind(form.dialer)}")
    try:
        return checked_form(form, default_zone)
    except InvalidItem as error:
        raise SetupError(fault_text(error)) from None


def show_preview(form: HookForm, body: str, account: str, *, json: bool) -> None:
    """Print what a body would become under the mapping of a form; ends the command if a call has a fault."""
    if form.dialer != MAPPED:
        raise SetupError(f"--try needs --dialer {MAPPED} and its --mapping")
    zone = form.zone or with_ledger(partial(_zone_of, code=account))
    mapping = checked_mapping(form.mapping, form.zone, zone)
    shown = preview(body_of(body), mapping, form.code or mapping.code or MAPPED, form.campaign)
    click.echo(as_json(shown) if json else "\n".join(as_text(shown)))
    if shown.faults:
        sys.exit(SOME_FAULTS)


async def _zone_of(connection: Connection, settings: Settings, *, code: str) -> str:
    del settings
    await prepare_connection(connection)  # pyright: ignore[reportArgumentType]
    return (await load_account(connection, await find_account(connection, code))).zone


def body_of(text: str) -> bytes:
    """The body in an argument: the content of a file, standard input for -, or the text itself."""
    if text == "-":
        return sys.stdin.buffer.read()
    if len(text) < _LONGEST_NAME and "\n" not in text and not text.lstrip().startswith(("{", "[")):
        path = Path(text)
        try:
            if path.is_file():
                return path.read_bytes()
        except (OSError, ValueError):
            raise SetupError(f"The body {text} cannot be read") from None
        if _looks_like_path(text):
            raise SetupError(f"There is no file {text}")
    return text.encode()


def _looks_like_path(text: str) -> bool:
    """Whether a text names a file: it has a folder or an ending, and no field as a form or a query has."""
    return re.fullmatch(r"[^=&?\s]*(/[^=&?\s]+|\.[A-Za-z]\w{0,9})", text.strip()) is not None
