"""Values of items: every clear notation is accepted, and every other value is refused in plain words."""

import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from service.ingest.fields import (
    Code,
    Country,
    Currency,
    Day,
    Flag,
    PastTime,
    PhoneNumber,
    PlainValue,
    PlannedTime,
    Text,
    Zone,
)
from service.ingest.quantities import Cost, Money, Seconds
from tests.make import NINE

CONTEXT = {"now": NINE}

KINDS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(kind)
    for name, kind in {
        "code": Code,
        "cost": Cost,
        "country": Country,
        "currency": Currency,
        "day": Day,
        "flag": Flag,
        "money": Money,
        "past": PastTime,
        "phone": PhoneNumber,
        "plain": PlainValue,
        "planned": PlannedTime,
        "seconds": Seconds,
        "text": Text,
        "zone": Zone,
    }.items()
}


def read(kind: str, value: Any) -> Any:
    return KINDS[kind].validate_python(value, context=CONTEXT)


def fault_message(kind: str, value: Any) -> str:
    """Why a value is refused."""
    with pytest.raises(ValidationError) as refused:
        read(kind, value)
    return refused.value.errors()[0]["msg"]


moments = st.datetimes(datetime(1970, 1, 2), datetime(2026, 3, 1))  # noqa: DTZ001  the offset is drawn apart
offsets = st.integers(-(23 * 60 + 59), 23 * 60 + 59)


@given(moments, offsets, st.sampled_from("Tt"), st.integers(0, 9))
def test_every_rfc_3339_notation_of_a_time_is_the_same_time(
    local: datetime, offset: int, between: str, digits: int
) -> None:
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    fraction = f".{f'{local.microsecond:06}000'[:digits]}" if digits else ""
    text = f"{local:%Y-%m-%d}{between}{local:%H:%M:%S}{fraction}{sign}{minutes // 60:02}:{minutes % 60:02}"
    truncated = local.replace(microsecond=int(f"{local.microsecond:06}"[:digits].ljust(6, "0")))
    assert read("past", text) == truncated.replace(tzinfo=timezone(timedelta(minutes=offset)))
    assert read("past", text).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01t09:30:00z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00-00:00", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00+05:45", datetime(2026, 3, 1, 3, 45, tzinfo=UTC)),
        ("2026-03-01T09:30:00.1234567Z", datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)),
        ("2024-02-29T23:59:59.999999999Z", datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("1969-12-31T22:00:00-02:00", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_that_are_accepted(text: str, moment: datetime) -> None:
    assert read("past", text) == moment


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("2026-03-01T09:30:00", "needs an offset from UTC"),
        ("2026-03-01 09:30", "needs an offset from UTC"),
        ("2026-03-01", "needs an offset from UTC"),
        ("2026-03-01 09:30:00Z", "must be an RFC 3339 time"),
        ("2026-03-01T09:30Z", "must be an RFC 3339 time"),
        ("2026-03-01T09:30:00+0100", "must be an RFC 3339 time"),
        ("2026-03-01T09:30:00 +01:00", "must be an RFC 3339 time"),
        ("20260301T093000Z", "must be an RFC 3339 time"),
        ("2026-W10-1T09:30:00Z", "must be an RFC 3339 time"),
        ("\uff12\uff10\uff12\uff16-03-01T09:30:00Z", "must be an RFC 3339 time"),
        ("2026-03-01T09:30:00Z\n", "must be an RFC 3339 time"),
        ("yesterday", "must be an RFC 3339 time"),
        ("", "must be an RFC 3339 time"),
        ("2025-02-29T09:30:00Z", "is not a moment that exists"),
        ("2026-13-01T09:30:00Z", "is not a moment that exists"),
        ("2026-03-01T24:30:00Z", "is not a moment that exists"),
        ("2026-03-01T09:30:00+24:00", "is not a moment that exists"),
        ("0001-01-01T00:00:00+14:00", "is not a moment that exists"),
        ("9999-12-31T23:59:59-14:00", "is not a moment that exists"),
        ("1969-12-31T23:59:59.999Z", "must not be before 1970"),
        (1_772_000_000, "must be a string"),
        (0, "must be a string"),
        (None, "must be a string"),
        (True, "must be a string"),
        (NINE, "must be a string"),
    ],
)
def test_times_that_are_refused(value: Any, why: str) -> None:
    assert why in fault_message("past", value)
    assert why in fault_message("planned", value)


def test_past_times_are_at_most_a_day_ahead_and_planned_times_ten_years() -> None:
    for kind, latest in {"past": timedelta(days=1), "planned": timedelta(days=3660)}.items():
        edge = NINE + latest
        assert read(kind, edge.isoformat()) == edge
        assert "ahead of now" in fault_message(kind, (edge + timedelta(seconds=1)).isoformat())


def test_a_day_is_a_date_and_nothing_else() -> None:
    assert read("day", "2024-02-29") == date(2024, 2, 29)
    for value in ("2025-02-29", "2026-3-1", "20260301", "2026-W10-1", "2026-03-01T00:00:00Z", "1969-12-31", 0, None):
        assert "must be a date" in fault_message("day", value)


@given(st.integers(0, 86_400_000))
def test_seconds_are_exact_to_the_millisecond(ms: int) -> None:
    assert read("seconds", ms / 1000) == ms


@pytest.mark.parametrize("value", [-0.001, -1, 86_400.001, math.inf, -math.inf, 10**400])
def test_a_duration_is_never_negative_or_longer_than_a_day(value: float) -> None:
    assert fault_message("seconds", value) == "must be between 0 and 86400 seconds"


@pytest.mark.parametrize("text", ["0", "12.5", "0012.50", "86400", "86400.000"])
def test_seconds_may_be_texts(text: str) -> None:
    assert read("seconds", text) == float(text) * 1000


@pytest.mark.parametrize("value", ["1:00", "-1", "1e3", " 5", "5 s", "86401", "", None, True, False, [1], {}])
def test_seconds_are_numbers(value: Any) -> None:
    assert fault_message("seconds", value) == "must be a number of seconds"


@given(st.decimals(-(10**15), 10**15, places=4, allow_nan=False))
def test_amounts_written_as_text_lose_nothing(amount: Decimal) -> None:
    assert read("money", f"{amount:f}") == amount


@pytest.mark.parametrize(
    ("value", "amount"), [(0, "0"), (12, "12"), (0.1, "0.1"), (62.5, "62.5"), (-3.25, "-3.25"), ("0042.50", "42.5")]
)
def test_amounts_that_are_accepted(value: Any, amount: str) -> None:
    assert read("money", value) == Decimal(amount)


@pytest.mark.parametrize(
    "value",
    [
        10**15 + 1,
        -(10**15) - 1,
        "1000000000000000.1",
        1e300,
        math.inf,
        0.00001,
        "1.00001",
        "1234567890123456",
        "1e3",
        "1_000",
        "1,000",
        " 1",
        "\uff11",
        "+1",
        "NaN",
        "Infinity",
        "",
        None,
        True,
        [],
    ],
)
def test_amounts_that_are_refused(value: Any) -> None:
    assert fault_message("money", value)
    assert fault_message("cost", value)


def test_a_cost_is_not_negative_but_money_may_be() -> None:
    assert read("money", -0.01) == Decimal("-0.01")
    assert fault_message("cost", -0.01) == "must not be negative"


@pytest.mark.parametrize("value", ["a", "x" * 200, "a b", "é", "🙂", "null", "0", "a/b~c", "\u200bx\u200b", "a\tb"])
def test_a_code_is_any_text_of_the_sender(value: str) -> None:
    assert read("code", value) == value


@pytest.mark.parametrize("value", ["", " ", " a", "a\n", "x" * 201, "a\x00b", "\ud800", 7, None, True, ["a"]])
def test_codes_that_are_refused(value: Any) -> None:
    assert fault_message("code", value)


@pytest.mark.parametrize("value", ["", "  ", "\t"])
def test_an_empty_phone_number_means_unknown(value: str) -> None:
    assert read("phone", value) is None


@pytest.mark.parametrize("value", [14155550123, 4155550123.0, True, ["+14155550123"], "1" * 65, "+1415\x005550123"])
def test_phone_numbers_are_text(value: Any) -> None:
    assert fault_message("phone", value)


def test_countries_currencies_and_zones_have_standard_codes() -> None:
    taken = {"zone": "Asia/Katmandu", "country": "NP", "currency": "NPR", "flag": True, "text": "", "plain": 1.5}
    for kind, value in taken.items():
        assert read(kind, value) == value
    refused: dict[str, list[Any]] = {
        "zone": ["Mars/Olympus", "localtime", "+05:45", "GMT+5", "", None],
        "country": ["np", "NPL", "N1", "", None],
        "currency": ["npr", "NP", "$", "", None],
        "flag": ["true", 1, 0, "yes", None],
        "text": ["x" * 2001, "a\x00b", 1, None],
        "plain": [[], {}, 2**53 + 1, "a\x00b", "x" * 2001, "\udfff"],
    }
    for kind, values in refused.items():
        for value in values:
            assert fault_message(kind, value)
