"""The length of talks: how many end at once, and how many are conversations."""

import altair as alt
import polars as pl

from reports.catalogue.dimensions import DIMENSIONS
from reports.charts import Chart
from reports.model.language import digits, marked, percent, translate
from reports.query.report import Report

_CLASSES = DIMENSIONS["talk_length"].values
# The first class that is long enough for a conversation: a minute or longer.
_A_MINUTE = _CLASSES.index("1 to 2 min")
_STEP = 26


def draw(report: Report) -> alt.Chart:
    """A bar for each class of length, the shortest first."""
    talks = _talks(report)
    return (
        alt.Chart(talks)
        .mark_bar()
        .encode(
            alt.Y("length:N", sort=list(_CLASSES), title=None),
            alt.X("talks:Q", title=translate("talks"), axis=alt.Axis(tickCount=6, tickMinStep=1)),
            tooltip=[alt.Tooltip("length:N"), alt.Tooltip("talks:Q"), alt.Tooltip("share:Q", format=".1%")],
        )
        .properties(height=_STEP * talks.height)
    )


def summarise(report: Report) -> str:
    """How many talks there were, how many ended at once, and how many lasted a minute or longer."""
    talks = _talks(report)
    total = talks["talks"].sum()
    if not total:
        return translate("No talk of known length in this period.")
    short, long = talks["share"][0], talks["share"].slice(_A_MINUTE).sum()
    return translate(
        "{count} talks: {short} ended within 30 seconds, {long} lasted a minute or longer.",
        count=digits(total),
        short=percent(digits(100 * short)),
        long=percent(digits(100 * long)),
    )


def _talks(report: Report) -> pl.DataFrame:
    """A row for each class, also those without a talk."""
    counts = report.groups.select(
        pl.col("talk_length").cast(pl.String).alias("length"), pl.col("attempts").alias("talks")
    )
    table = pl.DataFrame({"length": _CLASSES}).join(counts, on="length", how="left", maintain_order="left")
    return table.with_columns(pl.col("talks").fill_null(0)).with_columns(share=pl.col("talks") / pl.col("talks").sum())


CHART = Chart(
    name="talk-lengths",
    title=marked("Talk time"),
    parameters={"metrics": ["attempts"], "by": ["talk_length"]},
    draw=draw,
    summarise=summarise,
)
