"""Like for like: the rate of each group at the same mix of leads, hours or sources.

A source can win on hot leads and on cold leads and still lose in total, because it got more cold leads (Simpson).
Direct standardisation weights each group's rates per stratum by the same shares: each stratum's share of all tries.
Groups without tries in large strata are not compared. A stratum counts only if every compared group has tries in it.
The result names the strata it leaves out.

The table has the columns group, stratum, numerator and denominator. Rows of the same group and stratum are added up.
Unknown groups and strata are null.
"""

from dataclasses import dataclass

import polars as pl

from reports.stats import intervals

# A group is compared when the strata with its tries hold at least this share of all tries.
ENOUGH = 0.8

# Rates this close are equal: only rounding separates them.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Standardised:
    """The rates of all groups at the same mix, one row a group, sorted; and the strata compared and left out.

    Columns of `rates`: group, raw (numerator / denominator), value, ci_low, ci_high, coverage, numerator, denominator.
    `coverage` is the share of all tries in strata where the group has tries. Value and interval are null when coverage
    is below ENOUGH, or when the compared groups share no stratum. raw is null without a denominator.
    """

    rates: pl.DataFrame
    shared: tuple[str | None, ...]
    left_out: tuple[str | None, ...]


@dataclass(frozen=True)
class Reversal:
    """A warning: `first` has the higher rate in total (raw) and the lower rate at the same mix (standard).

    `strata` are the strata, by name, with the opposite order to the total.
    """

    first: str | None
    second: str | None
    raw_first: float
    raw_second: float
    standard_first: float
    standard_second: float
    strata: tuple[str | None, ...]


def standardise(table: pl.DataFrame) -> Standardised:
    """Each group's rate at the same mix, with its 95% interval, and the strata left out.

    The interval recovers the variance of each stratum from its Wilson interval (MOVER for a weighted sum). It stays
    within 0 to 1 and has width where a stratum's rate is 0 or 1. With one stratum it is Wilson's interval.
    """
    cells = _weighed(table)
    rates = (
        table.select("group")
        .unique()
        .join(_rates(cells), on="group", how="left", nulls_equal=True)
        .with_columns(pl.col("coverage", "numerator", "denominator").fill_null(0))
        .sort("group")
    )
    shared, left_out = (cells.filter(test)["stratum"].unique().sort() for test in ("shared", ~pl.col("shared")))
    return Standardised(rates, tuple(shared), tuple(left_out))


def reversals(table: pl.DataFrame) -> list[Reversal]:
    """The pairs of groups that change their order at the same mix, sorted by name."""
    cells = _weighed(table)
    rates = _rates(cells).select("group", "raw", "value")
    pairs = rates.join(rates, how="cross", suffix="_second").filter(
        pl.col("raw") > pl.col("raw_second"), pl.col("value") < pl.col("value_second") - _ROUNDING
    )
    names = ["group", "group_second"]
    reversed_pairs = pairs.join(_turned(cells, pairs.select(names)), on=names, nulls_equal=True).sort(names)
    return [
        Reversal(
            first=row["group"],
            second=row["group_second"],
            raw_first=row["raw"],
            raw_second=row["raw_second"],
            standard_first=row["value"],
            standard_second=row["value_second"],
            strata=tuple(row["strata"]),
        )
        for row in reversed_pairs.iter_rows(named=True)
    ]


def _weighed(table: pl.DataFrame) -> pl.DataFrame:
    """One row for each group and stratum with tries: its rate, and the weight of the stratum.

    `share` is the stratum's part of all tries. `coverage` is the sum of the group's shares. `compared` groups have
    enough coverage. Each of them has tries in every `shared` stratum. `weight` is the share among the shared strata.
    """
    tried, share, compared = pl.col("denominator"), pl.col("share"), pl.col("compared")
    of_all = compared.sum().over("stratum") == pl.col("group").filter(compared).n_unique()
    return (
        table.group_by("group", "stratum")
        .agg(pl.col("numerator", "denominator").sum())
        .filter(tried > 0)
        .sort("group", "stratum")
        .with_columns(rate=pl.col("numerator") / tried, share=tried.sum().over("stratum") / tried.sum())
        .with_columns(coverage=share.sum().over("group"))
        .with_columns(compared=pl.col("coverage") > ENOUGH - _ROUNDING)
        .with_columns(shared=of_all & compared.any())
        .with_columns(weight=share / share.filter("shared").sum().over("group"))
    )


def _rates(cells: pl.DataFrame) -> pl.DataFrame:
    """One row for each group with tries."""
    rate, weight = pl.col("rate"), pl.col("weight") * pl.col("shared")
    value = (weight * rate).sum()
    low, high = intervals.wilson(pl.col("numerator"), pl.col("denominator"))
    down, up = ((weight * (bound - rate)).pow(2).sum().sqrt() for bound in (low, high))
    comparable = (pl.col("compared") & pl.col("shared")).any()
    numbers = {"value": value, "ci_low": value - down, "ci_high": value + up}
    return cells.group_by("group").agg(
        (pl.col("numerator").sum() / pl.col("denominator").sum()).alias("raw"),
        *(pl.when(comparable).then(number.clip(0, 1)).alias(name) for name, number in numbers.items()),
        pl.col("share").sum().alias("coverage"),
        pl.col("numerator", "denominator").sum(),
    )


def _turned(cells: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """For each pair, the shared strata where the first group has the lower rate."""
    rates = cells.filter("shared").select("group", "stratum", "rate")
    seconds = rates.rename({"group": "group_second", "rate": "rate_second"})
    return (
        pairs.join(rates, on="group", nulls_equal=True)
        .join(seconds, on=["group_second", "stratum"], nulls_equal=True)
        .filter(pl.col("rate") < pl.col("rate_second"))
        .group_by("group", "group_second")
        .agg(strata=pl.col("stratum").sort())
    )
