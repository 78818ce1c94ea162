"""Share of leads given up without being reached that had been called six times or more.

Population: leads never spoken with that were given up, with their last attempt in the window. They were closed by the
moment of the report, or not called for 14 days up to then.
Edge cases: as in persistence_median. Six is the minimum that a 2007 study on lead response recommends. The
bounds leave out the leads that a call may have reached; see rpc_rate.
"""

from reports.facts.given_up import GIVEN_UP, given_up, perhaps_reached, persisted
from reports.measures.bounded_ratio import BoundedRatio
from reports.measures.metric import Metric

METRIC = Metric(
    name="persistence_6",
    title="Given up after six attempts or more",
    version=3,
    unit="ratio",
    better="higher",
    formula="leads given up after 6 attempts or more / leads given up without a right-party contact",
    frame=GIVEN_UP,
    measure=BoundedRatio(
        numerator=persisted(),
        denominator=given_up(),
        least=(persisted(), given_up() & ~(perhaps_reached() & persisted())),
        most=(persisted(), given_up() & ~(perhaps_reached() & ~persisted())),
        doubtful=perhaps_reached(),
        basis=given_up(),
    ),
)
