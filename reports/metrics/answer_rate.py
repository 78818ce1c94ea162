"""Share of the calls that went out that were picked up, by a person or by a machine.

Population: valid attempts: all but those cancelled before ringing or blocked by us. Wrong and dead numbers stay in,
because each costs a dial.
Edge cases: voicemail counts as answered here; see human_rate and dial_efficiency for people. A call that rang and was
given up counts as not answered. A call that is over without a known result is in doubt, and does not count as answered.
Upper bound: the rate if all of them had been. It cannot be told when no answer is known while calls are in doubt, or
when more than half of the calls are.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import answered, possibly_answered, valid

METRIC = Metric(
    name="answer_rate",
    title="Answer rate",
    version=3,
    unit="ratio",
    better="higher",
    formula="ANS / A_v: answered attempts / valid attempts",
    frame=ATTEMPTS,
    measure=Ratio(numerator=answered(), denominator=valid(), unknown=possibly_answered()),
)
