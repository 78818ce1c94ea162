"""How many unanswered callers still wait to be called back.

Population: offered calls without an answer (abandoned, missed, voicemail or callback chosen) of a known caller or lead.
A call is settled once an attempt rings at the caller or the lead, or once the caller calls again and gets through.
Edge cases: an attempt that was cancelled or blocked settles nothing. The agent is the one who should call back: the
call's own, else the owner of the lead. Unknown callers cannot be called back and do not count. The rows show the lead,
its owner and the minutes since the call.
"""

import polars as pl

from reports.facts.callers import CALLERS
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="not_called_back",
    title="Missed and not called back",
    version=1,
    unit="count",
    better="lower",
    formula="unanswered offered calls without a later attempt or answered call",
    frame=CALLERS,
    measure=Count(where=pl.col("unsettled")),
)
