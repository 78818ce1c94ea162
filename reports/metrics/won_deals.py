"""How many deals were won.

Population: deals with a latest move to won, in the window in which they got there.
Edge cases: a win that was withdrawn later does not count, in any period; recent numbers can still fall. Deals in any
currency count.
"""

from reports.facts.opportunities import OPPORTUNITIES, won
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="won_deals",
    title="Won deals",
    version=1,
    unit="count",
    better="higher",
    formula="deals won, by close date",
    frame=OPPORTUNITIES,
    measure=Count(where=won()),
)
