"""Share of the calls that went out that a person picked up.

Population: valid attempts. A person we hung up on before an agent was free counts, because a person did answer.
Edge cases: calls with an unknown answerer do not count. A dialer without machine detection therefore shows too low a
rate until agents set dispositions. Lower bound: none of them was a person, which is the rate itself. Upper bound: all
of them were.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import answerer_unknown, human, valid

METRIC = Metric(
    name="human_rate",
    title="Human rate",
    version=1,
    unit="ratio",
    better="higher",
    formula="H / A_v: attempts answered by a person / valid attempts",
    frame=ATTEMPTS,
    measure=Ratio(numerator=human(), denominator=valid(), unknown=answerer_unknown()),
)
