"""How many people are waiting for a callback that is due.

Population: callbacks due in the window, by the moment of the report. The lead was neither called nor followed up since
15 minutes before that time. The lead is neither closed nor on the do-not-call list.
Edge cases: a callback that was replaced before it was due no longer waits; its replacement does. Callbacks that were
due before the window are not included: start the window earlier to see them.
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
