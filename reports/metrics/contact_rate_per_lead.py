"""Share of called leads that were reached: an agent spoke with the right person.

Population: distinct leads with an attempt in the window. The numerator counts those with a right-party contact in the
window.
Edge cases: retries do not lower it, but they lower dial_efficiency. Attempts without a lead do not count. For a lead
worked by two agents, each agent has only their own contacts; the total has both. Upper bound: the rate if every lead
had been reached that a call may have reached; see rpc_rate.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import attempted, possibly_right_party, right_party

METRIC = Metric(
    name="contact_rate_per_lead",
    title="Contact rate per lead",
    version=3,
    unit="ratio",
    better="higher",
    formula="LC / LW: distinct leads with a right-party contact / distinct leads with an attempt",
    frame=ATTEMPTS,
    measure=Ratio(numerator=right_party(), denominator=attempted(), unknown=possibly_right_party(), of="lead"),
)
