"""Like for like: the classic reversal, and the laws of a standardised rate."""

import random
from math import sqrt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from reports.stats.standardise import reversals, standardise

Cell = tuple[str | None, str | None, int, int]


def table(*cells: Cell) -> pl.DataFrame:
    names = {"group": pl.String, "stratum": pl.String, "numerator": pl.Int64, "denominator": pl.Int64}
    return pl.DataFrame(cells, schema=names, orient="row")


def rates(cells: pl.DataFrame) -> dict[str, float | None]:
    return dict(standardise(cells).rates.select("group", "value").iter_rows())


# Example 13.9: A wins hot (93.1 : 86.7) and cold (73.0 : 68.8), and loses the total (78.0 : 82.6).
SOURCES = table(("A", "hot", 81, 87), ("A", "cold", 192, 263), ("B", "hot", 234, 270), ("B", "cold", 55, 80))


def test_the_worked_example_of_mixed_sources() -> None:
    # 357 of 700 leads were hot, 343 cold: A 0.51 * 81/87 + 0.49 * 192/263, B 0.51 * 234/270 + 0.49 * 55/80.
    assert rates(SOURCES) == pytest.approx({"A": 0.832546, "B": 0.778875}, abs=1e-6)
    (warning,) = reversals(SOURCES)
    assert (warning.first, warning.second, warning.strata) == ("B", "A", ("cold", "hot"))
    assert (warning.raw_first, warning.raw_second) == (289 / 350, 273 / 350)
    assert (warning.standard_first, warning.standard_second) == pytest.approx((0.778875, 0.832546), abs=1e-6)


def test_the_warning_names_only_the_strata_that_are_the_other_way_round() -> None:
    turned = pl.concat([SOURCES, table(("A", "new", 5, 10), ("B", "new", 6, 10))])
    assert [reversal.strata for reversal in reversals(turned)] == [("cold", "hot")]


def test_the_interval_is_about_that_of_the_weighted_binomials() -> None:
    source_a = standardise(SOURCES).rates.row(0, named=True)
    # A: sqrt(0.51^2 * p(1-p)/87 + 0.49^2 * p(1-p)/263).
    hot, cold = 81 / 87, 192 / 263
    error = sqrt(0.51**2 * hot * (1 - hot) / 87 + 0.49**2 * cold * (1 - cold) / 263)
    assert (source_a["ci_high"] - source_a["ci_low"]) / 2 == pytest.approx(1.96 * error, rel=0.05)


def test_the_interval_holds_the_truth_in_95_of_100_samples() -> None:
    chance = random.Random(7)
    strata = [("hot", 0.9, 12), ("warm", 0.3, 40), ("cold", 0.02, 60)]
    cells = [
        (f"{sample}", name, sum(chance.random() < p for _ in range(n)), n)
        for sample in range(1_000)
        for name, p, n in strata
    ]
    truth = sum(p * n for _, p, n in strata) / sum(n for *_, n in strata)
    intervals = standardise(table(*cells)).rates
    held = intervals.filter(pl.lit(truth).is_between("ci_low", "ci_high")).height
    assert 930 <= held <= 985


CELLS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz"), st.integers(0, 20), st.integers(0, 20)).map(
        lambda cell: (*cell[:2], min(cell[2:]), max(cell[2:]))
    ),
    max_size=20,
)


@settings(max_examples=80, deadline=None)
@given(CELLS, st.randoms(use_true_random=False))
def test_a_standardised_rate_lies_among_its_strata_and_in_its_interval(
    cells: list[Cell], chance: random.Random
) -> None:
    standardised = standardise(table(*cells))
    assert not set(standardised.shared) & set(standardised.left_out)
    assert set(standardised.shared) | set(standardised.left_out) == {stratum for _, stratum, _, n in cells if n}
    for row in standardised.rates.drop_nulls("value").iter_rows(named=True):
        own: dict[str | None, list[int]] = {}
        for group, stratum, k, n in cells:
            if group == row["group"] and stratum in standardised.shared:
                sums = own.setdefault(stratum, [0, 0])
                own[stratum] = [sums[0] + k, sums[1] + n]
        strata = [k / n for k, n in own.values()]
        assert len(strata) == len(standardised.shared)
        assert min(strata) - 1e-12 <= row["value"] <= max(strata) + 1e-12
        assert 0 <= row["ci_low"] <= row["value"] <= row["ci_high"] <= 1
    for reversal in reversals(table(*cells)):
        assert reversal.strata
        assert reversal.raw_first > reversal.raw_second
        assert reversal.standard_first < reversal.standard_second
    shuffled = chance.sample(cells, len(cells))
    assert standardise(table(*shuffled)).rates.equals(standardised.rates)


def test_the_same_mix_everywhere_changes_no_rate() -> None:
    same = table(("A", "x", 3, 10), ("A", "y", 4, 30), ("B", "x", 9, 20), ("B", "y", 6, 60))
    assert rates(same) == pytest.approx({"A": 7 / 40, "B": 15 / 80})
    assert reversals(same) == []


def test_with_one_stratum_it_is_the_raw_rate_with_wilsons_interval() -> None:
    row = standardise(table(("A", "x", 3, 12), ("B", "x", 6, 200))).rates.row(0, named=True)
    assert row["raw"] == row["value"] == 0.25
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(proportion_confint(3, 12, method="wilson"))


def test_a_rate_of_0_in_every_stratum_still_has_width() -> None:
    row = standardise(table(("A", "x", 0, 12), ("A", "y", 0, 12), ("B", "x", 6, 20), ("B", "y", 6, 20))).rates.row(0)
    assert row[2:4] == (0, 0)
    assert row[4] > 0.1


def test_a_group_with_next_to_nothing_is_not_compared_and_spoils_nothing() -> None:
    tiny = pl.concat([SOURCES, table((None, "hot", 1, 2), (None, "unknown", 0, 1), ("idle", "hot", 0, 0))])
    standardised = standardise(tiny)
    assert standardised.shared == ("cold", "hot")
    assert standardised.left_out == ("unknown",)
    assert standardised.rates["group"].to_list() == [None, "A", "B", "idle"]
    assert [value is None for value in standardised.rates["value"]] == [True, False, False, True]
    # All but one of the 703 leads were hot or cold; 359 of them hot.
    assert standardised.rates["coverage"].to_list() == pytest.approx([360 / 703, 702 / 703, 702 / 703, 0])
    assert standardised.rates["raw"].to_list() == pytest.approx([1 / 3, 273 / 350, 289 / 350, None])


def test_groups_without_a_common_stratum_cannot_be_compared() -> None:
    apart = table(("A", "x", 3, 10), ("B", "y", 4, 10))
    assert rates(apart) == {"A": None, "B": None}
    assert standardise(apart).left_out == ("x", "y")
    assert reversals(apart) == []
    assert standardise(table()).rates.is_empty()
    assert reversals(table()) == []
