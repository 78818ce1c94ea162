"""Out of a hundred calls with a disposition, how many have this one: meant to be broken down by disposition.

Population: attempts whose current disposition, as of the report, is the one of the row, among those with any, in the
same group otherwise. Codes merged into another count as that one.
Edge cases: broken down by something else it is 100 %, for a share needs its others beside it. Calls without a
disposition are not among them, and stand at 0 in a row of their own: read undisposed_share beside it, or an agent who
never disposes looks perfect.
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
    better="band",
    formula="attempts with this disposition / attempts with any disposition",
    frame=ATTEMPTS,
    measure=Share(where=disposed(), among="disposition"),
)
