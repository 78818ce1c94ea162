"""Share of the calls with a disposition that have a code without a meaning.

Population: attempts with any disposition. It protects the other numbers: calltally never guesses the meaning of an
unmapped code, so a sale under such a code is no sale.
Edge cases: giving the code a meaning, or merging it into one that has a meaning, removes its calls, for all of the
past.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import disposed, unmapped

METRIC = Metric(
    name="unmapped_share",
    title="Unmapped share",
    version=1,
    unit="ratio",
    better="lower",
    formula="attempts whose disposition has no meaning yet / attempts with a disposition",
    frame=ATTEMPTS,
    measure=Ratio(numerator=unmapped(), denominator=disposed()),
)
