"""Out of a hundred deals that were decided in the year that ends with the window, how many were won.

Population: that of win_rate, for deals closed in the 365 days before the end of the window.
Edge cases: it is a lever of pipeline_velocity, which a single week would give too few deals to tell. It looks back from
the window's end, whatever the window's length.
"""

from reports.facts.opportunities import OPPORTUNITIES, decided, won
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="win_rate_365",
    title="Win rate, 365 days",
    version=1,
    unit="ratio",
    better="higher",
    formula="won / (won + lost), by close date, over 365 days",
    frame=OPPORTUNITIES,
    trailing_days=365,
    measure=Ratio(numerator=won(), denominator=decided()),
)
