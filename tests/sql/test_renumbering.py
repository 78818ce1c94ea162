"""The migration that gives stored numbers their present spelling, and the ledger's own copy of the rules."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from service.ingest.renumbering import RENUMBERINGS, former_spellings, present_spelling
from sql import MIGRATIONS
from sql.migrate import migrate
from tests.conftest import Owner

LAST_BEFORE = 14
LEAD = """
    INSERT INTO leads (account_id, external_id, received_at, phone_number, phone_country, observed_at, changed_xid)
    VALUES (1, $1, '2026-03-02T08:00:00Z', $2, $3, now(), '3')"""
CALL = """
    INSERT INTO attempts (account_id, dialer, external_id, to_number, from_number, dialed_at, observed_at, changed_xid)
    VALUES (1, 'main', $1, $2, $3, '2026-03-02T09:00:00Z', now(), '3')"""
HISTORY = """
    INSERT INTO leads_history (account_id, external_id, id, phone_number, phone_country, observed_at, recorded_at,
        superseded_at, changed_xid)
    VALUES (1, $1, 9, $2, $3, now(), now() - interval '2 days', now() - interval '1 day', '3')"""
ASSIGNMENT = """
    INSERT INTO tracking_number_assignments (account_id, number, from_at, to_at, source) VALUES (1, $1, $2, $3, $4)"""


async def test_the_ledger_has_the_rules_of_the_service(owner: Owner) -> None:
    stored = {tuple(row) for row in await owner.fetch("SELECT country, former, present FROM number_plans()")}
    rules = {
        (rule.country, *(f"^{p}$".replace("\\+", "[+]") for p in (rule.former, rule.present))) for rule in RENUMBERINGS
    }
    assert stored == rules
    for number in ("+525512345678", "+541123456789", "+5511987654321", "+84321234567", "+24177123456", "+14155550123"):
        spellings = await owner.fetchval("SELECT number_spellings($1)", number)
        assert set(spellings) == {number, *former_spellings(number)}
        for spelling in spellings:
            assert await owner.fetchval("SELECT present_number($1)", spelling) == number == present_spelling(spelling)
    assert await owner.fetchval("SELECT present_number('+5215512345678;ext=7')") == "+525512345678;ext=7"
    assert "+5215512345678;ext=7" in await owner.fetchval("SELECT number_spellings('+525512345678;ext=7')")


async def test_stored_numbers_get_their_present_spelling_with_their_leads_and_sources(
    empty_database: str, tmp_path: Path
) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    for file in folder.glob("*.sql"):
        if int(file.name[:4]) > LAST_BEFORE:
            file.unlink()
    await migrate(empty_database, folder)
    owner = await asyncpg.connect(empty_database)
    try:
        await fill(owner)
        await migrate(empty_database)
        await check(owner)
    finally:
        await owner.close()


async def fill(owner: Owner) -> None:
    await owner.execute("INSERT INTO sources (account_id, code) VALUES (1, 'radio'), (1, 'fair')")
    await owner.execute(
        "INSERT INTO tracking_numbers (account_id, number) VALUES (1, '+5215500000001'), (1, '+525500000001')"
    )
    early, middle = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    await owner.execute(ASSIGNMENT, "+5215500000001", middle, None, "radio")
    await owner.execute(ASSIGNMENT, "+525500000001", early, middle, "fair")
    await owner.execute(LEAD, "mexican", "+5215512345678", "MX")
    await owner.execute(LEAD, "unread", "+225 48 12 34 56", None)
    await owner.execute(LEAD, "other", "+14155550123", "US")
    await owner.execute(HISTORY, "other", "+551187654321", "BR")
    await owner.execute(CALL, "called", "+525512345678", "+525500000001")
    await owner.execute(CALL, "ivorian", "+22548123456", "+5215500000001")
    await owner.execute(CALL, "same", "+14155550123", None)


async def check(owner: Owner) -> None:
    leads = {
        row[0]: tuple(row)[1:]
        for row in await owner.fetch(
            "SELECT external_id, phone_number, phone_country, changed_xid::text <> '3' FROM leads"
        )
    }
    assert leads == {
        "mexican": ("+525512345678", "MX", True),
        "unread": ("+2250748123456", "CI", True),
        "other": ("+14155550123", "US", True),
    }
    assert await owner.fetchval("SELECT phone_number FROM leads_history") == "+5511987654321"
    calls = {
        row[0]: tuple(row)[1:]
        for row in await owner.fetch(
            "SELECT external_id, to_number, lead, lead_by::text, tracking_number, source, changed_xid::text <> '3'"
            " FROM attempts"
        )
    }
    assert calls == {
        "called": ("+525512345678", "mexican", "number", "+525500000001", "radio", True),
        "ivorian": ("+2250748123456", "unread", "number", "+525500000001", "radio", True),
        "same": ("+14155550123", None, None, None, None, False),
    }
    assert [row[0] for row in await owner.fetch("SELECT number FROM tracking_numbers")] == ["+525500000001"]
    held = await owner.fetch("SELECT source FROM tracking_number_assignments ORDER BY from_at")
    assert [row["source"] for row in held] == ["fair", "radio"]


async def test_spelling_a_number_tries_only_the_patterns_of_its_first_digits(owner: Owner) -> None:
    # PostgreSQL keeps 32 compiled patterns, and one with a count takes a millisecond to compile.
    for number in (
        "+525512345678",
        "+541123456789",
        "+5511987654321",
        "+84321234567",
        "+24177123456",
        "+2250748123456",
    ):
        tried = await owner.fetchval(
            "SELECT count(*) FILTER (WHERE starts_with($1, first_digits(former)))"
            " + count(*) FILTER (WHERE starts_with($1, first_digits(present))) FROM number_plans()",
            number,
        )
        assert 1 <= tried <= 12
    assert await owner.fetchval("SELECT number_spellings(NULL)") is None
    assert await owner.fetchval("SELECT first_digits('^[+]84()162(\\d{7})$')") == "+84162"
    assert await owner.fetchval("SELECT first_digits('^[+]55([1-9][1-9])9((?:[689]\\d|7[1-6])\\d{6})$')") == "+55"
