"""How long agents talk with a caller on average.

Population: inbound_talk_time over handled_calls.
Edge cases: the whole time of all agents of a call counts; by agent, only the agent's own part. Where all calls report
all three, the average talk, hold and after-call work add up to avg_handle_time. Hold and after-call work that were not
reported count as none in avg_handle_time.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.handled_calls import METRIC as CALLS
from reports.metrics.inbound_talk_time import METRIC as TIME

METRIC = Metric(
    name="avg_inbound_talk",
    title="Average talk of inbound calls",
    version=1,
    unit="s",
    better="neutral",
    formula="inbound_talk_time / handled_calls",
    measure=Derived(numerators=(TIME,), denominators=(CALLS,)),
)
