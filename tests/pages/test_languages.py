"""The pages in four languages: complete catalogues, no untranslated sentence, and numbers as readers write them."""

from pathlib import Path

from reports.catalogue.catalogue import catalogue
from reports.model.language import ENGLISH, reading, translate_plural
from reports.render import formatting
from service.web.languages import chosen, language
from tests.api.conftest import Caller, caller, client, new_caller, server, service
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "server", "service"]

OTHERS = ("zh", "id", "ro")
FOLDER = Path(__file__).parents[2] / "service" / "pages" / "templates"
# Templates with sentences that wait for translation; a template leaves the list when it is done, and none comes in.
WAITING = frozenset(
    {
        "audit_log.html",
        "first_steps.html",
        "import.html",
        "import_columns.html",
        "import_file.html",
        "import_upload.html",
        "numbers.html",
        "settings_account.html",
        "settings_attribute.html",
        "settings_attributes.html",
        "settings_calendar.html",
        "settings_calendars.html",
        "settings_demo.html",
        "settings_dialer.html",
        "settings_dialer_address.html",
        "settings_dialer_connect.html",
        "settings_dialer_state.html",
        "settings_dialers.html",
        "settings_entries.html",
        "settings_entry.html",
        "settings_history.html",
        "settings_home.html",
        "settings_item.html",
        "settings_items.html",
        "settings_key.html",
        "settings_key_created.html",
        "settings_keys.html",
        "settings_list.html",
        "settings_number.html",
        "settings_number_unknown.html",
        "settings_numbers.html",
        "settings_paste.html",
        "settings_target.html",
        "settings_targets.html",
        "settings_user.html",
        "settings_user_link.html",
        "settings_users.html",
        "user_fields.html",
    }
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
    assert "Recent calls may still convert" in report.text
