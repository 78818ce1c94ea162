"""How many people picked up our call and met no agent within two seconds.

Population: attempts. A call is dropped when a person answered and we hung up on them. It is also dropped when no agent
joined within two seconds of the answer, even if the person then hung up. A call that we hung up on before the answerer
was known counts as a dropped person, as a regulator reads it.
Edge cases: a person who hung up within two seconds was not dropped. A message played instead of an agent is still a
dropped call when it is reported as abandoned by us. The two seconds start at the answer, not at the end of a greeting,
which dialers do not report. Where nothing tells who handled an answered call, it is not counted, although it may be a
drop. Range: up to every call that may be one, as in drop_rate_us.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.abandoned_calls import dropped, possibly_dropped

METRIC = Metric(
    name="dropped_calls",
    title="Dropped calls",
    version=3,
    unit="count",
    better="lower",
    formula="D: persons who answered and were left alone",
    frame=ATTEMPTS,
    measure=Count(where=dropped(), unknown=possibly_dropped()),
)
