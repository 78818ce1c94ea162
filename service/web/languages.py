"""The languages of pages: the reader's choice, else the languages of the browser; programs are answered in English.

Each language has its catalogue in translations/, read from its text at the first use: a fresh copy of the code needs
no further step.
"""

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO, StringIO

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from litestar.datastructures import Headers
from litestar.types import ASGIApp, Receive, Scope, Send

from reports.model.language import ENGLISH, Language, reading
from service.accounts.users import LANGUAGES

COOKIE = "calltally-language"
_FOR_PROGRAMS = ("/v1/", "/health/", "/openapi.json", "/problems/", "/metrics", "/assets/")


@cache
def language(code: str) -> Language:
    """A language of the pages by its code; English for any other code."""
    if code not in LANGUAGES or code == ENGLISH.code:
        return ENGLISH
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(code))
    compiled.seek(0)
    locale = Locale.parse(code)
    symbols = locale.number_symbols["latn"]
    percent = locale.percent_formats[None].pattern.replace("#,##0", "{number}")
    return Language(code, GNUTranslations(compiled), symbols["decimal"], symbols["group"], percent)


def read_catalogue(code: str) -> Catalog:
    """The catalogue of a language, as its file has it."""
    text = (files("service.web") / "translations" / f"{code}.po").read_text("utf-8")
    return read_po(StringIO(text), locale=code)


def chosen(cookie: str | None, accepted: str) -> Language:
    """The language of a browser: the one it remembers, else the first of its own languages that there is.

    >>> chosen(None, "fr, ro;q=0.8, en;q=0.5").code, chosen("zh", "ro").code, chosen("xx", "").code
    ('ro', 'zh', 'en')
    """
    if cookie in LANGUAGES:
        return language(cookie)
    codes = (part.partition("-")[0] for part in _by_preference(accepted))
    return language(next((code for code in codes if code in LANGUAGES), ENGLISH.code))


def _by_preference(accepted: str) -> list[str]:
    """The languages of an Accept-Language header, the most wanted first."""
    weighted = list[tuple[float, str]]()
    for item in accepted.lower().split(","):
        code, _, weight = item.strip().partition(";q=")
        try:
            weighted.append((-float(weight or 1), code))
        except ValueError:
            continue
    return [code for _, code in sorted(weighted, key=lambda pair: pair[0])]


def in_the_readers_language(application: ASGIApp) -> ASGIApp:
    """The application, which answers browsers in their language; a person's own choice comes later (sign_in.py)."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or str(scope["path"]).startswith(_FOR_PROGRAMS):
            with reading(ENGLISH):
                await application(scope, receive, send)
            return
        headers = Headers.from_scope(scope)
        with reading(chosen(_cookie(headers), headers.get("accept-language", ""))):
            await application(scope, receive, send)

    return answer


def _cookie(headers: Mapping[str, str]) -> str | None:
    """The language that the browser remembers."""
    for item in headers.get("cookie", "").split(";"):
        name, _, value = item.strip().partition("=")
        if name == COOKIE:
            return value
    return None
