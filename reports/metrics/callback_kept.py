"""Share of promised callbacks that were made on time.

Population: callbacks due in the window, by the moment of the report at the latest. They were promised in a call, or
entered as a follow-up by phone. A callback is on time if the lead was called, or the follow-up done, at most 15 minutes
before or after its time. It does not matter who called, or whether the lead picked up.
Edge cases: a promise known from the call and from a follow-up counts once. Callbacks are excluded if the lead was
closed, or asked never to be called, by then. They are also excluded if a promise for another time replaced them before
they were due, unless they were made on time. Callbacks without a known lead are excluded. The report counts all of
these. A callback counts for the agent who promised it.
"""

from reports.facts.callbacks import CALLBACKS, called_back_on_time, due
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
    measure=Ratio(numerator=called_back_on_time(), denominator=due()),
)
