"""How many surveys of any kind reached customers.

Population: surveys by the moment of their call, else of their own, except those that were not delivered.
Edge cases: a survey without a word about its delivery counts as delivered. Surveys about test calls are excluded.
"""

import polars as pl

from reports.facts.surveys import SURVEYS
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="surveys_sent",
    title="Surveys sent",
    version=1,
    unit="count",
    better="neutral",
    formula="surveys that reached customers",
    frame=SURVEYS,
    measure=Count(where=pl.col("external_id").is_not_null()),
)
