"""What the forms of pages send, and the message for each field that holds a fault."""

from urllib.parse import parse_qs

from reports.model.language import translate
from service.accounts.sessions import Session
from service.errors import InvalidItem, InvalidParameter, NotAllowed
from service.pages.components.known_sentences import in_the_readers_language
from service.web.requests import AnyRequest, whole_body

# Enough for a form with a few hundred fields or a page of text.
_MAX_FORM_BYTES = 256 * 1024


async def read_form(request: AnyRequest) -> dict[str, str]:
    """The fields of a form that this session got from us. Raises NotAllowed for any other form."""
    fields = await read_fields(request)
    session: Session = request.user
    if not session.wrote(fields.get("form_token", "")):
        raise NotAllowed(translate("This form is not of your session; load the page again."))
    return fields


async def read_fields(request: AnyRequest) -> dict[str, str]:
    """The fields of any form, the last value of each, with the empty ones left out.

    Raises BodyTooLarge, and NotAllowed for a form on a page of another site.
    """
    if request.headers.get("sec-fetch-site") == "cross-site":
        raise NotAllowed("This form was sent from another site.")
    body = await whole_body(request, _MAX_FORM_BYTES)
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def faults_by_field(error: InvalidItem | InvalidParameter) -> dict[str, str]:
    """The messages of a refused form by the name of their field; the form shows each at its field."""
    return {fault.pointer.strip("/"): in_the_readers_language(fault.message) for fault in error.faults}
