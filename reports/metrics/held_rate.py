"""Share of the appointments due that took place.

Population: appointments scheduled for the window that are due. Their time has come by the moment of the report, or they
were held or missed before it. Appointments that we cancelled are excluded. Appointments that the customer cancelled are
included, because they were set and failed. The report counts both, and those not yet due, missed, or without a reported
outcome.
Edge cases: a rescheduled appointment is due at its new time. Appointments without a reported outcome are in the
denominator only. Upper bound: the rate if all of them had taken place. The rate cannot be told when none is known to be
held while some have no outcome, or when more than half have none.
"""

from reports.facts.meetings import MEETINGS, due, held, outcome_unknown
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="held_rate",
    title="Held rate",
    version=2,
    unit="ratio",
    better="higher",
    formula="held / due: appointments held / appointments due by the moment of the report, not cancelled by us",
    frame=MEETINGS,
    measure=Ratio(numerator=held(), denominator=due(), unknown=outcome_unknown()),
)
