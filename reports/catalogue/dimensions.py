"""The dimensions of reports: the breakdowns, with the columns that they are computed from."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from reports.catalogue.breakdowns import BREAKDOWNS, TALK_LENGTHS, Breakdown
from reports.model import windows
from reports.rules.call_populations import customer_talk_ms, talked

_HOUR = "%Y-%m-%dT%H:%M:%S%:z"


@dataclass(frozen=True, eq=False, kw_only=True)
class Dimension(Breakdown):
    """One breakdown of resolved rows.

    bucket: how a period of time follows from the anchor of a row and the zone of the report, or a length of time from
    the row.
    """

    bucket: Callable[[str, str], pl.Expr] | None = None

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


def _callee_hour(anchor: str, zone: str) -> pl.Expr:
    del anchor, zone
    return windows.hour_of_week(pl.col("callee_at"))


def _talk_length(anchor: str, zone: str) -> pl.Expr:
    del anchor, zone
    past = pl.sum_horizontal((customer_talk_ms() >= 1000 * seconds).cast(pl.Int32) for seconds in TALK_LENGTHS.values())
    names = dict(enumerate(TALK_LENGTHS, start=1))
    return pl.when(talked()).then(past.replace_strict(names, return_dtype=pl.Enum(list(TALK_LENGTHS)), default=None))


# What is not listed here is a column of its own name.
_BUCKETS = {
    "hour": windows.local_hour,
    "day": windows.local_day,
    "week": windows.local_week,
    "month": windows.local_month,
    "hour_of_week": windows.local_hour_of_week,
    "callee_hour_of_week": _callee_hour,
    "hour_of_day": windows.local_hour_of_day,
    "half_hour_of_day": windows.local_half_hour_of_day,
    "quarter_hour_of_day": windows.local_quarter_hour_of_day,
    "talk_length": _talk_length,
}

DIMENSIONS = {name: Dimension(**vars(breakdown), bucket=_BUCKETS.get(name)) for name, breakdown in BREAKDOWNS.items()}
