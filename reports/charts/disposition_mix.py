"""What calls came to, in the words that were set for them: which dispositions, and how often."""

import altair as alt
import polars as pl

from reports import shown
from reports.catalogue import catalogue
from reports.charts import Chart
from reports.report import Report

# More bars than these are no picture; the rest is one bar.
MOST_DRAWN = 15
_REST = "all others"


def draw(report: Report) -> alt.Chart:
    """A bar a disposition, the most frequent first."""
    table = _mix(report)
    return (
        alt.Chart(table)
        .mark_bar()
        .encode(
            alt.Y("disposition:N", sort=table["disposition"].to_list(), title=None),
            alt.X("attempts:Q", title="calls"),
            tooltip=[alt.Tooltip("disposition:N"), alt.Tooltip("attempts:Q"), alt.Tooltip("share:Q", format=".1%")],
        )
        .properties(height=alt.Step(20))
    )


def told(report: Report) -> str:
    """The most frequent, and how many have none."""
    table, total = _all(report), report.total["attempts"][0]
    if not total:
        return "There were no calls."
    first = [f"{name} ({_share(count / total)})" for name, count in table.head(3).iter_rows()]
    [missing] = [dimension.missing for dimension in report.ask.by]
    without = table.filter(pl.col("disposition") == missing)["attempts"].sum()
    said = f"Most of the {total:,} calls came to: {', '.join(first)}."
    return f"{said} {_share(without / total)} have no disposition." if without else said


def _share(share: float) -> str:
    return shown.value(share, catalogue()["disposition_share"].metric, "")


def _all(report: Report) -> pl.DataFrame:
    """A row a disposition, the most frequent first."""
    [dimension] = report.ask.by
    table = report.groups.select(
        pl.col("disposition").cast(pl.String).fill_null(dimension.missing).alias("disposition"), "attempts"
    )
    return table.sort("attempts", "disposition", descending=[True, False])


def _mix(report: Report) -> pl.DataFrame:
    """The rows to draw, the less frequent together."""
    table = _all(report)
    drawn, rest = table.head(MOST_DRAWN), table.slice(MOST_DRAWN)
    if not rest.is_empty():
        drawn = pl.concat([drawn, rest.select(pl.lit(_REST).alias("disposition"), pl.col("attempts").sum())])
    return drawn.with_columns(share=pl.col("attempts") / table["attempts"].sum())


CHART = Chart(
    name="disposition-mix",
    title="What the calls came to",
    question={"metrics": ["attempts,disposition_share"], "by": ["disposition"]},
    draw=draw,
    told=told,
)
