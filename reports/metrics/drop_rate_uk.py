"""Share of people who answered and were dropped, less the drops that probably hit machines.

Population: dropped calls, and the persons and machines that agents met in time. A call is dropped when a person
answered and we hung up on them. It is also dropped when no agent joined within two seconds of the answer, even if the
person then hung up. A call that we hung up on before the answerer was known counts as a dropped person, as a regulator
reads it.
Edge cases: the formula assumes the same share of machines among the drops as among the calls of agents, and subtracts
these. Written out, this is the drops over drops, persons and machines together, and the report counts exactly these.
Without any person that an agent spoke with there is nothing to estimate from, and no value. Since 2017 no rate is safe
in the UK: any dropped call may count. The range is that of drop_rate_us, and so
are the cases in which it cannot be told.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.rules.abandoned_calls import uk_rate

METRIC = Metric(
    name="drop_rate_uk",
    title="Drop rate, UK",
    version=3,
    unit="ratio",
    better="lower",
    formula="d' / (persons + d'), d' = D (1 - machines / (persons + machines)); that is D / (D + persons + machines)",
    frame=ATTEMPTS,
    measure=uk_rate(),
)
