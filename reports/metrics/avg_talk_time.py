"""How long agent and customer talked, on average, when a call was answered and an agent handled it.

Population: answered attempts that an agent handled, with a known talk time, except those that a machine is known to
have answered. Ringing, hold and wrap are not talk; see avg_hold_time and avg_wrap_time. The seconds after the customer
hung up (dead time) are not talk either.
Edge cases: known voicemail and unanswered calls never count, so a bad list does not look like short calls. A dialer
that cannot tell persons from machines has no known voicemail: its messages count as talks. A call with several agents
counts once, as a whole; talk_time has every agent's part. The whole call counts in the period it was dialed in. A few
long calls raise the average: read median_talk_time beside it.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.averages import Mean
from reports.measures.metric import Metric
from reports.rules.call_populations import agent_on_the_line, customer_talk_ms

METRIC = Metric(
    name="avg_talk_time",
    title="Average talk time",
    version=3,
    unit="s",
    better="neutral",
    formula="sum(talk - dead) / AT: seconds of customer talk / answered attempts of agents, machines left out",
    frame=ATTEMPTS,
    measure=Mean(value=customer_talk_ms(), where=agent_on_the_line(), per=1000, least=0),
)
