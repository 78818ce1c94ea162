"""Disputed evaluations without a decision.

Population: disputes of evaluations made in the window that are still open.
Edge cases: an open dispute does not change the score; its evaluation counts until it is voided.
"""

from reports.facts.disputes import DISPUTES, open_dispute
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="open_disputes",
    title="Open disputes",
    version=1,
    unit="count",
    better="lower",
    formula="disputed evaluations without a decision",
    frame=DISPUTES,
    measure=Count(where=open_dispute()),
)
