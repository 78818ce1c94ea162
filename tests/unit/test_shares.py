"""Sharing an amount: to the last unit, in any order, and the same as long division by hand."""

from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from random import Random
from typing import NamedTuple

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from reports.stats.allocation import from_minor, share_out, to_minor

CENT = 100


class Row(NamedTuple):
    of: str
    place: int
    whole: int
    weight: float


def frame(rows: list[Row], weight: type[pl.DataType] = pl.Int64) -> pl.LazyFrame:
    return pl.LazyFrame(rows, schema={"of": pl.String, "place": pl.Int64, "whole": pl.Int64, "weight": weight})


def shared(rows: pl.LazyFrame, *, lot: int = 1) -> list[int]:
    made = share_out(rows, "whole", "weight", of=["of"], order=["place"], into="share", lot=lot)
    return made.collect()["share"].to_list()


def split(whole: int, *weights: float, lot: int = 1) -> list[int]:
    kind = pl.Float64 if any(isinstance(weight, float) for weight in weights) else pl.Int64
    return shared(frame([Row("it", place, whole, weight) for place, weight in enumerate(weights)], kind), lot=lot)


def by_hand(whole: int, weights: list[int]) -> list[int]:
    """Largest remainder in exact fractions."""
    total = sum(weights)
    exact = [
        Fraction(abs(whole) * weight, total) if total else Fraction(abs(whole), len(weights)) for weight in weights
    ]
    shares = [part.numerator // part.denominator for part in exact]
    lost = [part - share for part, share in zip(exact, shares, strict=True)]
    for place in sorted(range(len(weights)), key=lambda place: -lost[place])[: abs(whole) - sum(shares)]:
        shares[place] += 1
    return [share if whole >= 0 else -share for share in shares]


WHOLES = st.integers(-(10**12), 10**12) | st.integers(-10, 10)
# Few and small, so that two remainders are equal or differ by more than a millionth, the limit of comparison.
WEIGHTS = st.lists(st.integers(0, 99), min_size=1, max_size=10)
ROWS = st.lists(st.tuples(WHOLES, WEIGHTS), min_size=1, max_size=6).map(
    lambda groups: [
        Row(f"group {number}", place, whole, weight)
        for number, (whole, weights) in enumerate(groups)
        for place, weight in enumerate(weights)
    ]
)


@pytest.mark.parametrize(
    ("whole", "weights", "shares"),
    [
        (10_000, (1, 1, 1), [3334, 3333, 3333]),  # 100.00 over three
        (10_000, (40, 10, 10, 40), [4000, 1000, 1000, 4000]),
        (10_000, (0.4, 0.1, 0.1, 0.4), [4000, 1000, 1000, 4000]),
        (-10_000, (1, 1, 1), [-3334, -3333, -3333]),  # a refund undoes what was shared
        (10, (0, 0, 0), [4, 3, 3]),  # no weight at all: equal parts
        (1, (0, 1, 0), [0, 1, 0]),  # no weight gets nothing beside a positive weight
        (1, (0, *[1] * 9), [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        (2, (1, 3), [1, 1]),  # 0.5 and 1.5: the first gets the remaining unit
        (2, (3, 1), [2, 0]),
        (3, (1 / 6, 1 / 2, 1 / 3), [1, 1, 1]),  # 0.5, 1.5, 1: floats are only close to that
        (3, (1 / 2, 1 / 6, 1 / 3), [2, 0, 1]),
        (2, (0.3, 0.1 + 0.2, 0.3), [1, 1, 0]),  # 0.1 + 0.2 is not 0.3
        (2, (0.1 + 0.2, 0.3, 0.3), [1, 1, 0]),
        (2, (0.3, 0.3, 0.1 + 0.2), [1, 1, 0]),
        (7, (5e-324, 5e-324), [4, 3]),
        (7, (1e308, 1e308), [4, 3]),
        (0, (1, 2), [0, 0]),
        (5, (0.0,), [5]),
    ],
)
def test_what_is_left_over_goes_to_the_largest_remainders_and_among_equal_ones_to_the_first(
    whole: int, weights: tuple[float, ...], shares: list[int]
) -> None:
    assert split(whole, *weights) == shares


@settings(max_examples=100, deadline=None)
@given(rows=ROWS, seed=st.integers(0, 10**6))
def test_shares_are_those_of_exact_fractions_in_whatever_order_the_rows_come(rows: list[Row], seed: int) -> None:
    expected = [
        share
        for (_, whole), group in groupby(rows, key=lambda row: (row.of, row.whole))
        for share in by_hand(whole, [int(row.weight) for row in group])
    ]
    shuffled = Random(seed).sample(rows, len(rows))
    assert shared(frame(shuffled)) == expected


@settings(max_examples=50, deadline=None)
@given(whole=WHOLES, weights=st.lists(st.floats(0, 1e300), min_size=1, max_size=10), lot=st.sampled_from([1, CENT]))
def test_shares_of_any_weights_add_up_and_are_within_a_lot_of_the_exact_part(
    whole: int, weights: list[float], lot: int
) -> None:
    shares = split(whole, *weights, lot=lot)
    total = sum(map(Fraction, weights))
    exact = [whole * Fraction(weight) / total if total else Fraction(whole, len(weights)) for weight in weights]
    assert sum(shares) == whole
    assert all(share * whole >= 0 for share in shares)
    assert all(abs(share - part) <= lot + 1e-2 for share, part in zip(shares, exact, strict=True))
    assert whole % lot or not any(share % lot for share in shares)


@settings(max_examples=50, deadline=None)
@given(whole=st.integers(0, 10**9), weights=WEIGHTS)
def test_who_has_more_weight_never_gets_less(whole: int, weights: list[int]) -> None:
    shares = split(whole, *weights)
    falling = sorted(range(len(weights)), key=lambda place: (-weights[place], place))
    assert [shares[place] for place in falling] == sorted(shares, reverse=True)


@settings(max_examples=50, deadline=None)
@given(whole=st.integers(-10_000, 10_000), weights=WEIGHTS)
def test_a_refund_takes_back_exactly_what_was_shared_and_scale_does_not_matter(whole: int, weights: list[int]) -> None:
    shares = split(whole, *weights)
    assert split(-whole, *weights) == [-share for share in shares]
    assert split(whole, *(7 * weight for weight in weights)) == shares
    assert split(whole, *(weight / 4 for weight in weights)) == shares


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 2**61), min_size=1, max_size=3))
def test_the_greatest_amounts_lose_no_unit(parts: list[int]) -> None:
    assert split(sum(parts), *parts) == parts
    most = 2**63 - 1
    assert split(most, most, most) == [2**62, 2**62 - 1]


def test_whole_cents_are_shared_in_whole_cents_and_lesser_amounts_to_the_last_ten_thousandth() -> None:
    amounts = [Decimal("100.00"), Decimal("100.0050"), Decimal("-0.0002")]
    rows = pl.LazyFrame(
        {"amount": amounts, "who": [["a", "b", "c"]] * 3}, schema_overrides={"amount": pl.Decimal(14, 4)}
    )
    made = (
        rows.explode("who")
        .with_columns(units=to_minor(pl.col("amount")), weight=1)
        .pipe(share_out, "units", "weight", of=["amount"], order=["who"], into="share", lot=CENT)
        .with_columns(share=from_minor(pl.col("share")))
    ).collect()
    assert [str(share) for share in made["share"]] == [
        *("-0.0001", "-0.0001", "0.0000"),
        *("33.3400", "33.3300", "33.3300"),
        *("33.3350", "33.3350", "33.3350"),
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.decimals(Decimal(-(10**10) + 1), Decimal(10**10) - 1, places=4) | st.none(), min_size=1))
def test_money_comes_back_as_it_went(amounts: list[Decimal | None]) -> None:
    money = pl.DataFrame({"amount": amounts}, schema={"amount": pl.Decimal(14, 4)})
    units = money.select(to_minor(pl.col("amount")))
    assert units["amount"].to_list() == [None if amount is None else int(amount.scaleb(4)) for amount in amounts]
    assert units.select(from_minor(pl.col("amount")).cast(pl.Decimal(14, 4))).equals(money)


def test_groups_are_named_by_several_columns_or_by_none_and_what_else_a_row_says_stays() -> None:
    rows = frame([Row("b", 0, 5, 1), Row("a", 0, 5, 1), Row("a", 1, 5, 1)]).with_columns(note=pl.col("of") + "!")
    per_place = share_out(rows, "whole", "weight", of=["of", "place"], order=["note"], into="share").collect()
    together = share_out(rows, "whole", "weight", of=[], order=["of", "place"], into="share").collect()
    assert per_place["share"].to_list() == [5, 5, 5]
    assert together["share"].to_list() == [2, 2, 1]
    assert together.columns == ["of", "place", "whole", "weight", "note", "share"]
    assert_frame_equal(together.drop("share"), rows.collect(), check_row_order=False)


def test_an_unknown_amount_has_unknown_shares_and_rows_of_no_group_are_a_group() -> None:
    rows = pl.LazyFrame({"of": [None, None, "x"], "place": [0, 1, 0], "whole": [3, 3, None], "weight": [1, 1, 1]})
    assert shared(rows) == [2, 1, None]


def test_no_rows_have_no_shares() -> None:
    assert shared(frame([])) == []
