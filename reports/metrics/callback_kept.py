"""Out of a hundred callbacks that were promised, how many were made when they were promised.

Population: callbacks due in the window, by the moment of the report at the latest: promised in a call, or put down as
a follow-up by telephone. Kept is one for which somebody called the lead, or did the follow-up, at most 15 minutes
before or after its time; whether the lead picked up does not matter, nor who called.
Edge cases: a promise known from the call and from a follow-up is one. Out are those whose lead was closed, or asked
never to be called, by then; those that a promise for another time replaced before they were due, unless they were
kept; and those of which nobody knows the lead. All are counted beside the report. They count for the agent who gave
the promise.
"""

from reports.facts.callbacks import CALLBACKS, due, kept
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="callback_kept",
    title="Callbacks kept on time",
    version=1,
    unit="ratio",
    better="higher",
    formula="promised callbacks attempted within 15 minutes of their time / promised callbacks due",
    frame=CALLBACKS,
    measure=Ratio(numerator=kept(), denominator=due()),
)
