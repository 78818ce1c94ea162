"""Which part of the time agents were there they were talking, holding or wrapping up.

Population: time agents spent talking, holding or wrapping up, over all the time they were there, breaks included.
Edge cases: hours paid for are not known here; being there stands for them. Dialing is below the line only, as is
waiting. As for occupancy, there is no interval.
"""

from reports.facts.attempts import CODES_OF_A_CALL, TIMES
from reports.measures.composites import Derived
from reports.measures.metric import Metric
from reports.metrics.agent_hours import METRIC as AGENT_HOURS
from reports.metrics.handling_hours import METRIC as HANDLING_HOURS

METRIC = Metric(
    name="utilization",
    title="Utilization",
    version=1,
    unit="ratio",
    better="band",
    formula="handling_hours / agent_hours: talking + holding + wrapping / all but offline",
    dimensions=(*CODES_OF_A_CALL, *TIMES),
    measure=Derived(numerators=(HANDLING_HOURS,), denominators=(AGENT_HOURS,)),
)
