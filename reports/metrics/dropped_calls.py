"""How many people picked up our call and found nobody there within two seconds.

Population: attempts. A call is dropped when a person answered and we hung up on them, or no agent joined within two
seconds of the answer, be it that they then hung up themselves. A call that we hung up on before anybody knew who had
answered counts as a dropped person, as a regulator reads it.
Edge cases: who hung up within two seconds was not dropped. A message played instead of an agent is still a dropped
call when it is reported as abandoned by us. Two seconds are counted from the answer, not from the end of a greeting,
which nobody tells us.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.abandoned_calls import dropped

METRIC = Metric(
    name="dropped_calls",
    title="Dropped calls",
    version=1,
    unit="count",
    better="lower",
    formula="D: persons who answered and were left alone",
    frame=ATTEMPTS,
    measure=Count(where=dropped()),
)
