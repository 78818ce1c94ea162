"""Share of incoming calls that arrive outside working hours.

Population: inbound calls that were offered: they entered a queue or rang at an agent. Tests, spam and calls that ended
in the voice menu do not count.
Edge cases: working hours are those of the account's calendar, or Monday to Friday from 09:00 to 17:00 without one.
Calendars of teams do not matter, because an unanswered call has no team.
"""

import polars as pl

from reports.facts.inbound_calls import INBOUND_CALLS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="after_hours_share",
    title="Calls after hours",
    version=1,
    unit="ratio",
    better="neutral",
    formula="offered calls outside working hours / offered calls",
    frame=INBOUND_CALLS,
    measure=Ratio(numerator=pl.col("after_hours"), denominator=pl.col("offered")),
)
