"""The chart of a staffing forecast: the agents needed over the coming days, and the range around them."""

from datetime import UTC, datetime, timedelta

import altair as alt

from reports.model.language import digits, marked, translate
from reports.model.local_dates import chart_format, moment_words
from reports.query.staffing.plan import IntervalPlan, StaffingPlan
from reports.render.axes import moments_axis

TITLE = marked("Agents needed, with the range that covers 95% of such intervals")
_HEIGHT = 220
# A plan of more days has a tick for each day.
_MAX_HOURLY_DAYS = 2


def draw(plan: StaffingPlan) -> alt.LayerChart:
    """A stair of the agents needed, before the band of their range."""
    rows = [row for interval in plan.intervals for row in _rows(interval, plan.basis.interval)]
    base = alt.Chart(alt.Data(values=rows))
    time = alt.X("from:T", scale=alt.Scale(type="utc"), title=None, axis=moments_axis(_day_ticks(plan) or None))
    agents = alt.Y("agents:Q", title=translate("agents"), axis=alt.Axis(tickMinStep=1))
    tooltip = [
        alt.Tooltip(
            "from:T", title=translate("from"), format=f"{chart_format('MMMEd')} {chart_format('Hm')}", formatType="utc"
        ),
        alt.Tooltip("calls:Q", title=translate("calls expected"), format=".1f"),
        alt.Tooltip("agents:Q", title=translate("agents")),
        alt.Tooltip("range:N", title=translate("range")),
    ]
    band = base.mark_area(interpolate="step-after", opacity=0.2).encode(time, alt.Y("low:Q"), y2="high:Q")
    stair = base.mark_line(interpolate="step-after", strokeWidth=2).encode(time, agents)
    points = base.mark_point(size=120, filled=True, opacity=0).encode(time, agents, tooltip=tooltip)
    return alt.LayerChart(layer=[band, stair, points]).properties(height=_HEIGHT)


def _day_ticks(plan: StaffingPlan) -> list[int]:
    """A tick for each day of a plan of several days, in milliseconds since 1970; none for a shorter plan."""
    starts = [interval.starts_at.replace(tzinfo=UTC) for interval in plan.intervals if interval.starts_at]
    days = sorted({start.replace(hour=0, minute=0) for start in starts})
    return [int(day.timestamp() * 1000) for day in days] if len(days) > _MAX_HOURLY_DAYS else []


def summarise(plan: StaffingPlan) -> str:
    """The most agents, and when."""
    most = max(plan.intervals, key=lambda interval: (interval.agents, interval.expected))
    return translate(
        "Most agents: {count} on {start} (range {low} to {high}).",
        count=digits(most.agents),
        start=moment_words(most.starts_at, year=True) if most.starts_at else "",
        low=digits(most.agents_low or 0),
        high=digits(most.agents_high or 0),
    )


def _rows(interval: IntervalPlan, seconds: float) -> list[dict[str, str | float | None]]:
    """The interval at its start and at its end, so that the last step of a chart is as long as the others.

    At night, when no call ever came in, a band would only hide the day.
    """
    if interval.starts_at is None:
        return []
    ends = interval.starts_at, interval.starts_at + timedelta(seconds=seconds - 1)
    numbers = {
        "calls": round(interval.expected, 2),
        "agents": interval.agents,
        "low": interval.agents_low,
        "high": interval.agents_high if interval.expected else interval.agents_low,
        "range": f"{interval.agents_low}-{interval.agents_high}",
    }
    return [{"from": _clock(end), **numbers} for end in ends]


def _clock(moment: datetime) -> str:
    """The time on the clock of the plan's zone, which Vega takes for UTC."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
