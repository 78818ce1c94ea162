"""How many agents left.

Population: last days of employment in the window, unless another employment of the agent covers the next day.
Edge cases: a move to another team is not leaving; the report counts moves beside this number. An agent who comes back
later has left. A last day that lies ahead does not count yet.
"""

from reports.facts.staff_days import STAFF_DAYS, left
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="leavers",
    title="Leavers",
    version=1,
    unit="count",
    better="lower",
    formula="employments that ended and were not continued",
    frame=STAFF_DAYS,
    measure=Count(where=left()),
)
