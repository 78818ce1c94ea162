"""Out of a hundred calls that went out, how many were picked up, by a person or by a machine.

Population: valid attempts, that is all but those cancelled before ringing or blocked by us. Wrong and dead numbers
stay in: they cost a dial.
Edge cases: voicemail counts as answered here (see human_rate and dial_efficiency for people). A call whose result
nobody reported counts as not answered until it is reported.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import answered, valid

METRIC = Metric(
    name="answer_rate",
    title="Answer rate",
    version=1,
    unit="ratio",
    better="higher",
    formula="ANS / A_v: answered attempts / valid attempts",
    frame=ATTEMPTS,
    measure=Ratio(numerator=answered(), denominator=valid()),
)
