"""For every hundred leads called in the period, of how many was a goal recorded in it, by default a sale.

Population: distinct leads with a goal recorded in the window, whenever they were called, over distinct leads called
in the window.
Edge cases: event view: goals count on the day they were recorded, calls on the day they were dialed, so in a short or
quiet period it can exceed 100 %, and no call links the two sides. It is steady where conv_per_lead grows: past
periods change only when something is recorded late. Gross: what was cancelled later stays in.
"""

from reports.facts.attempts import ATTEMPT_DIMENSIONS
from reports.measures.composites import Derived
from reports.measures.metric import Metric
from reports.metrics.goal_event_leads import METRIC as GOAL_EVENT_LEADS
from reports.metrics.worked_leads import METRIC as WORKED_LEADS

METRIC = Metric(
    name="event_conv_per_lead",
    title="Leads with a goal recorded per lead",
    version=1,
    unit="ratio",
    better="higher",
    formula="goal_event_leads / worked_leads",
    dimensions=ATTEMPT_DIMENSIONS,
    measure=Derived(numerators=(GOAL_EVENT_LEADS,), denominators=(WORKED_LEADS,)),
)
