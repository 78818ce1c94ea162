"""Share of people who answered and were dropped: by US rules at most three percent, per campaign and period.

Population: attempts answered by a person, including dropped ones. A call is dropped when a person answered and we hung
up on them. It is also dropped when no agent joined within two seconds of the answer, even if the person then hung up. A
call that we hung up on before the answerer was known counts as a dropped person, as a regulator reads it.
Edge cases: machines and unanswered calls are on neither side: divided by all dials, five in a hundred can look like
one. The rule measures each campaign over fixed periods of 30 days: break it down by campaign and period. Empty if no
person answered. A call that an agent dialed and talked on is handled by that agent. Where nothing tells who handled an
answered call, it may be a drop. Lower bound: only drops of known persons count, and every call counts as a person met
in time that may be one. Upper bound: every call that may have been a person counts, and is a drop unless an agent is
known to have joined in time. The rate cannot be told when no drop is known while some are possible, or when more than
half of the calls are in doubt. Calls dialed by hand cannot be dropped and should not count, but dialers do not mark
them.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.rules.abandoned_calls import US_LIMIT, us_rate

METRIC = Metric(
    name="drop_rate_us",
    title="Drop rate, US",
    version=3,
    unit="ratio",
    better="lower",
    formula="D / H: dropped calls / calls answered by a person, the dropped among them",
    frame=ATTEMPTS,
    limit=US_LIMIT,
    measure=us_rate(),
)
