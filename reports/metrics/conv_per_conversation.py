"""Out of a hundred real conversations with the right person, how many ended in a sale.

Population: conversations, that is attempts in which an agent talked with the right party for 60 seconds or longer.
The sales are those made in these conversations, so the rate never exceeds 100 %.
Edge cases: a sale closed in less than a minute is in conv_per_attempt and conv_per_lead but not here. A dialer that
reports no talk time has no conversations and the rate is empty, not 0.
"""

from reports.facts.attempts import ATTEMPT_DIMENSIONS, conversation, goal
from reports.measures import Ratio
from reports.metric import Metric

METRIC = Metric(
    name="conv_per_conversation",
    title="Sales per conversation",
    version=1,
    unit="ratio",
    better="higher",
    formula="(S in CV) / CV: conversations that ended in a sale / conversations (60 s or longer)",
    frame="attempts",
    anchor="dialed_at",
    dimensions=ATTEMPT_DIMENSIONS,
    measure=Ratio(numerator=goal(), denominator=conversation()),
)
