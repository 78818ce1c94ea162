"""Share of the calls that went out that a person picked up.

Population: valid attempts. A person we hung up on before an agent was free counts, because a person did answer.
Edge cases: a dialer that cannot tell persons from machines may let a long talk count as one with a person; the report
counts these. Calls with an unknown answerer do not count, nor do calls that are over without a known result. Lower
bound: no person answered them, which is the rate itself. Upper bound: persons answered them all. The rate cannot be
told when no person is known while some calls are unknown, or when more than half of the calls are unknown.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import human, possibly_human, valid

METRIC = Metric(
    name="human_rate",
    title="Human rate",
    version=3,
    unit="ratio",
    better="higher",
    formula="H / A_v: attempts answered by a person / valid attempts",
    frame=ATTEMPTS,
    measure=Ratio(numerator=human(), denominator=valid(), unknown=possibly_human()),
)
