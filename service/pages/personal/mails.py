"""The mails that bring a person a link, in the language of the reader: plain text, its first line the subject."""

from service.accounts.links import LIFETIMES, Purpose
from service.config import Settings
from service.pages.components.layout import render
from service.platform.mail import send_mail


async def mail_link(
    settings: Settings, purpose: Purpose, recipient: str, link: str, account_name: str, sender_name: str = ""
) -> bool:
    """Mail a link to a person; returns whether the mail server took it. sender_name: the colleague who invites."""
    text = render(
        f"mail_{purpose}.txt",
        link=link,
        account_name=account_name,
        sender_name=sender_name,
        hours=round(LIFETIMES[purpose].total_seconds() / 3600),
    )
    subject, _, body = text.partition("\n")
    return await send_mail(settings, recipient, subject, body.lstrip())
