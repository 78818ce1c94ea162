"""Out of a hundred leads that were given up without ever being reached, how many had been called six times or more.

Population: leads never spoken with whose last attempt is in the window and who were given up: closed by the moment of
the report, or not called for 14 days up to then.
Edge cases: as for persistence_median. Six is what the study of 2007 on lead response recommends at least.
"""

from reports.facts.given_up import GIVEN_UP, given_up, persisted
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="persistence_6",
    title="Given up after six attempts or more",
    version=1,
    unit="ratio",
    better="higher",
    formula="leads given up after 6 attempts or more / leads given up without a right-party contact",
    frame=GIVEN_UP,
    measure=Ratio(numerator=persisted(), denominator=given_up()),
)
