"""Qualified leads per valid attempt.

Population: qualified_leads over valid_attempts. The reach is calls; the name says so, because rates of visits or
contacts are other numbers.
Edge cases: a lead counts once, however many attempts it took.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.qualified_leads import METRIC as QUALIFIED_LEADS
from reports.metrics.valid_attempts import METRIC as VALID_ATTEMPTS

METRIC = Metric(
    name="lead_gen_per_attempt",
    title="Lead generation per attempt",
    version=1,
    unit="ratio",
    better="higher",
    formula="qualified_leads / valid_attempts",
    measure=Derived(numerators=(QUALIFIED_LEADS,), denominators=(VALID_ATTEMPTS,)),
)
