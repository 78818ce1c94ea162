"""How many calls went out that could have reached a person.

Population: attempts except those cancelled before they rang or blocked by us. Rates per attempt divide by this number.
Edge cases: wrong and dead numbers stay in, because each costs a dial. A call without a reported result stays in too.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.call_populations import valid

METRIC = Metric(
    name="valid_attempts",
    title="Valid attempts",
    version=2,
    unit="attempts",
    better="neutral",
    formula="A_v: attempts neither cancelled before ringing nor blocked by us",
    frame=ATTEMPTS,
    measure=Count(where=valid()),
)
