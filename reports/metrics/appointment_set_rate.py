"""Share of real conversations with the right person that ended with an appointment.

Population: conversations: attempts in which an agent talked with the right party for 60 seconds or longer. The
appointments are those set in these conversations.
Edge cases: an appointment set in less than a minute does not count here. This rate does not show whether the
appointments took place; see held_rate. Lower bound: as in conv_per_conversation. It cannot be told when only calls in
doubt may count (0 to 100%).
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.bounded_ratio import ratio_among
from reports.measures.metric import Metric
from reports.rules.call_populations import appointment, conversation, possibly_conversation

METRIC = Metric(
    name="appointment_set_rate",
    title="Appointment-set rate",
    version=3,
    unit="ratio",
    better="higher",
    formula="(AP in CV) / CV: conversations that ended with an appointment / conversations (60 s or longer)",
    frame=ATTEMPTS,
    measure=ratio_among(appointment(), conversation(), doubtful=possibly_conversation(), doubtful_may_pass=True),
)
