"""Length of the long talks: nine of ten talks between agent and customer were shorter.

Population: answered attempts that an agent handled, not known to be answered by a machine, with a known talk time, as
in avg_talk_time. Dead time is subtracted.
Edge cases: between two calls it is interpolated. Percentiles do not add up: it is computed from the calls themselves.
With few calls it is nearly the longest one, and has no upper bound.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.averages import Quantile
from reports.measures.metric import Metric
from reports.rules.call_populations import agent_on_the_line, customer_talk_ms

METRIC = Metric(
    name="p90_talk_time",
    title="Talk time, 90th percentile",
    version=3,
    unit="s",
    better="neutral",
    formula="90th percentile(talk - dead) over AT: answered attempts of agents, machines left out",
    frame=ATTEMPTS,
    measure=Quantile(value=customer_talk_ms(), where=agent_on_the_line(), share=0.9, per=1000),
)
