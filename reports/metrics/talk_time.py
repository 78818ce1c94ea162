"""How many hours agents talked with customers, every agent with their own part of each call.

Population: agents' parts in answered attempts that an agent handled, except those that a machine is known to have
answered. A call with several agents has a part for each of them, if the dialer told their shares; any other call is one
part. Ringing, hold, wrap and the seconds after the customer hung up (dead time) are not talk.
Edge cases: the hours of all agents add up to the total. While two agents talk at once, in a conference, both talk, and
both parts count. A call counts in the period it was dialed in, unlike the hours of agent states. Calls without a talk
time add nothing. avg_talk_time counts whole calls.
"""

from reports.facts.talks import TALKS
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.call_populations import agent_on_the_line, customer_talk_ms

METRIC = Metric(
    name="talk_time",
    title="Talk time",
    version=2,
    unit="h",
    better="neutral",
    formula="sum(talk - dead): hours of customer talk, by the agents' parts of each call",
    frame=TALKS,
    measure=Sum(value=customer_talk_ms(), where=agent_on_the_line(), per=3_600_000),
)
