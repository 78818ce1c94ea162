"""Money a day that the pipeline should bring: open deals, times value and win rate, over the sales cycle.

Population: open_opportunities of the window, and deal_value_365, win_rate_365 and sales_cycle_365 of the year up to its
end. The four levers are always shown beside it.
Edge cases: empty when any lever is, or when deals are won the moment they are opened. A lever that moves by a tenth
moves it by a tenth only while the others hold. Pages and the terminal show it from 10 won deals in the year on; fewer
tell too little. Fewer than 20 wins are too few to judge one agent. Always read revenue_per_day beside it: a
pipeline that is kept up to date brings about that much. Every deal open at some moment counts, so over a window that is
long compared with the sales cycle velocity reads higher. In a steady pipeline it is higher by window / cycle.
"""

from reports.measures.frame import CODE_DIMENSIONS
from reports.measures.metric import Derived, Metric
from reports.metrics.deal_value_365 import METRIC as VALUE
from reports.metrics.open_opportunities import METRIC as OPEN
from reports.metrics.revenue_per_day import METRIC as REALISED
from reports.metrics.sales_cycle_365 import METRIC as CYCLE
from reports.metrics.win_rate_365 import METRIC as RATE

METRIC = Metric(
    name="pipeline_velocity",
    title="Pipeline velocity",
    version=1,
    unit="money_per_day",
    better="higher",
    formula="open opportunities x average deal value x win rate / sales cycle, the last three over 365 days",
    dimensions=CODE_DIMENSIONS,
    beside=(REALISED,),
    shown_from=(VALUE, 10),
    measure=Derived(numerators=(OPEN, VALUE, RATE), denominators=(CYCLE,)),
)
