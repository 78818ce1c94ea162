"""Share of finished calls without a disposition.

Population: ended attempts. It protects the other numbers: an agent who never sets a disposition would otherwise look
perfect.
Edge cases: a disposition code that has no meaning yet (unmapped) is a disposition. Calls still open do not count.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import ended, undisposed

METRIC = Metric(
    name="undisposed_share",
    title="Undisposed share",
    version=1,
    unit="ratio",
    better="lower",
    formula="ended attempts without a disposition / ended attempts",
    frame=ATTEMPTS,
    measure=Ratio(numerator=undisposed(), denominator=ended()),
)
