"""The question under which facts are resolved: codes, window, zone, goal, currency and attribution model."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from reports.model.answer_time import USUAL, AnswerTime
from reports.model.codes import Codes
from reports.model.windows import Window


@dataclass(frozen=True, eq=False, kw_only=True)
class ResolveContext:
    """Everything in a report's question that changes what a row counts as.

    window: the rows that count. until: the moment of the report; leads without a call still wait at that moment.
    account_zone: the zone of days, unless the report names another. model: how goals are credited to touchpoints.
    about: the kinds of goals in the question. answer_time: how soon a call should be answered.
    """

    codes: Codes
    window: Window
    until: datetime
    account_zone: ZoneInfo
    goal: str = "sale"
    currency: str = "USD"
    model: str | None = None
    about: frozenset[str] = frozenset()
    answer_time: AnswerTime = USUAL
