"""How long an incoming call keeps an agent busy on average: talk, hold and after-call work.

Population: handle_time over handled_calls.
Edge cases: the whole time of all agents of a call counts; by agent, only the agent's own part. Where all calls report
all three, the average talk, hold and after-call work add up to avg_handle_time. Hold and after-call work that were not
reported count as none in avg_handle_time.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.handle_time import METRIC as TIME
from reports.metrics.handled_calls import METRIC as CALLS

METRIC = Metric(
    name="avg_handle_time",
    title="Average handle time",
    version=1,
    unit="s",
    better="neutral",
    formula="handle_time / handled_calls",
    measure=Derived(numerators=(TIME,), denominators=(CALLS,)),
)
