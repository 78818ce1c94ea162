"""Share of the calls that went out in which an agent spoke with the person the call was meant for.

Population: valid attempts. The numerator counts right-party contacts.
Edge cases: dispositions must state who the agent spoke with, or goals imply it. A call is in doubt if an agent may have
spoken with a person, and it has no disposition with a meaning. Upper bound: the rate if all of them had reached the
right party. It cannot be told when no right party is known while calls are in doubt, or when more than half of the
calls are. Retries lower it; contact_rate_per_lead is not affected.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import possibly_right_party, right_party, valid

METRIC = Metric(
    name="rpc_rate",
    title="Right-party rate",
    version=3,
    unit="ratio",
    better="higher",
    formula="RP / A_v: right-party contacts / valid attempts",
    frame=ATTEMPTS,
    measure=Ratio(numerator=right_party(), denominator=valid(), unknown=possibly_right_party()),
)
