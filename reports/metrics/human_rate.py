"""Out of a hundred calls that went out, how many were picked up by a person.

Population: valid attempts. A person we hung up on before an agent was free counts: a person did answer.
Edge cases: calls of which nobody knows whether a person or a machine answered do not count, so a dialer without
machine detection shows too low a rate until agents disposition their calls. The range tells by how much: from none of
them being people, which is the rate, to all of them.
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
