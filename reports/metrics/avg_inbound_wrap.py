"""How long agents work on an incoming call after it ends, on average.

Population: inbound_wrap_time over calls_with_wrap.
Edge cases: the whole time of all agents of a call counts; by agent, only the agent's own part. Calls without a
report of it are left out, and it is empty if no call has one. Where all calls report all three, the average talk, hold
and after-call work add up to avg_handle_time.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.calls_with_wrap import METRIC as CALLS
from reports.metrics.inbound_wrap_time import METRIC as TIME

METRIC = Metric(
    name="avg_inbound_wrap",
    title="Average after-call work of inbound calls",
    version=2,
    unit="s",
    better="neutral",
    formula="inbound_wrap_time / calls_with_wrap",
    measure=Derived(numerators=(TIME,), denominators=(CALLS,)),
)
