"""Money of the world: amounts of any currency, exchange rates of each day, and what a report says about both."""

from decimal import Decimal
from typing import Any

import pytest

from tests.api.conftest import Caller, NewCaller
from tests.conftest import Owner
from tests.ledger import broken_histories, written
from tests.make import spend, stage_change

MARCH = {"from": "2026-03-01", "to": "2026-04-01", "tz": "UTC"}


def rate(base: str, quote: str, on: str, value: Any) -> dict[str, Any]:
    return {"base": base, "quote": quote, "on": on, "rate": value}


def faults(problem: dict[str, Any]) -> dict[str, str]:
    return {fault["pointer"]: fault["message"] for fault in problem["errors"]}


def cost(name: str, amount: Any, currency: str, **days: str) -> dict[str, Any]:
    return spend(name, amount=amount, currency=currency, **days)


def deal(name: str, amount: Any, currency: str, closed_at: str, **fields: Any) -> dict[str, Any]:
    usual = {"amount": amount, "currency": currency, "changed_at": closed_at}
    return stage_change(name, opportunity=f"deal {name}", **usual, **fields)


async def number(caller: Caller, metric: str, **parameters: str) -> float | None:
    report = await caller.get("reports", 200, metrics=metric, **MARCH, **parameters)
    return report["total"][metric]["value"]


# Amounts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        (1_500_000_000_000, "IDR"),
        ("1000000000000000", "IDR"),
        (10**15, "JPY"),
        ("999999999999999.99", "USD"),
        ("12345678.123", "KWD"),
        ("0.0001", "CLF"),
        ("1000000000000000.0000", "CLF"),
    ],
)
async def test_amounts_of_any_currency_are_taken_as_exactly_as_they_are_sent(
    caller: Caller, owner: Owner, amount: Any, currency: str
) -> None:
    await caller.post("spend", cost("bill", amount, currency), 201)
    await caller.post("stage-changes", deal("sold", amount, currency, "2026-03-02T10:00:00Z", gross_profit=amount), 201)
    stored = await owner.fetch(
        "SELECT amount, amount, amount FROM spend WHERE account_id = $1 UNION ALL"
        " SELECT amount, gross_profit, amount FROM stage_changes WHERE account_id = $1",
        caller.account_id,
    )
    assert {value for row in stored for value in row} == {Decimal(str(amount))}
    for metric in ("marketing_cost", "won_revenue", "won_gross_profit", "attributed_revenue"):
        report = await caller.get("reports", 200, metrics=metric, **MARCH, currency=currency, model="linear")
        [value] = [cell["value"] for cell in report["total"].values()]
        assert value == float(amount), metric


@pytest.mark.parametrize(
    ("amount", "currency", "fault"),
    [
        ("0.5", "JPY", "must have no decimals, because it is in JPY"),
        (1.234, "USD", "must have at most 2 decimals, because it is in USD"),
        ("1.2345", "KWD", "must have at most 3 decimals, because it is in KWD"),
        (10**15 + 1, "IDR", "must be a number up to 1,000,000,000,000,000"),
    ],
)
async def test_an_amount_that_its_currency_does_not_have_is_refused(
    caller: Caller, amount: Any, currency: str, fault: str
) -> None:
    assert faults(await caller.post("spend", cost("bill", amount, currency), 422)) == {"/amount": fault}
    move = deal("sold", amount, currency, "2026-03-02T10:00:00Z")
    assert faults(await caller.post("stage-changes", move, 422)) == {"/amount": fault}
    move = deal("sold", 1, currency, "2026-03-02T10:00:00Z", gross_profit=amount)
    assert faults(await caller.post("stage-changes", move, 422)) == {"/gross_profit": fault}


async def test_a_currency_that_does_not_exist_is_refused_at_every_door(caller: Caller) -> None:
    meant = "must be the ISO 4217 code of a currency; did you mean USD?"
    assert faults(await caller.post("spend", cost("bill", 1, "USX"), 422)) == {"/currency": meant}
    assert faults(await caller.post("stage-changes", stage_change(currency="usd"), 422)) == {"/currency": meant}
    assert faults(await caller.put("exchange-rates", {"rates": [rate("USX", "EUR", "2026-03-02", 1)]}, 422)) == {
        "/rates/0/base": meant
    }
    refused = await caller.get("reports", 400, metrics="marketing_cost", currency="USX")
    assert faults(refused) == {"currency": meant}
    assert faults(await caller.get("exchange-rates", 400, base="USX")) == {"base": meant}


async def test_shares_of_yen_and_dinars_are_whole_coins_that_add_up(caller: Caller) -> None:
    """100 yen over three days are 34, 33 and 33; 0.100 dinars are 0.034, 0.033 and 0.033."""
    for currency, amount in {"JPY": "100", "KWD": "0.100"}.items():
        await caller.post("spend", cost(currency, amount, currency, to_on="2026-03-04"))
        report = await caller.get("reports", 200, metrics="marketing_cost", by="day", currency=currency, **MARCH)
        shares = [group["cells"]["marketing_cost"]["value"] for group in report["groups"]]
        unit = 1 if currency == "JPY" else 1000
        assert [share for share in shares if share is not None] == [34 / unit, 33 / unit, 33 / unit]


async def test_a_hundred_of_the_largest_amounts_add_up(caller: Caller) -> None:
    """100 times 10^15 rupiah, and the mean of them all, with their interval."""
    deals = [deal(f"sold {n}", 10**15, "IDR", "2026-03-02T10:00:00Z", gross_profit=10**15) for n in range(100)]
    await caller.post("stage-changes", deals)
    report = await caller.get(
        "reports", 200, metrics="won_revenue,avg_deal_value,median_deal_value", currency="IDR", **MARCH
    )
    total = report["total"]
    assert total["won_revenue"]["value"] == 10**17
    assert [total["avg_deal_value"][name] for name in ("value", "ci_low", "ci_high")] == 3 * [10**15]
    assert total["median_deal_value"]["value"] == 10**15


# Exchange rates ------------------------------------------------------------------------------------------------------


async def test_rates_are_put_again_corrected_withdrawn_and_listed(
    caller: Caller, new_caller: NewCaller, owner: Owner
) -> None:
    first = [rate("EUR", "USD", "2026-03-02", "1.0834"), rate("EUR", "JPY", "2026-03-03", 163.25)]
    put = await caller.put("exchange-rates", {"rates": first}, 200)
    assert [receipt["status"] for receipt in put["receipts"]] == ["created", "created"]
    before = await written(owner, caller.account_id)
    assert (await caller.put("exchange-rates", first, 200))["unchanged"] == 2
    assert await written(owner, caller.account_id) == before
    assert (await caller.put("exchange-rates", [rate("EUR", "USD", "2026-03-02", 1.09)]))["updated"] == 1
    assert await broken_histories(owner, caller.account_id) == []
    shown = await caller.get("exchange-rates")
    assert [(item["on"], item["quote"], item["rate"]) for item in shown["items"]] == [
        ("2026-03-03", "JPY", "163.25"),
        ("2026-03-02", "USD", "1.09"),
    ]
    page = await caller.get("exchange-rates", limit=1)
    assert page["next"] == "2026-03-03 EUR JPY"
    assert (await caller.get("exchange-rates", after=page["next"]))["items"] == shown["items"][1:]
    assert len((await caller.get("exchange-rates", quote="JPY"))["items"]) == 1
    assert len((await caller.get("exchange-rates", to_on="2026-03-02"))["items"]) == 1
    await caller.put("exchange-rates", [rate("EUR", "USD", "2026-03-02", None)])
    assert [item["quote"] for item in (await caller.get("exchange-rates"))["items"]] == ["JPY"]
    assert (await (await new_caller()).get("exchange-rates"))["items"] == []


async def test_faulty_rates_are_refused_with_their_place(caller: Caller) -> None:
    rates = [
        rate("EUR", "EUR", "2026-03-02", 1),
        rate("EUR", "USD", "2026-02-30", 1),
        rate("EUR", "USD", "2026-03-02", 0),
        rate("EUR", "USD", "2026-03-02", "1,08"),
        rate("EUR", "USD", "2026-03-02", "0.00000000001"),
    ]
    assert faults(await caller.put("exchange-rates", {"rates": rates}, 422)) == {
        "/rates/0/quote": "must be another currency than base",
        "/rates/1/on": "must be a date, such as 2026-03-01",
        "/rates/2/rate": "must be a number above 0 and below 1,000,000,000",
        "/rates/3/rate": "must be above 0 and written like 1.0834, with at most ten decimals",
        "/rates/4/rate": "must be above 0 and written like 1.0834, with at most ten decimals",
    }
    assert (await caller.get("exchange-rates"))["items"] == []


async def test_money_is_converted_with_the_rate_of_its_day(caller: Caller) -> None:
    """300 EUR over 2, 3 and 4 March at 1.10, 1.10 (no rate that day) and 1.20: 110 + 110 + 120 = 340 USD."""
    await caller.put(
        "exchange-rates", [rate("EUR", "USD", "2026-03-02", "1.1"), rate("EUR", "USD", "2026-03-04", "1.2")]
    )
    await caller.post("spend", cost("ads", 300, "EUR", to_on="2026-03-04"))
    report = await caller.get("reports", 200, metrics="marketing_cost", by="day", **MARCH)
    days = {group["group"]["day"]: group["cells"]["marketing_cost"]["value"] for group in report["groups"]}
    assert days == {"2026-03-02": 110, "2026-03-03": 110, "2026-03-04": 120}
    assert report["other_currencies"] == [
        {"frame": "spend", "what": "cost", "currency": "EUR", "count": 1, "amount": 300, "converted": 340}
    ]
    assert report["excluded"]["spend_no_rate"] == 0
    assert "Converted to USD at the exchange rate of each day: 300.00 EUR cost of 1 cost." in report["notes"]


async def test_the_zone_of_the_account_decides_the_day_of_a_deal(caller: Caller, owner: Owner) -> None:
    """In Tokyo, 23:30 on 2 March and 00:30 on 3 March: 150 yen a dollar on the one day, 160 on the other."""
    await owner.execute("UPDATE accounts SET zone = 'Asia/Tokyo' WHERE account_id = $1", caller.account_id)
    await caller.put("exchange-rates", [rate("USD", "JPY", "2026-03-02", 150), rate("USD", "JPY", "2026-03-03", 160)])
    await caller.post("stage-changes", deal("evening", 100, "USD", "2026-03-02T14:30:00Z"))
    assert await number(caller, "won_revenue", currency="JPY") == 15_000
    await caller.post("stage-changes", deal("night", 100, "USD", "2026-03-02T15:30:00Z"))
    assert await number(caller, "won_revenue", currency="JPY") == 31_000


async def test_a_rate_counts_in_the_other_direction_and_through_a_third_currency(caller: Caller) -> None:
    await caller.put(
        "exchange-rates", [rate("EUR", "USD", "2026-03-02", "1.25"), rate("EUR", "JPY", "2026-03-01", 160)]
    )
    await caller.post("stage-changes", deal("euros", 100, "EUR", "2026-03-02T10:00:00Z"))
    assert await number(caller, "won_revenue", currency="JPY") == 16_000
    await caller.post("stage-changes", deal("yen", 16_000, "JPY", "2026-03-02T10:00:00Z"))
    assert await number(caller, "won_revenue", currency="EUR") == 200
    # 16,000 yen are 100 euros, and those are 125 dollars.
    assert await number(caller, "won_revenue", currency="USD") == 250
    rows = await caller.get("reports/rows", 200, metric="won_revenue", **MARCH)
    assert [
        (row["currency"], row["amount"], row["converted_amount"], row["rate"], row["rate_on"], row["adds"])
        for row in rows["items"]
    ] == [
        ("EUR", 100, 125, 1.25, "2026-03-02", 125),
        ("JPY", 16_000, 125, 0.0078125, "2026-03-01", 125),
    ]


async def test_money_without_a_rate_is_told_and_not_mixed(caller: Caller) -> None:
    """The rate of 2 March counts up to 9 March. The euros of 10 March and all the yen have none."""
    await caller.put("exchange-rates", [rate("EUR", "USD", "2026-03-02", "1.1")])
    deals = [
        deal("home", 1_000, "USD", "2026-03-10T10:00:00Z"),
        deal("fresh", 100, "EUR", "2026-03-09T10:00:00Z"),
        deal("stale", 200, "EUR", "2026-03-10T10:00:00Z"),
        deal("yen", 30_000, "JPY", "2026-03-09T10:00:00Z"),
        deal("yen too", 12_000, "JPY", "2026-03-09T10:00:00Z"),
    ]
    await caller.post("stage-changes", deals)
    report = await caller.get("reports", 200, metrics="won_revenue,won_deals", **MARCH)
    assert report["total"]["won_revenue"]["value"] == 1_110
    assert report["total"]["won_deals"]["value"] == 5
    assert report["excluded"]["opportunities_no_rate"] == 3
    assert [(row["currency"], row["count"], row["amount"], row["converted"]) for row in report["other_currencies"]] == [
        ("EUR", 1, 200, None),
        ("EUR", 1, 100, 110),
        ("JPY", 2, 42_000, None),
    ]
    assert (
        "Not included: 200.00 EUR amount of 1 won deal, 42,000 JPY amount of 2 won deals. No exchange rate to USD for"
        " these days or the 7 days before."
    ) in report["notes"]


async def test_the_total_of_the_rows_is_the_number_without_a_rest_of_binary_sums(caller: Caller) -> None:
    for name, amount in (("a", "52.00"), ("b", "0.01"), ("c", "3.68"), ("d", "3.48")):
        await caller.post("spend", cost(name, amount, "USD", from_on="2026-03-02", to_on="2026-03-02"))
    rows = await caller.get("reports/rows", 200, metric="marketing_cost", **MARCH)
    assert rows["total"] == await number(caller, "marketing_cost") == 59.17


async def test_a_report_of_the_past_converts_as_it_did_then(caller: Caller) -> None:
    await caller.put("exchange-rates", [rate("EUR", "USD", "2026-03-02", "1.1")])
    await caller.post("stage-changes", deal("sold", 100, "EUR", "2026-03-02T10:00:00Z"))
    then = await caller.get("reports", 200, metrics="won_revenue", **MARCH)
    await caller.put("exchange-rates", [rate("EUR", "USD", "2026-03-02", "1.2")])
    assert await number(caller, "won_revenue") == 120
    assert await number(caller, "won_revenue", as_of=then["watermark"]) == 110
