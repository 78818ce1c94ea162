"""Spend, running costs and exchange rates in the browser: entered, corrected, pasted and taken back."""

from html import unescape

import pytest

from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.pages.settings import error_at, hidden_of, send, sent
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

SPEND = "/settings/spend"
COSTS = "/settings/running-costs"
RATES = "/settings/exchange-rates"


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


async def test_spend_is_entered_corrected_and_taken_back(browser: Browser, caller: Caller) -> None:
    assert "Nothing entered yet" in await browser.look(SPEND)
    form = await browser.look(f"{SPEND}/entry")
    listed = await sent(
        browser, form, f"{SPEND}/entry", source="web", month="2026-02", amount="$ 2,800.00", currency="usd"
    )
    assert "Saved." in listed
    assert "2,800.00" in listed
    [entry] = (await caller.get("spend"))["items"]
    assert (entry["source"], entry["from_on"], entry["to_on"], entry["currency"]) == (
        *("web", "2026-02-01", "2026-02-28"),
        "USD",
    )
    assert float(entry["amount"]) == 2800

    page = await browser.look(f"{SPEND}/entry", external_id=entry["external_id"])
    days = {"from_on": "2026-02-01", "to_on": "2026-02-28"}
    await sent(browser, page, f"{SPEND}/entry", source="web", amount="1.400,50", currency="USD", **days)
    [entry] = (await caller.get("spend"))["items"]
    assert entry["amount"] == "1400.5000"
    late = await send(browser, page, f"{SPEND}/entry", 409, source="web", amount="5", currency="USD", **days)
    assert "Saved meanwhile: web, 2026-02-01, 2026-02-28, 1,400.50, USD." in late.text
    page = await browser.look(f"{SPEND}/entry", external_id=entry["external_id"])
    emptied = await send(browser, page, f"{SPEND}/entry", 422, amount="5", currency="USD", **days)
    assert error_at(emptied.text, "source") == "is required"
    await sent(browser, page, f"{SPEND}/entry", do="remove")
    [entry] = (await caller.get("spend"))["items"]
    assert float(entry["amount"]) == 0
    history = await browser.look(f"{SPEND}/entry", external_id=entry["external_id"])
    earliest = unescape(history.split('<nav class="languages"')[0].split('href="')[-1].split('"')[0])
    restored = await browser.look(earliest)
    assert 'value="2800"' in restored
    assert history.count("<td>key test</td>") == 3
    trail = [entry["action"] for entry in (await caller.get("audit-log", resource="spend"))["items"]]
    assert trail == ["change", "change", "create"]
    await sent(browser, restored, f"{SPEND}/entry", source="web", amount="2800", currency="USD", **days)
    [entry] = (await caller.get("spend"))["items"]
    assert float(entry["amount"]) == 2800


async def test_entries_of_the_api_are_listed_with_totals_by_month(browser: Browser, caller: Caller) -> None:
    items = [
        # Ten days of January and twenty of February: 100 and 200.
        {"external_id": "a", "source": "web", "from_on": "2026-01-22", "to_on": "2026-02-20", "amount": 300},
        {
            "external_id": "b",
            "source": "tv",
            "campaign": "spring",
            "from_on": "2026-02-01",
            "to_on": "2026-02-01",
            "amount": 7,
        },
    ]
    await caller.post("spend", [item | {"currency": "EUR"} for item in items])
    page = await browser.look(SPEND)
    totals = page.partition("By month")[2]
    assert totals.index("207.00") < totals.index("100.00")
    assert "tv" not in (await browser.look(SPEND, search="web")).partition("<main")[2]
    assert "Nothing matches" in await browser.look(SPEND, search="radio")
    api = await caller.get("spend", source="web")
    assert [item["external_id"] for item in api["items"]] == ["a"]
    first = await caller.get("spend", limit="1")
    assert ([item["external_id"] for item in first["items"]], first["next"]) == (["b"], "2026-02-01 b")
    rest = await caller.get("spend", after=first["next"])
    assert ([item["external_id"] for item in rest["items"]], rest["next"]) == (["a"], None)
    assert (await caller.get("spend", 400, after="a"))["errors"][0]["pointer"] == "after"
    assert [item["external_id"] for item in (await caller.get("spend", from_on="2026-02-02"))["items"]] == ["a"]


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({"amount": "5"}, {"amount": "5", "source": None}),
        ({"amount": "a lot"}, {"amount": "a lot"}),
        ({"amount": "-5"}, {"amount": "-5"}),
        ({"amount": "1.005"}, {"amount": "1.005"}),
        ({"amount": "5", "currency": "EURO"}, {"amount": "5", "currency": "EURO"}),
        ({"amount": "5", "to_on": "2026-01-01"}, {"amount": "5", "to_on": "2026-01-01"}),
    ],
)
async def test_wrong_spend_has_the_faults_of_the_api_at_its_fields(
    browser: Browser, caller: Caller, fields: dict[str, str], body: dict[str, str | None]
) -> None:
    item = {"external_id": "x", "source": "web", "from_on": "2026-02-01", "to_on": "2026-02-01", "currency": "USD"}
    whole = {name: value for name, value in (item | body).items() if value is not None}
    problem = await caller.post("spend", whole, 422)
    form = await browser.look(f"{SPEND}/entry")
    source = {} if "source" in body else {"source": "web"}
    typed = {"from_on": "2026-02-01", "currency": "USD"} | source | fields
    page = (await send(browser, form, f"{SPEND}/entry", 422, **typed)).text
    for fault in problem["errors"]:
        assert error_at(page, fault["pointer"].strip("/")) == fault["message"]
    assert f'value="{fields["amount"]}"' in page
    assert (await caller.get("spend"))["items"] == []


async def test_rows_of_a_spreadsheet_are_shown_before_they_are_saved(browser: Browser, caller: Caller) -> None:
    form = await browser.look(f"{SPEND}/paste")
    rows = "Date\tChannel\tCost\n2026-03\tweb\t€ 1,200.00\n3/4/2026\ttv\tmuch\n"
    refused = (await send(browser, form, f"{SPEND}/paste", 422, rows=rows)).text
    assert "1 of 2 rows cannot be saved yet" in refused
    assert "Amount must be written like 1234.5" in refused
    good = rows.replace("much", "99,5")
    shown = (await send(browser, refused, f"{SPEND}/paste", 200, rows=good)).text
    assert (await caller.get("spend"))["items"] == []
    assert "2026-03-31" in shown
    saved = await sent(browser, shown, f"{SPEND}/paste", rows=good, do="save", seen=_seen(shown))
    assert "Saved 2 rows." in saved
    stored = {item["source"]: item for item in (await caller.get("spend"))["items"]}
    assert (stored["web"]["from_on"], stored["web"]["to_on"], float(stored["web"]["amount"])) == (
        *("2026-03-01", "2026-03-31"),
        1200,
    )
    # The account is of the US.
    assert (stored["tv"]["from_on"], float(stored["tv"]["amount"]), stored["tv"]["currency"]) == (
        "2026-03-04",
        99.5,
        "USD",
    )

    corrected = good.replace("99,5", "100")
    again = (await send(browser, form, f"{SPEND}/paste", 200, rows=corrected)).text
    assert "Known" in again
    assert "Corrects 99.50" in again
    await sent(browser, again, f"{SPEND}/paste", rows=corrected, do="save", seen=_seen(again))
    stored = {item["source"]: item for item in (await caller.get("spend"))["items"]}
    assert (len(stored), float(stored["tv"]["amount"])) == (2, 100)
    late = await send(browser, again, f"{SPEND}/paste", 409, rows=good, do="save", seen=_seen(again))
    assert "Somebody else changed this" in late.text
    twice = "web,2026-03-01,5\nweb,2026-03-01,6\n"
    twice = f"source,day,amount\n{twice}"
    assert "is about the same as row 1" in (await send(browser, form, f"{SPEND}/paste", 422, rows=twice)).text


async def test_pasted_rows_correct_what_was_entered_another_way(browser: Browser, caller: Caller) -> None:
    item = {"source": "web", "from_on": "2026-03-01", "to_on": "2026-03-31", "amount": 5, "currency": "USD"}
    await caller.post("spend", item | {"external_id": "ads-march"}, 201)
    form = await browser.look(f"{SPEND}/paste")
    rows = "source\tday\tamount\nweb\t2026-03\t8\n"
    shown = (await send(browser, form, f"{SPEND}/paste", 200, rows=rows)).text
    assert "Corrects 5.00" in shown
    await sent(browser, shown, f"{SPEND}/paste", rows=rows, do="save", seen=_seen(shown))
    assert [(item["external_id"], float(item["amount"])) for item in (await caller.get("spend"))["items"]] == [
        ("ads-march", 8)
    ]
    await caller.post("spend", item | {"external_id": "ads-march-2"}, 201)
    ambiguous = (await send(browser, form, f"{SPEND}/paste", 422, rows=rows)).text
    assert "is about the same as 2 known entries" in ambiguous
    named = "source\tday\tamount\tID\nweb\t2026-03\t9\tads-march-2\n"
    shown = (await send(browser, form, f"{SPEND}/paste", 200, rows=named)).text
    await sent(browser, shown, f"{SPEND}/paste", rows=named, do="save", seen=_seen(shown))
    assert {item["external_id"]: float(item["amount"]) for item in (await caller.get("spend"))["items"]} == {
        "ads-march": 8,
        "ads-march-2": 9,
    }


def _seen(page: str) -> str:
    return hidden_of(page, f"{SPEND}/paste")["seen"]


async def test_running_costs_are_of_a_team_or_of_all(browser: Browser, caller: Caller) -> None:
    form = await browser.look(f"{COSTS}/entry")
    rent = {"month": "2026-03", "amount": "3000", "currency": "USD", "overhead": "yes"}
    await sent(browser, form, f"{COSTS}/entry", **rent)
    rows = "Team;From;To;Amount;Currency\nnorth;2026-03-01;2026-03-31;42.000,00;EUR\n"
    shown = (await send(browser, await browser.look(f"{COSTS}/paste"), f"{COSTS}/paste", 200, rows=rows)).text
    seen = hidden_of(shown, f"{COSTS}/paste")["seen"]
    await sent(browser, shown, f"{COSTS}/paste", rows=rows, do="save", seen=seen)
    stored = {item["team"]: item for item in (await caller.get("running-costs"))["items"]}
    assert (stored[None]["overhead"], float(stored[None]["amount"])) == (True, 3000)
    assert (stored["north"]["overhead"], float(stored["north"]["amount"]), stored["north"]["currency"]) == (
        *(False, 42000),
        "EUR",
    )
    both = "Team,Overhead,Day,Amount\nsouth,no,2026-03,100\nsouth,yes,2026-03,50\n"
    shown = (await send(browser, await browser.look(f"{COSTS}/paste"), f"{COSTS}/paste", 200, rows=both)).text
    seen = hidden_of(shown, f"{COSTS}/paste")["seen"]
    await sent(browser, shown, f"{COSTS}/paste", rows=both, do="save", seen=seen)
    south = (await caller.get("running-costs", team="south"))["items"]
    assert {item["overhead"]: float(item["amount"]) for item in south} == {False: 100, True: 50}
    assert [item["team"] for item in (await caller.get("running-costs", team="north"))["items"]] == ["north"]


async def test_exchange_rates_are_entered_pasted_corrected_and_withdrawn(browser: Browser, caller: Caller) -> None:
    form = await browser.look(f"{RATES}/entry")
    euro = {"base": "eur", "quote": "USD", "on": "2026-03-02"}
    await sent(browser, form, f"{RATES}/entry", rate="1,0834", **euro)
    [rate] = (await caller.get("exchange-rates"))["items"]
    assert (rate["base"], rate["quote"], rate["on"], rate["rate"]) == ("EUR", "USD", "2026-03-02", "1.0834")
    same = await send(browser, form, f"{RATES}/entry", 422, rate="1", base="USD", quote="USD", on="2026-03-02")
    assert error_at(same.text, "quote") == "must be another currency than base"
    taken = await send(browser, form, f"{RATES}/entry", 409, rate="2", **euro | {"base": "EUR"})
    assert "Saved meanwhile: EUR, USD, 2026-03-02, 1.0834." in taken.text

    rows = "base\tquote\ton\trate\nEUR\tUSD\t2026-03-02\t1.09\nGBP\tUSD\t2026-03-02\t1.27\n"
    shown = (await send(browser, await browser.look(f"{RATES}/paste"), f"{RATES}/paste", 200, rows=rows)).text
    assert "Corrects 1.0834" in shown
    seen = hidden_of(shown, f"{RATES}/paste")["seen"]
    await sent(browser, shown, f"{RATES}/paste", rows=rows, do="save", seen=seen)
    assert [item["rate"] for item in (await caller.get("exchange-rates"))["items"]] == ["1.09", "1.27"]

    page = await browser.look(f"{RATES}/entry", base="GBP", quote="USD", on="2026-03-02")
    empty = await send(browser, page, f"{RATES}/entry", 422)
    assert error_at(empty.text, "rate") == "is required"
    await sent(browser, page, f"{RATES}/entry", do="remove")
    assert [item["base"] for item in (await caller.get("exchange-rates"))["items"]] == ["EUR"]
