"""Leads with a goal recorded in the period, by default a sale, for every hundred leads called in it.

Population: distinct leads with a goal recorded in the window, regardless of when they were called, over distinct leads
called in the window.
Edge cases: event view: goals count on the day they were recorded, calls on the day they were dialed. In a short or
quiet period the rate can exceed 100%, and no call links the two sides. It is stable where conv_per_lead still rises:
past periods change only when a disposition is recorded late. Gross: a goal that was cancelled later still counts.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.goal_event_leads import METRIC as GOAL_EVENT_LEADS
from reports.metrics.worked_leads import METRIC as WORKED_LEADS

METRIC = Metric(
    name="event_conv_per_lead",
    title="Leads with a goal recorded per lead",
    version=1,
    unit="ratio",
    better="higher",
    formula="goal_event_leads / worked_leads",
    measure=Derived(numerators=(GOAL_EVENT_LEADS,), denominators=(WORKED_LEADS,)),
)
