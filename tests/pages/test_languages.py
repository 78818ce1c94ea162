"""The pages in four languages: complete catalogues, no untranslated sentence, and numbers as readers write them."""

import re
from pathlib import Path

import pytest

from reports.catalogue.catalogue import catalogue
from reports.model.language import ENGLISH, reading, translate_plural
from reports.render import formatting
from service.pages.components.layout import templates
from service.web.languages import chosen, language, read_catalogue
from tests.api.conftest import Caller, caller, client, new_caller, server, service
from tests.catalogues import messages
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "server", "service"]

OTHERS = ("zh", "id", "ro")
FOLDER = Path(__file__).parents[2] / "service" / "pages" / "templates"
_TAG = re.compile(r"<(script|style|code|pre)\b.*?</\1>|<[^>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r'(?:aria-label|placeholder|title|alt)="([^"]*)"')
# Attributes that a macro keeps for several tags.
_SHARED = re.compile(r'\b[a-z-]+="[^"<>]*"?|\brequired\b')
_WORD = re.compile(r"[A-Za-z]{3,}")
_NAMES = {"calltally", "UTC", "nbsp", "middot", "doctype", "html", "amp"}


def untranslated(name: str) -> list[str]:
    """The words of a template outside of markup and of expressions."""
    source = (FOLDER / name).read_text("utf-8")
    bare = "".join(text for _, kind, text in templates().lex(source) if kind == "data")
    attributes = " ".join(_ATTRIBUTE.findall(bare))
    words = _WORD.findall(f"{_SHARED.sub(' ', _TAG.sub(' ', bare))} {attributes}")
    return [word for word in words if word not in _NAMES]


def placeholders(text: str) -> set[str]:
    """The values that a sentence leaves room for."""
    return set(re.findall(r"\{(\w+)\}", text))


def test_no_template_has_a_sentence_that_cannot_be_translated() -> None:
    failing = {path.name: words for path in FOLDER.glob("*.html") if (words := untranslated(path.name))}
    assert failing == {}


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_is_translated_with_its_values(code: str) -> None:
    known = read_catalogue(code)
    for singular, plural in messages():
        message = known.get(singular)
        assert message is not None, f"{code}: no translation of {singular!r}"
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        assert len(forms) == (known.num_plurals if plural else 1), singular
        for form in forms:
            assert form, f"{code}: no translation of {singular!r}"
            assert placeholders(form) in (placeholders(singular), placeholders(plural or singular)), form


@pytest.mark.parametrize(
    ("code", "share", "money", "time", "calls"),
    [
        ("en", "14.7%", "$1,234.50", "2 m 05 s", "1,200 calls"),
        ("zh", "14.7%", "$1,234.50", "2 分 05 秒", "1,200 通"),
        ("id", "14,7%", "$1.234,50", "2 m 05 d", "1.200 panggilan"),
        ("ro", "14,7\u00a0%", "$1.234,50", "2 min 05 s", "1.200 de apeluri"),
    ],
)
def test_numbers_are_written_as_readers_write_them(code: str, share: str, money: str, time: str, calls: str) -> None:
    with reading(language(code)):
        assert formatting.value(0.147, catalogue()["answer_rate"].metric, "USD") == share
        assert formatting.money(1_234.5, "USD") == money
        assert formatting.duration(125) == time
        assert translate_plural("{count} call", "{count} calls", 1_200) == calls


def test_a_browser_is_answered_in_the_first_of_its_languages_that_there_is() -> None:
    assert chosen(None, "fr-FR, ro;q=0.8, en;q=0.5") is language("ro")
    assert chosen("id", "ro") is language("id")
    assert chosen(None, "fr") is chosen("tlh", "") is ENGLISH


async def test_pages_follow_the_browser_and_its_own_choice_and_programs_read_english(caller: Caller) -> None:
    signing_in = await caller.client.get("/sign-in", headers={"accept-language": "ro, en;q=0.5"})
    assert '<html lang="ro">' in signing_in.text
    assert "Parolă" in signing_in.text
    answer = await caller.client.get("/language/zh", follow_redirects=False)
    assert answer.status_code == 303
    assert "calltally-language=zh" in answer.headers["set-cookie"]
    assert (await caller.client.get("/language/tlh")).status_code == 404
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    browser.cookies["calltally-language"] = "id"
    page = await browser.look("/overview", **{"from": "2026-03-02", "to": "2026-03-03"})
    assert '<html lang="id">' in page
    assert ">Ikhtisar<" in page
    assert "Tidak ada data dalam periode ini." in page
    report = await caller.client.get(
        "/v1/reports/calls?from=2026-03-02&to=2026-03-03",
        headers={"authorization": f"Bearer {caller.key}", "accept-language": "ro"},
    )
    assert report.json()["metrics"][0]["title"] == "Attempts"
