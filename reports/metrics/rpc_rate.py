"""Share of the calls that went out in which an agent spoke with the person the call was meant for.

Population: valid attempts. The numerator counts right-party contacts.
Edge cases: dispositions must state who the agent spoke with, or goals imply it. Otherwise no call has a right party and
the rate is 0. See undisposed_share. Retries lower it; contact_rate_per_lead is not affected.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import right_party, valid

METRIC = Metric(
    name="rpc_rate",
    title="Right-party rate",
    version=1,
    unit="ratio",
    better="higher",
    formula="RP / A_v: right-party contacts / valid attempts",
    frame=ATTEMPTS,
    measure=Ratio(numerator=right_party(), denominator=valid()),
)
