"""How many leads were reached: an agent spoke at least once with the person the call was meant for.

Population: distinct leads with a right-party contact dialed in the window.
Edge cases: a lead reached by two agents counts for each of them and once in the total. A lead reached earlier, and not
in the window, does not count. Range: as in contacts.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.call_populations import possibly_right_party, right_party

METRIC = Metric(
    name="contacted_leads",
    title="Contacted leads",
    version=2,
    unit="count",
    better="neutral",
    formula="LC: distinct leads with a right-party contact",
    frame=ATTEMPTS,
    measure=Count(where=right_party(), of="lead", unknown=possibly_right_party()),
)
