"""A dialer that delivers to a hook over HTTP, and the resulting rows in the ledger."""

import base64
import hmac
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from hashlib import sha1
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from litestar import Litestar

from tests.api.conftest import Caller, NewCaller, caller, new_caller, running
from tests.conftest import Owner

__all__ = ["caller", "new_caller"]

ROOT = "https://calls.example.com"
SECRET = "a secret that account and vendor share"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Form = dict[str, str]


@pytest.fixture(scope="module")
async def service(ledger_url: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    """The service on the module's ledger, with a public address."""
    async with running(ledger_url, public_url=ROOT, secret_key="k" * 32, inbox_days=0) as started:
        yield started


@pytest.fixture(scope="module")
def client(service: tuple[Litestar, httpx.AsyncClient]) -> httpx.AsyncClient:
    return service[1]


@dataclass(frozen=True)
class Hooked:
    """A hook of an account, and the dialer that delivers to it."""

    caller: Caller
    id: int
    url: str
    dialer: str

    @property
    def path(self) -> str:
        return self.url.removeprefix(ROOT)

    async def get(self, query: str) -> httpx.Response:
        """Deliver as VICIdial does."""
        return await self.caller.client.get(f"{self.path}?{query}")

    async def form(self, form: Form, secret: str | None = SECRET) -> httpx.Response:
        """Deliver as Twilio does; without a secret, unsigned."""
        headers = FORM | ({} if secret is None else {"X-Twilio-Signature": signature(self.url, form, secret)})
        return await self.caller.client.post(self.path, content=urlencode(form), headers=headers)

    async def document(self) -> dict[str, Any]:
        return await self.caller.get(f"hooks/{self.id}")


def signature(url: str, form: Form, secret: str) -> str:
    """The signature in Twilio's documentation: the address, then each field with its value, ordered by name."""
    text = url + "".join(name + value for name, value in sorted(form.items()))
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), sha1)).decode()


def call(sid: str = "CA1", **changes: str) -> Form:
    """The end of a call, from Twilio."""
    usual = {
        "CallSid": sid,
        "AccountSid": "AC0",
        "From": "+14155550100",
        "To": "+14155550123",
        "CallStatus": "completed",
        "Direction": "outbound-api",
        "CallDuration": "42",
        "Duration": "1",
        "Timestamp": "Mon, 02 Mar 2026 09:00:00 +0000",
        "SequenceNumber": "3",
        "CallbackSource": "call-progress-events",
    }
    return usual | changes


def dispo(call: str = "1772461800.4411", **changes: str) -> str:
    """The end of a call, from VICIdial."""
    usual = {
        "event": "dispo",
        "call_id": "V03020930000000012345",
        "uniqueid": call,
        "lead_id": "12345",
        "campaign": "SPRING",
        "phone_code": "1",
        "phone_number": "4155550123",
        "epoch": "1772461988",
        "user": "6001",
        "dispo": "SALE",
        "talk_time": "120",
    }
    return urlencode(usual | changes)


def fields(query: str) -> Form:
    return dict(parse_qsl(query))


NewHook = Callable[..., Coroutine[Any, Any, Hooked]]


@pytest.fixture
def new_hook(new_caller: NewCaller) -> NewHook:
    """Creates a hook, for a new account unless one is named."""

    async def make(dialer: str, of: Caller | None = None, **form: Any) -> Hooked:
        owner = of or await new_caller()
        secret = {"secret": SECRET} if dialer == "twilio" else {}
        made = await owner.post("hooks", {"dialer": dialer, "campaign": "spring", **secret, **form}, 201)
        return Hooked(owner, made["id"], made["url"], dialer)

    return make


async def attempts(owner: Owner, account: int) -> list[dict[str, Any]]:
    """Every attempt of an account."""
    query = "SELECT * FROM attempts WHERE account_id = $1 ORDER BY dialer, external_id"
    return [dict(row) for row in await owner.fetch(query, account)]


async def deliveries(owner: Owner, account: int) -> list[dict[str, Any]]:
    """Every stored delivery."""
    query = "SELECT * FROM deliveries WHERE account_id = $1 ORDER BY id"
    return [dict(row) for row in await owner.fetch(query, account)]
