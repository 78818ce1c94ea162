"""What a report may be broken down by, and what it may be narrowed to: the same things."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from reports import windows
from reports.frames import AGENT_STATES, AXES

_HOUR = "%Y-%m-%dT%H:%M:%S%:z"


@dataclass(frozen=True, eq=False, kw_only=True)
class Dimension:
    """One way to break a report down.

    missing: what people read where a thing has no such thing; in data it is null.
    bucket: of a piece of time, how it follows from the anchor of a fact and the zone of the report.
    values: of what has a fixed set of values, those.
    code: whether its values are codes of the account's own.
    """

    name: str
    title: str
    missing: str = ""
    bucket: Callable[[str, str], pl.Expr] | None = None
    values: tuple[str, ...] = ()
    code: bool = False

    def key(self, anchor: str, zone: str) -> pl.Expr:
        """The group a settled row belongs to."""
        key = self.bucket(anchor, zone) if self.bucket else pl.col(self.name)
        return key.alias(self.name)

    def text(self, anchor: str, zone: str) -> pl.Expr:
        """The group as it is written in a question and in an answer."""
        key = self.key(anchor, zone)
        return key.dt.to_string(_HOUR) if self.name == "hour" else key.cast(pl.String)

    def fault(self, value: str) -> str | None:
        """What is wrong with a value that a report should be narrowed to; codes are looked up by whoever asks."""
        if self.values and value and value not in self.values:
            return f"must be one of {', '.join(self.values)}" if len(self.values) < 20 else "must be like Mon 09:00"
        if value and self.name in {"day", "week", "month", "period"} and not _is_date(value):
            return "must be a date, such as 2026-03-02"
        return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _callee_hour(anchor: str, zone: str) -> pl.Expr:
    del anchor, zone
    return windows.hour_of_week(pl.col("callee_at"))


DIMENSIONS = {
    dimension.name: dimension
    for dimension in (
        Dimension(name="agent", title="Agent", missing="no agent", code=True),
        Dimension(name="team", title="Team", missing="no team", code=True),
        Dimension(name="campaign", title="Campaign", missing="no campaign", code=True),
        Dimension(name="source", title="Source", missing="unattributed", code=True),
        Dimension(name="tracking_number", title="Tracking number", missing="no tracking number", code=True),
        Dimension(name="disposition", title="Disposition", missing="undisposed", code=True),
        Dimension(name="result", title="Result", values=AXES["result"]),
        Dimension(name="network_result", title="Network result", values=AXES["network_result"]),
        Dimension(name="answered_by", title="Answered by", values=AXES["answered_by"]),
        Dimension(name="country", title="Country", missing="country not known"),
        Dimension(name="region", title="Region", missing="region not known"),
        Dimension(name="period", title="Period from", missing="campaign start not set"),
        Dimension(name="state", title="State", values=AGENT_STATES),
        Dimension(name="hour", title="Hour", bucket=windows.local_hour),
        Dimension(name="day", title="Day", bucket=windows.local_day),
        Dimension(name="week", title="Week from", bucket=windows.local_week),
        Dimension(name="month", title="Month from", bucket=windows.local_month),
        Dimension(
            name="hour_of_week",
            title="Hour of the week",
            bucket=windows.local_hour_of_week,
            values=windows.HOURS_OF_WEEK,
        ),
        Dimension(
            name="callee_hour_of_week",
            title="Hour of the week where they are",
            missing="zone not known",
            bucket=_callee_hour,
            values=windows.HOURS_OF_WEEK,
        ),
    )
}
