"""US drop rate of the last thirty days: an early warning, not the rate that the rule measures.

Population: as in drop_rate_us, over the 30 days that end with the report's window.
Edge cases: the rule counts fixed periods from the campaign's start (drop_rate_us by campaign and period). This number
shows sooner that a period is going wrong. It varies around the true rate by chance alone: look at the interval before
you act on a crossing.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.rules.abandoned_calls import US_LIMIT, us_rate

METRIC = Metric(
    name="drop_rate_us_rolling",
    title="Drop rate, US, last 30 days",
    version=3,
    unit="ratio",
    better="lower",
    formula="D / H over the 30 days up to the end of the window",
    frame=ATTEMPTS,
    trailing_days=30,
    limit=US_LIMIT,
    measure=us_rate(),
)
