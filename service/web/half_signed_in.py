"""Half a sign-in: a browser that has shown the password, and may show the second factor during a few minutes.

A cookie carries it, encrypted; the ledger knows nothing of it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
from litestar.datastructures import Cookie

from service.accounts.keys import Access
from service.config import Settings
from service.errors import NotAuthenticated
from service.platform.secret_encryption import CannotDecrypt, cipher_of
from service.web.requests import AnyRequest

HALF_COOKIE = "calltally-half"
_LASTS = timedelta(minutes=10)
_PLACE = b"half a sign-in"


@dataclass(frozen=True)
class HalfSignIn:
    """The person who has shown the password."""

    account_id: int
    user_id: int


def half_cookie(settings: Settings, access: Access) -> Cookie:
    """The cookie of a person who has shown the password."""
    until = (datetime.now(UTC) + _LASTS).timestamp()
    sealed = cipher_of(settings).close(orjson.dumps([access.account_id, access.user_id, until]).decode(), _PLACE)
    return Cookie(
        key=HALF_COOKIE,
        value=urlsafe_b64encode(sealed).decode(),
        max_age=int(_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.public_root.startswith("https://"),
    )


def read_half(request: AnyRequest, settings: Settings) -> HalfSignIn:
    """The person of a request who has shown the password. Raises NotAuthenticated."""
    try:
        sealed = urlsafe_b64decode(request.cookies.get(HALF_COOKIE, "").encode())
        account_id, user_id, until = orjson.loads(cipher_of(settings).open(sealed, _PLACE))
    except (CannotDecrypt, ValueError):
        raise NotAuthenticated("Sign in first.") from None
    if until < datetime.now(UTC).timestamp():
        raise NotAuthenticated("That took too long. Sign in again.")
    return HalfSignIn(account_id, user_id)
