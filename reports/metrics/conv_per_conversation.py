"""Share of real conversations with the right person that reached the goal, by default a sale.

Population: conversations: attempts in which an agent talked with the right party for 60 seconds or longer. The goals
are those reached in these conversations, so the rate never exceeds 100%.
Edge cases: a sale closed in less than a minute is in conv_per_attempt and conv_per_lead but not here. If a dialer
reports no talk time, there are no conversations and the rate is empty, not 0. Cohort view and net, as in
conv_per_attempt. Lower bound: the rate if every call of that length that may have reached the right party were one of
them; see rpc_rate. It cannot be told when only calls in doubt may count (0 to 100%).
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.bounded_ratio import ratio_among
from reports.measures.metric import Metric
from reports.rules.call_populations import conversation, goal, possibly_conversation

METRIC = Metric(
    name="conv_per_conversation",
    title="Conversion per conversation",
    version=3,
    unit="ratio",
    better="higher",
    formula="(S in CV) / CV: conversations that reached the goal / conversations (60 s or longer)",
    frame=ATTEMPTS,
    measure=ratio_among(goal(), conversation(), doubtful=possibly_conversation(), doubtful_may_pass=True),
)
