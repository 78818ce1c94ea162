"""Length of a typical talk between agent and customer: half were shorter, half were longer.

Population: attempts in which an agent spoke with a person and that have a known talk time, as in avg_talk_time. Dead
time is subtracted.
Edge cases: with an even number of calls it lies halfway between the two in the middle. Medians do not add up: the
median of a week is not the average of its days. It is computed from the calls themselves.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.averages import Quantile
from reports.measures.metric import Metric
from reports.rules.call_populations import customer_talk_ms, human_with_agent

METRIC = Metric(
    name="median_talk_time",
    title="Median talk time",
    version=1,
    unit="s",
    better="band",
    formula="median(talk - dead) over HA: attempts in which an agent spoke with a person",
    frame=ATTEMPTS,
    measure=Quantile(value=customer_talk_ms(), where=human_with_agent(), share=0.5, per=1000),
)
