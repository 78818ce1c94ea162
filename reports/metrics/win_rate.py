"""Share of decided deals that were won.

Population: opportunities won or lost in the window, by the date they closed. Open ones do not count, so a full pipeline
does not lower it.
Edge cases: a deal lost before it was qualified was no opportunity and does not count. A reopened deal is not decided.
"""

from reports.facts.opportunities import OPPORTUNITIES, decided, won
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="win_rate",
    title="Win rate",
    version=1,
    unit="ratio",
    better="higher",
    formula="won / (won + lost), by close date",
    frame=OPPORTUNITIES,
    measure=Ratio(numerator=won(), denominator=decided()),
)
