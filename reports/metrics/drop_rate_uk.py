"""Out of a hundred people who answered, how many were left alone, less the drops that will have hit machines.

Population: dropped calls, and the persons and machines that agents were there for in time. A call is dropped when a
person answered and we hung up on them, or no agent joined within two seconds of the answer, be it that they then hung
up themselves. A call that we hung up on before anybody knew who had answered counts as a dropped person, as a
regulator reads it.
Edge cases: the share of machines among agents' calls is taken to be that among the drops, which takes these off;
written out, this is the drops over drops, persons and machines together, and these are what is counted. Without any
person that an agent spoke with there is nothing to estimate from: no value. Since 2017 no rate is safe in the UK: any
dropped call may count. The range is told as for drop_rate_us.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.rules.abandoned_calls import uk_rate

METRIC = Metric(
    name="drop_rate_uk",
    title="Drop rate, UK",
    version=1,
    unit="ratio",
    better="lower",
    formula="d' / (persons + d'), d' = D (1 - machines / (persons + machines)); that is D / (D + persons + machines)",
    frame=ATTEMPTS,
    measure=uk_rate(),
)
