"""The dimensions of reports: what they can be broken down by and filtered by."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from reports.model import windows
from reports.model.types import AGENT_STATES, AXES, LEAD_MATCHES
from reports.rules.call_populations import customer_talk_ms, talked

_HOUR = "%Y-%m-%dT%H:%M:%S%:z"


@dataclass(frozen=True, eq=False, kw_only=True)
class Dimension:
    """One way to break a report down.

    missing: the text for rows without a value; in data it is null.
    bucket: how a period of time follows from the anchor of a row and the zone of the report, or a length of time from
    the row.
    values: the values, where the set is fixed.
    code: whether its values are codes of the account.
    """

    name: str
    title: str
    missing: str = ""
    bucket: Callable[[str, str], pl.Expr] | None = None
    values: tuple[str, ...] = ()
    code: bool = False

    def key(self, anchor: str, zone: str) -> pl.Expr:
        """The group of a resolved row."""
        key = self.bucket(anchor, zone) if self.bucket else pl.col(self.name)
        return key.alias(self.name)

    def text(self, anchor: str, zone: str) -> pl.Expr:
        """The group of a resolved row as text, in requests and in answers."""
        return self.as_text(self.key(anchor, zone))

    def as_text(self, key: pl.Expr) -> pl.Expr:
        """A group as text, in requests and in answers."""
        return key.dt.to_string(_HOUR) if self.name == "hour" else key.cast(pl.String)

    def fault(self, value: str) -> str | None:
        """The fault of a filter value, if it has one; the caller looks up codes."""
        if self.values and value and value not in self.values:
            return (
                f"must be one of {', '.join(self.values)}"
                if len(self.values) < 20
                else f"must be like {self.values[9]}"
            )
        if value and self.name in {"day", "week", "month", "period"} and not _is_date(value):
            return "must be a date, such as 2026-03-02"
        return None


# Classes of talk length: each from so many seconds up to the start of the next.
_TALKS = {
    "under 30 s": 0,
    "30 s to 1 min": 30,
    "1 to 2 min": 60,
    "2 to 5 min": 120,
    "5 to 10 min": 300,
    "10 min or more": 600,
}


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _callee_hour(anchor: str, zone: str) -> pl.Expr:
    del anchor, zone
    return windows.hour_of_week(pl.col("callee_at"))


def _talk_length(anchor: str, zone: str) -> pl.Expr:
    del anchor, zone
    past = pl.sum_horizontal((customer_talk_ms() >= 1000 * seconds).cast(pl.Int32) for seconds in _TALKS.values())
    names = dict(enumerate(_TALKS, start=1))
    return pl.when(talked()).then(past.replace_strict(names, return_dtype=pl.Enum(list(_TALKS)), default=None))


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
        Dimension(name="lead_by", title="Lead found by", missing="no lead", values=LEAD_MATCHES),
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
        Dimension(
            name="hour_of_day",
            title="Hour of the day",
            bucket=windows.local_hour_of_day,
            values=windows.HOURS_OF_DAY,
        ),
        Dimension(
            name="talk_length",
            title="Length of the talk",
            missing="nobody talked",
            bucket=_talk_length,
            values=tuple(_TALKS),
        ),
    )
}
