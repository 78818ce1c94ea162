"""Days on which agents were logged in, each agent and day counted once.

Population: days in the zone of the report with time of the agent in any state but offline.
Edge cases: an agent who works past midnight has two days. As in agent_hours, the days have no campaign, source or
tracking number, and the days are known and not by chance.
"""

from reports.facts.agent_time import AGENT_TIME, logged_in
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="agent_days",
    title="Agent days",
    version=1,
    unit="count",
    better="neutral",
    formula="distinct agents and days with time in any state but offline",
    frame=AGENT_TIME,
    measure=Count(where=logged_in(), of="agent_day", by_chance=False),
)
