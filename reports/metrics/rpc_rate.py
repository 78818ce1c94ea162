"""Out of a hundred calls that went out, in how many did an agent speak with the person the call was meant for.

Population: valid attempts; above the line right-party contacts.
Edge cases: without dispositions that say with whom an agent spoke, or goals that imply it, nobody is the right party
and the rate is 0: see undisposed_share. Retries lower it; contact_rate_per_lead does not have that trait.
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
