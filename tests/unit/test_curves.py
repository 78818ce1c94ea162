"""Whole curves: a curve read at any of its times gives the reported number, and few points give nearly all of it."""

import random
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from reports.query.curves import MOST_POINTS, points
from reports.stats import survival

HORIZONS = (300_000, 3_600_000, 86_400_000)
# A time, and whether the event happened then; otherwise the lead was still waiting.
Watch = tuple[int, bool]
# From a millisecond to some weeks, and often the same.
WATCHES = st.lists(st.tuples(st.integers(0, 31).map(lambda power: 2**power), st.booleans()), min_size=1, max_size=60)


def histogram(watches: Sequence[Watch], group: str = "all") -> pl.DataFrame:
    rows = [(group, time, int(happened), int(not happened)) for time, happened in watches]
    return pl.DataFrame(
        rows, schema={"group": pl.String, "time": pl.Int64, "events": pl.Int64, "censored": pl.Int64}, orient="row"
    )


def many(seed: int, size: int = 3_000) -> list[Watch]:
    """Waiting times over all orders of magnitude, a third of them censored; hardly any twice."""
    chance = random.Random(seed)
    return [(int(10 ** chance.uniform(0, 9.5)), chance.random() < 0.65) for _ in range(size)]


def read(curve: pl.DataFrame, at_ms: int) -> tuple[float, float, float]:
    """The values of a curve at a time: those of its last point up to then."""
    return curve.filter(pl.col("time_seconds") <= at_ms / 1000).select("happened", "ci_low", "ci_high").row(-1)


@settings(max_examples=60, deadline=None)
@given(WATCHES)
def test_read_at_a_horizon_or_at_a_half_it_is_the_number_of_the_report(watches: list[Watch]) -> None:
    curve = points(histogram(watches), [], HORIZONS).collect()
    for horizon in HORIZONS:
        reported = (
            survival.within(histogram(watches), [], horizon).select("value", "ci_low", "ci_high").collect().row(0)
        )
        assert read(curve, horizon) == pytest.approx(reported, abs=1e-12)
    median = survival.median(histogram(watches), []).collect()["value"][0]
    half = curve.filter(pl.col("happened") >= 0.5 - 1e-9)["time_seconds"].min()
    assert half == (None if median is None else median / 1000)


@pytest.mark.parametrize("seed", range(3))
def test_few_points_say_nearly_all_of_a_long_curve(seed: int) -> None:
    watches = many(seed)
    curve = points(histogram(watches), [], HORIZONS).collect()
    whole = survival.curve(histogram(watches), []).collect()
    assert curve.height <= MOST_POINTS < whole.height
    assert curve["events"].sum() == sum(happened for _, happened in watches)
    assert (curve["events"] + curve["censored"]).sum() == len(watches)
    assert curve.row(0, named=True)["at_risk"] == len(watches)
    seconds = (pl.col("time") / 1000).round(3)
    matched = whole.with_columns(time_seconds=seconds).join(curve, on="time_seconds", suffix=" of curve")
    assert matched["at_risk"].to_list() == matched["at_risk of curve"].to_list()
    assert (1 - matched["survival"]).to_list() == pytest.approx(matched["happened"].to_list())
    for time, share in whole.select("time", 1 - pl.col("survival")).iter_rows():
        assert read(curve, time)[0] == pytest.approx(share, abs=0.01)


def test_it_is_the_curve_of_lifelines() -> None:
    watches = many(8, 400)
    times, happened = zip(*watches, strict=True)
    witness = KaplanMeierFitter().fit(times, happened)
    curve = (
        points(histogram(watches), ["group"], HORIZONS).filter(pl.col("happened").is_between(0, 1, "none")).collect()
    )
    at = (curve["time_seconds"] * 1000).round().cast(pl.Int64).to_list()
    assert curve["happened"].to_list() == pytest.approx(list(1 - witness.predict(at)))
    bounds = 1 - witness.confidence_interval_.loc[at]
    assert curve["ci_high"].to_list() == pytest.approx(bounds.iloc[:, 0].tolist())
    assert curve["ci_low"].to_list() == pytest.approx(bounds.iloc[:, 1].tolist())


def test_groups_do_not_touch_each_other_and_nobody_has_no_curve() -> None:
    first, other = many(1, 80), many(2, 50)
    together = points(pl.concat([histogram(first), histogram(other, "other")]), ["group"], HORIZONS).collect()
    for group, watches in {"all": first, "other": other}.items():
        alone = points(histogram(watches), [], HORIZONS).collect()
        assert together.filter(pl.col("group") == group).drop("group").to_dicts() == alone.to_dicts()
    assert points(histogram([]), []).collect().is_empty()
    assert points(histogram([]), ["group"]).collect().is_empty()
