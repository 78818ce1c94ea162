"""Out of a hundred calls that went out, how many did the network bring to the other end, answered or not.

Population: valid attempts; above the line those that were answered, busy, rejected or rang out. What remains are dead
numbers and failures of the network, which says more of lines and lists than of people.
Edge cases: a call whose result nobody reported is not above the line; the range tells what the rate would be if all
of them had come through. Cancelled and blocked calls were never the network's.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import network_unknown, on_the_network, valid

METRIC = Metric(
    name="network_effectiveness",
    title="Network effectiveness",
    version=1,
    unit="ratio",
    better="higher",
    formula="NER: (answered + busy + no answer + rejected) / A_v",
    frame=ATTEMPTS,
    measure=Ratio(numerator=on_the_network(), denominator=valid(), unknown=network_unknown()),
)
