"""Settings for a Chinese reader: no page shows a sentence that its catalogue does not have.

The data of the account have no words, so each Latin word on a page is a name that Chinese readers write so too, or an
untranslated sentence of ours, wherever it was made: in a template or in the code.
"""

import re
from functools import cache
from html import unescape
from typing import Any

import pytest

from reports.catalogue.catalogue import catalogue
from service.pages.navigation import SETTINGS
from service.web.languages import read_catalogue
from tests.api.conftest import Caller, caller, client, new_caller, server, service
from tests.pages.test_pages import Browser, form_token
from tests.pages.uploading import checked, upload

__all__ = ["caller", "client", "new_caller", "server", "service"]

AT = "2026-03-02T09:00:00Z"
DAY = {"from_on": "2026-03-01", "to_on": "2026-03-01"}
NUMBER = "+14155550123"
SETTING_UP: list[tuple[str, str, Any]] = [
    ("PUT", "campaigns/C1", {"name": "C 1"}),
    ("PUT", "campaigns/c-1", {}),
    ("PUT", "agents/A1", {"team": "T1"}),
    ("PUT", "calendars/T1", {"zone": "UTC", "hours": {"monday": ["09:00-17:00"]}, "holidays": [{"on": "2027-01-01"}]}),
    ("PUT", "targets/answer_rate", {"value": 0.5, "team": "T1"}),
    ("PUT", "lead-attributes/L1", {"values": ["X1"]}),
    ("POST", "attempts", {"external_id": "1", "dialer": "d1", "to_number": NUMBER, "dialed_at": AT, "campaign": "C9"}),
    ("POST", "dispositions", {"attempt": "1", "dialer": "d1", "code": "Z1", "set_at": AT}),
    ("POST", "spend", {"external_id": "1", "source": "S1", **DAY, "amount": 5, "currency": "EUR"}),
    ("PUT", "exchange-rates", [{"base": "EUR", "quote": "USD", "on": "2026-03-01", "rate": "1.1"}]),
    ("POST", "running-costs", {"external_id": "1", **DAY, "amount": 5, "currency": "EUR"}),
    ("POST", "tracking-numbers/%2B14155550123/assignments?create=true", {"source": "S1", "from_at": AT}),
    ("POST", "hooks", {"dialer": "twilio", "code": "H1", "campaign": "C1", "secret": "0123456789abcdef"}),
]
FORMS = (
    "/settings/campaigns/item",
    "/settings/campaigns/item?code=C1",
    "/settings/sources/item?code=S1",
    "/settings/agents/item?code=A1",
    "/settings/codes/item?code=Z1",
    "/settings/lead-attributes/item?name=L1",
    "/settings/calendars/calendar",
    "/settings/calendars/calendar?team=T1",
    "/settings/targets/target",
    "/settings/targets/target?metric=answer_rate&scope=team&code=T1&from_on=",
    "/settings/numbers/number",
    "/settings/numbers/number?number=%2B14155550123",
    "/settings/spend/entry",
    "/settings/spend/entry?external_id=1",
    "/settings/running-costs/entry?external_id=1",
    "/settings/exchange-rates/entry?base=EUR&quote=USD&on=2026-03-01",
    "/settings/spend/paste",
    "/settings/keys/key",
    "/settings/dialers/connect?dialer=mapped",
    "/settings/campaigns?search=X9",
    "/settings/keys?search=X9",
)
# What Chinese readers write as we do: marks, formats, products, and examples that a program reads.
NAMES = frozenset(
    (
        *("Aircall", "CallRail", "CloudTalk", "JustCall", "RingCentral", "Ringover", "Twilio", "VICIdial", "calltally"),
        *("Bahasa", "Indonesia", "English", "Rom", "America", "New_York", "New", "York", "test"),
        *("asterisk", "cdr", "freeswitch", "hubspot", "calls", "salesforce", "tasks", "vicidial", "export", "dialed"),
        *("UTC", "UTF", "CSV", "XLSX", "JSON", "NDJSON", "EUR", "USD", "csv"),
    )
)
# Left out: code, what a dialer's maker calls things, choices of dialers and currencies, and the log's own entries.
_UNREAD = re.compile(
    r"<(script|style|code|pre|textarea)\b.*?</\1>|<div class=\"(?:steps-text|help)\">.*?</div>"
    r"|<a class=\"button\" href=\"/settings/dialers/connect\?[^>]*>.*?</a>|<option value=\"[A-Z]{3}\".*?</option>"
    r"|<tr><th scope=\"row\">[\d-]+ [\d:]+</th><td>.*?</tr>",
    re.DOTALL,
)
_TEXTS = re.compile(r'(?:aria-label|placeholder|title|alt)="([^"]*)"|>([^<]+)<')
_WORD = re.compile(r"[^\W\d_]{3,}", re.ASCII)


@cache
def words_of_the_catalogue() -> frozenset[str]:
    """The Latin words that translations have: abbreviations, marks and examples."""
    texts = [message.string for message in read_catalogue("zh") if message.id]
    return frozenset(_WORD.findall(" ".join(text if isinstance(text, str) else " ".join(text or ()) for text in texts)))


def untranslated(page: str) -> list[str]:
    """The texts of a page with a Latin word that no translation has."""
    known = NAMES | words_of_the_catalogue()
    for title in sorted((entry.metric.title for entry in catalogue().values()), key=len, reverse=True):
        page = page.replace(title, "")  # test_languages.py is about these
    texts = [unescape(attribute or text).strip() for attribute, text in _TEXTS.findall(_UNREAD.sub("", page))]
    return [text for text in texts if not known.issuperset(_WORD.findall(text))]


async def untranslated_on(browser: Browser, key: str, *paths: str) -> list[str]:
    """The untranslated texts of pages, each with its page."""
    prefix = key.split("_")[1]
    pages = {path: (await browser.look(path)).replace(prefix, "") for path in paths}
    return [f"{path}: {text}" for path, page in pages.items() for text in untranslated(page)]


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    """A signed-in browser of a Chinese reader."""
    reader = Browser(caller.client)
    await reader.sign_in(caller.key)
    reader.cookies["calltally-language"] = "zh"
    return reader


async def test_no_page_of_settings_has_a_sentence_of_another_language(browser: Browser, caller: Caller) -> None:
    paths = [page.path for page in SETTINGS]
    assert not (left := await untranslated_on(browser, caller.key, *paths)), "\n".join(left)
    for method, path, document in SETTING_UP:
        answer = await caller.send(method, path, json=document)
        assert answer.is_success, (path, answer.text)
    assert not (left := await untranslated_on(browser, caller.key, *paths, *FORMS)), "\n".join(left)


FAULTY: list[tuple[str, str, dict[str, str]]] = [
    ("/settings/account", "/settings/account", {"name": "", "zone": "X/Y", "currency": "EUR", "region": "DE"}),
    ("/settings/campaigns/item", "/settings/campaigns/item", {"code": "", "starts_on": "x"}),
    ("/settings/agents/item", "/settings/agents/item", {"code": NUMBER}),
    (
        "/settings/lead-attributes/item",
        "/settings/lead-attributes/item",
        {"name": "L2", "bands": "9, 8", "fewest_leads": "1"},
    ),
    ("/settings/calendars/calendar", "/settings/calendars/calendar", {"team": "T2", "zone": "UTC", "monday": "9-8"}),
    ("/settings/targets/target", "/settings/targets/target", {"metric": "answer_rate", "value": "x"}),
    ("/settings/numbers/number", "/settings/numbers/number/assign", {"number": "x", "from_at": "x"}),
    ("/settings/spend/entry", "/settings/spend/entry", {"amount": "x", "source": "", "currency": "EU"}),
    ("/settings/spend/paste", "/settings/spend/paste", {"rows": "S1\tx"}),
    ("/settings/exchange-rates/entry", "/settings/exchange-rates/entry", {"base": "EUR", "quote": "EUR", "rate": "0"}),
    ("/settings/keys/key", "/settings/keys/key", {}),
    ("/settings/users", "/settings/users", {"email": "x", "role": "manager"}),
    ("/settings/users", "/settings/users", {"email": "x@x.yz", "role": "agent"}),
    (
        "/settings/dialers/connect?dialer=twilio",
        "/settings/dialers/connect",
        {"dialer": "twilio", "zone": "X", "step": "connect"},
    ),
]


async def test_faults_at_fields_are_in_the_readers_language(browser: Browser, caller: Caller) -> None:
    left = list[str]()
    for path, action, fields in FAULTY:
        token = form_token(await browser.look(path))
        answer = await browser.ask("POST", action, data={"form_token": token, **fields})
        assert answer.status_code == 422, (path, answer.text)
        left += [f"{path}: {text}" for text in untranslated(answer.text)]
    assert not left, "\n".join(left)


async def test_no_page_of_an_import_has_a_sentence_of_another_language(browser: Browser, caller: Caller) -> None:
    rows = "ID,P1,D1,R1\n1,+14155550123,2026-03-02 09:00,Z1\n2,x,y,Z2\n"
    path = await upload(browser, "f1.csv", rows.encode())
    left = await untranslated_on(browser, caller.key, f"{path}/file")
    await checked(browser, path, "attempts", **{"constant.attempt.campaign": "C1", "column.attempt.dialed_at": "D1"})
    left += await untranslated_on(browser, caller.key, f"{path}/columns", path, "/settings/import")
    assert not left, "\n".join(left)


async def test_no_page_for_strangers_has_a_sentence_of_another_language(caller: Caller) -> None:
    stranger = Browser(caller.client)
    stranger.cookies["calltally-language"] = "zh"
    assert not (left := await untranslated_on(stranger, caller.key, "/", "/sign-in", "/forgot-password")), "\n".join(
        left
    )
