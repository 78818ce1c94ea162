"""Length of a typical talk between agent and customer: half were shorter, half were longer.

Population: answered attempts that an agent handled, not known to be answered by a machine, with a known talk time, as
in avg_talk_time. Dead time is subtracted.
Edge cases: with an even number of calls it lies halfway between the two in the middle. Medians do not add up: the
median of a week is not the average of its days. It is computed from the calls themselves.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.averages import Quantile
from reports.measures.metric import Metric
from reports.rules.call_populations import agent_on_the_line, customer_talk_ms

METRIC = Metric(
    name="median_talk_time",
    title="Median talk time",
    version=3,
    unit="s",
    better="neutral",
    formula="median(talk - dead) over AT: answered attempts of agents, machines left out",
    frame=ATTEMPTS,
    measure=Quantile(value=customer_talk_ms(), where=agent_on_the_line(), share=0.5, per=1000),
)
