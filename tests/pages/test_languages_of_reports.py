"""Every page of reports in a language of our own, in which each translated letter is a wide one: what stays is data."""

import re
from datetime import UTC, datetime
from gettext import NullTranslations
from html import unescape

import pytest

from reports.catalogue.presets import PRESETS
from reports.model.language import Language
from service.sandbox.bulk.copying import write
from service.sandbox.demo.floor import DemoFloor
from service.web import languages
from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

NOW = datetime(2026, 3, 20, 19, 40, tzinfo=UTC)
DAYS = 9
PERIOD = "from=2026-03-13&to=2026-03-20&as_of=2026-03-20T19:40:00Z"
PAGES = (
    f"/overview?{PERIOD}&compare=previous",
    f"/agents?{PERIOD}&compare=week",
    f"/agent?agent=temp-14&{PERIOD}",
    f"/sources?{PERIOD}",
    f"/campaigns?{PERIOD}",
    f"/lead-response?{PERIOD}",
    f"/best-time?{PERIOD}",
    f"/quality?{PERIOD}",
    f"/service?{PERIOD}",
    f"/people?{PERIOD}",
    f"/staffing?{PERIOD}",
    "/staffing?calls=100&handle_time=180",
    "/live?as_of=2026-03-20T19:40:00Z",
    "/to-do/rejected",
    "/definitions",
    "/definitions/service_level",
    "/copies",
    "/sessions",
    "/agents?from=2026-03-01&to=2026-02-01",
    "/overview?from=1999-01-01&to=1999-01-02",
    f"/look/rows?metric=attempts&{PERIOD}",
    f"/look/rows?metric=sales&{PERIOD}",
    f"/look/rows?metric=conv_per_lead&{PERIOD}",
    f"/look/rows?metric=service_level&{PERIOD}",
    f"/look/rows?metric=agent_hours&{PERIOD}",
    *(f"/look/{name}?{PERIOD}&compare=previous" for name in PRESETS),
    f"/look/calls?{PERIOD}&by=network_result",
    f"/look/calls?{PERIOD}&by=hour_of_week",
    f"/look/agent-time?{PERIOD}&by=state",
)
_WIDE = 0xFEE0
_KEPT = re.compile(r"\{[^{}]*\}|<[^<>]*>|&\w+;")
_LETTER = re.compile(r"[A-Za-z]")
_UNSEEN = re.compile(r"<(script|style|code|pre|datalist)\b.*?</\1>|<!--.*?-->|<p lang=\"en\">.*?</p>", re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(?:aria-label|placeholder|title|alt)="([^"]*)"')
_TAG = re.compile(r"<[^>]+>")
_WORD = re.compile(r"[A-Za-z]{3,}")


def widened(message: str) -> str:
    """A message with wide letters; values and markup stay."""
    pieces, end = list[str](), 0
    for kept in _KEPT.finditer(message):
        pieces += [_LETTER.sub(_wide, message[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*pieces, _LETTER.sub(_wide, message[end:])])


def _wide(letter: re.Match[str]) -> str:
    return chr(ord(letter[0]) + _WIDE)


class Wide(NullTranslations):
    """The catalogue of a language of wide letters."""

    looked_up: set[str] = set()

    def gettext(self, message: str) -> str:
        self.looked_up.add(message)
        return widened(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.looked_up.add(msgid1)
        return widened(msgid1 if n == 1 else msgid2)


def seen(page: str) -> list[str]:
    """What a person reads or hears of a page, text by text."""
    page = _UNSEEN.sub("\n", page)
    texts = [*_TAG.sub("\n", page).split("\n"), *_ATTRIBUTE.findall(page)]
    return [" ".join(unescape(text).split()) for text in texts]


@pytest.fixture
async def browser(caller: Caller, ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Browser:
    await write(ledger_url, caller.account_id, DemoFloor(7, NOW, DAYS).plan, lambda _: None)
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    monkeypatch.setattr(languages, "chosen", lambda *_: Language("zh", Wide()))
    return browser


async def test_walk(browser: Browser) -> None:
    import collections
    import sys
    out, others = collections.defaultdict(set), set()
    for address in PAGES:
        answer = await browser.ask("GET", address)
        print(answer.status_code, address, file=sys.stderr)
        for text in seen(answer.text):
            if _WORD.search(text):
                out[text].add(address.partition("?")[0])
        if "specification" in answer.text:
            for spec in re.findall(r'<script[^>]*class="specification"[^>]*>(.*?)</script>', answer.text, re.DOTALL):
                for text in re.findall(r'"(?:title|what|side|length|step)": ?"([^"]*)"', spec):
                    if _WORD.search(text): out["CHART " + text].add(address.partition("?")[0])
        for link in re.findall(r'href="(/(?:attempt|lead|inbound-call|tracking-number|coaching/share)\?[^"]*)"', answer.text):
            kind = link.partition("?")[0]
            if kind in others: continue
            others.add(kind)
            more = await browser.ask("GET", unescape(link))
            print(more.status_code, link, file=sys.stderr)
            for text in seen(more.text):
                if _WORD.search(text):
                    out[text].add(kind)
    from service.web.languages import read_catalogue
    known = read_catalogue("zh")
    with open("/tmp/lang_b/missing.txt", "w") as f:
        for m in sorted(Wide.looked_up):
            if m and not known.get(m): f.write(m + "\n")
    with open("/tmp/lang_b/bare.txt", "w") as f:
        for text, where in sorted(out.items(), key=lambda p: (sorted(p[1])[0], p[0])):
            f.write(f"{sorted(where)[0]}({len(where)})\t{text[:220]}\n")
