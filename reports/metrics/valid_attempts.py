"""How many calls went out that could have reached somebody.

Population: attempts but for those cancelled before they rang or blocked by us. It is what rates per attempt are
divided by.
Edge cases: wrong and dead numbers stay in, for they cost a dial; so does a call whose result nobody reported.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.call_populations import valid

METRIC = Metric(
    name="valid_attempts",
    title="Valid attempts",
    version=1,
    unit="attempts",
    better="higher",
    formula="A_v: attempts neither cancelled before ringing nor blocked by us",
    frame=ATTEMPTS,
    measure=Count(where=valid()),
)
