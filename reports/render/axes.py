"""Axes and legends that stay readable from a phone to a wall: the days of a period, and the names of series."""

from collections.abc import Sequence
from datetime import datetime

import altair as alt

from reports.model.local_dates import chart_format

# Values are clock times of the report's zone, which Vega takes for UTC. At midnight a tick shows the day.
_MOMENT = "utchours(datum.value) == 0 ? utcFormat(datum.value, '{day}') : utcFormat(datum.value, '{time}')"
# A phone has room for the names of one series beside another only if they are short.
_COLUMNS = alt.ExprRef(expr="width < 420 ? 1 : 3")


def moments_axis(values: Sequence[int] | None = None) -> alt.Axis:
    """An axis with days and hours on the clock of the report's zone.

    values: the places of its ticks, in milliseconds since 1970 on that clock; without them Vega chooses.
    """
    ticks = alt.Undefined if values is None else list(values)
    moment = _MOMENT.format(day=chart_format("MMMEd"), time=chart_format("Hm"))
    return alt.Axis(labelExpr=moment, labelOverlap="greedy", grid=False, values=ticks)


def days_axis(middles: Sequence[datetime], ahead: int) -> alt.Axis:
    """An axis with a tick in the middle of each day (or week) that shows its (first) day.

    ahead: the milliseconds from the start of a day (or week) to its middle.
    """
    day = f"utcFormat(datum.value - {ahead}, '{chart_format('MMMEd')}')"
    ticks = [int(middle.timestamp() * 1000) for middle in middles]
    return alt.Axis(labelExpr=day, labelOverlap="greedy", grid=False, values=ticks)


def lines_legend() -> alt.Legend:
    """The legend of lines with colours and dashes: three names in a row, on a phone one."""
    return alt.Legend(
        orient="top", columns=_COLUMNS, symbolType="stroke", symbolSize=700, symbolStrokeWidth=2.5, symbolOpacity=1
    )
