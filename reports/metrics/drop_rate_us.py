"""Out of a hundred people who answered, how many were left alone: by US rules at most three, per campaign and period.

Population: attempts answered by a person, the dropped among them. A call is dropped when a person answered and we
hung up on them, or no agent joined within two seconds of the answer, be it that they then hung up themselves. A call
that we hung up on before anybody knew who had answered counts as a dropped person, as a regulator reads it.
Edge cases: machines and unanswered calls are on neither side: divided by all dials, five in a hundred can look like
one. The rule measures each campaign over fixed periods of 30 days: break it down by campaign and period. No person
answered: no value. The range goes from the drops that are known to be persons, with every call of an agent that
nobody knows about a person, to every call that may have been a person and of which nobody says that an agent was
there in time. Calls dialed by hand cannot be dropped, and should not count; nobody tells us which they are.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.rules.abandoned_calls import US_LIMIT, us_rate

METRIC = Metric(
    name="drop_rate_us",
    title="Drop rate, US",
    version=1,
    unit="ratio",
    better="lower",
    formula="D / H: dropped calls / calls answered by a person, the dropped among them",
    frame=ATTEMPTS,
    limit=US_LIMIT,
    measure=us_rate(),
)
