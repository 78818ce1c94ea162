"""Share of contacts with the right person that reached the goal, by default a sale.

Population: right-party contacts, however short. The goals are those reached in these contacts, so the rate never
exceeds 100%.
Edge cases: a sale made by an IVR, or agreed with a person other than the right party, is not included. Cohort view and
net, as in conv_per_attempt. Lower bound: the rate if every call in doubt were a contact as well; see rpc_rate. It
cannot be told when only calls in doubt may count (0 to 100%).
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.bounded_ratio import ratio_among
from reports.measures.metric import Metric
from reports.rules.call_populations import goal, possibly_right_party, right_party

METRIC = Metric(
    name="conv_per_contact",
    title="Conversion per contact",
    version=3,
    unit="ratio",
    better="higher",
    formula="(S in RP) / RP: right-party contacts that reached the goal / right-party contacts",
    frame=ATTEMPTS,
    measure=ratio_among(goal(), right_party(), doubtful=possibly_right_party(), doubtful_may_pass=True),
)
