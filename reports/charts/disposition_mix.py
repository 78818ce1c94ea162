"""The dispositions of calls, and how often each was set."""

import altair as alt
import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.charts import Chart
from reports.model.language import digits, marked, translate
from reports.query.report import Report
from reports.render import formatting

# More bars are unreadable; the rest is one bar.
MAX_DRAWN = 15
_STEP = 20
_REST = marked("all others")


def draw(report: Report) -> alt.Chart:
    """A bar for each disposition, the most frequent first."""
    table = _drawn_dispositions(report)
    return (
        alt.Chart(table)
        .mark_bar()
        .encode(
            alt.Y("disposition:N", sort=table["disposition"].to_list(), title=None),
            alt.X("calls:Q", title=translate("calls with a disposition"), axis=alt.Axis(tickCount=6, tickMinStep=1)),
            tooltip=[alt.Tooltip("disposition:N"), alt.Tooltip("calls:Q"), alt.Tooltip("share:Q", format=".1%")],
        )
        .properties(height=_STEP * table.height)
    )


def summarise(report: Report) -> str:
    """The most frequent dispositions, and how many calls have none."""
    table, attempts = _dispositions(report), report.total["attempts"][0]
    disposed = table["calls"].sum()
    if not disposed:
        return translate("No call in this period has a disposition.")
    first = ", ".join(f"{name} ({_share(count / disposed)})" for name, count in table.head(3).iter_rows())
    sentence = translate("Most frequent of {count} dispositions: {names}.", count=digits(disposed), names=first)
    if attempts <= disposed:
        return sentence
    rest = translate("{count} of {total} calls have none.", count=digits(attempts - disposed), total=digits(attempts))
    return f"{sentence} {rest}"


def _share(share: float) -> str:
    return formatting.value(share, catalogue()["disposition_share"].metric, "")


def _dispositions(report: Report) -> pl.DataFrame:
    """A row for each disposition, the most frequent first."""
    table = report.groups.select(pl.col("disposition").cast(pl.String), pl.col("attempts").alias("calls"))
    return table.drop_nulls("disposition").sort("calls", "disposition", descending=[True, False])


def _drawn_dispositions(report: Report) -> pl.DataFrame:
    """The rows to draw; the less frequent dispositions are one row."""
    table = _dispositions(report)
    drawn, rest = table.head(MAX_DRAWN), table.slice(MAX_DRAWN)
    if not rest.is_empty():
        drawn = pl.concat([drawn, rest.select(pl.lit(_REST).alias("disposition"), pl.col("calls").sum())])
    return drawn.with_columns(share=pl.col("calls") / table["calls"].sum())


CHART = Chart(
    name="disposition-mix",
    title=marked("Dispositions"),
    parameters={"metrics": ["attempts,disposition_share"], "by": ["disposition"]},
    draw=draw,
    summarise=summarise,
)
