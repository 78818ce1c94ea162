"""Mail, sent through the SMTP server of the settings."""

from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import structlog
from aiosmtplib import SMTPException, send

from service.config import Settings

# A page waits for its mail; a server that does not answer must not hold it for long.
_PATIENCE_SECONDS = 10.0
_PORTS = {"smtp": 587, "smtps": 465}

_log = structlog.get_logger()


async def send_mail(settings: Settings, recipient: str, subject: str, text: str) -> bool:
    """Send a mail; returns whether the server took it. Without a server in the settings it does not.

    The log has the reason of a failure, without the address and the text.
    """
    if settings.smtp_url is None:
        return False
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_sender, recipient, " ".join(subject.split())
    message.set_content(text)
    try:
        await _send(message, settings.smtp_url)
    except (SMTPException, OSError, ValueError) as error:  # a timeout is an OSError too
        _log.warning("mail_failed", error=type(error).__name__)
        return False
    return True


async def _send(message: EmailMessage, url: str) -> None:
    """Hand a message to a server. A password goes over TLS only, unless the server is this machine."""
    server = urlsplit(url)
    tls = server.scheme == "smtps"
    host = server.hostname or ""
    must_encrypt = server.password is not None and not _is_here(host)
    await send(
        message,
        hostname=host,
        port=server.port or _PORTS[server.scheme],
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        use_tls=tls,
        start_tls=True if must_encrypt and not tls else None,
        timeout=_PATIENCE_SECONDS,
    )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
