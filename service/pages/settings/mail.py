"""Settings, mail: which server takes the mails of invitations and new passwords, and a mail that proves it."""

from urllib.parse import urlsplit

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from reports.model.language import translate
from service.accounts.sessions import Session
from service.accounts.users import read_email
from service.errors import InvalidItem
from service.pages.components.forms import faults_by_field, read_form
from service.pages.components.layout import html_response, redirect, render
from service.pages.sign_in import admit
from service.platform.mail import send_mail
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

PATH = "/settings/mail"


@get(PATH, opt=page_options("admin"), before_request=admit)
async def mail(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Whether there is a mail server, its host and the sender of mails; never its password."""
    session: Session = request.user
    return _page(request, context, session.user.email if session.user else "")


@post(PATH, opt=page_options("admin"), before_request=admit, status_code=200)
async def send_test_mail(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Send a mail to an address, so that a person sees whether mails arrive."""
    recipient = (await read_form(request)).get("email", "").strip()
    try:
        recipient = read_email(recipient)
    except InvalidItem as error:
        return _page(request, context, recipient, faults_by_field(error))
    subject = translate("Test mail from calltally")
    text = translate("Mails from calltally arrive at this address.")
    if not await send_mail(context.settings, recipient, subject, text):
        refused = translate("The mail server did not take the mail. The log of the service has the reason.")
        return _page(request, context, recipient, {"email": refused})
    return redirect(f"{PATH}?sent=yes")


def _page(
    request: AnyRequest, context: RequestContext, recipient: str, errors: dict[str, str] | None = None
) -> Response[str | bytes]:
    server = context.settings.smtp_url
    page = render(
        "settings_mail.html",
        session=request.user,
        server=urlsplit(server).hostname if server else None,
        sender=context.settings.mail_sender,
        recipient=recipient,
        errors=errors or {},
        sent="sent" in request.query_params,
    )
    return html_response(page, 422 if errors else 200)


HANDLERS: list[HTTPRouteHandler] = [mail, send_test_mail]
