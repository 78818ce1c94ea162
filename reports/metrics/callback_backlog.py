"""How many people are waiting to be called back, and their time has come.

Population: callbacks due in the window, by the moment of the report, for which nobody has called the lead since 15
minutes before that time, nor done the follow-up, while the lead is neither closed nor on the do-not-call list.
Edge cases: a callback replaced by another before it was due waits no longer: the other one does. Those that fell due
before the window are not in it: ask from further back to see them.
"""

from reports.facts.callbacks import CALLBACKS, backlog
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="callback_backlog",
    title="Callback backlog",
    version=1,
    unit="count",
    better="lower",
    formula="callbacks due and not attempted since, their lead still open",
    frame=CALLBACKS,
    measure=Count(where=backlog()),
)
