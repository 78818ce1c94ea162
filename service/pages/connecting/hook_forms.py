"""The form that connects a dialer: what was typed, as the form of a hook, and the faults of each field."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import ValidationError

from reports.model.language import marked, translate
from service.dialers import Dialer
from service.errors import Fault, InvalidItem
from service.hooks.call_settings import DEFAULT_PERSON_AFTER_MS
from service.hooks.dialer_choices import STARTER, ready_text
from service.hooks.hooks import HookForm, checked_form, checked_mapping
from service.hooks.kinds import MAPPED
from service.ingest.fields import Item
from service.ingest.parsing import faults_of
from service.mapped.preview import Preview, preview
from service.mapped.ready_mappings import ready
from service.pages.components.known_sentences import in_the_readers_language

Form = TypeVar("Form", bound=Item)

# What an answered call means, in the words of the form.
ANSWERED_MEANS = (
    ("person_after", marked("A person answered, if the talk was long enough")),
    ("person", marked("A person answered")),
    ("unknown", marked("Nobody knows who answered")),
)
DEFAULT_SECONDS = f"{DEFAULT_PERSON_AFTER_MS / 1000:g}"
_TEXTS = ("dialer", "code", "campaign", "zone", "secret", "mapping")
_SECRET_BYTES = 24


@dataclass(frozen=True)
class ConnectForm:
    """The form as it is shown: what was typed into each field, and the faults.

    ready: the ready mapping that the person chose. preview: what an example delivery would become.
    """

    values: Mapping[str, str]
    ready: str | None = None
    faults: Mapping[str, str] = field(default_factory=dict[str, str])
    preview: Preview | None = None

    def with_faults(self, error: InvalidItem) -> "ConnectForm":
        """The same form with the message for each field; messages about the same field follow each other."""
        faults: dict[str, str] = {}
        for fault in error.faults:
            name, message = fault.pointer.strip("/"), in_the_readers_language(fault.message)
            faults[name] = f"{faults[name]}; {message}" if name in faults else message
        return replace(self, faults=faults)


def blank_form(dialer: str, mapping: str | None) -> ConnectForm:
    """The form for a dialer that was chosen, before anything is typed."""
    known = mapping if mapping in ready() else None
    text = ready_text(known) if known else STARTER if dialer == MAPPED else ""
    values = {"dialer": dialer, "mapping": text, "answered_means": "person_after", "match_leads": "yes"}
    return ConnectForm(values | {"person_after_seconds": DEFAULT_SECONDS}, known)


def typed_form(fields: Mapping[str, str]) -> ConnectForm:
    """The form as it was sent; browsers end the lines of a text with two characters."""
    values = dict(fields) | {"mapping": fields.get("mapping", "").replace("\r\n", "\n")}
    known = fields.get("ready")
    return ConnectForm(values, known if known in ready() else None)


def hook_form_of(form: ConnectForm) -> HookForm:
    """The form of the hook. Raises InvalidItem with every faulty field."""
    sent: dict[str, Any] = {name: form.values[name] for name in _TEXTS if form.values.get(name)}
    if form.ready and sent.get("mapping") == ready_text(form.ready):
        sent["mapping"] = form.ready
    return validated(HookForm, sent | call_settings_of(form.values))


def call_settings_of(values: Mapping[str, str]) -> dict[str, Any]:
    """How the calls are read, as typed; the seconds count only where they have a meaning."""
    means = values.get("answered_means") or None
    settings: dict[str, Any] = {"answered_means": means, "match_leads": "match_leads" in values}
    if means == "person_after" and "person_after_seconds" in values:
        settings["person_after_seconds"] = _number(values["person_after_seconds"])
    return settings


def _number(text: str) -> float | str:
    """A number as typed; any other text stays, so that its field gets a message."""
    try:
        return float(text)
    except ValueError:
        return text


def validated(kind: type[Form], sent: Mapping[str, Any]) -> Form:
    """The form of a hook, or of a change. Raises InvalidItem with every faulty field."""
    try:
        return kind.model_validate(sent)
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None


def with_secret(form: HookForm, dialer: Dialer) -> tuple[HookForm, bool]:
    """The form with a secret of our own if the account may choose one and typed none; and whether it was made here."""
    if dialer.chooses_secret and not form.secret:
        return form.model_copy(update={"secret": secrets.token_urlsafe(_SECRET_BYTES)}), True
    return form, False


def described_form(form: ConnectForm) -> Dialer | None:
    """The dialer that the form is about, as people read about it; None while its mapping has faults."""
    mapping = form.values.get("mapping") or None
    sent = HookForm.model_construct(dialer=form.values.get("dialer", ""), campaign="", mapping=mapping, code=None)
    sent.zone = None
    try:
        return checked_form(sent, "UTC").dialer
    except InvalidItem:
        return None


def checked_preview(form: ConnectForm, zone: str) -> Preview:
    """What the example delivery of the form would become, as `calltally hook try` shows it. Raises InvalidItem."""
    if not form.values.get("example"):
        raise InvalidItem(faults=(Fault("/example", translate("is missing: paste the body of one delivery")),))
    mapping = checked_mapping(form.values["mapping"], form.values.get("zone"), zone)
    code = form.values.get("code") or mapping.code or MAPPED
    return preview(form.values["example"].encode(), mapping, code, form.values.get("campaign") or "default")
