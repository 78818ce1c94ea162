"""Mails that bring a person a link, taken by a real SMTP server; and what happens without one."""

import mailbox
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import running
from tests.conftest import Owner
from tests.pages.test_pages import Browser
from tests.pages.users import PASSWORD, browser_of, link_on, post


@contextmanager
def mail_server(folder: Path) -> Iterator[str]:
    """The URL of an SMTP server that files every mail in a folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = probe.getsockname()
    where = f"{address[0]}:{address[1]}"
    server = subprocess.Popen(
        [sys.executable, "-m", "aiosmtpd", "-n", "-l", where, "-c", "aiosmtpd.handlers.Mailbox", folder],
        stderr=subprocess.PIPE,
    )
    try:
        deadline = time.monotonic() + 30
        while not _answers(address):
            assert server.poll() is None, server.communicate()
            assert time.monotonic() < deadline
        yield f"smtp://{where}"
    finally:
        server.terminate()
        server.communicate()


def _answers(address: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(address, timeout=5) as connection:
            return connection.recv(3) == b"220"
    except ConnectionRefusedError:
        time.sleep(0.05)
        return False


@pytest.fixture(scope="module")
def mails(folder: Path) -> Path:
    """The folder of the mails."""
    return folder / "mails"


@pytest.fixture(scope="module")
async def client(ledger_url: str, mails: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The service with a mail server."""
    with mail_server(mails) as url:
        async with running(ledger_url, smtp_url=url, public_url="https://calls.example.com") as (_, started):
            yield started


def mails_to(folder: Path, recipient: str) -> list[EmailMessage]:
    box = mailbox.Maildir(folder, create=False)
    read = [message_from_bytes(box.get_bytes(key), policy=policy.default) for key in box.keys()]  # noqa: SIM118
    return [mail for mail in read if mail["To"] == recipient]


def link_in(mail: EmailMessage) -> str:
    """The path of the link in a mail."""
    [path] = re.findall(r"^https://calls\.example\.com(/\S+)$", mail.get_content(), re.MULTILINE)
    return path


async def test_an_invitation_is_mailed_and_its_link_is_on_no_page(
    client: httpx.AsyncClient, owner: Owner, account: int, mails: Path
) -> None:
    await owner.execute("UPDATE accounts SET name = $1 WHERE account_id = $2", "Acme & Söhne", account)
    boss = await browser_of(client, owner, account, f"boss-{account}@example.com")
    email = f"bo-{account}@example.com"
    sent = await post(boss, "/settings/users", "/settings/users", email=email, role="analyst")
    assert (sent.status_code, sent.headers["location"]) == (303, "/settings/users?saved=invited")
    page = await boss.look("/settings/users?saved=invited")
    assert "The invitation is on its way." in page
    assert "/invitation/" not in page
    [mail] = mails_to(mails, email)
    assert mail["From"] == "calltally@calls.example.com"
    assert mail["Message-ID"].endswith("@calls.example.com>")
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["Subject"] == f"Boss-{account} invites you to Acme & Söhne on calltally"
    guest = Browser(client)
    joined = await guest.ask("POST", link_in(mail), data={"name": "Bo Tran", "password": PASSWORD})
    assert joined.status_code == 303
    assert "secure" in joined.headers["set-cookie"].lower(), "over https the cookie is for https only"


async def test_a_forgotten_password_is_answered_alike_for_everybody_and_mailed_to_the_person_only(
    client: httpx.AsyncClient, owner: Owner, account: int, mails: Path
) -> None:
    email = f"cy-{account}@example.com"
    await browser_of(client, owner, account, email)
    guest = Browser(client)
    answers = [
        await guest.ask("POST", "/forgot-password", data={"email": address})
        for address in (email.upper(), f"nobody-{account}@example.com", "no address", "", email)
    ]
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    assert "a mail is on its way" in answers[0].text
    [mail] = mails_to(mails, email)
    assert mail["Subject"] == "A new password for calltally"
    assert mails_to(mails, f"nobody-{account}@example.com") == []
    done = await guest.ask("POST", link_in(mail), data={"password": PASSWORD})
    assert done.headers["location"] == "/sign-in?saved=password"
    assert "Your new password is saved." in await guest.look("/sign-in?saved=password")
    assert (await guest.ask("POST", "/sign-in", data={"email": email, "password": PASSWORD})).status_code == 303


async def test_a_test_mail_shows_whether_mails_arrive(
    client: httpx.AsyncClient, owner: Owner, account: int, mails: Path
) -> None:
    browser = await browser_of(client, owner, account, f"boss-{account}@example.com")
    page = await browser.look("/settings/mail")
    assert "<dd>127.0.0.1</dd>" in page
    assert f'value="boss-{account}@example.com"' in page
    refused = await post(browser, "/settings/mail", "/settings/mail", email="nobody")
    assert refused.status_code == 422
    assert "must be an e-mail address" in refused.text
    sent = await post(browser, "/settings/mail", "/settings/mail", email=f"proof-{account}@example.com")
    assert sent.headers["location"] == "/settings/mail?sent=yes"
    [mail] = mails_to(mails, f"proof-{account}@example.com")
    assert mail["Subject"] == "Test mail from calltally"


async def test_without_a_mail_server_pages_say_so_and_show_the_link(
    ledger_url: str, owner: Owner, account: int
) -> None:
    with socket.socket() as probe:  # bound, and nobody listens
        probe.bind(("127.0.0.1", 0))
        away = f"smtp://127.0.0.1:{probe.getsockname()[1]}"
        for settings, sentence in (({}, "This installation sends no mail."), ({"smtp_url": away}, "could not be sent")):
            async with running(ledger_url, **settings) as (_, client):
                name = f"boss-{account}-{len(settings)}"
                boss = await browser_of(client, owner, account, f"{name}@example.com")
                fields = {"email": f"{name}-guest@example.com", "role": "analyst"}
                shown = await post(boss, "/settings/users", "/settings/users", **fields)
                assert (shown.status_code, sentence in shown.text) == (200, True)
                assert (await Browser(client).ask("GET", link_on(shown.text))).status_code == 200
                answer = await Browser(client).ask("POST", "/forgot-password", data={"email": f"{name}@example.com"})
                assert ("a mail is on its way" in answer.text) == bool(settings)
                assert ("Ask an administrator for a link" in answer.text) != bool(settings)
