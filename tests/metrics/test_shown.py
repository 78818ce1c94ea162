"""Numbers as text: read back they are the number again, on the right side of every limit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.catalogue.catalogue import catalogue
from reports.measures.metric import Metric, Unit
from reports.render import formatting
from reports.render.change_text import change_text
from tests.metrics.reading import parse_number

RATE = catalogue()["answer_rate"].metric
TIME = catalogue()["avg_talk_time"].metric


def of(unit: Unit) -> Metric:
    return replace(TIME, unit=unit)


@pytest.mark.parametrize(
    ("unit", "number", "text", "bound"),
    [
        ("ratio", 0.1235, "12.3%", "12.3"),
        ("ratio", 1.0, "100.0%", "100.0"),
        ("ratio", 0.99996, "99.996%", "100.0"),
        ("ratio", 1 / 2_550, "0.04%", "0.0"),
        ("s", 42.51, "42.5 s", "43 s"),
        ("s", 59.96, "1 m 00 s", "1 m 00 s"),
        ("s", 125, "2 m 05 s", "2 m 05 s"),
        ("s", 3_599.6, "1 h 00 m", "1 h 00 m"),
        ("s", 11_280, "3 h 08 m", "3 h 08 m"),
        ("s", 219_600, "2 d 13 h", "2 d 13 h"),
        ("h", 7.46, "7.5 h", "7.5"),
        ("days", 12, "12.0 days", "12.0"),
        ("money", 1_234.5, "€1,234.50", "1,234"),
        ("money", 12.5, "€12.50", "12.50"),
        ("money_per_day", 99.5, "€99.50/day", "99.50"),
        ("per_hour", 3.214, "3.2/h", "3.21"),
        ("factor", 4.2, "4.20", "4.20"),
        ("attempts", 7.44, "7.4", "7.4"),
    ],
)
def test_every_unit_reads_as_people_say_it(unit: Unit, number: float, text: str, bound: str) -> None:
    assert formatting.value(number, of(unit), "EUR") == text
    assert formatting.bound(number, of(unit)) == bound


@pytest.mark.parametrize(
    ("unit", "number", "doubt", "text"),
    [
        ("ratio", 0.1234, 0.05, "12%"),
        ("ratio", 0.1234, 0.006, "12.3%"),
        ("ratio", 0.1234, 0.6, "12%"),
        ("ratio", 0.0006, 0.05, "0.1%"),  # more than nothing
        ("money_per_day", 2_114_686.52, 600_000, "€2.1M/day"),
        ("money_per_day", 2_114_686.52, 30_000_000, "€2M/day"),
        ("money", 2_114_686.52, 30, "€2,114,690"),
        ("money", 1_234.5, 300, "€1,200"),
        ("money", 3_460_000_000, 60_000_000, "€3.46B"),
        ("s", 125, 40, "2 m 00 s"),
        ("s", 42.5, 3, "42 s"),
        ("s", 9_600, 3_000, "2 h 40 m"),
        ("s", 60_960, 9_000, "17 h"),
        ("s", 3, 1_000, "3 s"),
    ],
)
def test_a_number_has_the_digits_that_are_known(unit: Unit, number: float, doubt: float, text: str) -> None:
    assert formatting.value(number, of(unit), "EUR", doubt) == text


@given(st.floats(1, 10**9), st.floats(0.001, 1))
def test_rounding_moves_a_number_by_less_than_its_doubt(number: float, share: float) -> None:
    doubt = number * share
    for unit in ("money", "per_hour", "s"):
        read, tolerance = parse_number(formatting.value(number, of(unit), "", doubt))
        assert read == pytest.approx(number, abs=max(tolerance, doubt))


def test_a_range_has_the_digits_of_its_number() -> None:
    """8% cannot lie between 7.2 and 7.8%: both are rounded alike, and a range that is not seen is not shown."""
    assert formatting.value(0.078, RATE, "", 0.02) == "8%"
    assert formatting.possible_range(0.072, 0.078, RATE, 0.02) == "7-8%"
    assert formatting.possible_range(0.072, 0.078, RATE, 0.006) == "7.2-7.8%"
    assert formatting.possible_range(0.078, 0.081, RATE, 0.02) == ""


@given(st.integers(1, 900), st.integers(0, 300), st.integers(0, 300), st.floats(0.001, 0.5))
def test_a_number_lies_in_its_range_as_both_are_read(low: int, more: int, still_more: int, doubt: float) -> None:
    least, number, most = (count / 1_500 for count in (low, low + more, low + more + still_more))
    if ends := formatting.possible_range(least, most, RATE, doubt):
        first, last = map(float, ends.removesuffix("%").split("-"))
        assert first <= float(formatting.value(number, RATE, "", doubt).removesuffix("%")) <= last


def test_a_count_has_no_decimals() -> None:
    assert formatting.value(6_030, catalogue()["attempts"].metric, "EUR") == "6,030"


def test_an_interval_says_where_an_end_is_not_known() -> None:
    assert formatting.interval(0.1, 0.15, RATE) == "10-15%"
    assert formatting.interval(-0.1, 0.15, RATE) == "-10 to 15%"
    assert formatting.interval(125, None, TIME) == "from 2 m 05 s"
    assert formatting.interval(None, 125, TIME) == "up to 2 m 05 s"
    assert formatting.interval(None, None, TIME) == ""


def test_a_difference_has_a_sign_and_is_never_rounded_to_none() -> None:
    assert formatting.difference(0.0141, RATE) == "+1.4"
    assert formatting.difference(-0.0002, RATE) == "-0.02"
    assert formatting.difference(-65, TIME) == "-1 m 05 s"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.03, "3.00%"),
        (0.03004, "3.004%"),  # not 3.00%, which would be allowed
        (0.0300001, "3.00001%"),
        (0.02999, "2.999%"),  # not 3.00%, which would be as much as is allowed
        (0.0312, "3.12%"),
    ],
)
def test_no_rounding_crosses_a_limit(number: float, text: str) -> None:
    assert formatting.value(number, replace(RATE, limit=0.03), "EUR") == text


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.sampled_from([0.03, 0.05, 0.07, 0.25, 1 / 3]))
def test_a_rate_reads_on_its_side_of_the_limit_of_nothing_and_of_everything(some: int, more: int, limit: float) -> None:
    number = some / (some + more)
    read, tolerance = parse_number(formatting.value(number, replace(RATE, limit=limit), "EUR"))
    assert read == pytest.approx(number, abs=tolerance)
    for edge in (0.0, limit, 1.0):
        if number != edge:
            assert (read > edge) == (number > edge)


@given(st.floats(0, 10**7))
def test_a_length_of_time_reads_as_what_it_was(seconds: float) -> None:
    for step in (0, 1):
        read, tolerance = parse_number(formatting.duration(seconds, step=step))
        assert read == pytest.approx(seconds, abs=tolerance)


@pytest.mark.parametrize(
    ("unit", "number", "low", "high", "text", "interval"),
    [
        ("money", 57.5, 23.0, 2_900.0, "€60", "20-2,900"),
        ("s", 40, 5, 600, "40 s", "5 s to 10 m"),
        ("ratio", 18.25, 11.61, 24.89, "1,800%", "1,200-2,500%"),
        ("ratio", 0.52, -1.0, 3.49, "52%", "-100 to 300%"),
        ("per_hour", 0.12, 0.04, 0.28, "0.12/h", "0.04-0.28"),
    ],
)
def test_the_first_digit_stays_however_wide_the_interval(
    unit: Unit, number: float, low: float, high: float, text: str, interval: str
) -> None:
    metric = of(unit)
    assert formatting.value(number, metric, "EUR", formatting.half_width(low, high)) == text
    assert formatting.interval(low, high, metric) == interval


RATES = st.floats(0, 1, allow_subnormal=False)


@given(RATES, RATES, st.floats(0.001, 0.5), st.floats(0.001, 0.5))
def test_two_numbers_of_a_sentence_keep_their_order(first: float, second: float, doubt: float, other: float) -> None:
    shown = [parse_number(text)[0] for text in formatting.apart((first, second), RATE, "EUR", (doubt, other))]
    if abs(first - second) > 1e-9:
        assert (shown[0] < shown[1]) == (first < second)


@given(RATES, RATES, st.floats(0.0005, 0.5))
def test_a_change_agrees_with_the_two_numbers_beside_it(now: float, before: float, doubt: float) -> None:
    cell = {"value": now, "ci_low": now - doubt, "ci_high": now + doubt, "previous": before, "difference": now - before}
    shown = formatting.value(now, RATE, "EUR", formatting.half_width(now - doubt, now + doubt))
    change = change_text(RATE, cell, "EUR")
    numbers = [parse_number(text) for text in (shown, change.previous, f"{change.difference.removeprefix('+')}%")]
    value, previous, difference = (number for number, _ in numbers)
    # 59%, was 59%, -1 would contradict itself.
    assert value - previous == pytest.approx(difference, abs=sum(tolerance for _, tolerance in numbers) + 1e-9)
    if abs(now - before) > 1e-6:
        assert change.previous != shown


@pytest.mark.parametrize(
    ("now", "before", "doubt", "texts"),
    [(0.586, 0.592, 0.045, ("59.2%", "-0.6")), (0.586, 0.544, 0.045, ("54%", "+4")), (0.5, 0.5, 0.1, ("50%", "+0"))],
)
def test_a_change_has_the_digits_of_the_number_beside_it(
    now: float, before: float, doubt: float, texts: tuple[str, str]
) -> None:
    cell = {"value": now, "ci_low": now - doubt, "ci_high": now + doubt, "previous": before, "difference": now - before}
    change = change_text(RATE, cell, "EUR")
    assert (change.previous, change.difference) == texts


def test_a_time_that_fell_does_not_read_the_same_before() -> None:
    cell = {"value": 780.0, "ci_low": 480.0, "ci_high": 1680.0, "previous": 1_130.0, "difference": -350.0}
    change = change_text(TIME, cell, "EUR")
    assert (change.previous, change.difference) == ("19 m", "-6 m")
