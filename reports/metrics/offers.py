"""How often incoming calls rang at agents.

Population: offers of calls to agents that are over: each time that a call rang at one agent.
Edge cases: a call that rings at three agents counts three times. Dialers that do not report offers have none here.
"""

from reports.facts.offers import OFFERS, rang
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="offers",
    title="Offers to agents",
    version=1,
    unit="count",
    better="neutral",
    formula="offers that are over",
    frame=OFFERS,
    measure=Count(where=rang()),
)
