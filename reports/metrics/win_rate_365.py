"""Share of deals that were won, among those decided in the year that ends with the window.

Population: as in win_rate, for deals closed in the 365 days before the end of the window.
Edge cases: it is a lever of pipeline_velocity, because a single week has too few deals for an estimate. It looks back
from the end of the window, however long the window is.
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
