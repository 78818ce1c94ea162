"""Survival curves: the worked example, lifelines and statsmodels as witnesses, and the laws of a histogram."""

import random
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_time, restricted_mean_survival_time
from statsmodels.duration.survfunc import SurvfuncRight

from reports.stats import intervals, survival

MINUTE = 60_000

# A time, and whether it happened then (else it was still waiting).
Watch = tuple[int, bool]

# Ten leads of example 13.4, in minutes: 2, 4, 4, 9, 30, 45+, 60+, 60+, 90, 120+.
LEADS = [
    (2, True),
    (4, True),
    (4, True),
    (9, True),
    (30, True),
    (45, False),
    (60, False),
    (60, False),
    (90, True),
    (120, False),
]


def histogram(watches: list[Watch], group: str = "all") -> pl.DataFrame:
    rows = [(group, time, int(happened), int(not happened)) for time, happened in watches]
    return pl.DataFrame(
        rows, schema={"group": pl.String, "time": pl.Int64, "events": pl.Int64, "censored": pl.Int64}, orient="row"
    )


def leads() -> pl.DataFrame:
    return histogram([(minutes * MINUTE, happened) for minutes, happened in LEADS])


def only(lazy: pl.LazyFrame) -> dict[str, Any]:
    return lazy.collect().row(0, named=True)


def some(seed: int, size: int = 300) -> list[Watch]:
    """Waiting times with ties, about a third of them censored."""
    chance = random.Random(seed)
    return [(chance.randint(1, 90), chance.random() < 0.65) for _ in range(size)]


def test_the_worked_example_of_lead_response() -> None:
    curve = survival.curve(leads(), ["group"]).collect()
    shares = dict(zip(curve["time"] // MINUTE, curve["survival"], strict=True))
    # 9/10; 9/10 * 7/9; 6/10; 5/10; then 45+, 60+, 60+ leave two: 5/10 * 1/2.
    assert shares == pytest.approx({2: 0.9, 4: 0.7, 9: 0.6, 30: 0.5, 45: 0.5, 60: 0.5, 90: 0.25, 120: 0.25})
    assert dict(zip(curve["time"] // MINUTE, curve["at_risk"], strict=True)) == {
        2: 10, 4: 9, 9: 7, 30: 6, 45: 5, 60: 4, 90: 2, 120: 1,
    }  # fmt: skip
    median = only(survival.median(leads(), ["group"]))
    # The curve's low bound is 0.473 at 2 minutes; its high one never comes down to 0.5.
    assert median == {
        "group": "all", "value": 30 * MINUTE, "ci_low": 2 * MINUTE, "ci_high": None, "n": 10, "events": 6
    }  # fmt: skip
    soon = only(survival.within(leads(), [], 5 * MINUTE))
    assert soon["value"] == pytest.approx(0.30)
    assert (soon["n"], soon["events"]) == (10, 3)


@pytest.mark.parametrize("seed", range(4))
def test_curve_median_and_bounds_are_those_of_lifelines(seed: int) -> None:
    watches = some(seed, 60 + 200 * seed)
    times, happened = zip(*watches, strict=True)
    witness = KaplanMeierFitter().fit(times, happened)
    # Where all or nobody waits, lifelines leaves no width; see the tests below.
    partly = (pl.col("survival") > 0) & (pl.col("survival") < 1)
    curve = survival.curve(histogram(watches), ["group"]).filter(partly).collect()
    assert curve.height > 15
    at = curve["time"].to_list()
    assert curve["survival"].to_list() == pytest.approx(list(witness.predict(at)))
    bounds = witness.confidence_interval_.loc[at]
    assert curve["ci_low"].to_list() == pytest.approx(bounds.iloc[:, 0].tolist())
    assert curve["ci_high"].to_list() == pytest.approx(bounds.iloc[:, 1].tolist())
    median = only(survival.median(histogram(watches), ["group"]))
    assert median["value"] == witness.median_survival_time_
    bands = [qth_survival_time(0.5, band) for _, band in witness.confidence_interval_.items()]
    assert [median["ci_low"], median["ci_high"]] == bands
    for horizon in (0, 5, 30, 60, 1_000):
        share = only(survival.within(histogram(watches), [], horizon))["value"]
        assert share == pytest.approx(1 - witness.predict(horizon), abs=1e-9)


def test_a_third_witness_agrees() -> None:
    watches = some(9)
    times, happened = zip(*watches, strict=True)
    witness: Any = SurvfuncRight(times, happened)
    curve = survival.curve(histogram(watches), []).filter(pl.col("events") > 0).collect()
    assert curve["time"].to_list() == [*witness.surv_times]
    assert curve["survival"].to_list() == pytest.approx([*witness.surv_prob])
    assert curve["at_risk"].to_list() == [*witness.n_risk]
    for share in (0.25, 0.9):
        median = only(survival.median(histogram(watches), [], share))
        assert median["value"] == witness.quantile(share)
        assert [median["ci_low"], median["ci_high"]] == [*witness.quantile_ci(share, method="cloglog")]


WATCHES = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(WATCHES, st.randoms(use_true_random=False))
def test_the_median_is_where_half_is_reached_in_exact_fractions(watches: list[Watch], chance: random.Random) -> None:
    share, reached = Fraction(1), None
    for time in sorted({time for time, _ in watches}):
        at_risk = sum(1 for other, _ in watches if other >= time)
        share *= 1 - Fraction(sum(1 for other in watches if other == (time, True)), at_risk)
        reached = time if reached is None and share <= Fraction(1, 2) else reached
    chance.shuffle(watches)
    median = only(survival.median(histogram(watches), ["group"]))
    assert median["value"] == reached
    assert median["n"] == len(watches)
    assert median["events"] == sum(happened for _, happened in watches)


@settings(max_examples=60, deadline=None)
@given(WATCHES)
def test_the_curve_never_rises_and_lies_within_its_bounds(watches: list[Watch]) -> None:
    curve = survival.curve(histogram(watches), ["group"]).collect()
    assert curve["survival"].to_list() == sorted(curve["survival"], reverse=True)
    assert curve.filter(pl.col("survival").is_between("ci_low", "ci_high")).height == curve.height
    assert curve.filter(pl.col("ci_low").is_between(0, 1), pl.col("ci_high").is_between(0, 1)).height == curve.height
    median = only(survival.median(histogram(watches), ["group"]))
    bounds = [time for time in (median["ci_low"], median["value"], median["ci_high"]) if time is not None]
    assert bounds == sorted(bounds)


def test_histograms_add_up_and_groups_do_not_touch_each_other() -> None:
    first, other = some(1, 80), some(2, 50)
    halves = pl.concat([histogram(first[:40]), histogram(other, "other"), histogram(first[40:]), histogram([], "none")])
    apart = pl.concat(
        [survival.within(histogram(first), ["group"], 30), survival.within(histogram(other, "other"), ["group"], 30)]
    )
    assert survival.within(halves.lazy(), ["group"], 30).collect().equals(apart.collect())
    together = only(survival.median(halves, []))
    assert together == only(survival.median(histogram(first + other), []))


def test_when_everyone_still_waits_or_nobody_does_the_bounds_are_wilsons() -> None:
    five_wait = only(survival.within(histogram([(90, False)] * 5), [], 60))
    five_done = only(survival.within(histogram([(30, True)] * 5), [], 60))
    low, high = pl.select(*(bound.alias(f"{i}") for i, bound in enumerate(intervals.wilson(pl.lit(0), pl.lit(5))))).row(
        0
    )
    assert [five_wait[part] for part in ("value", "ci_low", "ci_high")] == pytest.approx([0, low, high])
    assert [five_done[part] for part in ("value", "ci_low", "ci_high")] == pytest.approx([1, 1 - high, 1 - low])


def test_the_last_ones_call_does_not_make_the_bound_certain() -> None:
    # 2/3, 1/3, 0: of three leads the time by which half are called has no upper bound.
    three = histogram([(1, True), (2, True), (3, True)])
    assert survival.median(three, []).select("value", "ci_low", "ci_high").collect().row(0) == (2, 1, None)
    assert survival.curve(three, []).collect()["ci_high"].to_list()[1:] == pytest.approx([0.774] * 2, abs=1e-3)


def test_beyond_the_last_watch_the_share_stays_what_it_was() -> None:
    assert only(survival.within(leads(), [], 10**9))["value"] == pytest.approx(0.75)


def test_nobody_watched_has_no_share_and_no_median() -> None:
    nobody = pl.DataFrame({"group": ["empty"], "time": [5], "events": [0], "censored": [0]})
    nothing = {"value": None, "ci_low": None, "ci_high": None, "n": 0, "events": 0}
    assert only(survival.within(nobody, ["group"], 60)) == {"group": "empty", **nothing}
    assert only(survival.median(nobody, ["group"])) == {"group": "empty", **nothing}
    assert only(survival.within(nobody.clear(), [], 60)) == nothing
    assert survival.median(nobody.clear(), ["group"]).collect().is_empty()


# The mean time within a horizon ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("horizon", [5, 30, 60, 500])
def test_the_mean_time_up_to_a_horizon_is_that_of_lifelines(seed: int, horizon: int) -> None:
    watches = some(seed)
    fitted = KaplanMeierFitter().fit([time for time, _ in watches], [happened for _, happened in watches])
    mean = only(survival.mean_within(histogram(watches), ["group"], horizon))
    last = min(horizon, max(time for time, _ in watches))
    assert mean["value"] == pytest.approx(restricted_mean_survival_time(fitted, t=last))
    assert 0 <= mean["ci_low"] <= mean["value"] <= mean["ci_high"] <= last
    assert (mean["n"], mean["events"]) == (300, sum(happened and time <= horizon for time, happened in watches))


def test_the_mean_time_of_leads_that_all_had_the_event_is_their_mean() -> None:
    """Its variance is then that of a mean, without the correction for small samples."""
    times = [2, 4, 4, 9, 31]
    mean = only(survival.mean_within(histogram([(time, True) for time in times]), [], 10**6))
    reach = 1.959963984540054 * (sum((time - 10) ** 2 for time in times) / 5 / 5) ** 0.5
    assert mean["value"] == pytest.approx(10)
    assert (mean["ci_low"], mean["ci_high"]) == pytest.approx((max(10 - reach, 0), 10 + reach))


def test_without_an_event_the_mean_time_is_the_longest_wait_and_has_no_interval() -> None:
    mean = only(survival.mean_within(histogram([(3, False), (7, False)]), ["group"], 60))
    assert (mean["value"], mean["ci_low"], mean["ci_high"], mean["events"]) == (7, None, None, 0)
    assert survival.mean_within(histogram([]), ["group"], 60).collect().is_empty()
    assert only(survival.mean_within(histogram([]), [], 60))["value"] is None
