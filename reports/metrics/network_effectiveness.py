"""Share of the calls that went out that the network delivered to the other end, answered or not.

Population: valid attempts. The numerator counts those answered, busy, rejected or rung out. The rest are dead numbers
and network failures, which describe lines and lists rather than people.
Edge cases: a call without a reported result is not in the numerator. Upper bound: the rate if all of them had come
through. It cannot be told when no call is known to have come through while some are unknown, or when more than half
are unknown. Cancelled and blocked calls never reached the network.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import network_unknown, on_the_network, valid

METRIC = Metric(
    name="network_effectiveness",
    title="Network effectiveness",
    version=2,
    unit="ratio",
    better="higher",
    formula="NER: (answered + busy + no answer + rejected) / A_v",
    frame=ATTEMPTS,
    measure=Ratio(numerator=on_the_network(), denominator=valid(), unknown=network_unknown()),
)
