"""Scores against other ways to the same number: a published table, a kept library, and the formula over rows."""

from datetime import UTC, datetime
from random import Random

import numpy as np
import polars as pl
import pytest
from scipy import stats
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from reports.catalogue.catalogue import catalogue
from reports.model.codes import no_codes
from reports.model.times import read_zone
from reports.model.windows import Window
from reports.query.engine import compile_numbers, reduce_chunk
from reports.query.plan import plan_scans
from reports.query.request import ReportRequest
from reports.rules.evaluated import CURRENT
from reports.stats import intervals

WEEK = Window(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC), read_zone("UTC"))
DAY = datetime(2026, 3, 3, tzinfo=UTC)
# Four observers and twelve units, published by Krippendorff (Computing Krippendorff's Alpha-Reliability, 2011); 0 is
# no rating. For interval data alpha is 0.849.
OBSERVERS = ("123321412000", "123322412503", "033323422510", "123324412510")


def measured(name: str, ratings: list[tuple[str, str, float, float]]) -> dict[str, float]:
    """A metric over ratings: the evaluator, the call, the points and the most points."""
    rows = [
        {
            "external_id": f"{evaluator} of {call}",
            "form": "f",
            "form_version": "1",
            "evaluator": evaluator,
            "dialer": "main",
            "call": call,
            "evaluated_at": DAY,
            "item": "item",
            "points": round(points * 10_000),
            "weight": 10_000,
            "max_points": round(most * 10_000),
        }
        for evaluator, call, points, most in ratings
    ]
    items = pl.DataFrame([{column: row.get(column) for column in CURRENT} for row in rows], schema=CURRENT)
    metric = catalogue()[name].metric
    request = ReportRequest(
        preset=None,
        metrics=(metric,),
        by=(),
        window=WEEK,
        filters={},
        as_of=None,
        until=WEEK.end,
        account_zone=read_zone("UTC"),
    )
    [scan] = plan_scans(request, no_codes())
    row = compile_numbers(request, [(scan, [reduce_chunk(scan, {"evaluated_items": items.lazy()})])]).total
    return {column: row[metric.column(column)][0] for column in metric.columns}


def test_agreement_is_the_published_one() -> None:
    ratings = [
        (f"observer {place}", f"unit {unit:02}", float(value), 5.0)
        for place, values in enumerate(OBSERVERS)
        for unit, value in enumerate(values)
        if value != "0"
    ]
    alpha = measured("rater_agreement", ratings)
    assert alpha["value"] == pytest.approx(0.849, abs=0.0005)
    # Unit 12 has one rating, which is compared with nothing.
    assert (alpha["denominator"], alpha["n"]) == (40, 11)
    assert alpha["ci_low"] < alpha["value"] < alpha["ci_high"] <= 1


@pytest.mark.parametrize(("raters", "honest"), [(2, 0.9), (3, 0.7), (5, 0.5)])
def test_agreement_about_yes_or_no_follows_from_fleiss_kappa(raters: int, honest: float) -> None:
    """With the same raters for every call: alpha = kappa + (1 - kappa) / ratings."""
    random, calls = Random(raters), 40
    truth = [random.random() < 0.6 for _ in range(calls)]
    table = [[int(fact == (random.random() < honest)) for _ in range(raters)] for fact in truth]
    ratings = [
        (f"rater {rater}", f"call {call:02}", float(value), 1.0)
        for call, row in enumerate(table)
        for rater, value in enumerate(row)
    ]
    kappa = fleiss_kappa(aggregate_raters(np.array(table))[0])
    alpha = measured("rater_agreement", ratings)["value"]
    assert alpha == pytest.approx(kappa + (1 - kappa) / (raters * calls), abs=1e-9)


def test_ratings_that_are_all_the_same_tell_nothing() -> None:
    alpha = measured("rater_agreement", [("a", "c1", 5, 5), ("b", "c1", 5, 5), ("a", "c2", 5, 5)])
    assert (alpha["value"], alpha["denominator"], alpha["n"]) == (None, 2, 1)


def test_the_interval_of_points_is_that_of_a_ratio_of_sums() -> None:
    random = Random(9)
    rows = [(random.randrange(6), 5) if random.random() < 0.5 else (random.randrange(11), 10) for _ in range(25)]
    ours = measured("qa_score", [("quinn", f"call {n:02}", earned, most) for n, (earned, most) in enumerate(rows)])
    earned, most = (np.array(side, dtype=float) for side in zip(*rows, strict=True))
    ratio, count = earned.sum() / most.sum(), len(rows)
    error = np.sqrt(count / (count - 1) * ((earned - ratio * most) ** 2).sum()) / most.sum()
    reach = stats.t.ppf(0.975, count - 1) * error
    assert ours["value"] == pytest.approx(ratio, rel=1e-12)
    assert (ours["ci_low"], ours["ci_high"]) == pytest.approx((ratio - reach, ratio + reach), rel=1e-6)
    assert measured("qa_score", [("quinn", "c1", 3, 5)])["ci_low"] is None


def test_the_net_share_lies_in_its_interval_which_narrows_and_never_leaves_its_bounds() -> None:
    counts = [
        (p, d, n) for n in (1, 2, 7, 100, 10_000) for p in range(0, n + 1, n // 7 or 1) for d in {0, (n - p) // 2}
    ]
    frame = pl.DataFrame(counts, schema=["p", "d", "n"], orient="row")
    low, high = intervals.net_share(pl.col("p"), pl.col("d"), pl.col("n"))
    shares = frame.with_columns(net=(pl.col("p") - pl.col("d")) / pl.col("n"), low=low, high=high)
    assert shares.select(
        (pl.col("low").is_between(-1, 1) & pl.col("high").is_between(-1, 1)).all(),
        inside=pl.col("net").is_between("low", "high").all(),
    ).row(0) == (True, True)
    widths = shares.filter(pl.col("p") == pl.col("n")).sort("n").select(pl.col("high") - pl.col("low")).to_series()
    assert widths.is_sorted(descending=True)
