"""Every page of reports in a language of our own, in which each translated letter is a wide one: what stays is data."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from gettext import NullTranslations
from html import unescape
from urllib.parse import parse_qsl

import pytest

from reports.catalogue.presets import PRESETS
from reports.model.language import Language
from reports.query.benchmarks import industry
from service.sandbox.bulk.copying import write
from service.sandbox.demo.floor import DemoFloor
from service.web import languages
from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.catalogues import messages
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

pytestmark = pytest.mark.timeout(300)

NOW = datetime(2026, 3, 20, 19, 40, tzinfo=UTC)
DAYS = 5
PERIOD = "from=2026-03-17&to=2026-03-20&as_of=2026-03-20T19:40:00Z"
COMPARED = f"{PERIOD}&compare=previous"
PAGES = (
    f"/overview?{COMPARED}",
    "/overview?from=1999-01-01&to=1999-01-02",
    f"/agents?{COMPARED}&sort=attempts",
    f"/agent?agent=temp-14&{PERIOD}",
    f"/sources?{PERIOD}",
    f"/campaigns?{PERIOD}",
    f"/lead-response?{PERIOD}",
    f"/best-time?{PERIOD}",
    f"/quality?{PERIOD}",
    f"/service?{PERIOD}",
    f"/people?{PERIOD}",
    f"/staffing?{PERIOD}",
    "/live?as_of=2026-03-20T19:40:00Z",
    "/to-do/rejected",
    "/definitions",
    "/definitions/service_level",
    *(
        f"/look/rows?metric={name}&{PERIOD}"
        for name in ("attempts", "sales", "conv_per_lead", "service_level", "agent_hours", "appointments", "qa_score")
    ),
    *(f"/look/{name}?{PERIOD}" for name in PRESETS if name not in {"outbound", "calls"}),
    f"/look/calls?{COMPARED}&by=network_result,hour_of_week",
    f"/look/agent-time?{PERIOD}&by=state",
)
# Pages of single records, each opened once by the first link to it.
RECORDS = ("/attempt", "/lead", "/inbound-call", "/tracking-number", "/coaching/share")
# What the floor of the demo calls its queues, topics, pauses and forms, and what has one name in every language.
NAMES = {
    *(
        "calltally",
        "English",
        "Bahasa",
        "Indonesia",
        "UTC",
        "USD",
        "GBP",
        "JSON",
        "CSV",
        "XLSX",
        "PARQUET",
        "PNG",
        "SVG",
    ),
    *("attribute", "home", "Detached", "Terraced", "house", "Apartment", "Farm", "other"),
    *("sales", "service", "installation", "invoice", "offer", "break", "lunch", "content", "courtesy", "process"),
    *["Sums", "up", "what", "was", "agreed", "and", "ends", "the", "call"],
}
RESOURCES = ("agents", "campaigns", "sources", "disposition-codes", "tracking-numbers", "teams")
_WIDE = 0xFEE0
_MARKUP = re.compile(r"\{[^{}]*\}|<[^<>]*>|&\w+;")
_LETTER = re.compile(r"[A-Za-z]")
# Long details of definitions are in English, and marked as such: the page says so.
_UNSEEN = re.compile(r"<(script|style|code|pre|datalist)\b.*?</\1>|<!--.*?-->|<p lang=\"en\">.*?</p>", re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(?:aria-label|placeholder|title|alt)="([^"]*)"')
_TAG = re.compile(r"<[^>]+>")
_SPECIFICATION = re.compile(r'<script[^>]*class="specification"[^>]*>(.*?)</script>', re.DOTALL)
_WORD = re.compile(r"(?<![\w-])[A-Za-z]{3,}(?![\w-])")
_LINK = re.compile(r'href="((/[a-z-]+(?:/[a-z]+)?)\?[^"]*)"')


def widened(message: str) -> str:
    """A message with wide letters; values and markup stay."""
    pieces, end = list[str](), 0
    for markup in _MARKUP.finditer(message):
        pieces += [_LETTER.sub(_wide, message[end : markup.start()]), markup[0]]
        end = markup.end()
    return "".join([*pieces, _LETTER.sub(_wide, message[end:])])


def _wide(letter: re.Match[str]) -> str:
    return chr(ord(letter[0]) + _WIDE)


class Wide(NullTranslations):
    """The catalogue of a language of wide letters: it has every sentence that catalogues must have, and no other."""

    known = frozenset(text for message in messages() for text in message)

    def gettext(self, message: str) -> str:
        return widened(message) if message in self.known else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def seen(page: str) -> Iterator[str]:
    """What a person reads or hears of a page, text by text; of charts, their titles and series."""
    for specification in _SPECIFICATION.findall(page):
        yield from _titles(json.loads(specification))
    page = _UNSEEN.sub("\n", page)
    for text in (*_TAG.sub("\n", page).split("\n"), *_ATTRIBUTE.findall(page)):
        yield " ".join(unescape(text).split())


def _titles(part: object) -> Iterator[str]:
    match part:
        case list():
            for item in part:
                yield from _titles(item)
        case dict():
            for name, value in part.items():
                if isinstance(value, str) and name in {"title", "what", "side", "length", "step"}:
                    yield value
                yield from _titles(value)
        case _:
            pass


async def _data(caller: Caller) -> set[str]:
    """The words of the account's own names, and of the citations of published figures."""
    texts = [f"{benchmark.source} {benchmark.segment} {benchmark.differs}" for benchmark in industry()]
    for resource in RESOURCES:
        answer = await caller.client.get(f"/v1/{resource}", headers={"authorization": f"Bearer {caller.key}"})
        texts.append(answer.text if answer.status_code == 200 else "")
    regions = await caller.get("reports", metrics="attempts", by="region", **dict(parse_qsl(PERIOD)))
    texts += [str(group["group"]["region"]) for group in regions["groups"]]
    return NAMES | {word for text in texts for word in _WORD.findall(text)}


@pytest.fixture
async def browser(caller: Caller, ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A signed-in browser of a reader of wide letters, over the floor of the demo."""
    await write(ledger_url, caller.account_id, DemoFloor(7, NOW, DAYS).plan, lambda _: None)
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    monkeypatch.setattr(languages, "chosen", lambda *_: Language("zh", Wide()))
    return browser


async def test_no_page_of_reports_has_a_bare_english_word(browser: Browser, caller: Caller) -> None:
    data, waiting, bare = await _data(caller), [*PAGES], dict[str, str]()
    records = set[str]()
    for address in waiting:
        page = await browser.look(address)
        for text in seen(page):
            if words := [word for word in _WORD.findall(text) if word not in data]:
                bare.setdefault(text, f"{words} in {address}")
        for link, path in _LINK.findall(page):
            if path in RECORDS and path not in records:
                records.add(path)
                waiting.append(unescape(link))
    assert records == set(RECORDS)
    assert not bare, "\n".join(f"{text}: {where}" for text, where in bare.items())
