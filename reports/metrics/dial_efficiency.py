"""Out of a hundred calls that went out, in how many did an agent speak with a person.

Population: valid attempts. Voicemail, dropped calls and calls left to an IVR do not count as spoken.
Edge cases: it does not matter here whether it was the right person, or for how long they spoke. Retries lower it, for
they are attempts too; contact_rate_per_lead does not have that trait. The range tells what the rate would be if every
call an agent was on, and of which nobody knows what had answered, was with a person.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import agent_with_unknown, human_with_agent, valid

METRIC = Metric(
    name="dial_efficiency",
    title="Dial efficiency",
    version=1,
    unit="ratio",
    better="higher",
    formula="HA / A_v: attempts in which an agent spoke with a person / valid attempts",
    frame=ATTEMPTS,
    measure=Ratio(numerator=human_with_agent(), denominator=valid(), unknown=agent_with_unknown()),
)
