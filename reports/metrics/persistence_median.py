"""How often a lead that was never reached was called before it was given up: half of them at most this often.

Population: leads never spoken with that were given up, with their last attempt in the window. They were closed by the
moment of the report, or not called for 14 days up to then. Attempts cancelled before they rang, or blocked by us, do
not count.
Edge cases: leads called in the last fortnight are still being worked and are counted beside the report, so a recent
window shows little. A lead that asked never to be called was not given up. Numbers that do not exist are included:
check them first where the number is low.
"""

from reports.facts.given_up import GIVEN_UP, attempts, given_up
from reports.measures.averages import Quantile
from reports.measures.metric import Metric

METRIC = Metric(
    name="persistence_median",
    title="Attempts before giving up",
    version=2,
    unit="attempts",
    better="neutral",
    formula="median of the attempts to leads given up without a right-party contact",
    frame=GIVEN_UP,
    measure=Quantile(value=attempts(), where=given_up(), share=0.5),
)
