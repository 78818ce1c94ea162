"""How long a caller is on hold on average.

Population: inbound_hold_time over calls_with_hold.
Edge cases: the whole time of all agents of a call counts; by agent, only the agent's own part. Calls without a
report of it are left out, and it is empty if no call has one. Where all calls report all three, the average talk, hold
and after-call work add up to avg_handle_time.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.calls_with_hold import METRIC as CALLS
from reports.metrics.inbound_hold_time import METRIC as TIME

METRIC = Metric(
    name="avg_inbound_hold",
    title="Average hold of inbound calls",
    version=2,
    unit="s",
    better="neutral",
    formula="inbound_hold_time / calls_with_hold",
    measure=Derived(numerators=(TIME,), denominators=(CALLS,)),
)
