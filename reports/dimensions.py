"""What a report may be broken down by, and what it may be narrowed to."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from reports.windows import local_day, local_hour


@dataclass(frozen=True)
class Dimension:
    """One way to break a report down.

    missing: what people read where a call has no such thing; in data it is null.
    bucket: a piece of time instead of a column of the facts.
    """

    name: str
    title: str
    missing: str = ""
    bucket: Literal["day", "hour"] | None = None

    def key(self, anchor: str, zone: str) -> pl.Expr:
        """The group a settled row belongs to."""
        match self.bucket:
            case "day":
                key = local_day(anchor, zone)
            case "hour":
                key = local_hour(anchor, zone)
            case None:
                key = pl.col(self.name)
        return key.alias(self.name)


DIMENSIONS = {
    dimension.name: dimension
    for dimension in (
        Dimension("agent", "Agent", "no agent"),
        Dimension("team", "Team", "no team"),
        Dimension("campaign", "Campaign", "no campaign"),
        Dimension("source", "Source", "unattributed"),
        Dimension("tracking_number", "Tracking number", "no tracking number"),
        Dimension("day", "Day", bucket="day"),
        Dimension("hour", "Hour", bucket="hour"),
    )
}

FILTERS = tuple(dimension.name for dimension in DIMENSIONS.values() if dimension.bucket is None)
