"""Share of the calls that went out that a person picked up.

Population: valid attempts. A person we hung up on before an agent was free counts, because a person did answer.
Edge cases: a dialer that cannot tell persons from machines may let a long talk count as one with a person; the report
counts these. Calls with an unknown answerer do not count. Lower bound: none of them was a person, which is the rate
itself. Upper bound: all of them were. The rate cannot be told when no person is known while unknown answerers are, or
when more than half of the calls are unknown.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import answerer_unknown, human, valid

METRIC = Metric(
    name="human_rate",
    title="Human rate",
    version=2,
    unit="ratio",
    better="higher",
    formula="H / A_v: attempts answered by a person / valid attempts",
    frame=ATTEMPTS,
    measure=Ratio(numerator=human(), denominator=valid(), unknown=answerer_unknown()),
)
