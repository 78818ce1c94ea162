"""What facts are settled under."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from reports.model.codes import Codes
from reports.model.windows import Window


@dataclass(frozen=True, eq=False, kw_only=True)
class ResolveContext:
    """What facts are settled under: everything a report was asked with that changes what a row counts as.

    window: the rows that count. until: the moment of the report, at which whoever still waits is waiting.
    account_zone: in which days are days where no report says otherwise. model: how goals are credited to touches.
    about: the kinds of goals that are asked about.
    """

    codes: Codes
    window: Window
    until: datetime
    account_zone: ZoneInfo
    goal: str = "sale"
    currency: str = "USD"
    model: str | None = None
    about: frozenset[str] = frozenset()
