"""Out of a hundred appointments whose time has come, how many took place.

Population: appointments scheduled for the window that are due: their time has come by the moment of the report, or they
were held or missed before it. What we cancelled ourselves is out, what the customer cancelled is not: it was set, and
came to nothing. Both are counted beside the report, as are those not yet due, missed, and of which nobody has said what
came of them.
Edge cases: an appointment that was put off is due in its new time. Those of which nothing has been said are below the
line only; the number comes with the range it would have if all of them had taken place.
"""

from reports.facts.meetings import MEETINGS, due, held, untold
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="held_rate",
    title="Held rate",
    version=1,
    unit="ratio",
    better="higher",
    formula="held / due: appointments held / appointments due by the moment of the report, not cancelled by us",
    frame=MEETINGS,
    measure=Ratio(numerator=held(), denominator=due(), unknown=untold()),
)
