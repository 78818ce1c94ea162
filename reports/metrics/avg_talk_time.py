"""How long agent and customer talked, on average, when a person answered and an agent spoke with them.

Population: attempts in which an agent spoke with a person, with a known talk time. Ringing, hold and wrap are not talk;
see avg_hold_time and avg_wrap_time. The seconds after the customer hung up (dead time) are not talk either.
Edge cases: voicemail and unanswered calls never count, so a bad list does not look like short calls. The whole call
counts in the period it was dialed in. A few long calls raise the average: read median_talk_time beside it.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.averages import Mean
from reports.measures.metric import Metric
from reports.rules.call_populations import customer_talk_ms, human_with_agent

METRIC = Metric(
    name="avg_talk_time",
    title="Average talk time",
    version=1,
    unit="s",
    better="band",
    formula="sum(talk - dead) / HA: seconds of customer talk / attempts in which an agent spoke with a person",
    frame=ATTEMPTS,
    measure=Mean(value=customer_talk_ms(), where=human_with_agent(), per=1000, least=0),
)
