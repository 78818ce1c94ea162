"""Share of the calls with a disposition that have this one: for breakdowns by disposition.

Population: attempts that have the row's disposition, as of the report, among those with any disposition in the same
group. Codes merged into another count as that one.
Edge cases: by any other dimension it is 100%, because a share needs the other dispositions beside it. Calls without a
disposition are not included, and have a row of their own with 0. Read undisposed_share beside it: an agent who never
sets a disposition looks perfect here.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Share
from reports.rules.call_populations import disposed

METRIC = Metric(
    name="disposition_share",
    title="Disposition share",
    version=1,
    unit="ratio",
    better="neutral",
    formula="attempts with this disposition / attempts with any disposition",
    frame=ATTEMPTS,
    measure=Share(where=disposed(), among="disposition"),
)
