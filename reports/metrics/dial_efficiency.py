"""Share of the calls that went out in which an agent spoke with a person.

Population: valid attempts. Voicemail, dropped calls and calls left to an IVR do not count as spoken.
Edge cases: it does not matter whether it was the right person, or how long they spoke. Retries lower it, because they
are attempts too; contact_rate_per_lead is not affected. A call is in doubt if nothing tells who answered it, who
handled it, or, once it is over, whether it was answered. Upper bound: the rate if an agent had spoken with a person in
all of them. It cannot be told when no such call is known while some are in doubt, or when more than half of the calls
are.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import human_with_agent, possibly_human_with_agent, valid

METRIC = Metric(
    name="dial_efficiency",
    title="Dial efficiency",
    version=3,
    unit="ratio",
    better="higher",
    formula="HA / A_v: attempts in which an agent spoke with a person / valid attempts",
    frame=ATTEMPTS,
    measure=Ratio(numerator=human_with_agent(), denominator=valid(), unknown=possibly_human_with_agent()),
)
