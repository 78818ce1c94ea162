"""Values as people type them in Settings: shares, times, amounts, days and hours."""

import pytest

from reports.catalogue.catalogue import catalogue
from service.pages.settings import typed

SHARE, SECONDS, PER_HOUR, COUNT = (
    catalogue()[name].metric for name in ("answer_rate", "avg_handle_time", "contacts_per_hour", "attempts")
)


@pytest.mark.parametrize(
    ("text", "value"),
    [("15 %", 0.15), ("15%", 0.15), ("12,5 %", 0.125), ("15 percent", 0.15), ("0.15", 0.15), ("0,15", 0.15)],
)
def test_a_share_is_typed_with_its_sign_or_as_a_fraction(text: str, value: float) -> None:
    assert typed.level(text, SHARE) == value
    assert typed.level(typed.typed_level(value, SHARE), SHARE) == value


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4:30", 270),
        ("4:30 min", 270),
        ("4 m 30 s", 270),
        ("270", 270),
        ("1:02:03", 3723),
        ("1:30 h", 5400),
        ("2 h", 7200),
    ],
)
def test_a_time_is_typed_as_on_a_clock_or_with_its_units(text: str, seconds: float) -> None:
    assert typed.level(text, SECONDS) == seconds
    assert typed.level(typed.typed_level(seconds, SECONDS), SECONDS) == seconds


def test_other_numbers_lose_their_thousands_and_units() -> None:
    assert typed.level("3.4/h", PER_HOUR) == 3.4
    assert typed.level("12,000", COUNT) == 12_000
    assert typed.typed_level(12_000, COUNT) == "12000"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("1,234.50", "1234.50"), ("1.234,50 EUR", "1234.50"), ("$ 12,000", "12000"), ("1 234,5", "1234.5")),
        *(("0,5", "0.5"), ("1.234", "1.234"), ("1,234,567", "1234567"), ("-5", "-5"), ("99,50", "99.50")),
        # What is no amount stays, and the API says what is wrong with it.
        *(("a lot", "a lot"), ("1.2.3,4,5", "1.2.3,4,5")),
    ],
)
def test_an_amount_is_read_with_either_decimal_sign(text: str, number: str) -> None:
    assert typed.amount(text) == number


@pytest.mark.parametrize(
    ("text", "month_first", "days"),
    [
        ("2026-03-04", False, ("2026-03-04", "2026-03-04")),
        ("3/4/2026", True, ("2026-03-04", "2026-03-04")),
        ("3/4/2026", False, ("2026-04-03", "2026-04-03")),
        ("4.3.2026", True, ("2026-03-04", "2026-03-04")),
        ("2028-02", False, ("2028-02-01", "2028-02-29")),
        ("02/2026", True, ("2026-02-01", "2026-02-28")),
        ("March 2026", False, ("2026-03-01", "2026-03-31")),
        ("soon", False, ("soon", "soon")),
        ("Smarch 2026", False, ("Smarch 2026", "Smarch 2026")),
    ],
)
def test_a_day_or_a_month_stands_for_its_days(text: str, month_first: bool, days: tuple[str, str]) -> None:
    assert typed.days(text, month_first=month_first) == days


def test_hours_are_typed_in_short() -> None:
    assert typed.hours("9-12, 13:00-17.30") == ["09:00-12:00", "13:00-17:30"]
    assert typed.hours("9 to 17 and 18-20") == ["09:00-17:00", "18:00-20:00"]
    assert typed.hours("closed") == ["closed"]
    assert typed.hours("") == []
