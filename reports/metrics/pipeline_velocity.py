"""How much money a day the pipeline should bring: open deals, times their value and win rate, over the time it takes.

Population: open_opportunities of the window; deal_value_365, win_rate_365 and sales_cycle_365 of the year that ends
with it. The four levers are always shown beside it.
Edge cases: null when any lever is, or when deals are won the moment they are opened. A lever that moves by a tenth
moves it by a tenth only while the others hold. Fewer than 20 wins tell little of one agent. Read revenue_per_day beside
it: a pipeline that is kept up to date brings about that much. Every deal open at some moment counts, so over a window
that is long against the sales cycle velocity reads higher: in a steady pipeline, by window / cycle.
"""

from reports.facts.attempts import CODES_OF_A_CALL
from reports.measures.composites import Derived
from reports.measures.metric import Metric
from reports.metrics.deal_value_365 import METRIC as VALUE
from reports.metrics.open_opportunities import METRIC as OPEN
from reports.metrics.sales_cycle_365 import METRIC as CYCLE
from reports.metrics.win_rate_365 import METRIC as RATE

METRIC = Metric(
    name="pipeline_velocity",
    title="Pipeline velocity",
    version=1,
    unit="money_per_day",
    better="higher",
    formula="open opportunities x average deal value x win rate / sales cycle, the last three over 365 days",
    dimensions=CODES_OF_A_CALL,
    measure=Derived(numerators=(OPEN, VALUE, RATE), denominators=(CYCLE,)),
)
